package target

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/language"
	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/wire"
)

// typed changes the type of an instance.
var typed = lifecycle.Definition{Kind: "instance", Wanted: "instanceType", Changed: lifecycle.Reading{Field: "instanceType"}}

func TestAnAnswerIsShownInWords(t *testing.T) {
	page := wire.ReadAnswer(wire.Received{Status: 200, Body: []byte("<html></html>")})
	assert.Equal(t, "200 and no result of the API", shown(page).In(language.English))
	refused := wire.ReadAnswer(wire.Received{Status: 403, Body: []byte(`{"requestId":"a","code":"NO"}`)})
	assert.Equal(t, "403 NO", shown(refused).In(language.English))
}

// TestWhatAnInstanceThatIsRestoredShows holds that what is wanted and what is there are both said, in each combination.
func TestWhatAnInstanceThatIsRestoredShows(t *testing.T) {
	start := lifecycle.Definition{Operation: wire.Operation{Action: "Start"}, Start: []string{"OFF"}, Transient: []string{"BOOTING"}, End: []string{"RUNNING"}}
	valued, plain := typed, lifecycle.Definition{Kind: "instance"}
	valued.Observed = lifecycle.Reading{Operation: wire.Operation{Action: "DescribeStatus"}, Field: "state"}
	valued.Changed.Operation.Action = "DescribeTypes"
	plain.Observed = valued.Observed
	for want, c := range map[string]struct {
		of  lifecycle.Definition
		old string
		now look
	}{
		"it has type small and is RUNNING, as before":                                      {valued, "RUNNING", look{"RUNNING", "small", "RUNNING"}},
		"it has type small and is STOPPED, from where no allowed action leads to RUNNING":  {valued, "RUNNING", look{"STOPPED", "small", "STOPPED"}},
		"it has type small and is STOPPED":                                                 {valued, "", look{"STOPPED", "small", "STOPPED"}},
		"it still has type large; it had type small":                                       {valued, "RUNNING", look{"RUNNING", "large", "RUNNING"}},
		"it still has type large and is STOPPED; it had type small and was RUNNING":        {valued, "RUNNING", look{"STOPPED", "large", "STOPPED"}},
		"it still has type large and is STOPPED; it had type small":                        {valued, "", look{"STOPPED", "large", "STOPPED"}},
		"it has type small and is RUNNING, as before; the row with its type shows BOOTING": {valued, "RUNNING", look{"RUNNING", "small", "BOOTING"}},
		"it is STOPPED, and DescribeTypes shows no instanceType of it":                     {valued, "RUNNING", look{"STOPPED", "", "STOPPED"}},
		"DescribeStatus shows no state of it":                                              {valued, "RUNNING", look{"", "small", "STOPPED"}},
		"it is still BOOTING; it was RUNNING":                                              {valued, "RUNNING", look{"BOOTING", "small", "RUNNING"}},
		"it is still OFF; it was RUNNING":                                                  {valued, "RUNNING", look{"OFF", "small", "OFF"}},
		"it is OPEN":                                                                       {plain, "OPEN", look{"OPEN", "", ""}},
		"it is still SEALED; it was OPEN":                                                  {plain, "OPEN", look{"SEALED", "", ""}},
		"it is JAMMED":                                                                     {plain, "", look{"JAMMED", "", ""}},
	} {
		o := &restoring{restorer: &restorer{ways: ways{start}}, lifecycle: c.of, wanted: "small", oldStatus: c.old}
		assert.Equal(t, want, o.shows(c.now).In(language.English))
	}
}

// TestACallThatAsksForNoTypeIsNamed where the type is another one afterwards, and no other call is.
func TestACallThatAsksForNoTypeIsNamed(t *testing.T) {
	start := lifecycle.Definition{Operation: wire.Operation{Action: "Start"}, Transient: []string{"BOOTING"}}
	stop := lifecycle.Definition{Operation: wire.Operation{Action: "Stop"}}
	resize := lifecycle.Definition{Operation: wire.Operation{Action: "Resize"}, Wanted: "type"}
	for name, c := range map[string]struct {
		called, refused []string
		now             look
		want            string
	}{
		"one that asks for none":              {[]string{"Start"}, nil, look{"RUNNING", "large", "RUNNING"}, "its type was small until Start was called, which asks for none"},
		"two that ask for none":               {[]string{"Stop", "Start", "Stop"}, nil, look{"RUNNING", "large", "RUNNING"}, "its type was small until Stop or Start was called, which asks for none"},
		"one of them asks for it":             {[]string{"Start", "Resize"}, nil, look{"RUNNING", "large", "RUNNING"}, ""},
		"the one that asks for it is refused": {[]string{"Start", "Resize"}, []string{"Resize"}, look{"RUNNING", "large", "RUNNING"}, "its type was small until Start was called, which asks for none"},
		"its type is the same":                {[]string{"Start"}, nil, look{"RUNNING", "small", "RUNNING"}, ""},
		"it is still under way":               {[]string{"Start"}, nil, look{"BOOTING", "large", "RUNNING"}, ""},
		"its row lags":                        {[]string{"Start"}, nil, look{"RUNNING", "large", "BOOTING"}, ""},
		"nothing was called":                  {nil, nil, look{"RUNNING", "large", "RUNNING"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := &restorer{ways: ways{start, stop, resize}, calls: map[string]int{}, actions: map[string][]string{}, lately: map[string][]string{}, unasked: map[string]language.Phrase{}}
			for _, action := range c.called {
				r.sent(action, []string{"it"}, 1)
			}
			for _, action := range c.refused {
				r.sent(action, []string{"it"}, -1)
			}
			o := &restoring{restorer: r, lifecycle: typed, id: "it", wanted: "small", before: "small", plain: r.plainCalls("it")}
			o.compare(c.now)
			assert.Equal(t, c.want, r.unaskedOf("it").In(language.English))
		})
	}
}

// TestATypeShownDuringAChangeIsNotRestored: an instance that is listed as RESIZING may show any (protocol 9).
func TestATypeShownDuringAChangeIsNotRestored(t *testing.T) {
	resize := typed
	resize.Transient = []string{"RESIZING"}
	o := &restoring{restorer: &restorer{}, lifecycle: resize, wanted: "small", oldStatus: "RESIZING"}
	assert.False(t, o.altered(look{"RESIZING", "large", "RESIZING"}))
	assert.True(t, o.altered(look{"STOPPED", "large", "STOPPED"}))
	assert.False(t, o.altered(look{"STOPPED", "small", "STOPPED"}))
}

// TestAnyTypeMayBeShownDuringAChange: doctor finds no fault with one that is "" while the instance is RESIZING.
func TestAnyTypeMayBeShownDuringAChange(t *testing.T) {
	resize := typed
	resize.Transient = []string{"RESIZING"}
	for status, fails := range map[string]bool{"RESIZING": false, "STOPPED": true} {
		d := &doctor{Remote: &Remote{restorer: &restorer{ways: ways{resize}}}, lifecycle: resize}
		d.typeOf(Listed{ID: "ins-1", Status: status}, row{listed: true, has: true})
		require.Len(t, d.checks, 1)
		assert.Equal(t, fails, d.checks[0].Fix != language.Phrase{}, status)
	}
}
