package cli_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/zec-tools/conformance/internal/mock"
)

// hostile are lines that CI services obey, and what steers a terminal.
const hostile = "::error::owned\n::set-output name=x::y\r\n##[error]owned\n##vso[task.setvariable variable=x]y\n##teamcity[buildStatus text='x']\n" +
	"\x1b]0;owned\x07\x1b[2J\u009b31m\u202e<script>alert(1)</script>"

var obeyed = regexp.MustCompile(`(?m)^\s*::|##\[|##vso\[|##teamcity\[`)

// TestWhatAnEndpointSaysIsNeverObeyed prints what a hostile endpoint says in every place.
func TestWhatAnEndpointSaysIsNeverObeyed(t *testing.T) {
	say := inQuotes(hostile)
	for name, answer := range map[string]func(http.ResponseWriter, *http.Request, string){
		"bare":    func(w http.ResponseWriter, _ *http.Request, _ string) { _, _ = w.Write([]byte(hostile)) },
		"code":    said(400, `{"requestId":%s,"code":%[1]s,"message":%[1]s}`, say),
		"rows":    said(200, `{"requestId":"r","response":{"requestId":"r","totalCount":1,"dataSet":[{"instanceId":"ins-000005","instanceStatus":%s,"instanceType":%[1]s,"status":%[1]s}]}}`, say),
		"no HTTP": hijacked(strings.ReplaceAll(hostile, "%", "%%") + "%.0s"),
		"redirect": func(w http.ResponseWriter, _ *http.Request, _ string) {
			w.Header().Set("Location", oneLine(hostile))
			w.WriteHeader(302)
		},
		"media type": func(w http.ResponseWriter, _ *http.Request, _ string) {
			w.Header().Set("Content-Type", oneLine(hostile))
			_, _ = w.Write([]byte("{}"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, untouched, mock.Options{})
			new(thief).answering(answer)(t, b)
			for _, end := range []ended{
				b.run("--verbose", "--scenario", "resize-succeeds", "--scenario", "text-beyond-ascii"),
				b.command("doctor"),
				b.command("call", "DescribeInstances"),
				b.command("call", "ModifyInstanceType", "--watch", "--data", `{"instanceId":"ins-000005","instanceType":"z2a.cpu.2"}`),
			} {
				for _, text := range []string{end.out, end.err} {
					assert.NotRegexp(t, obeyed, text)
					assert.NotContains(t, text, "\x1b")
					assert.NotContains(t, text, "\u009b")
					assert.NotContains(t, text, "\u202e")
				}
			}
		})
	}
}

func said(status int, format, what string) func(http.ResponseWriter, *http.Request, string) {
	return func(w http.ResponseWriter, _ *http.Request, _ string) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = fmt.Fprintf(w, format, what)
	}
}
