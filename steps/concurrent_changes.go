package steps

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/operation"
	"github.com/zec-tools/conformance/internal/wire"
)

// The sentences about concurrent changes.
func concurrentSentences() []Sentence {
	return []Sentence{
		say(`{action} is called on it, and the same call is repeated while it runs`, `对该实例调用 {action}，并在执行过程中重复同一请求`,
			func(w *World) any { return w.theSameIsCalledMeanwhile }, onInstance).describing(namesSubject, overlaps, repeatsMeanwhile).
			formerly(`{action} is called on it, and once more the same while it runs`),
		say(`{action} is called on it, and {action} while it runs`, `对该实例调用 {action}，并在执行过程中调用 {action}`,
			func(w *World) any { return w.isCalledMeanwhile }, onInstanceBoth).describing(namesSubject, overlaps, meanwhile, repeatsMeanwhile),
		say(`{action} is called on it twice at the same moment`, `同时对该实例调用 {action} 两次`,
			func(w *World) any { return w.twoAtOnce }, onInstance).describing(namesSubject, overlaps),
		say(`at most one of them is accepted, and the (?:instance|[a-z]+) ends with its value`, `至多一个请求被接受，且实例最终具有该请求的目标值`,
			func(w *World) any { return w.atMostOneIsAccepted }, nil).describing(wants("200"), calls(ToAnother, 0, again)),
	}
}

// concurrency calls an action while another change is running.
type concurrency struct {
	*changes
	repeated int // repeated calls that were refused while a change was running
}

// triesToOverlap is how often a scenario tries to call a second change while the first is running.
// If the second call is accepted, or refused for an unrelated reason, that is a violation only if
// it was answered while the first change must still have been running. Once the first change is
// over, the endpoint may accept the call.
const triesToOverlap = 6

// The second call is repeated for as long as the first change is seen running, each time after the
// elapsed time has grown by the factor later. The first change may end between the last read and
// the call, and changes differ in length. An accepted call therefore counts only if it happens
// timesAccepted times, each time well before the shortest change of the run would have ended.
const (
	later         = 1.25
	timesAccepted = 3
	timesRepeated = 40 // the limit for all tries together: enough for changes from ten milliseconds to over a minute
)

// over is the result of one try to overlap two changes.
type over struct {
	doubt bool          // the answers are wrong if the first change was still running
	late  bool          // the second call was refused correctly at first, and answered differently later in the change
	span  time.Duration // from the first call to the answer of the second call
}

// overlapping repeats call until the second change is refused as required while the first is
// running, or until it was answered otherwise often enough within the shortest time that a change
// takes. After the first try all other scenarios pause, so that a busy machine does not decide the
// result.
func (cc *concurrency) overlapping(ctx context.Context, actions [2]string, call func(ctx context.Context, resume func()) (over, error)) error {
	d, second := cc.contract.Lifecycles[actions[0]], cc.contract.Lifecycles[actions[1]]
	tries, confirmed, futile := triesToOverlap, 0, 3
	var least, nearest time.Duration
	if cc.fixture.Certain { // repeating a change of the mock costs nothing, and its changes are short compared with delays on a busy machine
		tries, futile = 4*tries, 3*tries
	}
	for try := range tries {
		resume := func() {}
		if try > 0 {
			resume = sync.OnceFunc(cc.session.Quiet())
		}
		o, err := call(ctx, resume)
		resume()
		if err != nil || !o.doubt {
			return err
		}
		if o.span < cc.timing.ResizeTimeout && (nearest == 0 || o.span < nearest) {
			nearest = o.span
		}
		if err := cc.rest(ctx, d, second); err != nil { // the second change may have been carried out after the first
			return err
		}
		if least, err = cc.leastDuration(ctx, actions[0], least); err != nil {
			return err
		}
		switch {
		case o.late && o.span < least*19/20, !o.late && o.span < least/2:
			confirmed++
		case o.late: // the first change may have ended before this call
			futile--
			cc.early = futile <= 0
		}
		if confirmed == timesAccepted {
			return nil
		}
		if err := cc.returnTo(ctx, d); err != nil {
			return err
		}
	}
	return &Inconclusive{Reason: "no two changes could be called over each other: " + describeTries(nearest, least)}
}

// describeTries describes the measurements when no two changes overlapped. nearest is the shortest time
// from the first call to the answer of the second, 0 if no second call was made in time; least is
// the duration of the shortest change.
func describeTries(nearest, least time.Duration) string {
	took := fmt.Sprintf("the shortest change was seen running for %s", least.Round(time.Millisecond))
	if nearest == 0 {
		return took + ", and none when the next one was to be called"
	}
	return fmt.Sprintf("the second was answered %s after the first was called, at the earliest, and %s: the answer has to come within half of that", nearest.Round(time.Millisecond), took)
}

// leastDuration returns the duration of the shortest change of the run. If none has been measured
// yet, it carries out a change to measure one.
func (cc *concurrency) leastDuration(ctx context.Context, action string, measured time.Duration) (time.Duration, error) {
	if shortest := cc.session.Shortest(action); measured > 0 {
		if shortest > 0 {
			measured = min(measured, shortest)
		}
		return measured, nil
	}
	answer, request, second := cc.answer, cc.request, cc.change
	cc.measuring = true
	defer func() { cc.answer, cc.request, cc.change, cc.measuring = answer, request, second, false }()
	if err := cc.returnTo(ctx, cc.contract.Lifecycles[action]); err != nil {
		return 0, err
	}
	if err := cc.isCalled(ctx, action); err != nil {
		return 0, err
	}
	if err := cc.theAnswerIsASuccess(ctx); err != nil {
		return 0, err
	}
	if err := cc.goesThroughItsLifecycle(ctx); err != nil {
		return 0, err
	}
	least, _ := cc.change.took()
	if shortest := cc.session.Shortest(action); shortest > 0 {
		least = min(least, shortest)
	}
	return least, nil
}

// isCalledMeanwhile calls a second action, with a third value, while the first change is running.
// The Then steps compare the second answer and follow the first change.
func (cc *concurrency) isCalledMeanwhile(ctx context.Context, action, second string) error {
	return cc.overlapping(ctx, [2]string{action, second}, func(ctx context.Context, resume func()) (over, error) {
		return cc.callOver(ctx, resume, [2]string{action, second}, func(first *operation.Subject) (wanted, current string) {
			d := cc.contract.Lifecycles[second]
			return cc.meanwhileValue(d, first), cc.before[first.ID].values[d.Changed.Field]
		})
	})
}

// theSameIsCalledMeanwhile repeats the same call while the change is running.
func (cc *concurrency) theSameIsCalledMeanwhile(ctx context.Context, action string) error {
	return cc.overlapping(ctx, [2]string{action, action}, func(ctx context.Context, resume func()) (over, error) {
		return cc.callOver(ctx, resume, [2]string{action, action}, func(first *operation.Subject) (wanted, current string) { return first.Trajectory.To, "" })
	})
}

// callOver calls the first action and, as soon as its change is seen running, the second. It then
// repeats the second call at increasing intervals while the first change runs. The first repeated
// call asks for the current value, if choose returns it.
func (cc *concurrency) callOver(ctx context.Context, resume func(), actions [2]string, choose func(first *operation.Subject) (wanted, current string)) (over, error) {
	second, has := cc.contract.Lifecycles[actions[1]]
	if !has {
		return over{}, &SuiteError{Reason: fmt.Sprintf("the contract states no lifecycle of %s", actions[1])}
	}
	if err := cc.isCalled(ctx, actions[0]); err != nil {
		return over{}, err
	}
	if err := cc.theAnswerIsASuccess(ctx); err != nil {
		return over{}, err
	}
	first, called := cc.change, cc.answer.Timing
	if len(first.subjects) == 0 {
		return over{}, cc.leftAlone(ctx, first)
	}
	running := func(p lifecycle.Phase) bool { return p == lifecycle.Running || p.Over() }
	if err := cc.until(ctx, first, running); err != nil {
		return over{}, err
	}
	if first.phase() != lifecycle.Running {
		// The change was too short to observe, or was never shown. Concurrent polling finds out
		// which.
		resume() // goesThroughItsLifecycle pauses the other scenarios itself
		if err := cc.goesThroughItsLifecycle(ctx); err != nil {
			return over{}, err
		}
		return over{doubt: true, span: cc.timing.ResizeTimeout}, nil
	}
	wanted, current := "", ""
	if second.Wanted != "" {
		if wanted, current = choose(first.subject()); wanted == "" {
			return over{}, noFurtherValue(second)
		}
	}
	first.refused = wanted
	call, value := cc.callSecond, wanted
	for late := false; ; late = true {
		met, err := call(ctx, second, value)
		if void := (*Inconclusive)(nil); late && errors.As(err, &void) { // an earlier call was already refused correctly
			return over{true, late, cc.timing.ResizeTimeout}, nil
		}
		if span := cc.answer.Timing.Finished().Sub(called.Start); err != nil || !met {
			return over{!met && !cc.neverAfter(first.definition, second), late, span}, err
		}
		next := time.Duration(float64(time.Since(called.Start)) * later)
		if cc.early || next > cc.timing.ResizeTimeout/2 || cc.repeated == timesRepeated {
			return over{}, nil
		}
		err = cc.until(ctx, first, func(p lifecycle.Phase) bool { return p != lifecycle.Running || time.Since(called.Start) >= next })
		if err != nil || first.phase() != lifecycle.Running {
			return over{}, err
		}
		cc.repeated++
		if call, value = cc.callSecond, wanted; !late && current != "" {
			call, value = cc.callWithCurrent, current
		}
	}
}

// callSecond calls the second action, and reports whether it was refused as required while the
// first change is running.
func (cc *concurrency) callSecond(ctx context.Context, second lifecycle.Definition, wanted string) (met bool, err error) {
	named := cc.named(second)
	req := wire.Request{Operation: second.Operation, Body: encode(cc.parametersOf(second, named, wanted)), Effect: wire.Refused}
	if err := cc.send(ctx, req); err != nil {
		return false, err
	}
	cc.meanwhile = &change{definition: second, instances: named, answer: cc.answer}
	return cc.deniedForStatus(cc.answer) || len(cc.meanwhile.failed()) == len(named) ||
		cc.contract.Open[second.Operation.Action] && within("4xx")(cc.answer.Status), nil
}

// callWithCurrent calls the second action with the value that the instance had before the first
// change. The value is another reason to refuse the call, so that any 4xx response is right
// (protocol 9); the Then steps then compare the previous answer.
func (cc *concurrency) callWithCurrent(ctx context.Context, second lifecycle.Definition, current string) (met bool, err error) {
	answer, request, meanwhile := cc.answer, cc.request, cc.meanwhile
	met, err = cc.callSecond(ctx, second, current)
	if err != nil || !met && !within("4xx")(cc.answer.Status) {
		return false, err
	}
	cc.answer, cc.request, cc.meanwhile = answer, request, meanwhile
	return true, nil
}

// neverAfter reports whether no end status of the first action allows the second.
func (sc *scenario) neverAfter(first, second lifecycle.Definition) bool {
	return !slices.ContainsFunc(first.End, func(s string) bool {
		return slices.Contains(second.Start, s) || slices.Contains(second.Tolerated, s)
	})
}

// twoAtOnce sends two calls of an action on one instance at the same moment.
func (cc *concurrency) twoAtOnce(ctx context.Context, action string) error {
	return cc.overlapping(ctx, [2]string{action, action}, func(ctx context.Context, _ func()) (over, error) { return cc.callTwoAtOnce(ctx, action) })
}

func (cc *concurrency) callTwoAtOnce(ctx context.Context, action string) (over, error) {
	cc.acting = action
	inst, err := cc.subject()
	if err != nil {
		return over{}, err
	}
	cc.acts = true
	if err := cc.remember(ctx); err != nil {
		return over{}, err
	}
	d := cc.contract.Lifecycles[action]
	values := []string{cc.anotherValue(inst), cc.thirdValue(cc.valueOf(inst), cc.anotherValue(inst))}
	changes := make([]*change, len(values))
	cc.answers = make([]Answer, len(values))
	errs := make([]error, len(values))
	var sent sync.WaitGroup
	for i, wanted := range values {
		changes[i] = cc.newChange(d, []Instance{inst}, wanted)
		sent.Go(func() {
			cc.answers[i], errs[i] = cc.session.Change(ctx, cc.changing(d, []Instance{inst}, wanted), cc.unstarted(changes[i]))
		})
	}
	sent.Wait()
	for i := range cc.answers {
		cc.acted(cc.answers[i].Timing)
	}
	cc.change = nil
	accepted, begun, ended := 0, cc.answers[0].Timing.Start, time.Time{}
	for i, a := range cc.answers {
		var void *Inconclusive
		if errors.As(errs[i], &void) && void.Cause == wire.CauseUnavailable {
			return over{doubt: true, span: cc.timing.ResizeTimeout}, nil // a pending call must not be sent again while the other change is running
		}
		if errs[i] != nil {
			return over{}, errs[i]
		}
		if a.Timing.Start.Before(begun) {
			begun = a.Timing.Start
		}
		if a.Timing.Finished().After(ended) {
			ended = a.Timing.Finished()
		}
		changes[i].answered(&cc.answers[i])
		if changes[i].begun() {
			accepted++
			cc.change = changes[i]
			cc.begun = append(cc.begun, changes[i])
		}
	}
	cc.answer, cc.judged = &cc.answers[0], false
	return over{doubt: accepted == len(values), span: ended.Sub(begun)}, nil
}

// atMostOneIsAccepted compares the answers of simultaneous calls, and follows the accepted change.
func (cc *concurrency) atMostOneIsAccepted(ctx context.Context) error {
	if len(cc.answers) == 0 {
		return &SuiteError{Reason: "no calls were sent at the same moment: put that When step before this one"}
	}
	cc.judged = true
	accepted := 0
	for i := range cc.answers {
		a := &cc.answers[i]
		c := &change{definition: cc.contract.Lifecycles[a.Operation.Action], answer: a}
		if a.Succeeded() && len(c.failed()) == 0 {
			accepted++
			continue
		}
		if a.Faulty {
			return &AlreadyFound{Missed: fmt.Sprintf("no more can be said of the answer %s", describe(a))}
		}
	}
	switch accepted {
	case 0:
		return cc.unchanged(ctx, cc.contract.Role(roleUnchanged, cc.acting), cc.held())
	case 1:
		if err := cc.goesThroughItsLifecycle(ctx); err != nil {
			return err
		}
		return cc.hasTheValue(ctx)
	default:
		return cc.finding(&cc.answers[1], cc.contract.Role(roleLock, cc.acting), "status", "one of two calls at once to be refused", "both accepted")
	}
}

// overlaps adds the calls of overlapping changes. Each try makes two calls, or one call whose
// change ended too soon and is then polled concurrently. The last change is followed to its end.
func overlaps(s *Metadata, args []string) {
	const first, measured = 1 + again, 1 + again
	s.Calls = append(s.Calls, Call{Action: args[0], To: ToAnother, Least: 2, Most: triesToOverlap * (first + measured), Begins: true, Carried: 1})
}

// meanwhile adds the calls of the second action.
func meanwhile(s *Metadata, args []string) {
	if args[1] != args[0] {
		s.Calls = append(s.Calls, Call{Action: args[1], To: ToAnother, Least: 1, Most: triesToOverlap})
	}
}

// repeatsMeanwhile adds the repeated calls of the second action.
func repeatsMeanwhile(s *Metadata, args []string) {
	s.Calls = append(s.Calls, Call{Action: args[len(args)-1], To: "another value, refused while the change runs", Most: timesRepeated, Harmless: true})
}
