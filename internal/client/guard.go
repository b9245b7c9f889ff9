package client

import (
	"bytes"
	"strings"
	"sync"

	"github.com/tidwall/gjson"

	"github.com/zec-tools/conformance/internal/wire"
)

// Rules are what a Guard holds requests against. All of it is told by the caller: the
// instances by the target's configuration, actions and members by the contract.
type Rules struct {
	Listed   []string // the only real instances that a request may name
	Members  []string // names of the body members that carry instance ids
	Reading  []string // actions that change nothing
	Changing []string // actions that change an instance they name
	Subjects []string // the members by which they name it: a read with one of them may be taken for a change
	// Words are further texts that a body which is no JSON may hold: the names of the
	// contract's members and the instance types in use.
	Words []string
	// AllowChanges lets a changing action name a listed instance.
	AllowChanges bool
}

// shortNumber is the greatest length in characters of a number that is taken for no
// instance id: requests with a wrong type hold such numbers.
const shortNumber = 7

// Guard decides which requests may leave. Give its Check to Options.Guard: it is asked
// where requests leave, so that a mistake in choosing scenarios, in a step, or in a
// body typed by hand cannot reach an instance that was not listed. It lets a request
// pass only when
//
//   - every instance id in its body is listed or was made up by this run, wherever and
//     however often the member stands, in whatever letter case;
//   - its action, as sent, does not change anything, or names no listed instance, or
//     may change listed instances (AllowChanges);
//   - an action that the rules do not know names no listed instance at all.
//
// It is conservative: what it cannot read as JSON passes only if every text in it that
// could be an id is known. It is safe for concurrent use.
type Guard struct {
	members      map[string]bool // lower case
	reading      map[string]bool // lower case
	changing     map[string]bool // lower case
	subjects     []string        // as they stand in a body, in quotes, lower case
	listed       map[string]bool
	words        map[string]bool
	allowChanges bool

	mu     sync.RWMutex
	madeUp map[string]bool
}

// NewGuard returns the guard of the rules.
func NewGuard(r Rules) *Guard {
	return &Guard{
		members:      set(r.Members, strings.ToLower),
		reading:      set(r.Reading, strings.ToLower),
		changing:     set(r.Changing, strings.ToLower),
		listed:       set(r.Listed, nil),
		words:        set(append(append([]string{}, r.Members...), r.Words...), nil),
		subjects:     quoted(r.Subjects),
		allowChanges: r.AllowChanges,
		madeUp:       map[string]bool{},
	}
}

func quoted(names []string) []string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = `"` + strings.ToLower(name) + `"`
	}
	return out
}

func set(items []string, fold func(string) string) map[string]bool {
	out := make(map[string]bool, len(items))
	for _, item := range items {
		if fold != nil {
			item = fold(item)
		}
		out[item] = true
	}
	return out
}

// MakeUp lets texts pass that the run made up not to exist: ids of instances, types.
func (g *Guard) MakeUp(texts ...string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, text := range texts {
		g.madeUp[text] = true
	}
}

// Check returns a *Refusal when req may not leave.
func (g *Guard) Check(req wire.Request) error {
	g.mu.RLock()
	defer g.mu.RUnlock()
	ids, err := g.named(req.Body)
	if err != nil {
		return err
	}
	var listed string
	for _, id := range ids {
		switch {
		case g.listed[id]:
			listed = id
		case !g.madeUp[id]:
			return refuse("instance %q is neither listed in the target's configuration nor made up by this run: list it there if it may be used", id)
		}
	}
	if listed == "" {
		return nil
	}
	action := req.Operation.Action
	if sent, ok := lookup(req.Header, headerAction); ok {
		action = sent
	}
	if !g.allowChanges && g.mayChange(req) {
		return refuse("%s could change the listed instance %q: set allowResize: true in the target's configuration if that is meant", action, listed)
	}
	return g.checkAction(action, listed)
}

func (g *Guard) checkAction(action, listed string) error {
	switch known := strings.ToLower(strings.TrimSpace(action)); {
	case g.reading[known]:
		return nil
	case !g.changing[known]:
		return refuse("action %q is none of the contract's, so it may not name the listed instance %q", action, listed)
	case !g.allowChanges:
		return refuse("%s changes the listed instance %q: set allowResize: true in the target's configuration if that is meant", action, listed)
	}
	return nil
}

// named returns every instance id in a body.
func (g *Guard) named(body []byte) ([]string, error) {
	if len(bytes.TrimSpace(body)) == 0 {
		return nil, nil
	}
	if !gjson.ValidBytes(body) {
		return g.scan(body)
	}
	return g.idsIn(nil, gjson.ParseBytes(body), false), nil
}

// idsIn adds the ids in a valid JSON value to found; carries tells that it stands under
// a member that carries ids. Of repeated members each is looked at.
func (g *Guard) idsIn(found []string, value gjson.Result, carries bool) []string {
	switch {
	case value.IsObject() || value.IsArray():
		value.ForEach(func(name, inner gjson.Result) bool {
			found = g.idsIn(found, inner, carries || g.members[strings.ToLower(name.Str)])
			return true
		})
	case carries && value.Type == gjson.String && value.Str != "":
		found = append(found, value.Str)
	case carries && value.Type == gjson.Number && len(value.Raw) > shortNumber:
		found = append(found, value.Raw)
	}
	return found
}
