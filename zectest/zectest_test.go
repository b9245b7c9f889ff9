package zectest_test

import (
	"context"
	"errors"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/zectest"
)

// sdk makes a client for a server.
func sdk(t *testing.T, s *zectest.Server) *client {
	t.Helper()
	at, err := url.Parse(s.URL)
	require.NoError(t, err)
	creds := s.Credentials()
	return newClient(config{Scheme: at.Scheme, Domain: at.Host, HTTP: s.Client()}, creds.KeyID, creds.KeyPassword)
}

// TestTheFlowOfTheSDK is the flow of a client in the shape of the official Go SDK. What the
// stand-in takes to set up are its first lines, up to the call.
func TestTheFlowOfTheSDK(t *testing.T) {
	t.Parallel()
	srv := zectest.NewServer(t, zectest.WithInstances(zectest.Instance{ID: "ins-web", Type: "z2a.cpu.2"}), zectest.WithChangeTime(time.Hour))
	at, err := url.Parse(srv.URL)
	require.NoError(t, err)
	creds := srv.Credentials()
	c := newClient(config{Scheme: at.Scheme, Domain: at.Host, HTTP: srv.Client()}, creds.KeyID, creds.KeyPassword)

	require.NoError(t, c.ModifyInstanceType(t.Context(), modifyInstanceTypeRequest{InstanceID: "ins-web", InstanceType: "z2a.cpu.4"}))
	got, err := c.DescribeInstances(t.Context(), describeInstancesRequest{InstanceIDs: []string{"ins-web"}})
	require.NoError(t, err)
	require.Len(t, got.Response.DataSet, 1)
	assert.Equal(t, "RESIZING", got.Response.DataSet[0].Status)
	assert.True(t, *got.Response.DataSet[0].EnableAgent, "a client dereferences it without asking")
	assert.NotEmpty(t, got.Response.DataSet[0].SystemDisk.DiskID)

	srv.Advance(time.Hour)
	got, err = c.DescribeInstances(t.Context(), describeInstancesRequest{InstanceIDs: []string{"ins-web"}})
	require.NoError(t, err)
	assert.Equal(t, "STOPPED", got.Response.DataSet[0].Status)
	assert.Equal(t, "z2a.cpu.4", *got.Response.DataSet[0].InstanceType)

	var refused *sdkError
	require.ErrorAs(t, c.ModifyInstanceType(t.Context(), modifyInstanceTypeRequest{InstanceID: "ins-none", InstanceType: "z2a.cpu.4"}), &refused)
	assert.Equal(t, "INVALID_INSTANCE_NOT_FOUND", refused.Code)
	wrong := newClient(c.config, creds.KeyID, "another-password")
	require.ErrorAs(t, wrong.ModifyInstanceType(t.Context(), modifyInstanceTypeRequest{}), &refused)
	assert.Equal(t, "AUTHFAILURE_SIGNATURE_FAILURE", refused.Code)
}

func TestAFaultIsMetAndSeenInTheRequests(t *testing.T) {
	t.Parallel()
	s := zectest.NewServer(t)
	c := sdk(t, s)
	require.NoError(t, s.Fail(zectest.Fault{Action: "DescribeInstances", Times: 2, Status: 429, Code: "REQUEST_LIMIT_EXCEEDED"}))
	_, err := c.DescribeInstances(t.Context(), describeInstancesRequest{})
	require.NoError(t, err, "it is sent again")
	var statuses []int
	for _, r := range s.Requests("DescribeInstances") {
		statuses = append(statuses, r.Status)
	}
	assert.Equal(t, []int{429, 429, 200}, statuses)

	require.NoError(t, s.Fail(zectest.Fault{Close: true}))
	_, err = c.DescribeInstances(t.Context(), describeInstancesRequest{})
	require.Error(t, err)
	require.NoError(t, s.Fail(zectest.Fault{Delay: 10 * time.Minute}))
	short, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	_, err = c.DescribeInstances(short, describeInstancesRequest{})
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Error(t, s.Fail(zectest.Fault{Status: 200}))
	require.NoError(t, s.Fail(zectest.Fault{Close: true}))
	s.ClearFaults()
	_, err = c.DescribeInstances(t.Context(), describeInstancesRequest{})
	require.NoError(t, err)
	seen, err := s.AwaitRequests(t.Context(), "", 6)
	require.NoError(t, err)
	assert.Equal(t, "Credential=mock-key-id", seen[0].Header.Get("Authorization")[16:38])
	assert.NotRegexp(t, "Signature=[0-9a-f]", seen[0].Header.Get("Authorization"))
}

func TestAResizeFailsWhereItIsAskedTo(t *testing.T) {
	t.Parallel()
	s := zectest.NewServer(t, zectest.WithInstances(zectest.Instance{ID: "a", Type: "z2a.cpu.1"}))
	require.NoError(t, s.NextChange("ModifyInstanceType", zectest.Plan{Fails: true, Takes: time.Minute}))
	require.NoError(t, sdk(t, s).ModifyInstanceType(t.Context(), modifyInstanceTypeRequest{InstanceID: "a", InstanceType: "z2a.cpu.8"}))
	s.Advance(59 * time.Second)
	in, exists := s.Instance("a")
	require.True(t, exists)
	assert.Equal(t, "RESIZING", in.Status)
	s.Advance(time.Second)
	in, _ = s.Instance("a")
	assert.Equal(t, []string{"STOPPED", "z2a.cpu.1"}, []string{in.Status, in.Type})
	require.Error(t, s.NextChange("DescribeInstances", zectest.Plan{Fails: true}))
	require.Error(t, s.NextChange("ModifyInstanceType", zectest.Plan{Takes: -time.Second}))
}

func TestTheAccountIsTheTests(t *testing.T) {
	t.Parallel()
	s := zectest.NewServer(t,
		zectest.WithTypes(zectest.Type{ID: "s", CPU: 1, Memory: 1, Use: zectest.Resizable}, zectest.Type{ID: "g", CPU: 8, Memory: 64, Use: zectest.GPU}),
		zectest.WithInstances(zectest.Instance{ID: "a", Tags: []zectest.Tag{{Key: "team", Value: "x"}}}),
		zectest.WithCredentials(zectest.Credentials{KeyID: "mine", KeyPassword: "my-password"}), zectest.WithTLS())
	added, err := s.Add(zectest.Instance{GPU: true})
	require.NoError(t, err)
	assert.Equal(t, "g", added.Type)
	require.NoError(t, s.SetStatus("a", "RUNNING"))
	got, err := sdk(t, s).DescribeInstances(t.Context(), describeInstancesRequest{InstanceIDs: []string{"a"}})
	require.NoError(t, err)
	assert.Equal(t, "RUNNING", got.Response.DataSet[0].Status)
	require.NoError(t, s.SetType("a", "s"))
	require.NoError(t, s.Remove(added.ID))
	require.Error(t, s.Remove(added.ID))
	require.Error(t, s.SetType("a", "none"))

	again, err := zectest.Start(zectest.WithSeed(s.Seed()))
	require.NoError(t, err)
	defer again.Close()
	assert.Equal(t, s.Instances(), again.Instances())
	assert.Equal(t, s.Credentials(), again.Credentials())
	s.Reset()
	in, _ := s.Instance("a")
	assert.Equal(t, "STOPPED", in.Status)
	assert.Equal(t, []zectest.Tag{{Key: "team", Value: "x"}}, in.Tags)
	assert.Contains(t, s.Actions(), "ModifyInstanceType")
	assert.Equal(t, []string{"2024-04-01", "2025-09-01"}, zectest.Versions())
}

func TestOptionsThatCannotBeAreAnError(t *testing.T) {
	t.Parallel()
	for message, option := range map[string]zectest.Option{
		`instance "a" is there already`:          zectest.WithInstances(zectest.Instance{ID: "a"}, zectest.Instance{ID: "a"}),
		`type t: use is one of`:                  zectest.WithTypes(zectest.Type{ID: "t", CPU: 1, Memory: 1}),
		`keyId and keyPassword go together`:      zectest.WithCredentials(zectest.Credentials{KeyID: "a"}),
		`unknown key "instance"`:                 zectest.WithSeed([]byte("instance: []")),
		`"stopped" is no documented status`:      zectest.WithInstances(zectest.Instance{Status: "stopped"}),
		`is no duration: write it as 90s or 15m`: zectest.WithChangeTime(-time.Second),
	} {
		_, err := zectest.Start(option)
		assert.ErrorContains(t, err, message)
	}
}

func TestAnEndedWaitSaysHowManyCame(t *testing.T) {
	t.Parallel()
	s := zectest.NewServer(t)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.AwaitRequests(ended, "DescribeInstances", 1)
	require.ErrorContains(t, err, `0 of 1 requests to "DescribeInstances" came`)
	assert.True(t, errors.Is(err, context.Canceled))
}
