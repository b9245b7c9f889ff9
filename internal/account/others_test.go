package account_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/account"
	"github.com/zec-tools/conformance/internal/wire"
)

// TestSubjectsOfOthers has an account with subjects that no request names: they come, go and
// change as they like, while what the requests name is judged as ever.
func TestSubjectsOfOthers(t *testing.T) {
	c := theContract(t)
	row := func(id, status string) string {
		return fmt.Sprintf(`{"instanceId":%q,"instanceStatus":%q}`, id, status)
	}
	page := func(list ...string) call { return ask(statuses, `{"pageSize":50}`, rows(list...)) }
	miscounted := ask(statuses, `{"pageSize":50}`, `"totalCount":2,"dataSet":[`+row("i-9", "STOPPED")+`]`)
	gone := ask(statuses, `{}`, rows())
	for name, one := range map[string]struct {
		session        []call
		alone, besides []string
	}{
		"one that goes":            {[]call{page(row("i-9", "STOPPED")), gone}, []string{"C-STATUS-OPTIONAL"}, nil},
		"one that comes meanwhile": {[]call{miscounted}, []string{"C-STATUS-TOTAL-MATCHES"}, nil},
		"one that changes":         {[]call{page(row("i-9", "STOPPED")), page(row("i-9", "RUNNING"))}, nil, nil},
		"a named one that goes":    {[]call{shows("i-1", "STOPPED"), gone}, []string{"C-STATUS-OPTIONAL"}, []string{"C-STATUS-OPTIONAL"}},
		"a named one that changes": {[]call{shows("i-1", "STOPPED"), page(row("i-1", "RUNNING"), row("i-9", "STOPPED"))}, []string{"C-STATUS-TRUE"}, []string{"C-STATUS-TRUE"}},
	} {
		t.Run(name, func(t *testing.T) {
			assert.ElementsMatch(t, one.alone, clausesWithin(t, c, account.Options{Exclusive: true}, one.session), "nobody else is there")
			assert.ElementsMatch(t, one.besides, clausesWithin(t, c, account.Options{Exclusive: true, Others: true}, one.session), "others are there")
		})
	}
}

// TestWhatOneAnswerShows judges single answers alone: that all of them came late is no finding then.
func TestWhatOneAnswerShows(t *testing.T) {
	c := theContract(t)
	late := append(append(lateAnswers("i-1", 1), lateAnswers("i-2", 100)...), lateAnswers("i-3", 200)...)
	assert.Equal(t, []string{"M-RESIZE-ASYNC"}, clausesWithin(t, c, account.Options{Exclusive: true}, late))
	assert.Empty(t, clausesWithin(t, c, account.Options{Exclusive: true, Single: true}, late))
}

// TestWhatNothingTells judges what is wrong by one of several clauses: where single answers are judged, the
// steps that know more say which.
func TestWhatNothingTells(t *testing.T) {
	c := theContract(t)
	for name, row := range map[string]struct {
		session []call
		all     []string // without Single
	}{
		"two readers that differ":            {[]call{has("i-1", "STOPPED", "a"), shows("i-1", "RUNNING")}, []string{"C-STATUS-TRUE"}},
		"a value that may not exist":         {[]call{has("i-1", "STOPPED", "a"), refused(modify, resize("i-1", "x").body, 404, "INVALID_INSTANCE_NOT_FOUND")}, []string{"M-RESIZE"}},
		"a status that one reader misspells": {resized(has("i-1", "Stopped", "b")), []string{"M-RESIZE-STOPPED"}},
		"a value that nothing explains":      {[]call{has("i-2", "STOPPED", "a"), has("i-1", "STOPPED", "a"), resize("i-1", "b"), shows("i-2", "STOPPED"), has("i-2", "STOPPED", "b")}, []string{"C-INSTANCES-TRUE"}},
		"an end that one reader alone has":   {[]call{has("i-1", "STOPPED", "a"), resize("i-1", "b"), shows("i-1", "RESIZING"), has("i-1", "STOPPED", "a")}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, append([]string{}, row.all...), clausesWithin(t, c, account.Options{Exclusive: true}, row.session))
			assert.Empty(t, clausesWithin(t, c, account.Options{Exclusive: true, Single: true}, row.session))
		})
	}
	assert.Equal(t, []string{"A-STOP-ABSENT"}, clausesWithin(t, c, account.Options{Exclusive: true, Single: true}, []call{
		refused("StopInstances", `{"instanceIds":["i-9"],"forceShutdown":null}`, 404, "OPERATION_FAILED_RESOURCE_NOT_FOUND"),
	}), "the action's own page says how an instance is denied that does not exist")
}

// TestTheValueThatASubjectHas is about a change to what a subject has, or gets by a change that runs: any
// documented refusal of it is right.
func TestTheValueThatASubjectHas(t *testing.T) {
	c := theContract(t)
	before, body := has("i-1", "STOPPED", "a"), func(instanceType string) string { return resize("i-1", instanceType).body }
	runs := []call{before, resize("i-1", "b"), shows("i-1", "RESIZING")}
	for name, row := range map[string]struct {
		session []call
		broken  []string
	}{
		"what it has":                     {[]call{before, refused(modify, body("a"), 400, "INVALID_PARAMETER_VALUE")}, nil},
		"the same change while it runs":   {append(runs[:3:3], refused(modify, body("b"), 400, "INVALID_PARAMETER_VALUE")), nil},
		"another change while one runs":   {append(runs[:3:3], refused(modify, body("c"), 400, "INVALID_PARAMETER_VALUE")), []string{"M-STATUS-DENIED"}},
		"back to what it had, while runs": {append(runs[:3:3], refused(modify, body("a"), 400, "INVALID_PARAMETER_VALUE")), nil},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, append([]string{}, row.broken...), clauses(t, c, true, row.session))
		})
	}
}

// TestAnAnswerOfManyRows holds that an answer may list very many subjects of others.
func TestAnAnswerOfManyRows(t *testing.T) {
	c := theContract(t)
	const many = 50_000
	list := make([]string, many)
	for i := range list {
		list[i] = fmt.Sprintf(`{"instanceId":"o-%d","instanceStatus":"STOPPED"}`, i)
	}
	session := []call{shows("i-1", "STOPPED"), ask(statuses, `{"pageSize":1000}`, rows(list...))}
	assert.Equal(t, []string{"C-STATUS-PAGE"}, clausesWithin(t, c, account.Options{Exclusive: true, Others: true}, session))
	list[many-1] = list[0]
	session[1] = ask(statuses, `{"pageSize":1000}`, rows(list...))
	assert.Equal(t, []string{"C-STATUS-FILTER"}, clausesWithin(t, c, account.Options{Exclusive: true, Others: true}, session), "one of them twice")
}

// TestWhatCannotBeAuthenticated judges traffic whose credentials nobody knows: no refusal of them is a
// finding, whatever its code.
func TestWhatCannotBeAuthenticated(t *testing.T) {
	c := theContract(t)
	for _, action := range []string{statuses, modify, "RebootInstances"} {
		for name, header := range map[string]map[string]string{"signed": {}, "a token": {"Authorization": "Bearer of somebody"}} {
			t.Run(action+" "+name, func(t *testing.T) {
				op, _ := c.Operation(action)
				j := account.New(account.Read(c), account.Options{Exclusive: true, Others: true})
				one := refused(action, `{"instanceIds":["i-1"],"instanceId":"i-1","instanceType":"a"}`, 401, "ODD_CODE")
				one.header = header
				assert.Empty(t, append(j.Add("", one.exchange(1, op), false), j.End()...))
			})
		}
	}
}

// TestNamesOfHeadersAreSentInAnyCase judges a request whose headers stand as they were sent.
func TestNamesOfHeadersAreSentInAnyCase(t *testing.T) {
	c := theContract(t)
	op, _ := c.Operation(statuses)
	for name, as := range map[string]func(string) string{"lower": strings.ToLower, "upper": strings.ToUpper, "documented": func(s string) string { return strings.ReplaceAll(s, "Zc", "ZC") }} {
		t.Run(name, func(t *testing.T) {
			j := account.New(account.Read(c), account.Options{Exclusive: true})
			var x wire.Exchange
			for n, one := range []call{shows("i-1", "STOPPED"), shows("i-1", "STOPPED")} {
				x = one.exchange(n, op)
				sent := http.Header{}
				for name, values := range x.Sent.Header {
					sent[as(name)] = values
				}
				x.Sent.Header = sent
				require.Empty(t, j.Add("", x, false))
			}
			assert.Empty(t, j.End())
		})
	}
}
