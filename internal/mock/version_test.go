package mock

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func versioned(version string) map[string]string { return map[string]string{"X-ZC-Version": version} }

func TestAVersionThatThereIsNotIsRefused(t *testing.T) {
	m, _ := newMock(t)
	for version, code := range map[string]string{"1999-01-01": "INVALID_PARAMETER_VALUE", "2024-4-1": "INVALID_PARAMETER_VALUE", "": "MISSING_PARAMETER"} {
		got := send(t, m, message{action: "DescribeInstances", header: versioned(version)})
		refusedWith(t, got, 400, code)
		assert.Contains(t, got.body.Get("message").Str, "2024-04-01 or 2025-09-01")
	}
}

func TestTheLaterVersionLiftsTheGPURule(t *testing.T) {
	m, clock := newMock(t)
	gpu := m.Seed(Instance{GPU: true})
	resize := func(version, id, to string) reply {
		return send(t, m, message{action: "ModifyInstanceType", body: `{"instanceId":"` + id + `","instanceType":"` + to + `"}`, header: versioned(version)})
	}
	const larger = "z3a.g.C49.c16m64.2"
	refusedWith(t, resize("2024-04-01", gpu.ID, larger), 400, "OPERATION_DENIED_GPU_INSTANCE_NOT_SUPPORT")
	refusedWith(t, resize("2025-09-01", gpu.ID, "z2a.cpu.2"), 400, "OPERATION_FAILED_INSTANCE_TYPE_UNSUPPORTED")
	refusedWith(t, resize("2025-09-01", m.Seed(Instance{}).ID, larger), 400, "OPERATION_FAILED_INSTANCE_TYPE_UNSUPPORTED")
	got := resize("2025-09-01", gpu.ID, larger)
	assert.Equal(t, 200, got.status)
	assert.False(t, got.body.Get("response.orderNumber").Exists())
	clock.advance(resizeTime)
	status, kind := seen(t, m, gpu.ID)
	assert.Equal(t, []string{"STOPPED", larger}, []string{status, kind})
}

func TestAForcedRebootOfTheLaterVersion(t *testing.T) {
	m, _ := newMock(t)
	reboot := func(version, force, id string) reply {
		return send(t, m, message{action: "RebootInstances", body: `{"instanceIds":["` + id + `"],"forceReboot":` + force + `}`, header: versioned(version)})
	}
	id := m.Seed(Instance{Status: "REBOOT"}).ID
	refusedWith(t, reboot("2024-04-01", "true", id), 403, "OPERATION_DENIED_INSTANCE_STATUS")
	refusedWith(t, reboot("2025-09-01", "false", id), 403, "OPERATION_DENIED_INSTANCE_STATUS")
	refusedWith(t, reboot("2025-09-01", "true", m.Seed(Instance{}).ID), 403, "OPERATION_DENIED_INSTANCE_STATUS")
	assert.Equal(t, 200, reboot("2025-09-01", "true", id).status)
}

func TestAnUnknownActionIsToldWhichThereAre(t *testing.T) {
	m, _ := newMock(t)
	got := send(t, m, message{action: "DeleteInstances"})
	refusedWith(t, got, 401, "AUTHFAILURE_UNAUTHORIZED_OPERATION")
	assert.True(t, strings.HasSuffix(got.body.Get("message").Str, strings.Join(m.Actions(), ", ")), got.body.Raw)
}
