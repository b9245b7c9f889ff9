package mock_test

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/tidwall/gjson"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/mock/mocktest"
)

const (
	missing  = "MISSING_PARAMETER"
	typed    = "INVALID_PARAMETER_TYPE"
	pattern  = "INVALID_PARAMETER_PATTERN_ERROR"
	short    = "INVALID_PARAMETER_LESS_LENGTH"
	tooLong  = "INVALID_PARAMETER_EXCEED_LENGTH"
	tooMuch  = "INVALID_PARAMETER_EXCEED_MAXIMUM"
	tooSmall = "INVALID_PARAMETER_LESS_MINIMUM"
)

// noObjects are bodies that hold no object, with the code they are refused with.
var noObjects = map[string]string{
	`[]`: typed, `[{}]`: typed, `"x"`: typed, `1`: typed, `true`: typed, `null`: typed,
	`{`: pattern, `{"a":}`: pattern, `{} {}`: pattern, `{}x`: pattern, `{'a':1}`: pattern, `<a/>`: pattern,
	"{\"a\":\"\xff\"}": pattern, "\ufeff{}": pattern, strings.Repeat("[", 100_000): pattern,
}

func TestModifyInstanceTypeRefusesWhatItsParametersAreNot(t *testing.T) {
	m, _ := mocktest.NewMock(t)
	in := m.Seed(mock.Instance{})
	cases := map[string]string{
		``:                             missing,
		"\n ":                          missing,
		`{}`:                           missing,
		`{"instanceId":"ID"}`:          missing,
		`{"instanceType":"z2a.cpu.4"}`: missing,
		`{"InstanceId":"ID","instanceType":"z2a.cpu.4"}`:                missing,
		`{"instanceId":null,"instanceType":"z2a.cpu.4"}`:                missing,
		`{"instanceId":"ID","instanceType":null}`:                       missing,
		`{"instanceId":"","instanceType":"z2a.cpu.4"}`:                  short,
		`{"instanceId":"ID","instanceType":""}`:                         short,
		`{"instanceId":"ID","instanceType":"z2a.cpu.4","instanceId":1}`: typed,
	}
	for _, wrong := range []string{`1`, `1.5`, `true`, `false`, `[]`, `["ID"]`, `{}`} {
		cases[`{"instanceId":`+wrong+`,"instanceType":"z2a.cpu.4"}`] = typed
		cases[`{"instanceId":"ID","instanceType":`+wrong+`}`] = typed
	}
	for body, code := range noObjects {
		cases[body] = code
	}
	for body, code := range cases {
		t.Run(fmt.Sprintf("%.60q", body), func(t *testing.T) {
			got := mocktest.Send(t, m, mocktest.Message{Action: "ModifyInstanceType", Body: strings.ReplaceAll(body, "ID", in.ID)})
			mocktest.RefusedWith(t, got, 400, code)
			status, _ := mocktest.Seen(t, m, in.ID)
			assert.Equal(t, mock.Stopped, status)
		})
	}
}

func TestModifyInstanceTypeTakesFurtherMembers(t *testing.T) {
	m, _ := mocktest.NewMock(t)
	in := m.Seed(mock.Instance{})
	body := `{"more":{"deep":[1]},"instance\u0049d":"` + in.ID + `","instanceType":"z2a.cpu.4","pageSize":"x"}`
	assert.Equal(t, 200, mocktest.Send(t, m, mocktest.Message{Action: "ModifyInstanceType", Body: body}).Status)
}

func TestTheReadActionsRefuseWhatTheirParametersAreNot(t *testing.T) {
	cases := map[string]string{
		`{"pageSize":1001}`:                 tooMuch,
		`{"pageSize":1e300}`:                tooMuch,
		`{"pageSize":0}`:                    tooSmall,
		`{"pageNum":-1}`:                    tooSmall,
		`{"instanceIds":` + list101 + `}`:   tooLong,
		`{"pageSize":"20","pageNum":"one"}`: typed,
	}
	for _, wrong := range []string{`"20"`, `""`, `1.5`, `true`, `[]`, `{}`} {
		cases[`{"pageSize":`+wrong+`}`] = typed
		cases[`{"pageNum":`+wrong+`}`] = typed
	}
	for _, wrong := range []string{`"ins-1"`, `""`, `1`, `true`, `{}`, `[1]`, `["a",null]`, `[["a"]]`} {
		cases[`{"instanceIds":`+wrong+`}`] = typed
	}
	for _, wrong := range []string{`1`, `true`, `["a"]`, `{}`} {
		cases[`{"resourceGroupId":`+wrong+`}`] = typed
	}
	for body, code := range noObjects {
		cases[body] = code
	}
	m, _ := mocktest.NewMock(t)
	for _, action := range []string{"DescribeInstances", "DescribeInstancesStatus"} {
		for body, code := range cases {
			t.Run(fmt.Sprintf("%s %.60q", action, body), func(t *testing.T) {
				mocktest.RefusedWith(t, mocktest.Send(t, m, mocktest.Message{Action: action, Body: body}), 400, code)
			})
		}
	}
	for _, name := range []string{"zoneId", "imageId", "status", "name", "ipv4Address", "ipv6Address"} {
		for _, wrong := range []string{`1`, `true`, `["a"]`, `{}`} {
			body := `{"` + name + `":` + wrong + `}`
			mocktest.RefusedWith(t, mocktest.Send(t, m, mocktest.Message{Action: "DescribeInstances", Body: body}), 400, typed)
			got := mocktest.Send(t, m, mocktest.Message{Action: "DescribeInstancesStatus", Body: body})
			assert.Equal(t, 200, got.Status, "%s is no parameter of DescribeInstancesStatus", name)
		}
	}
}

var (
	list100 = `["x"` + strings.Repeat(`,"x"`, 99) + `]`
	list101 = `["x"` + strings.Repeat(`,"x"`, 100) + `]`
)

func TestTheReadActionsNeedNoParameter(t *testing.T) {
	m, _ := mocktest.NewMock(t)
	m.Seed(mock.Instance{})
	for _, action := range []string{"DescribeInstances", "DescribeInstancesStatus"} {
		for _, body := range []string{
			``, ` `, `{}`, `{"instanceIds":null}`, `{"instanceIds":[]}`, `{"pageSize":null,"pageNum":null}`,
			`{"resourceGroupId":null}`, `{"resourceGroupId":""}`, `{"name":"","zoneId":null}`, `{"unknown":1}`,
			`{"pageSize":1000}`, `{"pageSize":20.0}`, `{"pageSize":2e1,"pageNum":1}`,
		} {
			got := mocktest.Send(t, m, mocktest.Message{Action: action, Body: body})
			assert.Equal(t, 200, got.Status, body)
			assert.EqualValues(t, 1, got.Body.Get("response.totalCount").Int(), body)
		}
		got := mocktest.Send(t, m, mocktest.Message{Action: action, Body: `{"instanceIds":` + list100 + `}`})
		assert.Equal(t, 200, got.Status)
		assert.EqualValues(t, 0, got.Body.Get("response.totalCount").Int())
	}
}

// FuzzBody sends any body to any action: the answer is a documented pair in a right
// envelope, never 5xx.
func FuzzBody(f *testing.F) {
	for body := range noObjects {
		f.Add(0, body)
	}
	f.Add(0, `{"instanceId":"ins-000001","instanceType":"z2a.cpu.4"}`)
	f.Add(1, `{"instanceIds":["ins-000001","ins-000001"],"pageSize":1,"pageNum":9007199254740993}`)
	f.Add(2, `{"instanceIds":["\ud800"],"name":"\u0000","pageSize":-1e999}`)
	f.Fuzz(func(t *testing.T, which int, body string) {
		m, _ := mocktest.NewMock(t)
		m.Seed(mock.Instance{Name: body})
		action := m.Actions()[uint(which)%3]
		r := mocktest.Request(m, mocktest.Message{Action: action, Body: body})
		w := httptest.NewRecorder()
		m.ServeHTTP(w, r)
		got := mocktest.ReadWhole(t, w)
		assert.True(t, got.Status == 200 || got.Status == 400 || got.Status == 404, "%d for %q", got.Status, body)
		assert.True(t, utf8.Valid(w.Body.Bytes()))
		if got.Status == 200 && !strings.HasPrefix(action, "Describe") {
			assert.True(t, gjson.Valid(body))
		}
	})
}
