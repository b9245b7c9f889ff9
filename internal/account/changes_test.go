package account_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/zec-tools/conformance/internal/account"
)

// power is a call of an action around a resize, on some instances, that names those it failed for.
func power(action, failed string, ids ...string) call {
	list := ""
	for i, id := range ids {
		if i > 0 {
			list += ","
		}
		list += fmt.Sprintf("%q", id)
	}
	if failed != "" {
		failed = fmt.Sprintf("%q", failed)
	}
	return ask(action, `{"instanceIds":[`+list+`]}`, `"instanceIds":[`+failed+`]`)
}

func start(id string) call  { return power("StartInstances", "", id) }
func stop(id string) call   { return power("StopInstances", "", id) }
func reboot(id string) call { return power("RebootInstances", "", id) }

// at sets when a call leaves and when it is answered, in milliseconds.
func at(c call, from, till int) call {
	c.from, c.till = from, till
	return c
}

// watched are calls of an action on several instances, each of which takes 80 ms, in one status after
// another, and is watched closely.
func watched(count int, called func(id string) call, before, during, after string) (session []call, next int) {
	from := 1
	for n := range count {
		id := fmt.Sprint("w-", n)
		session = append(session, at(shows(id, before), from, from+1), at(called(id), from+2, from+4))
		for ms := 5; ms < 120; ms += 5 {
			status := during
			if ms > 82 {
				status = after
			}
			session = append(session, at(shows(id, status), from+ms, from+ms+2))
		}
		from += 130
	}
	return session, from
}

// quiet is a reboot that is accepted and never seen to run, watched closely for a while.
func quiet(id string, from int) []call {
	session := []call{at(shows(id, "RUNNING"), from, from+1), at(reboot(id), from+2, from+4)}
	for ms := 5; ms < 1000; ms += 5 {
		session = append(session, at(shows(id, "RUNNING"), from+ms, from+ms+2))
	}
	return session
}

func TestWhatChangesAllow(t *testing.T) {
	c := theContract(t)
	stopped, running := shows("i-1", "STOPPED"), shows("i-1", "RUNNING")
	usual, next := watched(5, reboot, "RUNNING", "REBOOT", "RUNNING")
	few, later := watched(4, reboot, "RUNNING", "REBOOT", "RUNNING")
	second := func(from, times int) (session []call) {
		for n := range times {
			id, from := fmt.Sprint("i-", n), from+20*n
			session = append(session, at(shows(id, "RUNNING"), from, from+1), at(reboot(id), from+2, from+4), at(stop(id), from+6, from+9), at(shows(id, "STOPPING"), from+10, from+12))
		}
		return session
	}
	never := append([]call{}, usual...)
	for n := range 3 {
		never = append(never, quiet(fmt.Sprint("q-", n), next+1000*n)...)
	}
	for name, row := range map[string]struct {
		session []call
		broken  []string
	}{
		"no status that the change can lead to allows it": {[]call{stopped, start("i-1"), shows("i-1", "BOOTING"), resize("i-1", "b")}, []string{"A-START-LOCK"}},
		"refused with the pair of another reason":         {[]call{stopped, start("i-1"), shows("i-1", "BOOTING"), refused(modify, resize("i-1", "b").body, 404, "INVALID_INSTANCE_NOT_FOUND")}, []string{"M-STATUS-DENIED"}},
		"it may have ended":                               {[]call{running, reboot("i-1"), shows("i-1", "REBOOT"), stop("i-1"), shows("i-1", "STOPPING")}, nil},
		"a read after it shows that it had not":           {[]call{running, reboot("i-1"), shows("i-1", "REBOOT"), stop("i-1"), shows("i-1", "REBOOT")}, []string{"A-REBOOT-LOCK"}},
		"the other one ends after it":                     {[]call{running, stop("i-1"), shows("i-1", "STOPPING"), resize("i-1", "b"), shows("i-1", "STOPPING"), shows("i-1", "STOPPED")}, []string{"A-STOP-LOCK"}},
		"a status on its own way, which is the other's":   {[]call{running, stop("i-1"), shows("i-1", "STOPPING"), resize("i-1", "b"), shows("i-1", "STOPPING"), shows("i-1", "STOPPING"), shows("i-1", "RESIZING"), shows("i-1", "STOPPED")}, nil},
		"accepted in a status that stays":                 {[]call{shows("i-1", "IMAGING"), start("i-1"), shows("i-1", "IMAGING")}, []string{"A-START-ONLY-FROM"}},
		"accepted in a status that may have passed":       {[]call{shows("i-1", "IMAGING"), start("i-1"), shows("i-1", "BOOTING")}, nil},
		"a read meanwhile shows what it began":            {[]call{at(stopped, 1, 2), at(start("i-1"), 20, 30), at(shows("i-1", "IMAGING"), 15, 28), at(shows("i-1", "IMAGING"), 40, 41), at(shows("i-1", "RUNNING"), 50, 51)}, []string{"A-START-TRANSIENT"}},
		"tolerated while it runs":                         {[]call{running, stop("i-1"), shows("i-1", "STOPPING"), stop("i-1")}, nil},
		"too soon after another":                          {append(append([]call{}, usual...), second(next, 3)...), []string{"A-REBOOT-LOCK", "A-REBOOT-LOCK", "A-REBOOT-LOCK"}},
		"too soon after another, twice":                   {append(append([]call{}, usual...), second(next, 2)...), nil},
		"the same where too few were watched":             {append(append([]call{}, few...), second(later, 3)...), nil},
		"never seen to run, again and again":              {never, []string{"A-REBOOT-TRANSIENT"}},
		"not seen to run twice":                           {never[:len(never)-len(quiet("q", 0))], nil},
		"started in the recycle bin":                      {[]call{shows("i-1", "RECYCLE"), start("i-1")}, []string{"A-START-RECYCLED"}},
		"refused in the recycle bin":                      {[]call{shows("i-1", "RECYCLE"), refused("StartInstances", start("i-1").body, 403, "OPERATION_FAILED_FOR_RECYCLE_RESOURCE")}, nil},
		"named as failed in the recycle bin":              {[]call{shows("i-1", "RECYCLE"), power("StartInstances", "i-1", "i-1")}, nil},
		"named as failed and done":                        {[]call{stopped, power("StartInstances", "i-1", "i-1"), shows("i-1", "BOOTING")}, []string{"A-START-BATCH"}},
		"not named as failed":                             {[]call{stopped, shows("i-2", "RUNNING"), power("StartInstances", "", "i-1", "i-2")}, []string{"A-START-BATCH"}},
		"refused with any code of its own":                {[]call{stopped, refused("RebootInstances", reboot("i-1").body, 403, "ANY_CODE")}, nil},
		"refused for no reason":                           {[]call{running, refused("RebootInstances", reboot("i-1").body, 403, "ANY_CODE")}, []string{"A-REBOOT-CARRIED-OUT"}},
		"a neighbour changed by the other action":         {[]call{stopped, shows("i-2", "RUNNING"), shows("i-3", "STOPPED"), stop("i-2"), start("i-3"), shows("i-1", "BOOTING")}, []string{"A-START-ONLY-NAMED"}},
	} {
		t.Run(name, func(t *testing.T) { assert.ElementsMatch(t, row.broken, clauses(t, c, true, row.session)) })
	}
}

// TestAChangeThatSurelyNeverBegan holds that a call which is accepted after one that came to nothing breaks no lock: what
// the first one broke is that it was not carried out.
func TestAChangeThatSurelyNeverBegan(t *testing.T) {
	c := theContract(t)
	usual, from := watched(5, start, "STOPPED", "BOOTING", "RUNNING")
	few, _ := watched(4, start, "STOPPED", "BOOTING", "RUNNING")
	for name, row := range map[string]struct {
		known  []call
		other  int // milliseconds until the other one of the batch is seen at its end; 0: it is not
		waits  int // milliseconds until it is called again
		then   call
		broken []string
	}{
		"a batch forgets one":            {usual, 0, 900, start("i-1"), []string{"A-START-CARRIED-OUT"}},
		"another one is refused":         {usual, 0, 900, refused("StopInstances", stop("i-1").body, 403, "OPERATION_DENIED_INSTANCE_NOT_RUNNING"), nil},
		"called again too soon to tell":  {usual, 0, 60, start("i-1"), []string{"A-START-LOCK"}},
		"nobody knows how long it takes": {few, 0, 900, start("i-1"), []string{"A-START-LOCK"}},
		"the other one tells":            {nil, 100, 900, start("i-1"), []string{"A-START-CARRIED-OUT"}},
		"the other one took as long":     {nil, 300, 900, start("i-1"), []string{"A-START-LOCK"}},
	} {
		t.Run(name, func(t *testing.T) {
			session := append([]call{}, row.known...)
			session = append(session, at(shows("i-2", "STOPPED"), from, from+1), at(shows("i-1", "STOPPED"), from+2, from+3), at(power("StartInstances", "", "i-2", "i-1"), from+4, from+5))
			for ms := 10; ms < row.waits; ms += 10 {
				session = append(session, at(shows("i-1", "STOPPED"), from+ms, from+ms+2))
				if ms == row.other {
					session = append(session, at(shows("i-2", "RUNNING"), from+ms+3, from+ms+5))
				}
			}
			again := from + row.waits
			session = append(session, at(row.then, again, again+2), at(shows("i-1", "BOOTING"), again+4, again+6))
			if row.then.status != 200 {
				session = session[:len(session)-1]
			}
			assert.Equal(t, append([]string{}, row.broken...), clauses(t, c, true, session))
		})
	}
}

// TestWhatARefusalMayBeInstead holds that a refusal in a status in which a change may be refused is told which error
// response it should have been.
func TestWhatARefusalMayBeInstead(t *testing.T) {
	c := theContract(t)
	wrong := refused(modify, resize("i-1", "c").body, 400, "INVALID_PARAMETER_VALUE")
	const denied = "400 OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT"
	for name, row := range map[string]struct {
		session []call
		want    string
	}{
		"while a change runs that may have ended": {[]call{has("i-1", "STOPPED", "a"), resize("i-1", "b"), shows("i-1", "RESIZING"), wrong}, "M-STATUS-DENIED: " + denied + ", or success (200)"},
		"in a status that may have passed":        {[]call{shows("i-1", "IMAGING"), wrong}, "M-STATUS-DENIED: " + denied + ", or success (200)"},
		"in a status that stays":                  {[]call{shows("i-1", "RUNNING"), wrong}, "M-STATUS-DENIED: " + denied},
		"in the status in which it begins":        {[]call{has("i-1", "STOPPED", "c"), resized()[1], shows("i-1", "RESIZING"), shows("i-1", "STOPPED"), has("i-1", "STOPPED", "b"), wrong}, "M-RESIZE: success (200)"},
	} {
		t.Run(name, func(t *testing.T) {
			j := account.New(account.Read(c), account.Options{Exclusive: true})
			var found []account.Finding
			for n, one := range row.session {
				op, _ := c.Operation(one.action)
				found = append(found, j.Add("", one.exchange(n, op), false)...)
			}
			got := ""
			for _, f := range append(found, j.End()...) {
				got = f.Clause + ": " + f.Want
			}
			assert.Equal(t, row.want, got)
		})
	}
}

// TestWhatIsOverdue judges changes that are not done in the time that they may take.
func TestWhatIsOverdue(t *testing.T) {
	c := theContract(t)
	late := func(status string) call { return at(shows("i-1", status), 2000, 2001) }
	for name, row := range map[string]struct {
		session []call
		broken  []string
	}{
		"runs still":             {[]call{shows("i-1", "RUNNING"), stop("i-1"), shows("i-1", "STOPPING"), late("STOPPING")}, []string{"A-STOP-END"}},
		"has not begun":          {[]call{shows("i-1", "RUNNING"), stop("i-1"), late("RUNNING")}, []string{"A-STOP-CARRIED-OUT"}},
		"may have run meanwhile": {[]call{shows("i-1", "RUNNING"), reboot("i-1"), late("RUNNING")}, nil},
		"one reader lags": {[]call{shows("i-1", "RUNNING"), stop("i-1"), shows("i-1", "STOPPING"), shows("i-1", "STOPPED"), at(has("i-1", "STOPPING", "a"), 2000, 2001)},
			[]string{"C-INSTANCES-TRUE"}},
		"a batch forgets one": {[]call{shows("i-1", "RUNNING"), shows("i-2", "RUNNING"), power("StopInstances", "", "i-2", "i-1"), shows("i-2", "STOPPING"), shows("i-2", "STOPPED"), late("RUNNING")},
			[]string{"A-STOP-CARRIED-OUT"}},
		"is done": {[]call{shows("i-1", "RUNNING"), stop("i-1"), late("STOPPED")}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			assert.ElementsMatch(t, row.broken, clausesWithin(t, c, account.Options{Exclusive: true, Within: time.Second}, row.session))
			assert.Empty(t, clauses(t, c, true, row.session), "nothing says how long it may take")
		})
	}
}

func TestPagesOfSubjectsThatExist(t *testing.T) {
	c := theContract(t)
	known := []call{shows("i-1", "STOPPED"), shows("i-2", "STOPPED"), shows("i-3", "STOPPED")}
	page := func(number, total int, ids ...string) call {
		list := []string{}
		for _, id := range ids {
			list = append(list, fmt.Sprintf(`{"instanceId":%q,"instanceStatus":"STOPPED"}`, id))
		}
		one := ask(statuses, fmt.Sprintf(`{"instanceIds":["i-1","i-2","i-3"],"pageSize":2,"pageNum":%d}`, number), rows(list...))
		one.answer = fmt.Sprintf(`"totalCount":%d`, total) + one.answer[len(`"totalCount":0`):]
		return one
	}
	for name, row := range map[string]struct {
		pages  []call
		broken []string
	}{
		"both":               {[]call{page(1, 3, "i-1", "i-2"), page(2, 3, "i-3")}, nil},
		"after the last":     {[]call{page(7, 3)}, nil},
		"a number past all":  {[]call{ask(statuses, `{"instanceIds":["i-1","i-2","i-3"],"pageSize":2,"pageNum":9223372036854775807}`, rows())}, nil},
		"the last is empty":  {[]call{page(2, 3)}, []string{"C-STATUS-PAGE"}},
		"a subject on both":  {[]call{page(1, 3, "i-1", "i-2"), page(2, 3, "i-2")}, []string{"C-STATUS-PAGE"}},
		"rows in no order":   {[]call{page(1, 3, "i-1", "i-2"), page(2, 3, "i-2"), page(1, 3, "i-2", "i-1")}, nil},
		"rows in one order":  {[]call{page(1, 3, "i-1", "i-2"), page(2, 3, "i-2"), page(1, 3, "i-1", "i-2")}, []string{"C-STATUS-PAGE"}},
		"the first, always":  {[]call{page(2, 3, "i-1", "i-2")}, []string{"C-STATUS-PAGE"}},
		"pages of ten":       {[]call{ask(statuses, `{}`, `"totalCount":30,"dataSet":[{"instanceId":"i-1","instanceStatus":"STOPPED"}]`)}, []string{"C-STATUS-PAGE-DEFAULT"}},
		"nothing of account": {[]call{ask(statuses, `{"instanceIds":[]}`, rows())}, []string{"C-OPTIONAL-EMPTY"}},
	} {
		t.Run(name, func(t *testing.T) {
			assert.ElementsMatch(t, row.broken, clauses(t, c, true, append(append([]call{}, known...), row.pages...)))
		})
	}
}
