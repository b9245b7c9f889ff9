package target

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/guard"
	"github.com/zec-tools/conformance/internal/language"
	"github.com/zec-tools/conformance/internal/operation"
	"github.com/zec-tools/conformance/internal/wire"
)

// BeingRestored stands for the status of an instance that is being restored and has not been read
// yet.
const BeingRestored = "being restored"

// restoring is one instance being restored.
type restoring struct {
	*restorer
	lifecycle  contract.Lifecycle
	id, wanted string
	oldStatus  string // "" if unknown
	left       effort
	patience   patience

	doubt   bool                                          // a change may have begun whose end was not seen
	called  time.Time                                     // when the restoring change was sent, if it has not been seen running yet
	pause   time.Duration                                 // the time to wait after called before sending it again
	quiet   time.Time                                     // since when the instance has had its old type and no running change
	hidden  time.Time                                     // since when no look has shown the requested field
	trouble language.Phrase                               // the current obstacle
	answer  func(trouble language.Phrase) language.Phrase // adds the answer to the last restoring change, if it was not accepted
	before  string                                        // the type before the last calls
	plain   string                                        // the actions of these calls, if none of them sets a type
	lost    func(trouble language.Phrase) language.Phrase // why the type was given up, so that the status at least is restored
}

// one returns an instance as recorded in the journal.
func (r *restorer) one(id string) (*restoring, error) {
	l, err := r.changer.lifecycle()
	return &restoring{restorer: r, lifecycle: l, id: id, oldStatus: r.journal.Open()[id].Status}, err
}

func (r *restorer) restoreOne(ctx context.Context, id, kind string, e effort) error {
	one, err := r.one(id)
	if err != nil {
		return err
	}
	t := r.changer.timing
	if !one.lifecycle.Valued() && one.oldStatus == "" { // no scenario has called anything on it
		one.oldStatus = kind
	}
	if one.oldStatus == "" {
		one.oldStatus = r.strayedFrom(id)
	}
	one.wanted, one.left, one.doubt, one.trouble = kind, e, r.doubtful(id), language.Said("its {0} is not known", language.Word(wordsOf(one.lifecycle).value))
	if one.lifecycle.Valued() {
		one.before, one.plain = kind, r.plainCalls(id)
	}
	r.watch(id, BeingRestored)
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
		return one.givenUp()
	}
	return err
}

// strayedFrom returns the old status of an instance that is in another one although nothing was
// called on it, "" if there is none.
func (r *restorer) strayedFrom(id string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.strayed[id]
}

// looksLast is the maximum number of requests in one look, each of which may be retried.
const looksLast = 12

// next looks at the instance once and does what its state requires. It reports whether the instance
// is restored. Only refusals of the restoring change by the endpoint itself, and the time limit,
// end the attempts; no other answer or network error does.
func (o *restoring) next(ctx context.Context) (bool, error) {
	now, err := o.look(ctx)
	answered := err == nil
	if answered {
		o.watch(o.id, now.status)
		o.compare(now)
		o.says(o.shows(now), o.back(now))
		var over bool
		if over, err = o.act(ctx, now); over && o.lost != nil {
			return false, &failure{o.lost(o.trouble)}
		}
		if over {
			return true, nil
		}
	}
	if ctx.Err() != nil {
		return false, o.givenUp()
	}
	if hopeless := (*guard.Refusal)(nil); errors.As(err, &hopeless) {
		return false, err
	}
	if failed := (*failure)(nil); errors.As(err, &failed) {
		if o.statusToo(now) {
			o.lost, o.left.refused, o.called = o.answer, 1, time.Time{}
			if o.lost == nil {
				o.lost = acceptedEach
			}
			return false, nil
		}
		return false, err
	}
	if err != nil {
		o.says(language.OfError(err), false)
	}
	o.patience.look(time.Now(), answered)
	if !o.patience.over() {
		return false, nil
	}
	if !answered {
		o.silence(true)
		return false, language.Because(err, "the endpoint has not shown it for {0}: {1}", o.patience.allowed, language.OfError(err))
	}
	return false, language.Because(nil, "{0}; the time allowed for restoring ({1}) is over", o.answered(), o.patience.allowed)
}

// shows describes the state of the instance.
func (o *restoring) shows(now look) language.Phrase {
	if r, lacks := o.unshown(now); lacks {
		return o.showsLess(now, r)
	}
	if !o.lifecycle.Valued() && o.oldStatus != "" && now.status != o.oldStatus && !o.back(now) {
		return language.Said("it is still {0}; it was {1}", now.status, o.oldStatus)
	}
	if !o.lifecycle.Valued() {
		return language.Said("it is {0}", now.status)
	}
	value := language.Word(wordsOf(o.lifecycle).value)
	shown := o.compares(now, value)
	if o.lags(now) && !o.underWay(now.status) {
		shown = language.Said("{0}; the row with its {1} shows {2}", shown, value, now.row)
	}
	if unasked := o.unaskedOf(o.id); unasked != (language.Phrase{}) {
		return language.List([]language.Phrase{shown, unasked})
	}
	return shown
}

// compares describes the state of the instance and its original state. A value or status that is
// already the original one is left out, since the reader only needs to know what is not restored.
func (o *restoring) compares(now look, value language.Phrase) language.Phrase {
	sameStatus := o.oldStatus == "" || now.status == o.oldStatus
	switch {
	case now.kind == o.wanted && now.status == o.oldStatus:
		return language.Said("it has {0} {1} and is {2}, as before", value, now.kind, now.status)
	case now.kind == o.wanted && sameStatus:
		return language.Said("it has {0} {1} and is {2}", value, now.kind, now.status)
	case now.kind == o.wanted && o.back(now):
		return language.Said("it has {0} {1} and is {2}, from where no allowed action leads to {3}", value, now.kind, now.status, o.oldStatus)
	case now.kind == o.wanted:
		return language.Said("it is still {0}; it was {1}", now.status, o.oldStatus)
	case o.oldStatus == "":
		return language.Said("it still has {0} {1} and is {2}; it had {3} {4}", value, now.kind, now.status, value, o.wanted)
	case sameStatus:
		return language.Said("it still has {0} {1}; it had {2} {3}", value, now.kind, value, o.wanted)
	}
	return language.Said("it still has {0} {1} and is {2}; it had {3} {4} and was {5}", value, now.kind, now.status, value, o.wanted, o.oldStatus)
}

// showsLess describes the state of an instance whose row lacks the requested field.
func (o *restoring) showsLess(now look, r contract.Reading) language.Phrase {
	lacks := language.Said("{0} shows no {1} of it", r.Operation.Action, r.Field)
	if now.status == "" {
		return lacks
	}
	return language.Said("it is {0}, and {1}", now.status, lacks)
}

// says records the state of the instance and reports it if it has changed. A restored instance has
// no obstacle any more.
func (o *restoring) says(shown language.Phrase, back bool) {
	if shown != o.trouble {
		o.trouble = shown
		o.restorer.trouble(o.id, shown, back)
	}
}

// back reports whether the instance is in its original state, as far as allowed actions can restore
// it, and shows no running change.
func (o *restoring) back(now look) bool {
	_, lacks := o.unshown(now)
	return !lacks && !o.underWay(now.status) && !o.lags(now) && !o.altered(now) && !o.stranded(now.status) && o.rests(now.status)
}

// failure means that the endpoint does not do as it is told, so that further attempts only have a
// cost.
type failure struct{ reason language.Phrase }

func (f *failure) Error() string         { return f.reason.In(language.English) }
func (f *failure) Said() language.Phrase { return f.reason }

// givenUp returns the error for a restore that the user has ended.
func (o *restoring) givenUp() error {
	return language.Because(nil, "{0}; restoring was given up", o.trouble)
}

func (o *restoring) act(ctx context.Context, now look) (bool, error) {
	settle := o.changer.timing.Settle
	running := o.underWay(now.status)
	stuck := o.isStuck(o.id, !running && !o.lags(now))
	_, lacks := o.unshown(now)
	if !lacks {
		o.hidden = time.Time{}
	}
	switch {
	case stuck:
		return false, &failure{language.Said("{0}; nothing has changed since the time allowed for the change was over", o.trouble)}
	case running:
		o.quiet, o.called, o.doubt = time.Time{}, time.Time{}, false // the change was seen, so its end will be, too
		return false, nil
	case o.lags(now):
		o.quiet = time.Time{} // the row lags behind, so its type says nothing until the end (protocol 9)
		return false, nil
	case lacks:
		if !since(&o.hidden, hiddenFor*settle) {
			return false, nil
		}
		return false, &failure{language.Said("{0}: whether it is as it was cannot be seen", o.trouble)}
	case !o.altered(now) && o.stranded(now.status):
		if !o.restsFor(settle) {
			return false, nil
		}
		return false, &failure{language.Said("it is still {0}; it was {1}; no allowed action leads back", now.status, o.oldStatus)}
	case !o.altered(now) && o.rests(now.status) && !o.doubt:
		return true, nil
	case !o.altered(now) && o.rests(now.status):
		return o.restsFor(settle), nil
	case !o.called.IsZero() && time.Since(o.called) < o.pause:
		return false, nil // the restoring change may show late
	}
	o.quiet = time.Time{}
	return false, o.callBack(ctx, now)
}

// restsFor reports whether the instance has shown no running change for a settle time.
func (o *restoring) restsFor(settle time.Duration) bool { return since(&o.quiet, settle) }

// hiddenFor is for how many settle times a field must be missing from every row before it counts as
// not shown. A GPU instance may have no type in any of them, and one in the next (protocol 9).
const hiddenFor = 4

// since reports whether something has held for a duration. It begins to count if start is zero.
func since(start *time.Time, d time.Duration) bool {
	if start.IsZero() {
		*start = time.Now()
	}
	return time.Since(*start) >= d
}

// rests reports whether the instance has its old status, or no allowed action leads there. In the
// latter case, no action of this program has led away from it.
func (o *restoring) rests(status string) bool {
	return o.oldStatus == "" || status == o.oldStatus || !o.ways.leads(status, o.oldStatus)
}

// stranded reports whether the instance is in a status that it does not leave on its own, that no
// allowed action leads back from, and that an allowed action may have led to: the action ends or
// fails in it or, if only the status is restored, any such status.
func (o *restoring) stranded(status string) bool {
	passes := func(s string) bool { return o.passing(s) || slices.Contains(o.lifecycle.Passing, s) }
	if o.oldStatus == "" || status == o.oldStatus || passes(status) || passes(o.oldStatus) || o.ways.leads(status, o.oldStatus) {
		return false
	}
	return !o.lifecycle.Valued() || o.ways.ends(status) || o.ways.fails(status)
}

// callBack calls the action that brings the instance nearer to its original state. Only answers of
// the endpoint itself count against the limits. A call without an answer is retried if a later look
// shows that nothing has begun.
func (o *restoring) callBack(ctx context.Context, now look) error {
	if o.left.accepted == 0 || o.left.accepted == 1 && o.statusToo(now) { // the last one is for the status
		return &failure{acceptedEach(o.trouble)}
	}
	back, has := o.ways.next(now.status, o.altered(now), o.oldStatus)
	if !has {
		back = o.lifecycle
	}
	a, err := o.changer.send(ctx, back.Operation, asked(back, o.id, o.wanted), wire.Restores)
	if silent := (*noAnswer)(nil); errors.As(err, &silent) && !silent.sent {
		return err // nothing was sent
	}
	o.doubt, o.called, o.before, o.plain = true, time.Now(), now.kind, ""
	if back.Wanted == "" {
		o.plain = back.Operation.Action
	}
	o.pause = min(max(2*o.pause, o.changer.timing.Settle), max(longestPause, o.changer.timing.Settle))
	switch {
	case err != nil:
		o.answer = func(trouble language.Phrase) language.Phrase {
			return language.Said("{0}; the change back was not answered: {1}", trouble, language.OfError(err))
		}
		return err
	case a.Succeeded() && !slices.Contains(a.Strings(back.Failed), o.id):
		o.left.accepted--
		o.answer, o.pause = nil, o.changer.timing.Settle
		if o.passing(now.status) { // the instance was listed in this status, so nothing shows when this change runs, and another change would replace it
			o.pause = o.changer.timing.RestoreTimeout
		}
		return nil
	}
	o.answer = denied(back, a)
	if refuses(a) || a.Succeeded() {
		o.left.refused--
	}
	if o.left.refused <= 0 {
		return &failure{o.answered()}
	}
	return nil
}

// acceptedEach adds to an obstacle that no restoring change had an effect.
func acceptedEach(trouble language.Phrase) language.Phrase {
	return language.Said("{0}; the endpoint accepted each change back", trouble)
}

// statusToo reports whether both the type and the status are to be restored, and the status could be
// without the type.
func (o *restoring) statusToo(now look) bool {
	return o.altered(now) && o.oldStatus != "" && now.status != o.oldStatus && o.ways.leads(now.status, o.oldStatus)
}

// denied returns a function that adds to an obstacle how the endpoint refused a restoring change.
func denied(back contract.Lifecycle, a wire.Answer) func(trouble language.Phrase) language.Phrase {
	return func(trouble language.Phrase) language.Phrase {
		if a.Succeeded() {
			return language.Said("{0}; {1} named it as failed", trouble, back.Operation.Action)
		}
		return language.Said("{0}; the change back was answered with {1} {2}", trouble, a.Status, a.Code)
	}
}

// answered returns the obstacle with the answer to the last restoring change.
func (o *restoring) answered() language.Phrase {
	if o.answer == nil {
		return o.trouble
	}
	return o.answer(o.trouble)
}

// refuses reports whether an answer is a refusal by the endpoint itself. Credential errors, gateway
// errors and server errors are temporary.
func refuses(a wire.Answer) bool {
	return a.Status >= http.StatusBadRequest && a.Status < http.StatusInternalServerError &&
		a.Status != http.StatusUnauthorized && a.Code != ""
}
