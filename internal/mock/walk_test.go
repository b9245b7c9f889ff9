package mock

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/tidwall/gjson"
)

// walk is a way through all that callers can see of a mock: every action, refusal and
// authentication row, and resizes looked at until long after their end.
type walk struct {
	t     testing.TB
	mock  *Mock
	clock *hands
	seen  []observation
	ids   map[string]int
	skip  string // an action that is not called
}

// observation is one answer as it went out.
type observation struct {
	name   string
	status int
	media  []string
	body   string // the request id replaced by a number: see numbered
	id     string // the request id, as JSON
}

// walked takes the walk through a mock with these options.
func walked(t testing.TB, options Options) []observation { return taken(t, "", options, false) }

// taken takes it without the calls of an action, or the brief one through all actions
// that change instances.
func taken(t testing.TB, action string, options Options, brief bool) []observation {
	t.Helper()
	w := &walk{t: t, clock: new(hands), ids: map[string]int{}, skip: action}
	w.clock.at.Store(time.Date(2024, 4, 1, 12, 0, 0, 0, time.UTC).UnixNano())
	options.Clock, options.Seed = w.clock.now, 1
	if options.ResizeTime == 0 {
		options.ResizeTime = resizeTime
	}
	w.mock = New(options)
	scenes := []func(){
		w.reads, w.pages, w.parametersOfReads, w.authentication, w.nearlyRight, w.transport, w.nearlyNamed, w.bodies,
		w.parametersOfResizes, w.refusals, w.resizes, w.secondResizes, w.severalResizes,
	}
	if brief {
		scenes = []func(){w.secondResizes, w.powers}
	}
	for _, scene := range scenes {
		scene()
	}
	return w.seen
}

// ask sends a message and keeps what came of it.
func (w *walk) ask(name string, msg message) observation {
	w.t.Helper()
	if msg.action == w.skip && w.skip != "" {
		return observation{}
	}
	r := httptest.NewRecorder()
	w.mock.ServeHTTP(r, request(w.mock, msg))
	for again := 0; again < 2 && (r.Code == 503 || r.Code == 429); again++ {
		r = httptest.NewRecorder()
		w.mock.ServeHTTP(r, request(w.mock, msg))
	}
	s := observation{name: name, status: r.Code, media: r.Header()["Content-Type"], body: w.numbered(r.Body.String()), id: gjson.Get(r.Body.String(), "requestId").Raw}
	w.seen = append(w.seen, s)
	return s
}

// numbered puts the number of the answer in which it came first in the place of a request id.
func (w *walk) numbered(body string) string {
	id := gjson.Get(body, "requestId")
	if id.Type != gjson.String || id.Str == "" {
		return body
	}
	if _, known := w.ids[id.Raw]; !known {
		w.ids[id.Raw] = len(w.seen)
	}
	return strings.ReplaceAll(body, id.Raw, fmt.Sprintf(`"#%d"`, w.ids[id.Raw]))
}

func (w *walk) status(name, body string) {
	w.ask("status "+name, message{action: describeStatus, body: body})
}
func (w *walk) instances(name, body string) {
	w.ask("instances "+name, message{action: describeInstances, body: body})
}

// both asks the two read actions the same.
func (w *walk) both(name, body string) {
	w.status(name, body)
	w.instances(name, body)
}

func (w *walk) resize(name, id, instanceType string) observation {
	return w.ask("resize "+name, message{
		action: modifyType, body: fmt.Sprintf(`{"instanceId":%q,"instanceType":%q}`, id, instanceType),
	})
}

// look reads what there is to see of instances.
func (w *walk) look(name string, ins ...Instance) {
	list := make([]string, len(ins))
	for i, in := range ins {
		list[i] = in.ID
	}
	w.both(name, `{"instanceIds":`+quoted(list...)+`}`)
}

func (w *walk) authentication() {
	in := w.mock.Seed(Instance{})
	drop := func(name string) map[string]string { return map[string]string{name: ""} }
	set := func(name, value string) map[string]string { return map[string]string{name: value} }
	for _, row := range []struct {
		name   string
		msg    message
		resize bool
	}{
		{"anonymous", message{header: drop("Authorization")}, true},
		{"another scheme", message{header: set("Authorization", "Basic eDp5")}, true},
		{"a word as authorization", message{header: set("Authorization", "x")}, false},
		{"without timestamp", message{header: drop("X-ZC-Timestamp")}, false},
		{"without method", message{header: drop("X-ZC-Signature-Method")}, false},
		{"unknown key", message{keyID: "nobody"}, true},
		{"unknown key and password", message{keyID: "nobody", pass: "wrong"}, false},
		{"wrong password", message{pass: "wrong"}, true},
		{"another timestamp", message{header: set("X-ZC-Timestamp", "1711972801")}, false},
		{"a timestamp of long ago, not signed", message{header: set("X-ZC-Timestamp", "1")}, false},
		{"another media type", message{header: set("Content-Type", "application/json; charset=utf-8")}, false},
		{"further signed header", message{also: []string{"X-Note"}}, false},
		{"two further signed headers", message{also: []string{"A-Note", "X-Note"}}, false},
		{"further signed header tampered", message{also: []string{"X-Note"}, header: set("X-Note", "y")}, false},
		{"further signed header, wrong password", message{also: []string{"X-Note"}, pass: "wrong"}, false},
		{"charset", message{media: "application/json; charset=utf-8"}, false},
		{"sdk headers", message{header: map[string]string{"X-ZC-Service": "zec", "X-ZC-Sdk-Version": "1", "X-ZC-Sdk-Lang": "Go", "X-ZC-Request-Client": "x"}}, false},
		{"timestamp of letters", message{stamp: "yesterday"}, false},
		{"timestamp with fraction", message{stamp: "1711972800.5"}, false},
		{"timestamp with sign", message{stamp: "+1711972800"}, false},
		{"timestamp of 40 digits", message{stamp: strings.Repeat("1", 40)}, false},
		{"four minutes old", message{skew: -4 * time.Minute}, false},
		{"four minutes ahead", message{skew: 4 * time.Minute}, false},
		{"ten minutes old", message{skew: -10 * time.Minute}, true},
		{"ten minutes ahead", message{skew: 10 * time.Minute}, false},
		{"two hours old", message{skew: -2 * time.Hour}, false},
		{"bearer", message{bearer: "mock-token", header: map[string]string{"X-ZC-Timestamp": "", "X-ZC-Signature-Method": ""}}, false},
		{"wrong bearer", message{bearer: "nobody"}, true},
		{"query", message{path: Path + "?Action=" + modifyType}, false},
	} {
		row.msg.action, row.msg.body = describeStatus, `{"instanceIds":`+quoted(in.ID)+`}`
		w.ask("status "+row.name, row.msg)
		if row.resize {
			row.msg.action, row.msg.body = modifyType, `{"instanceId":"`+in.ID+`","instanceType":"z2a.cpu.8"}`
			w.ask("resize "+row.name, row.msg)
		}
	}
	w.ask("instances anonymous", message{action: describeInstances, header: drop("Authorization")})
	w.ask("refused as anonymous", message{
		action: modifyType, body: `{"instanceId":"` + in.ID + `","instanceType":"z2a.cpu.8"}`, header: drop("Authorization"),
	})
	w.look("after anonymous", in)
	tampered := request(w.mock, message{action: describeStatus})
	value := tampered.Header.Get("Authorization")
	w.ask("last digit of signature", message{action: describeStatus, header: set("Authorization", value[:len(value)-1]+flipped(value[len(value)-1]))})
	for range 40 {
		w.clock.advance(time.Second)
		w.ask("signed every second", message{action: describeStatus})
	}
}

func flipped(digit byte) string {
	if digit == '0' {
		return "1"
	}
	return "0"
}

func (w *walk) transport() {
	in := w.mock.Seed(Instance{})
	body := `{"instanceId":"` + in.ID + `","instanceType":"z2a.cpu.8","instanceIds":` + quoted(in.ID) + `}`
	for _, method := range []string{"GET", "PUT", "PATCH", "DELETE"} {
		w.ask("method "+method, message{action: describeStatus, method: method, body: body})
	}
	for _, media := range []string{"text/plain", "application/xml", "application/x-www-form-urlencoded", "application/jsonp", "application/json-patch+json", "x-application/json"} {
		for _, action := range w.mock.Actions() {
			w.ask(action+" as "+media, message{action: action, media: media, body: body})
		}
		w.clock.advance(2 * resizeTime)
	}
	w.ask("unknown action", message{action: "NoSuchAction", body: body})
	w.ask("unknown action, empty object", message{action: "NoSuchAction", body: `{}`})
	w.ask("query names another action", message{action: describeStatus, path: Path + "?Action=" + modifyType, body: body})
	w.ask("body names another action", message{action: describeStatus, body: `{"Action":"` + modifyType + `",` + body[1:]})
	w.ask("body of another action", message{action: describeStatus, body: body})
	w.look("after transport", in)
	w.clock.advance(2 * resizeTime)
}

func (w *walk) bodies() {
	for name, body := range pairs(
		"malformed", `{"instanceId":`, "malformed with comma", `{"instanceId":"ins-none","instanceType":"z2a.cpu.8",}`,
		"NUL bytes", "\x00\x00", "NUL before", "\x00{}", "text after the object", `{"instanceId":"ins-none","instanceType":"z2a.cpu.8"} x`, "array", `[]`, "text", `"x"`, "number", `7`, "null", `null`, "no body", ``,
	) {
		w.ask("resize "+name, message{action: modifyType, body: body})
		w.both(name, body)
	}
	w.both("non-ascii body", `{"further":"é"}`)
}

func (w *walk) parametersOfResizes() {
	in := w.mock.Seed(Instance{})
	for name, body := range pairs(
		"nothing", `{}`, "no id", `{"instanceType":"z2a.cpu.8"}`, "no type", `{"instanceId":"ID"}`,
		"null id", `{"instanceId":null,"instanceType":"z2a.cpu.8"}`, "null type", `{"instanceId":"ID","instanceType":null}`,
		"empty id", `{"instanceId":"","instanceType":"z2a.cpu.8"}`, "empty type", `{"instanceId":"ID","instanceType":""}`,
		"id as number", `{"instanceId":7,"instanceType":"z2a.cpu.8"}`, "type as number", `{"instanceId":"ID","instanceType":8}`,
		"id as array", `{"instanceId":["ID"],"instanceType":"z2a.cpu.8"}`, "type as array", `{"instanceId":"ID","instanceType":["z2a.cpu.8"]}`,
		"id as boolean", `{"instanceId":true,"instanceType":"z2a.cpu.8"}`, "type as object", `{"instanceId":"ID","instanceType":{}}`,
	) {
		w.ask("resize with "+name, message{action: modifyType, body: strings.ReplaceAll(body, "ID", in.ID)})
		w.look("after resize with "+name, in)
		w.clock.advance(3 * resizeTime)
	}
}

func (w *walk) refusals() {
	for _, status := range Statuses() {
		if status == Stopped {
			continue
		}
		in := w.mock.Seed(Instance{Status: status})
		w.resize(status, in.ID, "z2a.cpu.8")
		w.look("after resize "+status, in)
		w.clock.advance(2 * resizeTime)
		w.look("long after resize "+status, in)
	}
	for name, in := range map[string]Instance{"gpu": w.mock.Seed(Instance{GPU: true})} {
		w.resize(name, in.ID, "z2a.cpu.8")
		w.resize(name+" to another type for GPUs", in.ID, w.mock.Types().GPU[1])
		w.look("after resize "+name, in)
	}
	w.severalErrors()
	in := w.mock.Seed(Instance{})
	for range 3 {
		w.resize("unknown instance", "ins-none", "z2a.cpu.8")
		w.resize("unknown type", in.ID, "z9z.cpu.9")
		w.look("after resize unknown type", in)
		w.clock.advance(4 * resizeTime)
		w.resize("unsupported type", in.ID, w.mock.Types().Unsupported[0])
		w.look("after resize unsupported type", in)
		w.clock.advance(4 * resizeTime)
	}
}

// severalErrors asks for what is to be refused for more than one reason.
func (w *walk) severalErrors() {
	unsupported := w.mock.Types().Unsupported[0]
	running, gpu := w.mock.Seed(Instance{Status: Running}), w.mock.Seed(Instance{Status: Running, GPU: true})
	for name, to := range pairs("unknown", "z9z.cpu.9", "unsupported", unsupported, "right", "z2a.cpu.8") {
		w.resize("running gpu to "+name, gpu.ID, to)
		w.resize("running to "+name, running.ID, to)
		w.resize("nothing to "+name, "ins-none", to)
	}
	w.ask("resize without type and caller", message{
		action: modifyType, body: `{"instanceId":"ins-none"}`, header: map[string]string{"Authorization": ""},
	})
	w.ask("resize without type, id of a wrong type", message{action: modifyType, body: `{"instanceId":7}`})
	w.both("page size 0", `{"pageSize":0}`)
	w.both("page number 0", `{"pageNum":0}`)
}

// resizes looks at resizes up, down and to the same type, and at bystanders.
func (w *walk) resizes() {
	for name, to := range pairs("up", "z2a.cpu.8", "down", "z2a.cpu.1", "same", "z2a.cpu.2") {
		before, in, after := w.mock.Seed(Instance{}), w.mock.Seed(Instance{Type: "z2a.cpu.2"}), w.mock.Seed(Instance{})
		w.look("before "+name, in)
		w.resize(name, in.ID, to)
		begun := w.clock.now()
		for _, share := range []float64{0, 0.05, 0.2, 0.4, 0.6, 0.8, 0.95, 1, 1.1, 1.3, 1.5, 1.7, 2, 2.3, 6} {
			w.clock.at.Store(begun.Add(time.Duration(share * float64(w.mock.resizeTime))).UnixNano())
			w.look(fmt.Sprint(name, " at ", share), in)
			w.look(fmt.Sprint("beside ", name, " at ", share), before, after)
		}
	}
}

func (w *walk) secondResizes() {
	for _, share := range []float64{0, 0.3, 0.8} {
		in := w.mock.Seed(Instance{})
		w.resize("first", in.ID, "z2a.cpu.4")
		w.clock.advance(time.Duration(share * float64(w.mock.resizeTime)))
		w.resize(fmt.Sprint("second to the same target at ", share), in.ID, "z2a.cpu.4")
		w.resize(fmt.Sprint("second at ", share), in.ID, "z2a.cpu.8")
		w.clock.advance(2 * w.mock.resizeTime)
		w.look(fmt.Sprint("after second at ", share), in)
	}
}

// severalResizes looks for what goes wrong only now and then.
func (w *walk) severalResizes() {
	in := w.mock.Seed(Instance{})
	for i := range 6 {
		w.resize("again", in.ID, w.mock.Types().Resizable[(i+1)%4])
		w.clock.advance(w.mock.resizeTime * 11 / 10)
		w.look("after again", in)
		w.clock.advance(5 * w.mock.resizeTime)
	}
}

// differs tells apart two answers by more than the order of their members.
func differs(a, b observation) bool {
	if a.status != b.status || fmt.Sprint(a.media) != fmt.Sprint(b.media) {
		return true
	}
	if a.body == b.body {
		return false
	}
	var value any
	if json.Unmarshal([]byte(b.body), &value) != nil {
		return true
	}
	text, err := json.Marshal(value)
	return err != nil || string(text) != a.body
}
