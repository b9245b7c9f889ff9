package target

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/wire"
	"github.com/zec-tools/conformance/steps"
)

const (
	// refusalsTaken is how often a change back may be refused before it counts as failed:
	// a change that is still running refuses the next one, and may show late.
	refusalsTaken = 3
	// faultsTaken is how many reads or changes in a row may get no answer that says
	// anything before restoring an instance counts as failed. The client has sent each
	// of them several times by then.
	faultsTaken = 5
)

// ChangesBack is how often an instance is called back to its type before that counts as
// failed, whatever the endpoint answers: each call may cost a resize.
const ChangesBack = 6

// restorer gives instances the types they had. Everything it sends goes through the
// client, so its changes are guarded and noted in the journal like any other.
type restorer struct {
	changer *changer
	journal *Journal
	gaveUp  context.Context   // ends when the user gives up on putting things back
	listed  map[string]string // statuses as listed, by instance

	mu    sync.Mutex
	ever  bool           // anything was called that could change an instance
	calls map[string]int // calls on an instance that were not refused, so may have begun something
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
	for _, id := range ids {
		r.calls[id] += count
	}
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

// NotRestored is an instance that did not get its old type back.
type NotRestored struct {
	Instance, Type string // the type it is to have
	Err            error
}

func (e *NotRestored) Error() string {
	return fmt.Sprintf("instance %s is to have type %s again: %v", e.Instance, e.Type, e.Err)
}

func (e *NotRestored) Unwrap() error { return e.Err }

// restore gives every instance its old type, all at once, and sees that it has it. It
// takes no longer than two resizes. What it could not restore it returns.
func (r *restorer) restore(ctx context.Context, old map[string]string) []*NotRestored {
	ctx, cancel := context.WithTimeout(ctx, 2*r.changer.timing.ResizeTimeout+r.changer.timing.RequestTimeout)
	defer cancel()
	defer context.AfterFunc(r.gaveUp, cancel)()
	var mu sync.Mutex
	var failed []*NotRestored
	var group sync.WaitGroup
	for id, kind := range old {
		group.Go(func() {
			err := r.restoreOne(ctx, id, kind)
			if err == nil {
				err = r.journal.done(id)
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

// restoring is one instance on its way back.
type restoring struct {
	*restorer
	lifecycle  contract.Lifecycle
	id, wanted string

	doubt    bool      // a change may have begun that was not seen to end
	called   time.Time // when the change back was accepted and has not been seen running yet
	quiet    time.Time // since when it was seen with its old type and nothing going on
	changes  int       // calls back
	refusals int
	faults   int
	trouble  string // what stands in the way
}

func (r *restorer) restoreOne(ctx context.Context, id, kind string) error {
	l, err := r.changer.lifecycle()
	if err != nil {
		return err
	}
	one := &restoring{restorer: r, lifecycle: l, id: id, wanted: kind, doubt: r.doubtful(id), trouble: "its type is not known"}
	pause := time.NewTicker(r.changer.timing.PollInterval)
	defer pause.Stop()
	for {
		over, err := one.next(ctx)
		if over || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s; %w", one.trouble, ended(ctx))
		case <-pause.C:
		}
	}
}

func ended(ctx context.Context) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return errors.New("the time allowed for it is over")
	}
	return errors.New("it was given up")
}

// next looks at the instance once and does what that asks for. It reports whether all
// is as it was. An answer that says nothing is borne a few times: much hangs on this.
func (o *restoring) next(ctx context.Context) (bool, error) {
	status, now, err := o.look(ctx)
	if err == nil {
		o.trouble = fmt.Sprintf("it has type %s and is %s", now, status)
		var over bool
		if over, err = o.act(ctx, status, now); err == nil {
			o.faults = 0
			return over, nil
		}
	}
	if ctx.Err() != nil {
		return false, fmt.Errorf("%s; %w", o.trouble, ended(ctx))
	}
	var silent *steps.Inconclusive
	if !errors.As(err, &silent) {
		return false, err
	}
	o.trouble = err.Error()
	if o.faults++; o.faults >= faultsTaken {
		return false, err
	}
	return false, nil
}

func (o *restoring) act(ctx context.Context, status, now string) (bool, error) {
	settle := o.changer.timing.Settle
	switch {
	case status == o.lifecycle.Transient && o.listed[o.id] != status:
		o.quiet, o.called, o.doubt = time.Time{}, time.Time{}, false // it is seen: its end will be, too
		return false, nil
	case now == o.wanted && !o.doubt:
		return true, nil
	case now == o.wanted:
		if o.quiet.IsZero() {
			o.quiet = time.Now()
		}
		return time.Since(o.quiet) >= settle, nil
	case !o.called.IsZero() && time.Since(o.called) < settle:
		return false, nil // the change back may show late
	}
	o.quiet = time.Time{}
	return false, o.callBack(ctx)
}

// callBack calls the change to the old type.
func (o *restoring) callBack(ctx context.Context) error {
	if o.changes++; o.changes > ChangesBack {
		return fmt.Errorf("%s, after %d changes back", o.trouble, ChangesBack)
	}
	o.doubt = true // also when no answer comes
	a, err := o.changer.send(ctx, o.lifecycle.Operation, map[string]any{o.lifecycle.Subject: o.id, o.lifecycle.Wanted: o.wanted}, wire.Changes)
	if err != nil {
		return err
	}
	if a.Succeeded() {
		o.called = time.Now()
		return nil
	}
	if o.refusals++; o.refusals >= refusalsTaken {
		return fmt.Errorf("%s, and the change back was answered with %d %s", o.trouble, a.Status, a.Code)
	}
	return nil
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
