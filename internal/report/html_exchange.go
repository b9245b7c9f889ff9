package report

import (
	"bytes"
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// idShown is how much of a request id is shown beside an answer. The answer contains the whole id.
const idShown = 100

// evidence writes the exchanges of a scenario.
func (p *htmlPage) evidence(s verdict.Scenario) {
	if len(s.Exchanges) == 0 {
		return
	}
	p.raw("<h4>").say(textHistory).raw("</h4>\n" + `<div class="evidence">` + "\n")
	for i := 0; i < len(s.Exchanges); {
		n := polls(s, i)
		if n > 1 {
			p.fold(s.Exchanges[i], n)
		}
		for range n {
			p.exchange(s.ID, i+1, s.Exchanges[i], accusing(s, i+1))
			p.rest()
			i++
		}
		if n > 1 {
			p.raw("</details>\n")
		}
	}
	p.raw("</div>\n")
}

// accusing returns the findings about an exchange.
func accusing(s verdict.Scenario, exchange int) (findings []verdict.Finding) {
	for _, f := range s.Findings {
		if f.Exchange == exchange {
			findings = append(findings, f)
		}
	}
	return findings
}

// fewPolls is the number of equal polls that are shown one by one; more are folded.
const fewPolls = 2

// polls returns the number of consecutive exchanges, starting at i, that are the same read with the
// same answer and no finding, or 1 if there are only a few.
func polls(s verdict.Scenario, i int) int {
	first, n, answer := s.Exchanges[i], 1, ""
	if first.Effect != wire.Reads || first.Received == nil || first.Cause != "" || len(accusing(s, i+1)) > 0 {
		return 1
	}
	for ; i+n < len(s.Exchanges); n++ {
		x := s.Exchanges[i+n]
		if x.Effect != wire.Reads || x.Received == nil || x.Received.Status != first.Received.Status || x.Cause != "" ||
			x.Operation != first.Operation || !bytes.Equal(x.Sent.Body, first.Sent.Body) {
			break
		}
		if n == 1 {
			answer = answered(first)
		}
		if answered(x) != answer || len(accusing(s, i+n+1)) > 0 {
			break
		}
	}
	if n <= fewPolls {
		return 1
	}
	return n
}

// answered returns an answer's body without its request ids, which always differ.
func answered(x wire.Exchange) string {
	id := wire.ReadAnswer(*x.Received).RequestID
	if id == "" {
		return string(x.Received.Body)
	}
	return strings.ReplaceAll(string(x.Received.Body), id, "")
}

// fold begins a line with folded polls.
func (p *htmlPage) fold(x wire.Exchange, n int) {
	p.raw(`<details class="polls">` + "\n<summary><b>").int(n).raw(" × ").text(x.Operation.Action).raw(`</b> <span class="grow peek code soft">`).text(peek(x.Sent.Body)).raw("</span> ")
	p.answerLine(x)
	p.raw("</summary>\n")
}

func (p *htmlPage) exchange(scenario string, n int, x wire.Exchange, accusing []verdict.Finding) {
	p.raw(`<details class="exchange`)
	if len(accusing) > 0 {
		p.raw(" accused")
	}
	p.raw(`">` + "\n" + `<summary><span class="num soft n">`).int(n).raw("</span> <b>").text(x.Operation.Action).raw("</b>")
	if x.Attempt > 1 {
		p.raw(` <span class="soft">`).say(textAttempt, x.Attempt).raw("</span>")
	}
	p.raw(` <span class="grow peek code soft">`).text(peek(x.Sent.Body)).raw("</span> ")
	id := p.answerLine(x)
	p.raw(` <span class="soft num">`).text(brief(x.Timing.End)).raw("</span></summary>\n" + `<div class="wire" id="`).anchor(scenario).raw("-x").int(n).raw(`">` + "\n<div>")
	if x.Cause != "" {
		p.raw(`<p class="reason">`).say(textSaysNothing).raw(" ").code(string(x.Cause)).raw(" ").text(x.Detail).raw("</p>")
	}
	places := p.accusations(accusing)
	p.raw("\n" + `<p class="soft">`)
	if id != "" {
		p.say(textRequestID).raw(" ").code(short(oneLine(id), idShown)).raw(" · ")
	}
	p.say(textSent).raw(" ").time(x.Timing.Start, "15:04:05.000")
	if x.Timing.FirstByte > 0 {
		p.raw(" · ").say(textFirstByte).raw(" ").text(brief(x.Timing.FirstByte))
	}
	p.raw(" · ").say(textEnded).raw(" ").text(brief(x.Timing.End)).raw("</p></div>\n")
	p.message(textRequest).raw("<pre tabindex=\"0\"").attribute("aria-label", textRequest).raw("><b>")
	p.text(x.Sent.Method).raw(" ").text(x.Sent.URL).raw("</b>\n")
	p.header(x.Sent.Header, nil)
	p.body(x.Sent.Body, nil)
	p.raw("</pre>")
	p.resend(x)
	p.raw("</div>\n")
	p.message(textResponse)
	p.answer(x.Received, places)
	p.raw("</div>\n</div>\n</details>\n")
}

// message begins a request or a response.
func (p *htmlPage) message(name phrase) *page {
	return p.raw(`<div class="message"><h5>`).say(name).raw("</h5>\n")
}

// resend writes the commands that send a request again.
func (p *htmlPage) resend(x wire.Exchange) {
	ours, curl := resend(p.reader.Head.Call, x)
	for _, command := range []string{ours, curl} {
		if command != "" {
			p.raw(`<p class="resend soft">`).say(textSendAgain).raw(" <code>").text(command).raw("</code></p>\n")
		}
	}
}

// answerLine writes the status and code, and returns the request id.
func (p *htmlPage) answerLine(x wire.Exchange) string {
	if x.Received == nil {
		p.raw(`<span class="mark c-inconclusive">`).say(textNoAnswer).raw("</span>")
		return ""
	}
	answer := wire.ReadAnswer(*x.Received)
	p.raw(`<span class="code status s`).int(x.Received.Status / 100).raw(`">`).int(x.Received.Status)
	if answer.Code != "" {
		p.raw(" ").text(short(oneLine(answer.Code), 60))
	}
	p.raw("</span>")
	return answer.RequestID
}

// peek returns the beginning of a body on one line.
func peek(body wire.Body) string {
	const most = 90
	return short(oneLine(string(body[:min(len(body), 4*most)])), most)
}

// accusations writes the findings about an exchange, each once, and returns the JSON pointers in
// them.
func (p *htmlPage) accusations(accusing []verdict.Finding) []string {
	var places, said []string
	for _, f := range accusing {
		places = append(places, strings.Split(f.Where, " and ")...)
		if text := f.Error(); !slices.Contains(said, text) {
			said = append(said, text)
			p.raw(`<p class="loose code">`).text(text).raw("</p>")
		}
	}
	return places
}

func (p *htmlPage) answer(r *wire.Received, places []string) {
	if r == nil {
		p.raw(`<p class="soft">`).say(textNoneWhole).raw("</p>")
		return
	}
	p.raw("<pre tabindex=\"0\"").attribute("aria-label", textResponse).raw("><b>").text(r.Proto).raw(" ")
	if slices.Contains(places, "status") {
		p.raw("<mark>").int(r.Status).raw("</mark>")
	} else {
		p.int(r.Status)
	}
	p.raw(" ").text(http.StatusText(r.Status)).raw("</b>\n")
	p.header(r.Header, places)
	p.body(r.Body, places)
	p.raw("</pre>")
}

func (p *htmlPage) header(h http.Header, places []string) {
	for _, line := range headerLines(h) {
		accused := slices.Contains(places, "header "+line.Name)
		p.raw(`<span class="soft">`).text(line.Name).raw(":</span> ")
		if accused {
			p.raw("<mark>").text(line.Value).raw("</mark>\n")
		} else {
			p.text(line.Value).raw("\n")
		}
	}
}

// body writes a body. It marks the values that the JSON pointers lead to.
func (p *htmlPage) body(body wire.Body, places []string) {
	if len(body) == 0 {
		return
	}
	text, isJSON := p.scratch.show(body)
	p.raw("\n")
	done := 0
	if isJSON {
		for _, found := range stretches(text, places) {
			p.text(text[done:found.from]).raw("<mark>").text(text[found.from:found.to]).raw("</mark>")
			done = found.to
		}
	}
	p.text(text[done:])
}

// stretch is a range of a text.
type stretch struct{ from, to int }

// stretches returns the ranges of the values at the places, in order and without nested ones.
func stretches(text string, places []string) []stretch {
	var all []stretch
	for _, place := range places {
		if found := valueAt(text, place); found.to > 0 {
			all = append(all, found)
		}
	}
	slices.SortFunc(all, func(a, b stretch) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(b.to, a.to)) })
	done := 0
	return slices.DeleteFunc(all, func(s stretch) bool {
		if s.from < done {
			return true
		}
		done = s.to
		return false
	})
}

// valueAt returns the range of the value that a JSON pointer leads to.
func valueAt(text, pointer string) stretch {
	if !strings.HasPrefix(pointer, "/") {
		return stretch{}
	}
	members := strings.Split(pointer[1:], "/")
	for i, member := range members {
		member = strings.NewReplacer("~1", "/", "~0", "~").Replace(member)
		members[i] = gjsonEscaper.Replace(member)
	}
	v := gjson.Get(text, strings.Join(members, "."))
	if !v.Exists() || v.Index == 0 || v.Index+len(v.Raw) > len(text) {
		return stretch{}
	}
	return stretch{v.Index, v.Index + len(v.Raw)}
}

// gjsonEscaper escapes the special characters in gjson paths.
var gjsonEscaper = strings.NewReplacer(`\`, `\\`, ".", `\.`, "*", `\*`, "?", `\?`, "|", `\|`, "#", `\#`, "@", `\@`, "!", `\!`, "{", `\{`, "}", `\}`, "[", `\[`, "]", `\]`, "(", `\(`, ")", `\)`, "=", `\=`, "<", `\<`, ">", `\>`, "%", `\%`, `"`, `\"`)

// headerLine is one line of a header, in the same form as in HAR.
type headerLine struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

func headerLines(h http.Header) []headerLine {
	lines := make([]headerLine, 0, len(h))
	for _, name := range slices.Sorted(maps.Keys(h)) {
		for _, value := range h[name] {
			lines = append(lines, headerLine{name, value})
		}
	}
	return lines
}
