package mock_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/mock/mocktest"
)

func versioned(version string) map[string]string { return map[string]string{"X-ZC-Version": version} }

func TestAVersionThatThereIsNotIsRefused(t *testing.T) {
	m, _ := mocktest.NewMock(t)
	for version, code := range map[string]string{"1999-01-01": "INVALID_PARAMETER_VALUE", "2024-4-1": "INVALID_PARAMETER_VALUE", "": "MISSING_PARAMETER"} {
		got := mocktest.Send(t, m, mocktest.Message{Action: "DescribeInstances", Header: versioned(version)})
		mocktest.RefusedWith(t, got, 400, code)
		assert.Contains(t, got.Body.Get("message").Str, "2024-04-01 or 2025-09-01")
	}
}

func TestTheLaterVersionLiftsTheGPURule(t *testing.T) {
	m, clock := mocktest.NewMock(t)
	gpu := m.Seed(mock.Instance{GPU: true})
	resize := func(version, id, to string) mocktest.Reply {
		return mocktest.Send(t, m, mocktest.Message{Action: "ModifyInstanceType", Body: `{"instanceId":"` + id + `","instanceType":"` + to + `"}`, Header: versioned(version)})
	}
	const larger = "z3a.g.C49.c16m64.2"
	mocktest.RefusedWith(t, resize("2024-04-01", gpu.ID, larger), 400, "OPERATION_DENIED_GPU_INSTANCE_NOT_SUPPORT")
	mocktest.RefusedWith(t, resize("2025-09-01", gpu.ID, "z2a.cpu.2"), 400, "OPERATION_FAILED_INSTANCE_TYPE_UNSUPPORTED")
	mocktest.RefusedWith(t, resize("2025-09-01", m.Seed(mock.Instance{}).ID, larger), 400, "OPERATION_FAILED_INSTANCE_TYPE_UNSUPPORTED")
	got := resize("2025-09-01", gpu.ID, larger)
	assert.Equal(t, 200, got.Status)
	assert.False(t, got.Body.Get("response.orderNumber").Exists())
	clock.Advance(mocktest.ResizeTime)
	status, kind := mocktest.Seen(t, m, gpu.ID)
	assert.Equal(t, []string{"STOPPED", larger}, []string{status, kind})
}

func TestAForcedRebootOfTheLaterVersion(t *testing.T) {
	m, _ := mocktest.NewMock(t)
	reboot := func(version, force, id string) mocktest.Reply {
		return mocktest.Send(t, m, mocktest.Message{Action: "RebootInstances", Body: `{"instanceIds":["` + id + `"],"forceReboot":` + force + `}`, Header: versioned(version)})
	}
	id := m.Seed(mock.Instance{Status: "REBOOT"}).ID
	mocktest.RefusedWith(t, reboot("2024-04-01", "true", id), 403, "OPERATION_DENIED_INSTANCE_STATUS")
	mocktest.RefusedWith(t, reboot("2025-09-01", "false", id), 403, "OPERATION_DENIED_INSTANCE_STATUS")
	mocktest.RefusedWith(t, reboot("2025-09-01", "true", m.Seed(mock.Instance{}).ID), 403, "OPERATION_DENIED_INSTANCE_STATUS")
	assert.Equal(t, 200, reboot("2025-09-01", "true", id).Status)
}

func TestAnUnknownActionIsToldWhichThereAre(t *testing.T) {
	m, _ := mocktest.NewMock(t)
	got := mocktest.Send(t, m, mocktest.Message{Action: "DeleteInstances"})
	mocktest.RefusedWith(t, got, 401, "AUTHFAILURE_UNAUTHORIZED_OPERATION")
	assert.True(t, strings.HasSuffix(got.Body.Get("message").Str, strings.Join(m.Actions(), ", ")), got.Body.Raw)
}
