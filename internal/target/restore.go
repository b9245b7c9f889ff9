package target

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/guard"
	"github.com/zec-tools/conformance/internal/journal"
	"github.com/zec-tools/conformance/internal/operation"
	"github.com/zec-tools/conformance/internal/wire"
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
	trouble func(instance, what string)
	watch   func(instance, status string)

	mu     sync.Mutex
	last   time.Time       // when a call that could change an instance left last
	ever   bool            // anything was called that could change an instance
	silent bool            // the endpoint has been silent for as long as restoring is allowed to last
	stuck  map[string]bool // instances whose change has not ended in the time allowed for it
	calls  map[string]int  // calls on an instance that were not refused, so may have begun something
}

func newRestorer(gaveUp context.Context, c Config, j *journal.Journal) *restorer {
	r := &restorer{journal: j, gaveUp: gaveUp, listed: map[string]string{}, stuck: map[string]bool{}, calls: map[string]int{}, trouble: func(string, string) {}, watch: func(string, string) {}}
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
func (r *restorer) sent(ids []string, count int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ever = true
	if count > 0 {
		r.last = time.Now()
	}
	for _, id := range ids {
		r.calls[id] += count
	}
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
}

func (e *NotRestored) Error() string {
	return fmt.Sprintf("instance %s is to have type %s again: %v", e.Instance, e.Type, e.Err)
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
				err = r.journal.Done(id)
			}
			if err != nil {
				mu.Lock()
				defer mu.Unlock()
				failed = append(failed, &NotRestored{Instance: id, Type: kind, Err: err})
			}
		})
	}
	group.Wait()
	return failed
}

// restoring is one instance being restored.
type restoring struct {
	*restorer
	lifecycle  contract.Lifecycle
	id, wanted string
	oldStatus  string // "" when it is not known
	left       effort
	patience   patience

	doubt   bool          // a change may have begun that was not seen to end
	called  time.Time     // when the change back was sent and has not been seen running yet
	pause   time.Duration // after called, before it is sent again
	quiet   time.Time     // since when it was seen with its old type and nothing going on
	trouble string        // what stands in the way
	answer  string        // how the last change back was answered, when it was not accepted
}

func (r *restorer) restoreOne(ctx context.Context, id, kind string, e effort) error {
	l, err := r.changer.lifecycle()
	if err != nil {
		return err
	}
	t := r.changer.timing
	old := r.journal.Open()[id].Status
	one := &restoring{restorer: r, lifecycle: l, id: id, wanted: kind, oldStatus: old, left: e, doubt: r.doubtful(id), trouble: "its type is not known"}
	r.watch(id, "being restored")
	defer r.watch(id, "")
	one.patience = patience{allowed: t.RestoreTimeout, longest: t.PollInterval + looksLast*t.RequestTimeout}
	one.patience.start(time.Now(), r.silence(false))
	pace := operation.Pace{Interval: t.PollInterval, Settle: t.Settle, Steady: true}
	err = pace.Poll(ctx, func(ctx context.Context) (operation.Next, error) {
		over, err := one.next(ctx)
		if over {
			return operation.Done, err
		}
		return operation.Again, err
	})
	if err != nil && errors.Is(err, ctx.Err()) {
		return fmt.Errorf("%s; it was given up", one.trouble)
	}
	return err
}

// looksLast is how many requests one look takes at most, each sent several times.
const looksLast = 12

// next looks at the instance once and does what that asks for. It reports whether all is
// as it was. Nothing that an endpoint or a network answers ends it, but the endpoint's own
// refusals of the change, and the time allowed.
func (o *restoring) next(ctx context.Context) (bool, error) {
	status, now, err := o.look(ctx)
	answered := err == nil
	if answered {
		o.watch(o.id, status)
		o.says(o.shows(status, now))
		var over bool
		if over, err = o.act(ctx, status, now); over {
			return true, nil
		}
	}
	if ctx.Err() != nil {
		return false, fmt.Errorf("%s; it was given up", o.trouble)
	}
	if hopeless := (*guard.Refusal)(nil); errors.As(err, &hopeless) {
		return false, err
	}
	if failed := (*failure)(nil); errors.As(err, &failed) {
		return false, err
	}
	if err != nil {
		o.says(err.Error())
	}
	o.patience.look(time.Now(), answered)
	if !o.patience.over() {
		return false, nil
	}
	if !answered {
		o.silence(true)
		return false, fmt.Errorf("the endpoint has not shown it for %s: %w", o.patience.allowed, err)
	}
	return false, fmt.Errorf("%s%s; the time allowed for it (%s) is over", o.trouble, o.answer, o.patience.allowed)
}

// shows says how the instance is.
func (o *restoring) shows(status, now string) string {
	switch {
	case now != o.wanted:
		return fmt.Sprintf("it has type %s and is %s", now, status)
	case status == o.oldStatus:
		return fmt.Sprintf("it has type %s and is %s, as before", now, status)
	}
	return fmt.Sprintf("it has type %s, but is %s", now, status)
}

// says notes what stands in the way, and tells who wants to know when that has changed.
func (o *restoring) says(trouble string) {
	if trouble != o.trouble {
		o.trouble = trouble
		o.restorer.trouble(o.id, trouble)
	}
}

// failure is an endpoint that does not do as it is told: trying longer costs, and gains nothing.
type failure struct{ reason string }

func (f *failure) Error() string { return f.reason }

func (o *restoring) act(ctx context.Context, status, now string) (bool, error) {
	settle := o.changer.timing.Settle
	running := o.passing(status) && o.oldStatus != status && o.listed[o.id] != status
	stuck := o.isStuck(o.id, !running)
	switch {
	case stuck:
		return false, &failure{o.trouble + ", as it was when the time allowed for the change was over"}
	case running:
		o.quiet, o.called, o.doubt = time.Time{}, time.Time{}, false // it is seen: its end will be, too
		return false, nil
	case now == o.wanted && o.rests(status) && !o.doubt:
		return true, nil
	case now == o.wanted && o.rests(status):
		if o.quiet.IsZero() {
			o.quiet = time.Now()
		}
		return time.Since(o.quiet) >= settle, nil
	case !o.called.IsZero() && time.Since(o.called) < o.pause:
		return false, nil // the change back may show late
	}
	o.quiet = time.Time{}
	return false, o.callBack(ctx, status, now)
}

// passing reports whether an instance has the status only while a change runs.
func (o *restoring) passing(status string) bool {
	return o.ways.running(status) || slices.Contains(o.lifecycle.Transient, status)
}

// rests reports whether the instance has its old status, or no allowed action leads there:
// then no action of this program has led away from it.
func (o *restoring) rests(status string) bool {
	return o.oldStatus == "" || status == o.oldStatus || !o.ways.leads(status, o.oldStatus)
}

// callBack calls the action that brings the instance nearer to its old state. Only what the endpoint itself answers counts
// against the effort: a call that no answer came of is looked after, and sent again when
// nothing has begun by then.
func (o *restoring) callBack(ctx context.Context, status, now string) error {
	if o.left.accepted == 0 {
		return &failure{fmt.Sprintf("%s, though the endpoint accepted each change back", o.trouble)}
	}
	back, has := o.ways.next(status, now != o.wanted, o.oldStatus)
	if !has {
		back = o.lifecycle
	}
	a, err := o.changer.send(ctx, back.Operation, asked(back, o.id, o.wanted), wire.Restores)
	if silent := (*noAnswer)(nil); errors.As(err, &silent) && !silent.sent {
		return err // nothing has left
	}
	o.doubt, o.called = true, time.Now()
	o.pause = min(max(2*o.pause, o.changer.timing.Settle), max(longestPause, o.changer.timing.Settle))
	switch {
	case err != nil:
		o.answer = fmt.Sprintf(", and the change back was not answered: %v", err)
		return err
	case a.Succeeded() && !slices.Contains(a.Strings(back.Failed), o.id):
		o.left.accepted--
		o.answer, o.pause = "", o.changer.timing.Settle
		if o.passing(status) { // as listed: nothing shows when this change runs, and another one would take its place
			o.pause = o.changer.timing.RestoreTimeout
		}
		return nil
	}
	o.answer = fmt.Sprintf(", and the change back was answered with %d %s", a.Status, a.Code)
	if refuses(a) || a.Succeeded() {
		o.left.refused--
	}
	if o.left.refused <= 0 {
		return &failure{o.trouble + o.answer}
	}
	return nil
}

// refuses reports whether an answer is the endpoint's own word that it will not do it.
// Credentials, gateways and faults of a server pass.
func refuses(a wire.Answer) bool {
	return a.Status >= http.StatusBadRequest && a.Status < http.StatusInternalServerError &&
		a.Status != http.StatusUnauthorized && a.Code != ""
}

// look reads status and type of the instance.
func (o *restoring) look(ctx context.Context) (status, kind string, err error) {
	statuses, err := o.changer.read(ctx, o.lifecycle.Observed, []string{o.id})
	if err != nil {
		return "", "", err
	}
	types, err := o.changer.read(ctx, o.lifecycle.Changed, []string{o.id})
	return statuses[o.id], types[o.id], err
}

// asked returns the parameters of a call on one instance, for a value where the action
// asks for one.
func asked(d contract.Lifecycle, id, value string) map[string]any {
	parameters := map[string]any{d.Subject: id}
	if d.Batch {
		parameters[d.Subject] = []string{id}
	}
	if d.Wanted != "" {
		parameters[d.Wanted] = value
	}
	return parameters
}
