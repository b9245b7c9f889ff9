package report

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

func TestRepeatedPollsAreFolded(t *testing.T) {
	poll := func(body string, status int) wire.Exchange {
		return wire.Exchange{Effect: wire.Reads, Sent: wire.Sent{Body: wire.Body(body)}, Received: &wire.Received{Status: status}}
	}
	change := poll("a", 200)
	change.Effect = wire.Changes
	lost := poll("a", 200)
	lost.Received, lost.Cause = nil, wire.CauseTimeout
	for name, c := range map[string]struct {
		exchanges []wire.Exchange
		found     int // the exchange with a finding; 0: none
		want      int
	}{
		"three":              {[]wire.Exchange{poll("a", 200), poll("a", 200), poll("a", 200)}, 0, 3},
		"a few":              {[]wire.Exchange{poll("a", 200), poll("a", 200)}, 0, 1},
		"another request":    {[]wire.Exchange{poll("a", 200), poll("a", 200), poll("a", 200), poll("b", 200)}, 0, 3},
		"another answer":     {[]wire.Exchange{poll("a", 200), poll("a", 200), poll("a", 429)}, 0, 1},
		"one with a finding": {[]wire.Exchange{poll("a", 200), poll("a", 200), poll("a", 200), poll("a", 200)}, 4, 3},
		"changes":            {[]wire.Exchange{change, change, change}, 0, 1},
		"no answer":          {[]wire.Exchange{lost, lost, lost}, 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := verdict.Scenario{Exchanges: c.exchanges}
			if c.found > 0 {
				s.Findings = []verdict.Finding{{Exchange: c.found}}
			}
			assert.Equal(t, c.want, polls(s, 0))
		})
	}
}
