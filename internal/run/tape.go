package run

import (
	"encoding/json"
	"errors"
	"slices"
	"sync"

	"github.com/zec-tools/conformance/internal/wire"
	"github.com/zec-tools/conformance/steps"
)

// tape holds the requests of a scenario and their answers, in the order of the answers. Scenarios
// that share its changes are judged by it.
type tape struct {
	fixture steps.Fixture // the fixture of the recorded scenario

	mu      sync.Mutex
	records []record
	void    bool // it cannot be used, because requests overlapped or a change had to be repeated to be seen
}

type record struct {
	request wire.Request
	answer  steps.Answer
	err     error
}

func (t *tape) add(req wire.Request, answer steps.Answer, err error) {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.records = append(t.records, record{req, answer, err})
}

// spoil marks the tape as unusable.
func (t *tape) spoil() {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.void = true
}

// errNotOnTape ends a scenario that asks for something the tape does not have. Such a scenario must
// ask the endpoint itself.
var errNotOnTape = errors.New("the recorded scenario has not asked that")

// player answers the requests of one scenario from a tape.
type player struct {
	tape *tape

	mu sync.Mutex
	at int // the index of the next record
}

// answer returns the answer to the next matching request. A read may skip other reads, but not a
// change.
func (p *player) answer(req wire.Request) (steps.Answer, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := p.at; i < len(p.tape.records); i++ {
		r := p.tape.records[i]
		reads := r.request.Effect == wire.Reads
		if req.Effect == wire.Reads && !reads {
			break
		}
		if req.Effect != wire.Reads && reads {
			continue
		}
		if r.request.Operation == req.Operation && covers(r.request.Body, req.Body) {
			p.at = i + 1
			return r.answer, r.err
		}
		if !reads {
			break
		}
	}
	return steps.Answer{}, errNotOnTape
}

// covers reports whether a recorded request asks for everything that another request asks for: the
// same parameters, whose lists may have more items.
func covers(recorded, asked []byte) bool {
	if string(recorded) == string(asked) {
		return true
	}
	var has, wants map[string]any
	if json.Unmarshal(recorded, &has) != nil || json.Unmarshal(asked, &wants) != nil || len(has) != len(wants) {
		return false
	}
	for name, value := range wants {
		list, isList := value.([]any)
		all, hasList := has[name].([]any)
		switch {
		case isList && hasList:
			if slices.ContainsFunc(list, func(item any) bool { return !slices.Contains(all, item) }) {
				return false
			}
		case isList || hasList || has[name] != value:
			return false
		}
	}
	return true
}

// lend returns the fixture for a scenario that is judged by the tape, or false if something that it
// needs was not recorded.
func (t *tape) lend(needs steps.Needs) (steps.Fixture, bool) {
	fixture := t.fixture
	fixture.Instances, fixture.Bystanders, fixture.Shared, fixture.Release = t.fixture.Instances[:1:1], nil, false, nil
	left := slices.Clone(t.fixture.Bystanders)
	for _, need := range needs.Instances[1:] {
		i := slices.IndexFunc(left, func(in steps.Instance) bool {
			return in.Status == need.Status && in.GPU == need.GPU && in.Kind == need.Kind
		})
		if i < 0 {
			return fixture, false
		}
		fixture.Instances = append(fixture.Instances, left[i])
		left = slices.Delete(left, i, i+1)
	}
	return fixture, true
}
