package cli_test

import (
	"encoding/base64"
	"encoding/hex"
	"flag"
	"fmt"
	"html"
	"iter"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/mock"
)

var update = flag.Bool("update", false, "write the golden files and the table of docs/redaction.md anew")

// escape is what readers of texts undo, each kind of which begins with one of begins.
var escape = regexp.MustCompile(`^(?:\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\[^a-zA-Z0-9]|&#[xX]?[0-9a-fA-F]+;|&[a-zA-Z]+;|%[0-9a-fA-F]{2}|=[0-9a-fA-F]{2}|=\r?\n)`)

const begins = `\&%=`

// inDigits are texts that may be base64 or hexadecimal.
var inDigits = regexp.MustCompile(`[A-Za-z0-9+/_-]{8,}`)

// undone returns a text with one layer of escapes undone, of every kind.
func undone(text string) string {
	var out strings.Builder
	for {
		at := strings.IndexAny(text, begins)
		if at < 0 {
			out.WriteString(text)
			return out.String()
		}
		out.WriteString(text[:at])
		text = text[at:]
		found := escape.FindString(text)
		if found == "" {
			found = text[:1]
			out.WriteString(found)
		} else {
			out.WriteString(meant(found))
		}
		text = text[len(found):]
	}
}

// meant returns what an escape stands for.
func meant(escape string) string {
	switch escape[0] {
	case '&':
		return html.UnescapeString(escape)
	case '=':
		if strings.HasSuffix(escape, "\n") {
			return ""
		}
		return codePoint(escape[1:])
	case '%':
		return codePoint(escape[1:])
	}
	if escape[1] == 'u' || escape[1] == 'x' {
		return codePoint(escape[2:])
	}
	return escape[1:]
}

func codePoint(digits string) string {
	value, err := strconv.ParseUint(digits, 16, 32)
	if err != nil {
		return digits
	}
	if len(digits) == 2 {
		return string([]byte{byte(value)})
	}
	return string(rune(value))
}

// findsSecret reads a text as an outsider does who wants the secrets in it: as it stands,
// with up to four layers of escapes undone, and what its base64 and hexadecimal texts mean.
func findsSecret(text string) bool {
	for range 5 {
		if holdsSecret(text) {
			return true
		}
		for _, run := range inDigits.FindAllString(text, -1) {
			if slices.ContainsFunc(meanings(run), func(meaning string) bool { return holdsSecret(meaning) || holdsSecret(undone(meaning)) }) {
				return true
			}
		}
		next := undone(text)
		if next == text {
			return false
		}
		text = next
	}
	return false
}

func holdsSecret(text string) bool {
	return strings.Contains(text, echoedToken) || strings.Contains(text, echoedPassword)
}

func meanings(run string) []string {
	var all []string
	run = strings.NewReplacer("-", "+", "_", "/").Replace(run)
	for from := range 4 {
		part := run[from:]
		if decoded, err := base64.RawStdEncoding.DecodeString(part[:len(part)/4*4]); err == nil {
			all = append(all, string(decoded))
		}
		if decoded, err := base64.RawStdEncoding.DecodeString(part); err == nil {
			all = append(all, string(decoded))
		}
	}
	for from := range 2 {
		part := run[from:]
		if decoded, err := hex.DecodeString(part[:len(part)/2*2]); err == nil {
			all = append(all, string(decoded))
		}
	}
	return all
}

func TestAStrangerReadsEveryForm(t *testing.T) {
	for _, f := range formsOfSecrets() {
		for _, secret := range []string{echoedToken, echoedPassword} {
			assert.True(t, findsSecret("x "+f.write(secret)+" y"), "%s: %s", f.name, f.write(secret))
		}
	}
	assert.False(t, findsSecret("caNary+toke s3/c<t "+strings.Repeat("AbcD", 50)))
}

// places are the columns of the matrix.
var places = []string{
	"report.json", "report.html", "exchanges.har", "junit.xml", "report.md", "ctrf.json", "messages.ndjson",
	"annotations, terminal", "log", "call", "doctor, cleanup", "journal",
}

// echoed are the places that would show the secrets of every form if nothing removed them.
var echoed = []string{"report.json", "report.html", "exchanges.har", "messages.ndjson", "call"}

// leaks runs every command that sends at an endpoint that echoes the secrets in some forms,
// and counts what an outsider finds, by place.
func leaks(t *testing.T, forms []form) map[string]int {
	var names []string
	for _, f := range forms {
		names = append(names, f.name)
	}
	b := newBench(t, echoing(forms), mock.Options{Credentials: mock.Credentials{KeyID: "key", Password: echoedPassword, Token: echoedToken}})
	b.env["GITHUB_ACTIONS"] = "true"
	b.replace("resizeTimeout: 2s, restoreTimeout: 5s, pollInterval: 5ms, settle: 20ms", "resizeTimeout: 100ms, restoreTimeout: 100ms, pollInterval: 10ms, settle: 10ms")
	run := b.command("run", "--verbose", "--format=html,junit,md,messages,ctrf,har,annotations",
		"--tags", "@read", "--shard", "1/8", "--parallel", "4")
	require.NotEmpty(t, run.report.Scenarios, run.out+run.err)
	call := b.command("call", "DescribeInstances", "--data", `{"name":"`+echoedToken+`"}`)
	change := b.command("call", "ModifyInstanceType", "--watch", "--data", `{"instanceId":"ins-000005","instanceType":"z2a.cpu.2"}`)
	doctor, cleanup := b.command("doctor"), b.command("cleanup")
	texts := map[string]string{
		"annotations, terminal": run.out, "log": run.err, "call": call.out + call.err + change.out + change.err,
		"doctor, cleanup": doctor.out + doctor.err + cleanup.out + cleanup.err,
	}
	for path, text := range b.files() {
		name := filepath.Base(path)
		if !slices.Contains(places, name) {
			name = "journal" // and whatever else is left beside the reports
		}
		texts[name] += text
	}
	found := map[string]int{}
	for _, place := range places {
		require.True(t, place == "journal" || place == "log" || texts[place] != "", "nothing was written to %s", place)
		if slices.Contains(echoed, place) {
			removed := strings.Count(texts[place], "[redacted]")
			require.GreaterOrEqual(t, removed, len(forms), "%s: too little was removed from %s", names, place)
		}
		found[place] = 0
		seen := map[string]bool{}
		for line := range strings.Lines(texts[place]) {
			line = strings.TrimSpace(line)
			if !seen[line] && findsSecret(line) {
				found[place]++
				t.Logf("%s in %s: %.300s", names, place, line)
			}
			seen[line] = true
		}
	}
	return found
}

// together yields the forms in groups that one answer can echo, each with the place of its
// first form: what shows of one is counted for all of its group. A form that changes how a
// whole answer is read stands alone.
func together(forms []form) iter.Seq2[int, []form] {
	return func(yield func(int, []form) bool) {
		for from := 0; from < len(forms); {
			to := from + 1
			for to < len(forms) && to-from < 5 && !forms[from].alone && !forms[to].alone {
				to++
			}
			if !yield(from, forms[from:to]) {
				return
			}
			from = to
		}
	}
}

// TestNoFormOfASecretShowsInAnyPlace holds every form of the secrets against every place
// that the program writes to, and docs/redaction.md against what came of it.
func TestNoFormOfASecretShowsInAnyPlace(t *testing.T) {
	forms := formsOfSecrets()
	table := make([]map[string]int, len(forms))
	var group sync.WaitGroup
	turns := make(chan struct{}, 4)
	for from, some := range together(forms) {
		group.Go(func() {
			turns <- struct{}{}
			defer func() { <-turns }()
			found := leaks(t, some)
			for i := range some {
				table[from+i] = found
			}
		})
	}
	group.Wait()
	var text strings.Builder
	fmt.Fprintf(&text, "| form | %s |\n|---|%s\n", strings.Join(places, " | "), strings.Repeat("---|", len(places)))
	for i, f := range forms {
		fmt.Fprintf(&text, "| %s |", strings.ReplaceAll(f.name, `\`, `\\`))
		for _, place := range places {
			assert.Zero(t, table[i][place], "%s shows in %s", f.name, place)
			fmt.Fprintf(&text, " %d |", table[i][place])
		}
		text.WriteString("\n")
	}
	page := filepath.Join("..", "..", "docs", "redaction.md")
	before, after := aroundTheTable(t, page)
	if *update {
		require.NoError(t, os.WriteFile(page, []byte(before+text.String()+after), 0o644))
		return
	}
	written, err := os.ReadFile(page)
	require.NoError(t, err)
	assert.Equal(t, before+text.String()+after, string(written), "write it anew with go test ./internal/cli -run NoFormOfASecret -update")
}

// aroundTheTable returns what stands before and behind the table of a page.
func aroundTheTable(t *testing.T, page string) (before, after string) {
	t.Helper()
	text, err := os.ReadFile(page)
	require.NoError(t, err)
	before, rest, found := strings.Cut(string(text), "| form |")
	require.True(t, found, page)
	if at := strings.Index(rest, "\n\n"); at >= 0 {
		after = rest[at+1:]
	}
	return before, after
}
