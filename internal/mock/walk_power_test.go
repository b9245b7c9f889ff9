package mock

import (
	"fmt"
	"strings"
	"time"
)

// listAction is an action that names a list of instances: from where it leads, and to where (A).
type listAction struct{ name, from, to string }

func listActions() []listAction {
	return []listAction{{"StartInstances", Stopped, Running}, {"StopInstances", Running, Stopped}, {"RebootInstances", Running, Running}}
}

// power calls an action that names a list of instances.
func (w *walk) power(name, action string, ids ...string) observation {
	return w.ask(name, message{action: action, body: `{"instanceIds":` + quoted(ids...) + `}`})
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
	before, in, after := w.mock.Seed(Instance{Status: p.from}), w.mock.Seed(Instance{Status: p.from}), w.mock.Seed(Instance{Status: p.from})
	for _, round := range []string{"first ", "second "} {
		w.power(round+p.name, p.name, in.ID)
		begun := w.clock.now()
		for _, share := range []float64{0, 0.4, 0.7, 1, 1.6, 2.3, 6} {
			w.clock.at.Store(begun.Add(time.Duration(share * float64(w.mock.resizeTime))).UnixNano())
			w.look(fmt.Sprint(round, p.name, " at ", share), in)
			w.look(fmt.Sprint("beside ", round, p.name, " at ", share), before, after)
		}
		for _, back := range listActions() {
			if back.from == p.to && p.to != p.from {
				w.power("back from "+p.name, back.name, in.ID)
				w.clock.advance(10 * w.mock.resizeTime)
			}
		}
	}
}

func (w *walk) powerRefusals(p listAction) {
	for _, status := range Statuses() {
		if status == p.from {
			continue
		}
		in := w.mock.Seed(Instance{Status: status})
		w.power(p.name+" "+status, p.name, in.ID)
		w.look("after "+p.name+" "+status, in)
		w.clock.advance(3 * w.mock.resizeTime / 2)
		w.look("long after "+p.name+" "+status, in)
	}
	w.power(p.name+" unknown", p.name, "ins-none")
}

func (w *walk) powerBatches(p listAction) {
	a, b, wrong := w.mock.Seed(Instance{Status: p.from}), w.mock.Seed(Instance{Status: p.from}), w.mock.Seed(Instance{Status: "IMAGING"})
	bin := w.mock.Seed(Instance{Status: "RECYCLE"})
	w.power(p.name+" two bad", p.name, wrong.ID, "ins-none")
	w.power(p.name+" mixed", p.name, a.ID, wrong.ID, "ins-none", bin.ID, b.ID)
	w.look("after "+p.name+" mixed", a, b, wrong, bin)
	w.clock.advance(2 * w.mock.resizeTime)
	w.look("long after "+p.name+" mixed", a, b, wrong, bin)
	c, d := w.mock.Seed(Instance{Status: p.from}), w.mock.Seed(Instance{Status: p.from, GPU: true})
	w.power(p.name+" two", p.name, c.ID, d.ID)
	w.look("after "+p.name+" two", c, d)
}

func (w *walk) powerParameters(p listAction) {
	in := w.mock.Seed(Instance{Status: p.from})
	hundred := make([]string, 101)
	for i := range hundred {
		hundred[i] = fmt.Sprint("ins-none-", i)
	}
	for name, body := range pairs(
		"no body", ``, "array", `[]`, "array of ids", `["ID"]`, "malformed", `{"instanceIds":`, "nothing", `{}`, "null", `{"instanceIds":null}`,
		"empty", `{"instanceIds":[]}`, "text", `{"instanceIds":"ins-none"}`, "number", `{"instanceIds":7}`, "numbers", `{"instanceIds":[7]}`,
		"instanceId", `{"instanceId":"ID"}`, "100", `{"instanceIds":`+quoted(hundred[:100]...)+`}`, "101", `{"instanceIds":`+quoted(hundred...)+`}`,
		"force true", `{"instanceIds":["ins-none"],"forceShutdown":true}`, "force false", `{"instanceIds":["ins-none"],"forceShutdown":false}`,
		"force as text", `{"instanceIds":["ins-none"],"forceShutdown":"yes"}`, "force null", `{"instanceIds":["ins-none"],"forceShutdown":null}`,
	) {
		w.ask(p.name+" with "+name, message{action: p.name, body: strings.ReplaceAll(body, "ID", in.ID)})
	}
	w.look("after parameters of "+p.name, in)
}

func (w *walk) powerCallers(p listAction) {
	body := `{"instanceIds":["ins-none"]}`
	for name, msg := range map[string]message{"anonymous": {header: map[string]string{"Authorization": ""}}} {
		in := w.mock.Seed(Instance{Status: p.from})
		msg.action, msg.body = p.name, `{"instanceIds":`+quoted(in.ID)+`}`
		w.ask(p.name+" "+name, msg)
		w.look("after "+p.name+" "+name, in)
	}
	w.ask(p.name+" wrong bearer", message{action: p.name, body: body, bearer: "nobody"})
	w.ask(p.name+" wrong password", message{action: p.name, body: body, pass: "wrong"})
	w.ask(p.name+" two hours old", message{action: p.name, body: body, skew: -2 * time.Hour})
	w.ask(p.name+" GET", message{action: p.name, body: body, method: "GET"})
	w.ask(p.name+" text/plain", message{action: p.name, body: body, media: "text/plain"})
}

// locks calls every action while each runs, and after it has ended.
func (w *walk) locks() {
	all := append([]listAction{{"ModifyInstanceType", Stopped, Stopped}}, listActions()...)
	for _, running := range all {
		for _, second := range all {
			in := w.mock.Seed(Instance{Status: running.from})
			w.change(running.name, in)
			w.clock.advance(w.mock.resizeTime / 4)
			name := second.name + " during " + running.name
			w.change(second.name, in)
			w.look(name, in)
			for range 3 {
				w.clock.advance(w.mock.resizeTime)
				w.look("after "+name, in)
			}
			w.change(second.name, in)
			w.look("again "+name, in)
		}
	}
}

func (w *walk) change(action string, in Instance) {
	if action == "ModifyInstanceType" {
		w.resize("locked", in.ID, "z2a.cpu.8")
		return
	}
	w.power("locked "+action, action, in.ID)
}
