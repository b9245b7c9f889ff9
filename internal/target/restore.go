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

// refusalsTaken is how often the endpoint may refuse to restore an instance before it counts as not
// restored. A change that is still running causes the next one to be refused, and may show late.
const refusalsTaken = 3

// ChangesBack is how often the endpoint may accept a restoring change without effect before
// restoring counts as failed, because each attempt may have the cost of a resize. The last attempt
// is reserved for the end of the run.
const ChangesBack = 6

// longestPause limits the growing pause between two restoring changes.
const longestPause = 30 * time.Second

// restorer restores the types of instances. It sends everything through the client, so that its
// changes pass the guard and the journal like any others.
type restorer struct {
	changer *changer
	journal *journal.Journal
	ways    ways
	gaveUp  context.Context   // ends when the user gives up on restoring
	listed  map[string]string // the listed statuses, by instance id
	trouble func(instance string, what language.Phrase, back bool)
	watch   func(instance, status string)

	mu     sync.Mutex
	last   time.Time       // when the last call that could change an instance was sent
	ever   bool            // whether any call that could change an instance was ever made
	silent bool            // the endpoint has been silent for as long as restoring may take
	stuck  map[string]bool // instances whose change has not ended in the time allowed
	// strayed holds the old statuses of instances that are in another one although nothing was called on them.
	strayed map[string]string
	calls   map[string]int // the number of calls on an instance that were not refused, and so may have begun a change
	// actions holds the actions that were called on an instance, and not refused, since it last had
	// its original type. unasked holds notes about instances whose type was changed by a call that
	// does not set one.
	actions map[string][]string
	unasked map[string]language.Phrase
	// lately are the calls on an instance since it was lent: what of them was not refused, and none
	// without an entry.
	lately map[string][]string
}

func newRestorer(gaveUp context.Context, c Config, j *journal.Journal) *restorer {
	r := &restorer{journal: j, gaveUp: gaveUp, listed: map[string]string{}, stuck: map[string]bool{}, strayed: map[string]string{}, calls: map[string]int{}, actions: map[string][]string{}, unasked: map[string]language.Phrase{}, lately: map[string][]string{}, trouble: func(string, language.Phrase, bool) {}, watch: func(string, string) {}}
	for _, in := range c.Instances {
		r.listed[in.ID] = in.Status
	}
	r.inherit()
	return r
}

// inherit takes over the open entries of the journal. The outcome of their calls is unknown.
func (r *restorer) inherit() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for id := range r.journal.Open() {
		r.calls[id] = max(r.calls[id], 1)
	}
}

// sent counts a call that is about to be sent, or uncounts one that was refused.
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

// calledOn reports whether an action was called on an instance since it was acquired, even one that was refused.
func (r *restorer) calledOn(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, called := r.lately[id]
	return called
}

// revalued reports whether an action that takes a value was called on an instance since it was acquired, and not refused.
func (r *restorer) revalued(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.ContainsFunc(r.ways, func(d lifecycle.Definition) bool {
		return d.Wanted != "" && slices.Contains(r.lately[id], d.Operation.Action)
	})
}

// carriedTo reports whether an action that ends in a status was called on an instance since it was acquired, and not refused.
func (r *restorer) carriedTo(id, status string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.ContainsFunc(r.ways, func(d lifecycle.Definition) bool {
		return slices.Contains(r.lately[id], d.Operation.Action) && slices.Contains(d.End, status)
	})
}

// done removes an instance from the journal after it was seen in its original state.
func (r *restorer) done(id string) error {
	r.mu.Lock()
	delete(r.actions, id)
	delete(r.unasked, id)
	r.mu.Unlock()
	return r.journal.Done(id)
}

// lastSent returns when the last call that could change an instance was sent.
func (r *restorer) lastSent() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.last
}

// called reports whether any call that could change an instance was made.
func (r *restorer) called() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.ever
}

// doubtful reports whether a change of the instance may have begun whose end was not seen, and
// resets that.
func (r *restorer) doubtful(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	doubt := r.calls[id] > 0
	delete(r.calls, id)
	return doubt
}

// pending reports whether there is a call on the instance that is not known to have been refused.
func (r *restorer) pending(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.calls[id] > 0
}

// settled records that the calls on the instance have been seen to end.
func (r *restorer) settled(id string) { r.doubtful(id) }

// giveUp records that a change of the instance has not ended in the time allowed. Restoring looks
// at it, but does not wait for it again.
func (r *restorer) giveUp(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stuck[id] = true
}

// isStuck reports whether the instance was given up. If it has moved on, it is no longer stuck.
func (r *restorer) isStuck(id string, goesOn bool) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if goesOn {
		delete(r.stuck, id)
	}
	return r.stuck[id]
}

// silence records whether the endpoint has been silent for the whole time allowed, and returns the
// previous record.
func (r *restorer) silence(silent bool) (before bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	before, r.silent = r.silent, silent
	return before
}

// NotRestored is an instance that could not be restored.
type NotRestored struct {
	Instance, Type string // Type is the type to restore
	Err            error
	calls          words
}

func (e *NotRestored) Error() string { return e.Said().In(language.English) }

// Said returns the error in a form for every language.
func (e *NotRestored) Said() language.Phrase {
	if is, whole := language.Unlike(language.OfError(e.Err)); whole {
		return language.Said("{0} {1} {2}", e.calls.one(), e.Instance, is)
	}
	return language.Said("{0} {1} is to have {2} {3} again: {4}", e.calls.one(), e.Instance, language.Word(e.calls.value), e.Type, language.OfError(e.Err))
}

func (e *NotRestored) Unwrap() error { return e.Err }

// effort limits how often the restoring change may be called.
type effort struct{ accepted, refused int }

// The limits for restoring during a run, and at its end.
var (
	fullEffort = effort{accepted: ChangesBack - 1, refused: refusalsTaken}
	lastEffort = effort{accepted: 1, refused: 1}
)

// restore restores all instances concurrently and checks the result. It returns the ones that it
// could not restore.
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
