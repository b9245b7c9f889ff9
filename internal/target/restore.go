package target

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/zec-tools/conformance/internal/journal"
	"github.com/zec-tools/conformance/internal/language"
	"github.com/zec-tools/conformance/internal/lifecycle"
)

// refusalsTaken is how often the endpoint itself may refuse the change back before the
// instance counts as not restored: a change that is still running refuses the next one,
// and may show late.
const refusalsTaken = 3

// ChangesBack is how often an endpoint may accept the change back of an instance, and leave
// it as it is, before that counts as failed: each one may cost a resize. The last one is
// kept for the end of the run.
const ChangesBack = 6

// longestPause bounds the growing pause between two changes back.
const longestPause = 30 * time.Second

// restorer gives instances the types they had. Everything it sends goes through the
// client, so its changes are guarded and recorded in the journal like any other.
type restorer struct {
	changer *changer
	journal *journal.Journal
	ways    ways
	gaveUp  context.Context   // ends when the user gives up on restoring
	listed  map[string]string // statuses as listed, by instance
	trouble func(instance string, what language.Phrase, back bool)
	watch   func(instance, status string)

	mu     sync.Mutex
	last   time.Time       // when a call that could change an instance left last
	ever   bool            // anything was called that could change an instance
	silent bool            // the endpoint has been silent for as long as restoring is allowed to last
	stuck  map[string]bool // instances whose change has not ended in the time allowed for it
	calls  map[string]int  // calls on an instance that were not refused, so may have begun something
	// actions are the ones called on an instance, and not refused, since it was seen with the type it
	// is to have; unasked says of one that its type has changed by a call that asks for none.
	actions map[string][]string
	unasked map[string]language.Phrase
	// lately are the calls on an instance since it was lent: what of them was not refused, and none
	// without an entry.
	lately map[string][]string
}

func newRestorer(gaveUp context.Context, c Config, j *journal.Journal) *restorer {
	r := &restorer{journal: j, gaveUp: gaveUp, listed: map[string]string{}, stuck: map[string]bool{}, calls: map[string]int{}, actions: map[string][]string{}, unasked: map[string]language.Phrase{}, lately: map[string][]string{}, trouble: func(string, language.Phrase, bool) {}, watch: func(string, string) {}}
	for _, in := range c.Instances {
		r.listed[in.ID] = in.Status
	}
	r.inherit()
	return r
}

// inherit takes over what the journal leaves to do: nobody knows what came of the calls.
func (r *restorer) inherit() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for id := range r.journal.Open() {
		r.calls[id] = max(r.calls[id], 1)
	}
}

// sent counts a call that is about to leave, or takes back one that was refused.
func (r *restorer) sent(action string, ids []string, count int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ever = true
	if count > 0 {
		r.last = time.Now()
	}
	for _, id := range ids {
		r.calls[id] += count
		if i := slices.Index(r.actions[id], action); count < 0 && i >= 0 {
			r.actions[id] = slices.Delete(r.actions[id], i, i+1)
		} else if count > 0 {
			r.actions[id] = append(r.actions[id], action)
		}
		if i := slices.Index(r.lately[id], action); count < 0 && i >= 0 {
			r.lately[id] = slices.Delete(r.lately[id], i, i+1)
		} else if count > 0 {
			r.lately[id] = append(r.lately[id], action)
		}
	}
}

// begin forgets what was called on instances before.
func (r *restorer) begin(ids []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, id := range ids {
		delete(r.lately, id)
	}
}

// calledOn reports whether anything was called on an instance since it was lent, also what was refused.
func (r *restorer) calledOn(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, called := r.lately[id]
	return called
}

// revalued reports whether an action that asks for a value was called on an instance since it was lent, and not refused.
func (r *restorer) revalued(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.ContainsFunc(r.ways, func(d lifecycle.Definition) bool {
		return d.Wanted != "" && slices.Contains(r.lately[id], d.Operation.Action)
	})
}

// carriedTo reports whether an action was called on an instance since it was lent, and not refused, that ends in a status.
func (r *restorer) carriedTo(id, status string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.ContainsFunc(r.ways, func(d lifecycle.Definition) bool {
		return slices.Contains(r.lately[id], d.Operation.Action) && slices.Contains(d.End, status)
	})
}

// done crosses an instance off the journal: it was seen to be as it was.
func (r *restorer) done(id string) error {
	r.mu.Lock()
	delete(r.actions, id)
	delete(r.unasked, id)
	r.mu.Unlock()
	return r.journal.Done(id)
}

// lastSent returns when a call that could change an instance left last.
func (r *restorer) lastSent() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.last
}

// called reports whether anything was called that could change an instance.
func (r *restorer) called() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.ever
}

// doubtful reports whether a change of the instance may have begun that nobody has seen
// end, and forgets it.
func (r *restorer) doubtful(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	doubt := r.calls[id] > 0
	delete(r.calls, id)
	return doubt
}

// pending reports whether a call on the instance is not known to have been refused.
func (r *restorer) pending(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.calls[id] > 0
}

// settled says that what was called on the instance has been seen to end.
func (r *restorer) settled(id string) { r.doubtful(id) }

// giveUp says that a change of the instance has not ended in the time allowed for it:
// restoring looks at it, and does not wait for it again.
func (r *restorer) giveUp(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stuck[id] = true
}

// isStuck reports whether the instance was given up; one that goes on is stuck no more.
func (r *restorer) isStuck(id string, goesOn bool) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if goesOn {
		delete(r.stuck, id)
	}
	return r.stuck[id]
}

// silence notes whether the endpoint has outlasted the time allowed without an answer,
// and returns what was noted before.
func (r *restorer) silence(silent bool) (before bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	before, r.silent = r.silent, silent
	return before
}

// NotRestored is an instance that did not get its old type back.
type NotRestored struct {
	Instance, Type string // the type it is to have
	Err            error
	calls          words
}

func (e *NotRestored) Error() string { return e.Said().In(language.English) }

// Said is the error in every language.
func (e *NotRestored) Said() language.Phrase {
	return language.Said("{0} {1} is to have {2} {3} again: {4}", e.calls.one(), e.Instance, language.Word(e.calls.value), e.Type, language.OfError(e.Err))
}

func (e *NotRestored) Unwrap() error { return e.Err }

// effort is how often a restore may call the change back.
type effort struct{ accepted, refused int }

// The effort of a restore, and of the one at the end of a run.
var (
	fullEffort = effort{accepted: ChangesBack - 1, refused: refusalsTaken}
	lastEffort = effort{accepted: 1, refused: 1}
)

// restore gives every instance its old type, all at once, and sees that it has it. What
// it could not restore it returns.
func (r *restorer) restore(ctx context.Context, old map[string]string, e effort) []*NotRestored {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(r.gaveUp, cancel)()
	var mu sync.Mutex
	var failed []*NotRestored
	var group sync.WaitGroup
	for id, kind := range old {
		group.Go(func() {
			err := r.restoreOne(ctx, id, kind, e)
			if err == nil {
				err = r.done(id)
			}
			if err != nil {
				mu.Lock()
				defer mu.Unlock()
				failed = append(failed, &NotRestored{Instance: id, Type: kind, Err: err, calls: r.changer.words()})
			}
		})
	}
	group.Wait()
	return failed
}
