package zectest_test

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"github.com/zec-tools/conformance/zectest"
)

// In a test, NewServer(t, …) takes the place of Start and Close.
func ExampleStart() {
	srv, err := zectest.Start(zectest.WithInstances(zectest.Instance{ID: "ins-web", Type: "z2a.cpu.2"}))
	if err != nil {
		panic(err)
	}
	defer srv.Close()
	in, _ := srv.Instance("ins-web")
	fmt.Println(in.Status, in.Type)
	// Output: STOPPED z2a.cpu.2
}

func ExampleServer_Advance() {
	srv, _ := zectest.Start(zectest.WithInstances(zectest.Instance{ID: "ins-web", Type: "z2a.cpu.2"}), zectest.WithChangeTime(time.Hour))
	defer srv.Close()
	at, _ := url.Parse(srv.URL)
	c := newClient(config{Scheme: at.Scheme, Domain: at.Host, HTTP: srv.Client()}, srv.Credentials().KeyID, srv.Credentials().KeyPassword)
	_ = c.ModifyInstanceType(context.Background(), modifyInstanceTypeRequest{InstanceID: "ins-web", InstanceType: "z2a.cpu.8"})
	in, _ := srv.Instance("ins-web")
	fmt.Println(in.Status, in.Type)
	srv.Advance(time.Hour)
	in, _ = srv.Instance("ins-web")
	fmt.Println(in.Status, in.Type)
	// Output:
	// RESIZING z2a.cpu.2
	// STOPPED z2a.cpu.8
}

func ExampleServer_Fail() {
	srv, _ := zectest.Start()
	defer srv.Close()
	_ = srv.Fail(zectest.Fault{Action: "DescribeInstances", Status: 503, Code: "SERVICE_TEMPORARY_UNAVAILABLE", Message: "try later"})
	at, _ := url.Parse(srv.URL)
	c := newClient(config{Scheme: at.Scheme, Domain: at.Host, HTTP: srv.Client()}, srv.Credentials().KeyID, srv.Credentials().KeyPassword)
	_, err := c.DescribeInstances(context.Background(), describeInstancesRequest{})
	fmt.Println(err)
	fmt.Println(srv.Requests("DescribeInstances")[0].Status)
	// Output:
	// SERVICE_TEMPORARY_UNAVAILABLE: try later
	// 503
}

func ExampleServer_NextChange() {
	srv, _ := zectest.Start()
	defer srv.Close()
	fmt.Println(srv.NextChange("ModifyInstanceType", zectest.Plan{Fails: true, Takes: 90 * time.Second}))
	fmt.Println(srv.NextChange("DescribeInstances", zectest.Plan{Fails: true}))
	// Output:
	// <nil>
	// "DescribeInstances" is no action that changes an instance
}
