package account_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/zec-tools/conformance/internal/account"
)

// TestAReaderMayHaveMissedAChange holds that two readers that differ about the end of a change accuse neither:
// one may lag. One that never shows a change to run, again and again, is wrong.
func TestAReaderMayHaveMissedAChange(t *testing.T) {
	c := theContract(t)
	differ := func(n, over, runs int) []call {
		id, from := fmt.Sprint("i-", n), 1000*n+1
		return []call{
			at(has(id, "STOPPED", "a"), from, from+1), at(resize(id, "b"), from+2, from+4), at(has(id, "RESIZING", "a"), from+5, from+6),
			at(shows(id, "STOPPED"), from+over, from+over+1), at(has(id, "RESIZING", "a"), from+runs, from+runs+1), at(has(id, "STOPPED", "b"), from+400, from+401),
		}
	}
	early := func(n int) []call { return differ(n, 10, 80) }
	late := func(n int) []call { return differ(n, 50, 80) }
	watched := []call{at(resize("i-0", "a"), 9000, 9001), at(shows("i-0", "RESIZING"), 9002, 9003), at(shows("i-0", "STOPPED"), 9100, 9101)}
	for name, row := range map[string]struct {
		session []call
		broken  []string
	}{
		"once":                        {early(0), nil},
		"twice":                       {slices.Concat(early(0), early(1)), nil},
		"three times":                 {slices.Concat(early(0), early(1), early(2)), []string{"C-STATUS-TRUE"}},
		"three times, read late":      {slices.Concat(late(0), late(1), late(2)), nil},
		"three times, and seen later": {slices.Concat(early(0), early(1), early(2), watched), nil},
	} {
		t.Run(name, func(t *testing.T) { assert.ElementsMatch(t, row.broken, clauses(t, c, true, row.session)) })
	}
	assert.Empty(t, clauses(t, c, false, slices.Concat(early(0), early(1), early(2))), "somebody else may have called a change")
}

// TestWhatALaggingReaderShowsOfAChangeSaysNothingOfTheNext holds that a reader that still shows a change which is over
// for the other one accuses no call, and no change, that follows.
func TestWhatALaggingReaderShowsOfAChangeSaysNothingOfTheNext(t *testing.T) {
	c := theContract(t)
	status := func(s string) call { return shows("i-1", s) }
	listed := func(s, value string) call { return has("i-1", s, value) }
	stopped := []call{status("RUNNING"), stop("i-1"), status("STOPPING"), status("STOPPED")}
	resized := []call{listed("STOPPED", "a"), resize("i-1", "b"), status("RESIZING"), status("STOPPED")}
	for name, row := range map[string]struct {
		before, after []call
		broken        []string
	}{
		"a call while it lags":                 {stopped, []call{listed("STOPPING", "a"), start("i-1"), listed("STOPPING", "a"), status("BOOTING"), status("RUNNING"), listed("RUNNING", "a")}, nil},
		"a first look after the call":          {stopped, []call{start("i-1"), listed("STOPPING", "a"), status("BOOTING"), status("RUNNING"), listed("BOOTING", "a"), listed("RUNNING", "a")}, nil},
		"an action that leads on":              {resized, []call{listed("RESIZING", "a"), start("i-1"), listed("RESIZING", "a"), status("BOOTING"), status("RUNNING"), listed("RUNNING", "b")}, nil},
		"the same action again":                {resized, []call{resize("i-1", "a"), listed("RESIZING", "a"), listed("STOPPED", "b"), status("RESIZING"), status("STOPPED"), listed("STOPPED", "a")}, nil},
		"a refusal while it lags":              {resized, []call{listed("RESIZING", "a"), refused(modify, resize("i-1", "c").body, 400, "OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT"), listed("STOPPED", "b")}, nil},
		"a refusal after it":                   {resized, []call{listed("RESIZING", "a"), listed("STOPPED", "b"), refused(modify, resize("i-1", "c").body, 400, "OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT")}, []string{"M-RESIZE"}},
		"a relapse after it":                   {stopped, []call{listed("STOPPING", "a"), listed("STOPPED", "a"), status("STOPPING")}, []string{"A-STOP-END"}},
		"an old value after it":                {resized, []call{listed("RESIZING", "a"), listed("STOPPED", "a")}, []string{"M-RESIZE-TYPE"}},
		"a reader that shows the change later": {[]call{listed("RUNNING", "a"), stop("i-1"), status("STOPPING"), listed("RUNNING", "a")}, []call{status("STOPPED"), listed("RUNNING", "a"), listed("STOPPING", "a"), listed("STOPPED", "a")}, nil},
		"a reader that goes back to the start": {[]call{listed("RUNNING", "a"), stop("i-1"), status("STOPPING"), listed("STOPPING", "a")}, []call{listed("RUNNING", "a"), status("STOPPED")}, []string{"A-STOP-TRANSIENT"}},
		"the same after the end":               {stopped, []call{listed("STOPPED", "a"), listed("RUNNING", "a")}, []string{"A-STOP-END"}},
	} {
		t.Run(name, func(t *testing.T) {
			assert.ElementsMatch(t, row.broken, clauses(t, c, true, slices.Concat(row.before, row.after)))
		})
	}
}

// TestAStartThatIsAnEndIsNoEnd holds that a reader that still shows the start, which is the end as well, may show the work
// later, while the other one shows it or is past it. One that has shown the work itself may not.
func TestAStartThatIsAnEndIsNoEnd(t *testing.T) {
	c := theContract(t)
	status := func(s string) call { return shows("i-1", s) }
	listed := func(s, value string) call { return has("i-1", s, value) }
	begun := []call{listed("STOPPED", "a"), resize("i-1", "b"), status("RESIZING"), listed("STOPPED", "a"), status("RESIZING")}
	for name, row := range map[string]struct {
		after  []call
		broken []string
	}{
		"shown while it runs":                  {[]call{listed("RESIZING", "a"), status("RESIZING"), status("STOPPED"), listed("RESIZING", "a"), listed("STOPPED", "b")}, nil},
		"shown after it":                       {[]call{status("STOPPED"), listed("RESIZING", "a"), listed("STOPPED", "b")}, nil},
		"the other one goes back":              {[]call{status("STOPPED"), listed("RESIZING", "a"), status("RESIZING")}, []string{"M-RESIZE-STOPPED"}},
		"it goes back itself":                  {[]call{listed("RESIZING", "a"), listed("STOPPED", "b"), listed("RESIZING", "b")}, []string{"M-RESIZE-STOPPED"}},
		"an old value at the end":              {[]call{listed("RESIZING", "a"), status("STOPPED"), listed("STOPPED", "a")}, []string{"M-RESIZE-TYPE"}},
		"it goes back to what it never showed": {[]call{status("STOPPED"), listed("STOPPED", "b"), listed("RESIZING", "b")}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			assert.ElementsMatch(t, row.broken, clauses(t, c, true, slices.Concat(begun, row.after)))
		})
	}
}

// TestAReaderThatShowsTheNextChangeDoesNotLag holds that what may be the work of the next change is no lag of the last one,
// however long ago that ended.
func TestAReaderThatShowsTheNextChangeDoesNotLag(t *testing.T) {
	c := theContract(t)
	session := []call{
		at(has("i-1", "STOPPED", "a"), 0, 1), at(resize("i-1", "b"), 10, 11), at(shows("i-1", "RESIZING"), 20, 21), at(shows("i-1", "STOPPED"), 100, 101),
		at(resize("i-1", "a"), 5000, 5001), at(has("i-1", "RESIZING", "b"), 5020, 5021), at(shows("i-1", "RESIZING"), 5040, 5041),
		at(shows("i-1", "STOPPED"), 5100, 5101), at(has("i-1", "STOPPED", "a"), 5200, 5201),
	}
	assert.Empty(t, clausesWithin(t, c, account.Options{Exclusive: true, Within: time.Second}, session))
	late := slices.Clone(session)
	late[4].till = 5030 // the answer of the next change comes after what it began was read
	assert.Empty(t, clausesWithin(t, c, account.Options{Exclusive: true, Within: time.Second}, late))
	back := []call{
		at(shows("i-2", "RUNNING"), 0, 1), at(stop("i-2"), 10, 11), at(shows("i-2", "STOPPING"), 20, 21), at(shows("i-2", "STOPPED"), 100, 101),
		at(start("i-2"), 5000, 5001), at(shows("i-2", "BOOTING"), 5020, 5021), at(shows("i-2", "RUNNING"), 5100, 5101), at(has("i-2", "RUNNING", "a"), 5200, 5201),
	}
	assert.Empty(t, clausesWithin(t, c, account.Options{Exclusive: true, Within: time.Second}, back))
	gone := session[5]
	gone.from, gone.till = 4000, 4001
	assert.Equal(t, []string{"C-INSTANCES-TRUE"}, clausesWithin(t, c, account.Options{Exclusive: true, Within: time.Second}, append(session[:4:4], gone)))
}

// TestANeighbourIsBlamedOnlyForWhatOneReaderShows holds that two readers that differ tell nothing of a change of another instance.
func TestANeighbourIsBlamedOnlyForWhatOneReaderShows(t *testing.T) {
	c := theContract(t)
	others := []call{shows("i-3", "STOPPED"), start("i-3")}
	for name, row := range map[string]struct {
		before call
		broken string
	}{
		"one reader":          {shows("i-1", "STOPPED"), "A-START-ONLY-NAMED"},
		"readers that differ": {has("i-1", "STOPPED", "a"), "C-STATUS-TRUE"},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, []string{row.broken}, clauses(t, c, true, slices.Concat([]call{row.before}, others, []call{shows("i-1", "BOOTING")})))
		})
	}
}

// TestAFindingNamesTheOtherReader where two differ about a status that stays: either may be wrong.
func TestAFindingNamesTheOtherReader(t *testing.T) {
	c := theContract(t)
	for want, second := range map[string]call{"STOPPED, as DescribeInstances shows": shows("i-1", "RUNNING"), "STOPPED": has("i-1", "RUNNING", "a")} {
		j := account.New(account.Read(c), account.Options{Exclusive: true})
		for n, one := range []call{has("i-1", "STOPPED", "a"), second} {
			op, known := c.Operation(one.action)
			assert.True(t, known)
			j.Add("entry", one.exchange(n, op), false)
		}
		found := j.End()
		if assert.Len(t, found, 1) {
			assert.Equal(t, want, found[0].Want)
		}
	}
}
