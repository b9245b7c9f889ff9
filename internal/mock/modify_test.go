package mock_test

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/mock/mocktest"
)

func TestAStoppedInstanceIsResized(t *testing.T) {
	m, clock := mocktest.NewMock(t)
	in := m.Seed(mock.Instance{Type: "z2a.cpu.2"})
	bystander := m.Seed(mock.Instance{Type: "z2a.cpu.1"})

	got := mocktest.ResizeTo(t, m, in.ID, "z2a.cpu.4")
	assert.Equal(t, 200, got.Status)
	assert.Len(t, got.Body.Get("response").Map(), 1, "the response is the request id only")

	status, _ := mocktest.Seen(t, m, in.ID)
	assert.Equal(t, mock.Resizing, status)

	clock.Advance(mocktest.ResizeTime - 1)
	status, _ = mocktest.Seen(t, m, in.ID)
	assert.Equal(t, mock.Resizing, status, "until the very end")

	clock.Advance(1)
	for range 3 {
		status, instanceType := mocktest.Seen(t, m, in.ID)
		assert.Equal(t, []string{mock.Stopped, "z2a.cpu.4"}, []string{status, instanceType})
		clock.Advance(time.Hour)
	}
	status, instanceType := mocktest.Seen(t, m, bystander.ID)
	assert.Equal(t, []string{mock.Stopped, "z2a.cpu.1"}, []string{status, instanceType}, "no other instance changes")
}

func TestAResizeGoesThereAndBackAndToTheSameType(t *testing.T) {
	m, clock := mocktest.NewMock(t)
	in := m.Seed(mock.Instance{Type: "z2a.cpu.2"})
	for _, wanted := range []string{"z2a.cpu.8", "z2a.cpu.2", "z2a.cpu.2", "z2a.cpu.1"} {
		require.Equal(t, 200, mocktest.ResizeTo(t, m, in.ID, wanted).Status)
		status, _ := mocktest.Seen(t, m, in.ID)
		assert.Equal(t, mock.Resizing, status)
		clock.Advance(mocktest.ResizeTime)
		status, instanceType := mocktest.Seen(t, m, in.ID)
		assert.Equal(t, []string{mock.Stopped, wanted}, []string{status, instanceType})
	}
}

func TestASecondResizeIsRefusedWhileOneRuns(t *testing.T) {
	m, clock := mocktest.NewMock(t)
	in := m.Seed(mock.Instance{Type: "z2a.cpu.2"})
	require.Equal(t, 200, mocktest.ResizeTo(t, m, in.ID, "z2a.cpu.4").Status)
	clock.Advance(mocktest.ResizeTime / 2)
	mocktest.RefusedWith(t, mocktest.ResizeTo(t, m, in.ID, "z2a.cpu.8"), 400, "OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT")
	clock.Advance(mocktest.ResizeTime / 2)
	status, instanceType := mocktest.Seen(t, m, in.ID)
	assert.Equal(t, []string{mock.Stopped, "z2a.cpu.4"}, []string{status, instanceType}, "the first one ends as if nothing had been asked")
}

func TestTheRulesRefuseAndChangeNothing(t *testing.T) {
	m, clock := mocktest.NewMock(t)
	stopped := m.Seed(mock.Instance{Type: "z2a.cpu.2"})
	graphics := m.Seed(mock.Instance{GPU: true})
	types := m.Types()
	require.GreaterOrEqual(t, len(types.Resizable), 4)
	cases := map[string]struct {
		id, wanted string
		status     int
		code       string
	}{
		"the instance does not exist":                  {"ins-none", "z2a.cpu.4", 404, "INVALID_INSTANCE_NOT_FOUND"},
		"neither the instance nor the type exists":     {"ins-none", "z9", 404, "INVALID_INSTANCE_NOT_FOUND"},
		"the type does not exist":                      {stopped.ID, "z9", 404, "INVALID_INSTANCE_TYPE_NOT_FOUND"},
		"the type is spelt in another letter case":     {stopped.ID, "Z2A.CPU.4", 404, "INVALID_INSTANCE_TYPE_NOT_FOUND"},
		"the instance is a GPU instance":               {graphics.ID, "z2a.cpu.4", 400, "OPERATION_DENIED_GPU_INSTANCE_NOT_SUPPORT"},
		"a GPU instance, to a GPU type":                {graphics.ID, types.GPU[1], 400, "OPERATION_DENIED_GPU_INSTANCE_NOT_SUPPORT"},
		"the type is not supported":                    {stopped.ID, types.Unsupported[0], 400, "OPERATION_FAILED_INSTANCE_TYPE_UNSUPPORTED"},
		"a GPU type, for an instance that is none":     {stopped.ID, types.GPU[0], 400, "OPERATION_FAILED_INSTANCE_TYPE_UNSUPPORTED"},
		"the unsupported type of an unknown instance":  {"ins-none", types.Unsupported[0], 404, "INVALID_INSTANCE_NOT_FOUND"},
		"a GPU instance, to a type that is not there":  {graphics.ID, "z9", 404, "INVALID_INSTANCE_TYPE_NOT_FOUND"},
		"the id of an instance in another letter case": {strings.ToUpper(stopped.ID), "z2a.cpu.4", 404, "INVALID_INSTANCE_NOT_FOUND"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			mocktest.RefusedWith(t, mocktest.ResizeTo(t, m, c.id, c.wanted), c.status, c.code)
			for _, in := range []mock.Instance{stopped, graphics} {
				for range 2 {
					status, instanceType := mocktest.Seen(t, m, in.ID)
					assert.Equal(t, []string{mock.Stopped, in.Type}, []string{status, instanceType})
					clock.Advance(mocktest.ResizeTime)
				}
			}
		})
	}
}

func TestOnlyStoppedAllowsAResize(t *testing.T) {
	m, clock := mocktest.NewMock(t)
	require.Len(t, mock.Statuses(), 13)
	for _, given := range mock.Statuses() {
		for _, isGPU := range []bool{false, true} {
			in := m.Seed(mock.Instance{Status: given, GPU: isGPU})
			got := mocktest.ResizeTo(t, m, in.ID, "z2a.cpu.4")
			switch {
			case isGPU:
				mocktest.RefusedWith(t, got, 400, "OPERATION_DENIED_GPU_INSTANCE_NOT_SUPPORT")
			case given == mock.Stopped:
				assert.Equal(t, 200, got.Status)
				continue
			default:
				mocktest.RefusedWith(t, got, 400, "OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT")
			}
			clock.Advance(mocktest.ResizeTime)
			status, instanceType := mocktest.Seen(t, m, in.ID)
			assert.Equal(t, []string{given, in.Type}, []string{status, instanceType}, "a status that was given stays")
		}
	}
}

func TestOfManyResizesAtOneMomentOneIsAccepted(t *testing.T) {
	m, clock := mocktest.NewMock(t)
	for range 20 {
		in := m.Seed(mock.Instance{})
		var accepted, denied atomic.Int32
		var all sync.WaitGroup
		for _, wanted := range slices.Repeat(m.Types().Resizable, 4) {
			all.Go(func() {
				switch got := mocktest.ResizeTo(t, m, in.ID, wanted); got.Status {
				case 200:
					accepted.Add(1)
				case 400:
					denied.Add(1)
				}
			})
		}
		all.Wait()
		assert.EqualValues(t, 1, accepted.Load())
		assert.EqualValues(t, 15, denied.Load())
		clock.Advance(mocktest.ResizeTime)
	}
}

func TestInstancesComeGoAndAreResizedAtOnce(t *testing.T) {
	clock := new(mocktest.Hands)
	const short = time.Second // eight of them moving the clock leave every timestamp inside its window
	m := mock.New(mock.Options{Clock: clock.Now, ResizeTime: short})
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 50 {
				in := m.Seed(mock.Instance{Type: "z2a.cpu.1"})
				assert.Equal(t, 200, mocktest.ResizeTo(t, m, in.ID, "z2a.cpu.8").Status)
				clock.Advance(short)
				status, instanceType := mocktest.Seen(t, m, in.ID)
				assert.Equal(t, []string{mock.Stopped, "z2a.cpu.8"}, []string{status, instanceType})
				assert.Equal(t, 200, mocktest.Send(t, m, mocktest.Message{Action: "DescribeInstancesStatus"}).Status)
				m.Forget(in.ID)
				mocktest.RefusedWith(t, mocktest.ResizeTo(t, m, in.ID, "z2a.cpu.8"), 404, "INVALID_INSTANCE_NOT_FOUND")
			}
		})
	}
	all.Wait()
	assert.Empty(t, m.Instances())
}
