package gotest

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/zec-tools/conformance/zectest"
)

// TestResize is the test of a client: it resizes an instance and waits for nothing.
func TestResize(t *testing.T) {
	t.Parallel()
	srv := zectest.NewServer(t, zectest.WithInstances(zectest.Instance{ID: "ins-web", Type: "z2a.cpu.2"}), zectest.WithChangeTime(time.Hour))
	if err := resize(srv, "ins-web", "z2a.cpu.4"); err != nil {
		t.Fatal(err)
	}
	srv.Advance(time.Hour)
	if in, _ := srv.Instance("ins-web"); in.Type != "z2a.cpu.4" {
		t.Errorf("the type is %s", in.Type)
	}
}

// resize stands for the client under test.
func resize(srv *zectest.Server, id, to string) error {
	r, err := http.NewRequest(http.MethodPost, srv.URL+"/api/v2/zec", strings.NewReader(`{"instanceId":"`+id+`","instanceType":"`+to+`"}`))
	if err != nil {
		return err
	}
	r.Header = http.Header{"Content-Type": {"application/json"}, "X-Zc-Action": {"ModifyInstanceType"}, "X-Zc-Version": {"2024-04-01"}, "Authorization": {"Bearer " + srv.Credentials().Token}}
	answer, err := srv.Client().Do(r)
	if err != nil {
		return err
	}
	return answer.Body.Close()
}
