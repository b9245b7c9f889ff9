package mocktest

import (
	"fmt"
	"strings"
	"time"

	"github.com/zec-tools/conformance/internal/mock"
)

// listAction is an action that names a list of instances: from where it leads, and to where (A).
type listAction struct{ name, from, to string }

func listActions() []listAction {
	return []listAction{{"StartInstances", mock.Stopped, mock.Running}, {"StopInstances", mock.Running, mock.Stopped}, {"RebootInstances", mock.Running, mock.Running}}
}

// power calls an action that names a list of instances.
func (w *walk) power(name, action string, ids ...string) {
	w.ask(name, Message{Action: action, Body: `{"instanceIds":` + Quoted(ids...) + `}`})
}

// powers takes every action that names a list of instances through all there is to it.
func (w *walk) powers() {
	for _, p := range listActions() {
		w.powerPaths(p)
		w.powerRefusals(p)
		w.powerBatches(p)
		w.powerParameters(p)
		w.powerCallers(p)
	}
	w.locks()
}

func (w *walk) powerPaths(p listAction) {
	before, in, after := w.mock.Seed(mock.Instance{Status: p.from}), w.mock.Seed(mock.Instance{Status: p.from}), w.mock.Seed(mock.Instance{Status: p.from})
	for _, round := range []string{"first ", "second "} {
		w.power(round+p.name, p.name, in.ID)
		begun := w.clock.Now()
		for _, share := range []float64{0, 0.4, 0.7, 1, 1.6, 2.3, 6} {
			w.clock.At.Store(begun.Add(time.Duration(share * float64(w.mock.Takes))).UnixNano())
			w.look(fmt.Sprint(round, p.name, " at ", share), in)
			w.look(fmt.Sprint("beside ", round, p.name, " at ", share), before, after)
		}
		for _, back := range listActions() {
			if back.from == p.to && p.to != p.from {
				w.power("back from "+p.name, back.name, in.ID)
				w.clock.Advance(10 * w.mock.Takes)
			}
		}
	}
}

func (w *walk) powerRefusals(p listAction) {
	for _, status := range mock.Statuses() {
		if status == p.from {
			continue
		}
		in := w.mock.Seed(mock.Instance{Status: status})
		w.power(p.name+" "+status, p.name, in.ID)
		w.look("after "+p.name+" "+status, in)
		w.clock.Advance(3 * w.mock.Takes / 2)
		w.look("long after "+p.name+" "+status, in)
	}
	w.power(p.name+" unknown", p.name, "ins-none")
}

func (w *walk) powerBatches(p listAction) {
	a, b, wrong := w.mock.Seed(mock.Instance{Status: p.from}), w.mock.Seed(mock.Instance{Status: p.from}), w.mock.Seed(mock.Instance{Status: "IMAGING"})
	bin := w.mock.Seed(mock.Instance{Status: "RECYCLE"})
	w.power(p.name+" two bad", p.name, wrong.ID, "ins-none")
	w.power(p.name+" mixed", p.name, a.ID, wrong.ID, "ins-none", bin.ID, b.ID)
	w.look("after "+p.name+" mixed", a, b, wrong, bin)
	w.clock.Advance(2 * w.mock.Takes)
	w.look("long after "+p.name+" mixed", a, b, wrong, bin)
	c, d := w.mock.Seed(mock.Instance{Status: p.from}), w.mock.Seed(mock.Instance{Status: p.from, GPU: true})
	w.power(p.name+" two", p.name, c.ID, d.ID)
	w.look("after "+p.name+" two", c, d)
}

func (w *walk) powerParameters(p listAction) {
	in := w.mock.Seed(mock.Instance{Status: p.from})
	hundred := make([]string, 101)
	for i := range hundred {
		hundred[i] = fmt.Sprint("ins-none-", i)
	}
	for name, body := range pairs(
		"no body", ``, "array", `[]`, "array of ids", `["ID"]`, "malformed", `{"instanceIds":`, "nothing", `{}`, "null", `{"instanceIds":null}`,
		"empty", `{"instanceIds":[]}`, "an empty id", `{"instanceIds":[""]}`, "text", `{"instanceIds":"ins-none"}`, "number", `{"instanceIds":7}`, "numbers", `{"instanceIds":[7]}`,
		"instanceId", `{"instanceId":"ID"}`, "a long id", `{"instanceIds":["`+strings.Repeat("x", 300)+`"]}`, "a blank id", `{"instanceIds":[" "]}`, "100", `{"instanceIds":`+Quoted(hundred[:100]...)+`}`, "101", `{"instanceIds":`+Quoted(hundred...)+`}`,
		"force true", `{"instanceIds":["ins-none"],"forceShutdown":true}`, "force false", `{"instanceIds":["ins-none"],"forceShutdown":false}`,
		"force as text", `{"instanceIds":["ins-none"],"forceShutdown":"yes"}`, "force null", `{"instanceIds":["ins-none"],"forceShutdown":null}`,
	) {
		w.ask(p.name+" with "+name, Message{Action: p.name, Body: strings.ReplaceAll(body, "ID", in.ID)})
	}
	w.look("after parameters of "+p.name, in)
}

func (w *walk) powerCallers(p listAction) {
	body := `{"instanceIds":["ins-none"]}`
	for name, msg := range map[string]Message{"anonymous": {Header: map[string]string{"Authorization": ""}}} {
		in := w.mock.Seed(mock.Instance{Status: p.from})
		msg.Action, msg.Body = p.name, `{"instanceIds":`+Quoted(in.ID)+`}`
		w.ask(p.name+" "+name, msg)
		w.look("after "+p.name+" "+name, in)
	}
	w.ask(p.name+" wrong bearer", Message{Action: p.name, Body: body, Bearer: "nobody"})
	w.ask(p.name+" wrong password", Message{Action: p.name, Body: body, Pass: "wrong"})
	w.ask(p.name+" two hours old", Message{Action: p.name, Body: body, Skew: -2 * time.Hour})
	w.ask(p.name+" GET", Message{Action: p.name, Body: body, Method: "GET"})
	w.ask(p.name+" text/plain", Message{Action: p.name, Body: body, Media: "text/plain"})
}

// locks calls every action while each runs, early and late, and after it has ended.
func (w *walk) locks() {
	all := append([]listAction{{"ModifyInstanceType", mock.Stopped, mock.Stopped}}, listActions()...)
	for _, running := range all {
		for _, second := range all {
			if running.name != "ModifyInstanceType" && running.name != second.name {
				in := w.mock.Seed(mock.Instance{Status: running.from, GPU: true})
				w.change(running.name, in)
				w.power(second.name+" of a GPU instance during "+running.name, second.name, in.ID)
				w.look("GPU after "+second.name, in)
			}
			for i, word := range []string{"during", "late in"} {
				in := w.mock.Seed(mock.Instance{Status: running.from})
				w.change(running.name, in)
				w.clock.Advance(w.mock.Takes * time.Duration(1+2*i) / 4)
				w.locked(second.name+" "+word+" "+running.name, second.name, in)
			}
		}
	}
}

// locked calls an action that must not be carried out now, and looks at what comes of it.
func (w *walk) locked(name, second string, in mock.Instance) {
	w.change(second, in)
	w.look(name, in)
	for range 3 {
		w.clock.Advance(w.mock.Takes)
		w.look("after "+name, in)
	}
	w.change(second, in)
	w.look("again "+name, in)
}

func (w *walk) change(action string, in mock.Instance) {
	if action == "ModifyInstanceType" {
		w.resize("locked", in.ID, "z2a.cpu.8")
		return
	}
	w.power("locked "+action, action, in.ID)
}

// powersBeside calls each action with what lies beside the calls of the other scenes: an id that is a little longer,
// what is no id beside one that is, a bad one at the end, a GPU instance in another status.
func (w *walk) powersBeside() {
	for _, p := range listActions() {
		other := mock.Stopped
		if p.from == mock.Stopped {
			other = mock.Running
		}
		in, second, wrong := w.mock.Seed(mock.Instance{Status: p.from}), w.mock.Seed(mock.Instance{Status: p.from}), w.mock.Seed(mock.Instance{Status: other})
		gpu := w.mock.Seed(mock.Instance{Status: other, GPU: true})
		w.ask(p.name+" with a charset", Message{Action: p.name, Media: "application/json; charset=utf-8", Body: `{"instanceIds":["ins-none"]}`})
		w.power(p.name+" longer id", p.name, in.ID+"0000")
		w.ask(p.name+" id and number", Message{Action: p.name, Body: `{"instanceIds":["` + in.ID + `",42]}`})
		w.power(p.name+" GPU", p.name, gpu.ID)
		w.ask(p.name+" not to be forced", Message{Action: p.name, Body: `{"instanceIds":["` + wrong.ID + `"],"forceShutdown":false}`})
		w.power(p.name+" unknown at the end", p.name, in.ID, "ins-none")
		w.power(p.name+" bad at the end", p.name, second.ID, wrong.ID)
		w.clock.Advance(3 * w.mock.Takes)
		w.look("after "+p.name+" beside", in, second, wrong, gpu)
		good, busy := w.mock.Seed(mock.Instance{Status: p.from}), w.mock.Seed(mock.Instance{Status: mock.Resizing})
		w.power(p.name+" one at work", p.name, good.ID, busy.ID)
		w.ask(p.name+" of one at work, forced", Message{Action: p.name, Body: `{"instanceIds":["` + busy.ID + `"],"forceShutdown":true}`})
		w.look("after "+p.name+" one at work", good, busy)
		first := w.mock.Seed(mock.Instance{Status: mock.Resizing})
		w.power(p.name+" one at work first", p.name, first.ID, wrong.ID)
		w.look("after "+p.name+" one at work first", first)
		null := w.mock.Seed(mock.Instance{Status: p.from})
		w.ask(p.name+" with null", Message{Action: p.name, Body: `{"instanceIds":["` + null.ID + `"],"forceShutdown":null}`})
		w.look("after "+p.name+" with null", null)
	}
}
