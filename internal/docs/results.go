package docs

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// Results is what a report shows, as far as the pages tell it.
type Results struct {
	head     verdict.Run
	outcomes map[string]verdict.Outcome // by scenario id
	statuses map[string]verdict.ClauseStatus
	examples map[string]exchange // by clause
}

// exchange is an example of a request and its response, ready to be shown.
type exchange struct {
	request, response string
	rank              int // how well it shows its clause: the higher the better
}

// How well an exchange of a run shows a clause.
const (
	borne  = iota + 1 // its scenario bears the clause
	ruled             // it stands under the clause's rule
	breaks            // a finding on the clause names it
)

// ReadResults reads a report. It keeps one exchange for each clause.
func ReadResults(reader *report.Reader, s *suite.Suite) (*Results, error) {
	r := &Results{head: reader.Head, outcomes: map[string]verdict.Outcome{}, statuses: map[string]verdict.ClauseStatus{}, examples: map[string]exchange{}}
	for _, c := range reader.Head.Clauses {
		r.statuses[c.ID] = c.Status
	}
	calls := map[string]int{} // the position of the step that calls an operation, by scenario
	for _, c := range s.Cases {
		calls[c.ID] = slices.IndexFunc(c.Steps, func(step suite.Step) bool { return len(step.Match.Metadata().Actions) > 0 })
	}
	for s, err := range reader.Scenarios() {
		if err != nil {
			return nil, fmt.Errorf("read the results: %w", err)
		}
		r.outcomes[s.ID] = s.Outcome
		for _, f := range s.Findings {
			r.offer(f.Clause, s, f.Exchange, breaks)
		}
		call, known := calls[s.ID]
		if !known || call < 0 || call >= len(s.Steps) || s.Outcome != verdict.Passed {
			continue
		}
		for i, clause := range s.Clauses {
			rank := borne
			if i == 0 {
				rank = ruled
			}
			r.offer(clause, s, s.Steps[call].Exchanges, rank)
		}
	}
	return r, nil
}

// offer keeps an exchange of a scenario as a clause's example if it is a better one.
func (r *Results) offer(clause string, s verdict.Scenario, position, rank int) {
	if position < 1 || position > len(s.Exchanges) || r.examples[clause].rank >= rank {
		return
	}
	e := s.Exchanges[position-1]
	if e.Received == nil {
		return
	}
	r.examples[clause] = exchange{request: sent(e.Sent), response: received(*e.Received), rank: rank}
}

func sent(s wire.Sent) string {
	path := s.URL
	if _, rest, found := strings.Cut(path, "://"); found {
		_, path, _ = strings.Cut(rest, "/")
		path = "/" + path
	}
	return message(s.Method+" "+path, s.Header, s.Body)
}

func received(r wire.Received) string {
	return message(statusLine(r.Status), r.Header, r.Body)
}

func statusLine(status int) string {
	return strings.TrimSpace(fmt.Sprintf("HTTP %d %s", status, http.StatusText(status)))
}

// isShown are the headers that an example shows: those that say which operation is called and what is sent.
func isShown(name string) bool {
	name = http.CanonicalHeaderKey(name)
	return name == "Content-Type" || name == "Authorization" || strings.HasPrefix(name, "X-Zc-")
}

func message(first string, header http.Header, body []byte) string {
	lines := []string{first}
	names := make([]string, 0, len(header))
	for name := range header {
		if isShown(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		for _, value := range header[name] {
			lines = append(lines, name+": "+value)
		}
	}
	return strings.Join(append(lines, "", readable(body)), "\n")
}

// bodyLimit is how many bytes of a recorded body an example shows.
const bodyLimit = 4 << 10

// readable shows a body: JSON with line breaks, what is too long or no text cut or left out.
func readable(body []byte) string {
	var indented bytes.Buffer
	text := string(body)
	if json.Indent(&indented, body, "", "  ") == nil {
		text = indented.String()
	}
	if !utf8.ValidString(text) {
		return fmt.Sprintf("(%d bytes, no text)", len(body))
	}
	if len(text) > bodyLimit {
		cut := bodyLimit
		for !utf8.RuneStart(text[cut]) {
			cut--
		}
		text = text[:cut] + "\n…"
	}
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = report.Plain(lines[i])
	}
	return strings.Join(lines, "\n")
}
