package mock

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/tidwall/gjson"
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
	m, _ := newMock(t)
	in := m.Seed(Instance{})
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
			got := send(t, m, message{action: "ModifyInstanceType", body: strings.ReplaceAll(body, "ID", in.ID)})
			refusedWith(t, got, 400, code)
			status, _ := seen(t, m, in.ID)
			assert.Equal(t, Stopped, status)
		})
	}
}

func TestModifyInstanceTypeTakesFurtherMembers(t *testing.T) {
	m, _ := newMock(t)
	in := m.Seed(Instance{})
	body := `{"more":{"deep":[1]},"instance\u0049d":"` + in.ID + `","instanceType":"z2a.cpu.4","pageSize":"x"}`
	assert.Equal(t, 200, send(t, m, message{action: "ModifyInstanceType", body: body}).status)
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
	m, _ := newMock(t)
	for _, action := range []string{"DescribeInstances", "DescribeInstancesStatus"} {
		for body, code := range cases {
			t.Run(fmt.Sprintf("%s %.60q", action, body), func(t *testing.T) {
				refusedWith(t, send(t, m, message{action: action, body: body}), 400, code)
			})
		}
	}
	for _, name := range []string{"zoneId", "imageId", "status", "name", "ipv4Address", "ipv6Address"} {
		for _, wrong := range []string{`1`, `true`, `["a"]`, `{}`} {
			body := `{"` + name + `":` + wrong + `}`
			refusedWith(t, send(t, m, message{action: "DescribeInstances", body: body}), 400, typed)
			got := send(t, m, message{action: "DescribeInstancesStatus", body: body})
			assert.Equal(t, 200, got.status, "%s is no parameter of DescribeInstancesStatus", name)
		}
	}
}

var (
	list100 = `["x"` + strings.Repeat(`,"x"`, 99) + `]`
	list101 = `["x"` + strings.Repeat(`,"x"`, 100) + `]`
)

func TestTheReadActionsNeedNoParameter(t *testing.T) {
	m, _ := newMock(t)
	m.Seed(Instance{})
	for _, action := range []string{"DescribeInstances", "DescribeInstancesStatus"} {
		for _, body := range []string{
			``, ` `, `{}`, `{"instanceIds":null}`, `{"instanceIds":[]}`, `{"pageSize":null,"pageNum":null}`,
			`{"resourceGroupId":null}`, `{"resourceGroupId":""}`, `{"name":"","zoneId":null}`, `{"unknown":1}`,
			`{"pageSize":1000}`, `{"pageSize":20.0}`, `{"pageSize":2e1,"pageNum":1}`,
		} {
			got := send(t, m, message{action: action, body: body})
			assert.Equal(t, 200, got.status, body)
			assert.EqualValues(t, 1, got.body.Get("response.totalCount").Int(), body)
		}
		got := send(t, m, message{action: action, body: `{"instanceIds":` + list100 + `}`})
		assert.Equal(t, 200, got.status)
		assert.EqualValues(t, 0, got.body.Get("response.totalCount").Int())
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
		m, _ := newMock(t)
		m.Seed(Instance{Name: body})
		action := m.Actions()[uint(which)%3]
		r := request(m, message{action: action, body: body})
		w := httptest.NewRecorder()
		m.ServeHTTP(w, r)
		got := readWhole(t, w)
		assert.True(t, got.status == 200 || got.status == 400 || got.status == 404, "%d for %q", got.status, body)
		assert.True(t, utf8.Valid(w.Body.Bytes()))
		if got.status == 200 && !strings.HasPrefix(action, "Describe") {
			assert.True(t, gjson.Valid(body))
		}
	})
}
