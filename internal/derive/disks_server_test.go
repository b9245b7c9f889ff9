package derive_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/zec-tools/conformance/internal/sign"
	"github.com/zec-tools/conformance/steps"
)

// The credentials of the disks' server.
const (
	diskKey, diskPassword, diskToken = "disk-key", "disk-password", "disk-token"
	growTime                         = 160 * time.Millisecond
	mostIDs, largestDisk             = 100, 32768
)

// disk is a disk; one that grows has the size and status from ends on.
type disk struct {
	status string
	size   int
	grows  int // to this size; 0: it does not
	ends   time.Time
}

// disks is a server for disks that knows nothing of the harness. Each defect is one thing
// that it does otherwise.
type disks struct {
	defect    string
	byDefault int // rows on a page whose size is not asked for
	mu        sync.Mutex
	all       map[string]*disk
	order     []string
	count     int
}

func (d *disks) now(id string) disk {
	one := d.all[id]
	if one.grows > 0 && !time.Now().Before(one.ends) {
		if d.defect != "keeps its size" {
			one.size = one.grows
		}
		one.status, one.grows = "AVAILABLE", 0
	}
	return *one
}

type pairError struct {
	status int
	code   string
}

func (p pairError) Error() string { return p.code }

func (d *disks) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	response, err := d.answer(r, body)
	d.mu.Lock()
	d.count++
	id := "request-" + strconv.Itoa(d.count)
	d.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	if refused := (pairError{}); errors.As(err, &refused) {
		w.WriteHeader(refused.status)
		_ = json.NewEncoder(w).Encode(map[string]any{"requestId": id, "code": refused.code, "message": "refused"})
		return
	}
	response["requestId"] = id
	if d.defect == "two request ids" {
		response["requestId"] = id + "-other"
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"requestId": id, "response": response})
}

func (d *disks) answer(r *http.Request, body []byte) (map[string]any, error) {
	if err := d.caller(r, body); err != nil {
		return nil, err
	}
	action := r.Header.Get("X-ZC-Action")
	put := r.Method == http.MethodPut && d.defect == "serves PUT with a token" && strings.HasPrefix(r.Header.Get("Authorization"), "Bearer ")
	if r.Method != http.MethodPost && !put || action != "ResizeDisk" && action != "DescribeDisks" {
		return nil, pairError{401, "AUTHFAILURE_UNAUTHORIZED_OPERATION"}
	}
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		return nil, pairError{400, "INVALID_PARAMETER_VALUE"}
	}
	if len(body) == 0 && action == "DescribeDisks" {
		body = []byte("{}")
	}
	var parameters map[string]any
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	if decoder.Decode(&parameters) != nil || parameters == nil || decoder.Decode(new(any)) != io.EOF {
		return nil, pairError{400, "INVALID_PARAMETER_VALUE"}
	}
	if action == "ResizeDisk" {
		return d.resize(parameters)
	}
	return d.list(parameters)
}

func (d *disks) caller(r *http.Request, body []byte) error {
	authorization := r.Header.Get("Authorization")
	if token, bearer := strings.CutPrefix(authorization, "Bearer "); bearer {
		if token != diskToken && (d.defect != "takes a longer token" || !strings.HasPrefix(token, diskToken)) {
			return pairError{401, "AUTHFAILURE_UNAUTHORIZED_OPERATION"}
		}
		return nil
	}
	credential, err := sign.Parse(authorization)
	timestamp := r.Header.Get("X-ZC-Timestamp")
	seconds, whole := strconv.ParseInt(timestamp, 10, 64)
	header := func(name string) string {
		if name == "host" {
			return r.Host
		}
		return r.Header.Get(name)
	}
	switch {
	case err != nil || r.Header.Get("X-ZC-Signature-Method") != sign.Method || whole != nil:
		return pairError{401, "AUTHFAILURE_INVALID_AUTHORIZATION"}
	case credential.KeyID != diskKey:
		return pairError{401, "AUTHFAILURE_UNAUTHORIZED_OPERATION"}
	case !credential.Verify(diskPassword, r.Method, timestamp, header, body):
		return pairError{401, "AUTHFAILURE_SIGNATURE_FAILURE"}
	case time.Since(time.Unix(seconds, 0)).Abs() > 5*time.Minute:
		return pairError{401, "AUTHFAILURE_SIGNATURE_EXPIRED"}
	}
	return nil
}

// whole reads a whole number.
func whole(value any) (int, error) {
	number, is := value.(json.Number)
	n, err := strconv.Atoi(number.String())
	if !is || err != nil {
		return 0, pairError{400, "INVALID_PARAMETER_TYPE"}
	}
	return n, nil
}

func (d *disks) resize(parameters map[string]any) (map[string]any, error) {
	for _, name := range []string{"diskId", "diskSize"} {
		if value, has := parameters[name]; !has {
			return nil, pairError{400, "MISSING_PARAMETER"}
		} else if value == nil || value == "" && name == "diskId" {
			return nil, pairError{400, "INVALID_PARAMETER_VALUE"}
		}
	}
	id, text := parameters["diskId"].(string)
	size, err := whole(parameters["diskSize"])
	switch {
	case !text || err != nil:
		return nil, pairError{400, "INVALID_PARAMETER_TYPE"}
	case size > largestDisk:
		return nil, pairError{400, "INVALID_PARAMETER_EXCEED_MAXIMUM"}
	}
	if d.defect == "blocks" {
		defer time.Sleep(2 * growTime)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.all[id] == nil {
		if d.defect == "another refusal" {
			return nil, pairError{400, "INVALID_PARAMETER_VALUE"}
		}
		return nil, pairError{404, "INVALID_DISK_NOT_FOUND"}
	}
	one := d.now(id)
	inUse := one.status == "IN_USE" && d.defect == "takes a disk in use"
	again := one.grows > 0 && d.defect == "takes a second call"
	switch {
	case one.status != "AVAILABLE" && !inUse && !again:
		return nil, pairError{400, "OPERATION_DENIED_DISK_STATUS_NOT_SUPPORT"}
	case size <= one.size:
		return nil, pairError{400, "INVALID_PARAMETER_VALUE"}
	}
	*d.all[id] = disk{"CHANGING", one.size, size, time.Now().Add(growTime)}
	if d.defect == "hides the change" {
		d.all[id].status = "AVAILABLE"
	}
	if at := slices.Index(d.order, id) + 1; d.defect == "grows the next one, too" && at < len(d.order) {
		d.all[d.order[at]].size = size
	}
	return map[string]any{}, nil
}

func (d *disks) list(parameters map[string]any) (map[string]any, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	page := map[string]int{"pageSize": d.byDefault, "pageNum": 1}
	for name := range page {
		if value := parameters[name]; value != nil {
			n, err := whole(value)
			if err != nil {
				return nil, err
			}
			page[name] = max(n, 1)
		}
	}
	if page["pageSize"] > 1000 {
		return nil, pairError{400, "INVALID_PARAMETER_EXCEED_MAXIMUM"}
	}
	ids := d.order
	if value := parameters["diskIds"]; value != nil {
		list, is := value.([]any)
		if !is || slices.ContainsFunc(list, func(v any) bool { _, text := v.(string); return !text }) {
			return nil, pairError{400, "INVALID_PARAMETER_TYPE"}
		}
		if len(list) > mostIDs {
			return nil, pairError{400, "INVALID_PARAMETER_EXCEED_LENGTH"}
		}
		if len(list) > 0 {
			ids = slices.DeleteFunc(slices.Clone(d.order), func(id string) bool { return !slices.Contains(list, any(id)) })
		}
	}
	rows := []map[string]any{}
	for i, id := range ids {
		if i/page["pageSize"] == page["pageNum"]-1 {
			one := d.now(id)
			rows = append(rows, map[string]any{"diskId": id, "diskStatus": one.status, "diskSize": one.size})
		}
	}
	return map[string]any{"totalCount": len(ids), "dataSet": rows}, nil
}

// Fixture implements steps.Fixtures: it makes the disks that a scenario needs.
func (d *disks) Acquire(_ context.Context, needs steps.Needs) (steps.Fixture, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	fixture := steps.Fixture{Certain: true, Formed: true, AbsentType: "no", MakeUp: func(...string) {}, Release: func(context.Context) error { return nil }}
	for size := 40; len(fixture.Resizable) < 40; size += 20 {
		fixture.Resizable = append(fixture.Resizable, strconv.Itoa(size))
	}
	fixture.AbsentID = func() string {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.count++
		return fmt.Sprintf("disk-9%06d", d.count)
	}
	for _, need := range needs.Instances {
		if need.Kind != "disk" {
			return fixture, &steps.Lacking{Reason: "there are disks alone"}
		}
		fixture.Instances = append(fixture.Instances, steps.Instance{ID: d.seed(need.Status), Kind: need.Kind, Status: need.Status})
	}
	return fixture, nil
}

func (d *disks) seed(status string) (id string) {
	d.count++
	id = fmt.Sprintf("disk-%06d", d.count)
	d.all[id], d.order = &disk{status: status, size: 20}, append(d.order, id)
	return id
}
