package mocktest

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"github.com/zec-tools/conformance/internal/mock"
)

// walk calls everything that clients can see of a mock: every action, every error, every case of
// authentication, and resizes observed until long after their end.
type walk struct {
	t     testing.TB
	mock  *mock.Mock
	clock *Hands
	seen  []Observation
	ids   map[string]int
	skip  func(c *mock.Call) bool // selects calls that are not made; may be nil
}

// Observation is one answer as it went out.
type Observation struct {
	Name   string
	Status int
	Media  []string
	Body   string // the body, with each request id replaced by a number: see numbered
	ID     string // the request id, as JSON
	Call   *mock.Call
}

// Walked walks through a mock with the given options.
func Walked(t testing.TB, options mock.Options) []Observation { return Taken(t, nil, options, false) }

// Taken walks through a mock without the calls that skip selects, which may be nil. The brief walk
// is that through all changing actions.
func Taken(t testing.TB, skip func(c *mock.Call) bool, options mock.Options, brief bool) []Observation {
	t.Helper()
	w := &walk{t: t, clock: new(Hands), ids: map[string]int{}, skip: skip}
	w.clock.At.Store(time.Date(2024, 4, 1, 12, 0, 0, 0, time.UTC).UnixNano())
	options.Clock, options.Seed = w.clock.Now, 1
	if options.ResizeTime == 0 {
		options.ResizeTime = ResizeTime
	}
	w.mock = mock.New(options)
	scenes := []func(){
		w.reads, w.pages, w.parametersOfReads, w.authentication, w.nearlyRight, w.transport, w.nearlyNamed, w.bodies,
		w.parametersOfResizes, w.refusals, w.resizes, w.secondResizes, w.severalResizes,
		w.nearlyAnother, w.nearlySigned,
	}
	if brief {
		scenes = []func(){w.secondResizes, w.powers, w.powersBeside}
	}
	for _, scene := range scenes {
		scene()
	}
	return w.seen
}

// ask sends a message and records the answer.
func (w *walk) ask(name string, msg Message) {
	w.t.Helper()
	sent := Request(w.mock, msg)
	c := &mock.Call{Now: w.clock.Now(), Wall: w.clock.Now(), Request: sent.Clone(sent.Context()), Body: []byte(msg.Body)}
	if w.skip != nil && w.skip(c) {
		return
	}
	r := httptest.NewRecorder()
	w.mock.ServeHTTP(r, sent)
	for again := 0; again < 2 && (r.Code == 503 || r.Code == 429); again++ {
		r = httptest.NewRecorder()
		w.mock.ServeHTTP(r, Request(w.mock, msg))
	}
	body := r.Body.String()
	id := gjson.Get(body, "requestId")
	w.seen = append(w.seen, Observation{Name: name, Status: r.Code, Media: r.Header()["Content-Type"], Body: w.numbered(body, id), ID: id.Raw, Call: c})
}

// numbered replaces each request id with the number of the answer in which it first occurred.
func (w *walk) numbered(body string, id gjson.Result) string {
	if id.Type != gjson.String || id.Str == "" {
		return body
	}
	if _, known := w.ids[id.Raw]; !known {
		w.ids[id.Raw] = len(w.seen)
	}
	return strings.ReplaceAll(body, id.Raw, fmt.Sprintf(`"#%d"`, w.ids[id.Raw]))
}

func (w *walk) status(name, body string) {
	w.ask("status "+name, Message{Action: mock.DescribeStatus, Body: body})
}
func (w *walk) instances(name, body string) {
	w.ask("instances "+name, Message{Action: mock.DescribeInstances, Body: body})
}

// both asks the two read actions the same.
func (w *walk) both(name, body string) {
	w.status(name, body)
	w.instances(name, body)
}

func (w *walk) resize(name, id, instanceType string) {
	w.ask("resize "+name, Message{
		Action: mock.ModifyType, Body: fmt.Sprintf(`{"instanceId":%q,"instanceType":%q}`, id, instanceType),
	})
}

// look reads everything about instances.
func (w *walk) look(name string, ins ...mock.Instance) {
	list := make([]string, len(ins))
	for i, in := range ins {
		list[i] = in.ID
	}
	w.both(name, `{"instanceIds":`+Quoted(list...)+`}`)
}

func (w *walk) authentication() {
	in := w.mock.Seed(mock.Instance{})
	drop := func(name string) map[string]string { return map[string]string{name: ""} }
	set := func(name, value string) map[string]string { return map[string]string{name: value} }
	for _, row := range []struct {
		name   string
		msg    Message
		resize bool
	}{
		{"anonymous", Message{Header: drop("Authorization")}, true},
		{"another scheme", Message{Header: set("Authorization", "Basic eDp5")}, true},
		{"a word as authorization", Message{Header: set("Authorization", "x")}, false},
		{"without timestamp", Message{Header: drop("X-ZC-Timestamp")}, false},
		{"without method", Message{Header: drop("X-ZC-Signature-Method")}, false},
		{"unknown key", Message{KeyID: "nobody"}, true},
		{"unknown key and no password", Message{KeyID: "nobody", NoPass: true}, false},
		{"unknown key and password", Message{KeyID: "nobody", Pass: "wrong"}, false},
		{"wrong password", Message{Pass: "wrong"}, true},
		{"another timestamp", Message{Header: set("X-ZC-Timestamp", "1711972801")}, false},
		{"a timestamp of long ago, not signed", Message{Header: set("X-ZC-Timestamp", "1")}, false},
		{"another media type", Message{Header: set("Content-Type", "application/json; charset=utf-8")}, false},
		{"further signed header", Message{Also: []string{"X-Note"}}, false},
		{"two further signed headers", Message{Also: []string{"A-Note", "X-Note"}}, false},
		{"further signed header tampered", Message{Also: []string{"X-Note"}, Header: set("X-Note", "y")}, false},
		{"further signed header, wrong password", Message{Also: []string{"X-Note"}, Pass: "wrong"}, false},
		{"charset", Message{Media: "application/json; charset=utf-8"}, false},
		{"sdk headers", Message{Header: map[string]string{"X-ZC-Service": "zec", "X-ZC-Sdk-Version": "1", "X-ZC-Sdk-Lang": "Go", "X-ZC-Signature-Version": "V2", "X-ZC-Request-Client": "x"}}, false},
		{"timestamp of letters", Message{stamp: "yesterday"}, false},
		{"timestamp with fraction", Message{stamp: "1711972800.5"}, false},
		{"timestamp with sign", Message{stamp: "+1711972800"}, false},
		{"timestamp of 40 digits", Message{stamp: strings.Repeat("1", 40)}, false},
		{"four minutes old", Message{Skew: -4 * time.Minute}, false},
		{"four minutes ahead", Message{Skew: 4 * time.Minute}, false},
		{"ten minutes old", Message{Skew: -10 * time.Minute}, true},
		{"ten minutes ahead", Message{Skew: 10 * time.Minute}, false},
		{"two hours old", Message{Skew: -2 * time.Hour}, false},
		{"bearer", Message{Bearer: "mock-token", Header: map[string]string{"X-ZC-Timestamp": "", "X-ZC-Signature-Method": ""}}, false},
		{"wrong bearer", Message{Bearer: "nobody"}, true},
		{"query", Message{Path: mock.Path + "?Action=" + mock.ModifyType}, false},
	} {
		row.msg.Action, row.msg.Body = mock.DescribeStatus, `{"instanceIds":`+Quoted(in.ID)+`}`
		w.ask("status "+row.name, row.msg)
		if row.resize {
			row.msg.Action, row.msg.Body = mock.ModifyType, `{"instanceId":"`+in.ID+`","instanceType":"z2a.cpu.8"}`
			w.ask("resize "+row.name, row.msg)
		}
	}
	w.ask("instances anonymous", Message{Action: mock.DescribeInstances, Header: drop("Authorization")})
	w.ask("refused as anonymous", Message{
		Action: mock.ModifyType, Body: `{"instanceId":"` + in.ID + `","instanceType":"z2a.cpu.8"}`, Header: drop("Authorization"),
	})
	w.look("after anonymous", in)
	tampered := Request(w.mock, Message{Action: mock.DescribeStatus})
	value := tampered.Header.Get("Authorization")
	w.ask("last digit of signature", Message{Action: mock.DescribeStatus, Header: set("Authorization", value[:len(value)-1]+flipped(value[len(value)-1]))})
	for range 40 {
		w.clock.Advance(time.Second)
		w.ask("signed every second", Message{Action: mock.DescribeStatus})
	}
}

func flipped(digit byte) string {
	if digit == '0' {
		return "1"
	}
	return "0"
}

func (w *walk) transport() {
	in := w.mock.Seed(mock.Instance{})
	body := `{"instanceId":"` + in.ID + `","instanceType":"z2a.cpu.8","instanceIds":` + Quoted(in.ID) + `}`
	for _, method := range []string{"GET", "PUT", "PATCH", "DELETE"} {
		w.ask("method "+method, Message{Action: mock.DescribeStatus, Method: method, Body: body})
	}
	for _, media := range []string{"text/plain", "application/xml", "application/x-www-form-urlencoded", "application/jsonp", "application/json-patch+json", "x-application/json"} {
		for _, action := range w.mock.Actions() {
			w.ask(action+" as "+media, Message{Action: action, Media: media, Body: body})
		}
		w.clock.Advance(2 * ResizeTime)
	}
	w.ask("unknown action", Message{Action: "NoSuchAction", Body: body})
	w.ask("unknown action, empty object", Message{Action: "NoSuchAction", Body: `{}`})
	w.ask("query names another action", Message{Action: mock.DescribeStatus, Path: mock.Path + "?Action=" + mock.ModifyType, Body: body})
	w.ask("body names another action", Message{Action: mock.DescribeStatus, Body: `{"Action":"` + mock.ModifyType + `",` + body[1:]})
	w.ask("body of another action", Message{Action: mock.DescribeStatus, Body: body})
	w.look("after transport", in)
	w.clock.Advance(2 * ResizeTime)
}

func (w *walk) bodies() {
	for name, body := range pairs(
		"malformed", `{"instanceId":`, "malformed with comma", `{"instanceId":"ins-none","instanceType":"z2a.cpu.8",}`,
		"NUL bytes", "\x00\x00", "NUL before", "\x00{}", "text after the object", `{"instanceId":"ins-none","instanceType":"z2a.cpu.8"} x`, "array", `[]`, "text", `"x"`, "number", `7`, "null", `null`, "no body", ``,
	) {
		w.ask("resize "+name, Message{Action: mock.ModifyType, Body: body})
		w.both(name, body)
	}
	w.both("non-ascii body", `{"further":"é"}`)
}

func (w *walk) parametersOfResizes() {
	in := w.mock.Seed(mock.Instance{})
	for name, body := range pairs(
		"nothing", `{}`, "no id", `{"instanceType":"z2a.cpu.8"}`, "no type", `{"instanceId":"ID"}`,
		"null id", `{"instanceId":null,"instanceType":"z2a.cpu.8"}`, "null type", `{"instanceId":"ID","instanceType":null}`,
		"empty id", `{"instanceId":"","instanceType":"z2a.cpu.8"}`, "empty type", `{"instanceId":"ID","instanceType":""}`,
		"id as number", `{"instanceId":7,"instanceType":"z2a.cpu.8"}`, "type as number", `{"instanceId":"ID","instanceType":8}`,
		"id as array", `{"instanceId":["ID"],"instanceType":"z2a.cpu.8"}`, "type as array", `{"instanceId":"ID","instanceType":["z2a.cpu.8"]}`,
		"id as boolean", `{"instanceId":true,"instanceType":"z2a.cpu.8"}`, "type as object", `{"instanceId":"ID","instanceType":{}}`,
		"a long type", `{"instanceId":"ID","instanceType":"`+strings.Repeat("x", 300)+`"}`,
	) {
		w.ask("resize with "+name, Message{Action: mock.ModifyType, Body: strings.ReplaceAll(body, "ID", in.ID)})
		w.look("after resize with "+name, in)
		w.clock.Advance(3 * ResizeTime)
	}
}

func (w *walk) refusals() {
	for _, status := range mock.Statuses() {
		if status == mock.Stopped {
			continue
		}
		in := w.mock.Seed(mock.Instance{Status: status})
		w.resize(status, in.ID, "z2a.cpu.8")
		w.look("after resize "+status, in)
		w.clock.Advance(2 * ResizeTime)
		w.look("long after resize "+status, in)
	}
	for name, in := range map[string]mock.Instance{"gpu": w.mock.Seed(mock.Instance{GPU: true})} {
		w.resize(name, in.ID, "z2a.cpu.8")
		w.resize(name+" to another type for GPUs", in.ID, w.mock.Types().GPU[1])
		w.look("after resize "+name, in)
	}
	w.severalErrors()
	in := w.mock.Seed(mock.Instance{})
	for range 3 {
		w.resize("unknown instance", "ins-none", "z2a.cpu.8")
		w.resize("unknown type", in.ID, "z9z.cpu.9")
		w.look("after resize unknown type", in)
		w.clock.Advance(4 * ResizeTime)
		w.resize("unsupported type", in.ID, w.mock.Types().Unsupported[0])
		w.look("after resize unsupported type", in)
		w.clock.Advance(4 * ResizeTime)
	}
}

// severalErrors asks for what is to be refused for more than one reason.
func (w *walk) severalErrors() {
	unsupported := w.mock.Types().Unsupported[0]
	running, gpu := w.mock.Seed(mock.Instance{Status: mock.Running}), w.mock.Seed(mock.Instance{Status: mock.Running, GPU: true})
	for name, to := range pairs("unknown", "z9z.cpu.9", "unsupported", unsupported, "right", "z2a.cpu.8") {
		w.resize("running gpu to "+name, gpu.ID, to)
		w.resize("running to "+name, running.ID, to)
		w.resize("nothing to "+name, "ins-none", to)
	}
	w.ask("resize without type and caller", Message{
		Action: mock.ModifyType, Body: `{"instanceId":"ins-none"}`, Header: map[string]string{"Authorization": ""},
	})
	w.ask("resize without type, id of a wrong type", Message{Action: mock.ModifyType, Body: `{"instanceId":7}`})
	w.both("page size 0", `{"pageSize":0}`)
	w.both("page number 0", `{"pageNum":0}`)
}

// resizes looks at resizes up, down and to the same type, and at bystanders.
func (w *walk) resizes() {
	for name, to := range pairs("up", "z2a.cpu.8", "down", "z2a.cpu.1", "same", "z2a.cpu.2") {
		before, in, after := w.mock.Seed(mock.Instance{}), w.mock.Seed(mock.Instance{Type: "z2a.cpu.2"}), w.mock.Seed(mock.Instance{})
		w.look("before "+name, in)
		w.resize(name, in.ID, to)
		begun := w.clock.Now()
		for _, share := range []float64{0, 0.05, 0.2, 0.4, 0.6, 0.8, 0.95, 1, 1.1, 1.3, 1.5, 1.7, 2, 2.3, 6} {
			w.clock.At.Store(begun.Add(time.Duration(share * float64(w.mock.Takes))).UnixNano())
			w.look(fmt.Sprint(name, " at ", share), in)
			w.look(fmt.Sprint("beside ", name, " at ", share), before, after)
		}
		w.instances("by the name of what was resized "+name, `{"name":"`+in.Name+`"}`)
	}
}

func (w *walk) secondResizes() {
	for _, share := range []float64{0, 0.3, 0.8} {
		in := w.mock.Seed(mock.Instance{})
		w.resize("first", in.ID, "z2a.cpu.4")
		w.clock.Advance(time.Duration(share * float64(w.mock.Takes)))
		w.resize(fmt.Sprint("second to the same target at ", share), in.ID, "z2a.cpu.4")
		w.resize(fmt.Sprint("second to the former type at ", share), in.ID, in.Type)
		w.resize(fmt.Sprint("second at ", share), in.ID, "z2a.cpu.8")
		w.clock.Advance(2 * w.mock.Takes)
		w.look(fmt.Sprint("after second at ", share), in)
	}
}

// severalResizes looks for what goes wrong only now and then.
func (w *walk) severalResizes() {
	in := w.mock.Seed(mock.Instance{})
	for i := range 6 {
		w.resize("again", in.ID, w.mock.Types().Resizable[(i+1)%4])
		w.clock.Advance(w.mock.Takes * 11 / 10)
		w.look("after again", in)
		w.clock.Advance(5 * w.mock.Takes)
	}
}

// Differs reports whether two answers differ in more than the order of their members.
func Differs(a, b Observation) bool {
	if a.Status != b.Status || !slices.Equal(a.Media, b.Media) {
		return true
	}
	if a.Body == b.Body {
		return false
	}
	var value any
	if json.Unmarshal([]byte(b.Body), &value) != nil {
		return true
	}
	text, err := json.Marshal(value)
	return err != nil || string(text) != a.Body
}
