package cli_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"html"
	"io"
	"mime/quotedprintable"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
)

// The secrets of the matrix: the one of the sample, and the shortest there may be.
const (
	echoedToken    = "caNary+token=="
	echoedPassword = "s3/c<T"
)

// form is a way in which an encoder writes a secret.
type form struct {
	name  string
	write func(string) string
	alone bool // no other form may stand beside it in an answer
}

// each writes every character that choose takes with a format, given its code point.
func each(format string, choose func(rune) bool) func(string) string {
	return func(s string) string {
		var out strings.Builder
		for _, r := range s {
			if choose(r) {
				fmt.Fprintf(&out, format, r)
			} else {
				out.WriteRune(r)
			}
		}
		return out.String()
	}
}

func anyCharacter(rune) bool  { return true }
func punctuation(r rune) bool { return !strings.ContainsRune("acdefhiklmnorstyzCNT3", r) }
func of(set string) func(rune) bool {
	return func(r rune) bool { return strings.ContainsRune(set, r) }
}

func inBase64(encoding *base64.Encoding, before string, write func(string) string) func(string) string {
	return func(s string) string { return encoding.EncodeToString([]byte(before + write(s) + "|")) }
}

func itself(s string) string { return s }

func named(s string) string {
	return strings.NewReplacer("+", "&plus;", "=", "&equals;", "/", "&sol;", "<", "&lt;").Replace(s)
}

func printable(s string) string {
	var out bytes.Buffer
	w := quotedprintable.NewWriter(&out)
	_, _ = w.Write([]byte(s))
	_ = w.Close()
	return out.String()
}

// both writes with one encoder, then with another.
func both(first, second func(string) string) func(string) string {
	return func(s string) string { return second(first(s)) }
}

// formsOfSecrets are the rows of the matrix. They are texts of a body: those of JSON are
// what a member's value looks like in it, before it is decoded.
func formsOfSecrets() []form {
	plus := of("+=/<")
	percent := each("%%%02X", punctuation)
	return []form{
		{name: "as it is", write: itself},
		{name: `JSON, \u002B as .NET`, write: each(`\u%04X`, of("+<"))},
		{name: `JSON, \u003d as Gson`, write: each(`\u%04x`, of("=<"))},
		{name: `JSON, \/`, write: func(s string) string { return strings.ReplaceAll(s, "/", `\/`) }},
		{name: "JSON, every character", write: each(`\u%04x`, anyCharacter)},
		{name: "JSON, one letter", write: each(`\u%04X`, of("NT"))},
		{name: "JSON in JSON", write: both(each(`\u%04X`, plus), func(s string) string { return strings.ReplaceAll(s, `\`, `\\`) })},
		{name: "JSON in JSON in JSON", write: both(each(`\u%04X`, plus), func(s string) string { return strings.ReplaceAll(s, `\`, `\\\\`) })},
		{name: "HTML, decimal", write: each("&#%d;", punctuation)},
		{name: "HTML, every character", write: each("&#%d;", anyCharacter)},
		{name: "XML, hexadecimal", write: each("&#x%X;", punctuation)},
		{name: "XML, leading zeros", write: each("&#x%04x;", plus)},
		{name: "HTML, named", write: named},
		{name: "HTML in HTML", write: both(named, html.EscapeString)},
		{name: "HTML in JSON", write: both(each("&#%d;", punctuation), each(`\u%04x`, of("&;")))},
		{name: "percent", write: url.QueryEscape},
		{name: "percent, lower case", write: each("%%%02x", plus)},
		{name: "percent, every character", write: each("%%%02X", anyCharacter)},
		{name: "percent twice", write: both(percent, func(s string) string { return strings.ReplaceAll(s, "%", "%25") })},
		{name: "percent in JSON", write: both(percent, func(s string) string { return strings.ReplaceAll(s, "%", `\u0025`) })},
		{name: "JSON in percent in HTML", write: both(both(func(s string) string { return each(`\u%04X`, plus)(s) }, url.QueryEscape), func(s string) string { return strings.ReplaceAll(s, "%", "&#37;") })},
		{name: "quoted-printable", write: printable},
		{name: "quoted-printable, every character", write: each("=%02X", anyCharacter)},
		{name: "hexadecimal", write: func(s string) string { return hex.EncodeToString([]byte(s)) }},
		{name: "HEXADECIMAL", write: func(s string) string { return strings.ToUpper(hex.EncodeToString([]byte(s))) }},
		{name: "base64, first offset", write: inBase64(base64.StdEncoding, "", itself)},
		{name: "base64, second offset", write: inBase64(base64.StdEncoding, "u", itself)},
		{name: "base64, third offset", write: inBase64(base64.StdEncoding, "u:", itself)},
		{name: "base64, URL-safe", write: inBase64(base64.RawURLEncoding, "us:", itself)},
		{name: "base64 in percent", write: both(inBase64(base64.StdEncoding, "u", itself), url.QueryEscape)},
		{name: "base64 in JSON", write: both(inBase64(base64.StdEncoding, "u:", itself), each(`\u%04x`, of("+/=")))},
		{name: ".NET's JSON in base64", write: inBase64(base64.StdEncoding, "u", each(`\u%04X`, of("+<")))},
		{name: "percent in base64", write: inBase64(base64.StdEncoding, "u:", url.QueryEscape)},
		{name: "beside broken UTF-8", alone: true, write: func(s string) string { return "\xff" + each(`\u%04X`, plus)(s) }},
		{name: "beside a control character", alone: true, write: func(s string) string { return `\u001b` + each(`\u%04X`, plus)(s) }},
	}
}

// echoing answers in ways that take turns, each with the secrets in some forms at another
// place of an answer, as the mock answers otherwise.
func echoing(forms []form) func(http.Handler) http.Handler {
	var texts []string
	for _, f := range forms {
		texts = append(texts, f.write(echoedToken), f.write(echoedPassword))
	}
	text := strings.Join(texts, " ")
	var count atomic.Int64
	bodies := []struct {
		status int
		body   string
	}{
		{200, `{"requestId":"T1-` + text + `","response":{"requestId":"T1-` + text + `"}}`},
		{200, `{"requestId":"a","response":{"requestId":"b","x":{"` + text + `":"` + text + `"}}}`},
		{400, `{"requestId":"T2-` + text + `","code":"INVALID_PARAMETER_VALUE","message":"` + text + `"}`},
		{404, `{"requestId":"r` + text + `","code":"` + text + `","message":7}`},
		{200, `{"requestId":"q","response":{"requestId":"q","totalCount":"` + text + `","dataSet":[{"instanceId":"ins-000005","instanceStatus":"` + text + `","instanceType":"` + text + `","status":"` + text + `"}]}}`},
		{200, `{"requestId":"` + strings.Repeat("x", 180) + text + `","response":{}}`},
		{200, `{"requestId":"cut` + text},
		{200, "<html>" + text + "</html>"},
		{418, text},
	}
	return func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			at := int(count.Add(1))
			one := bodies[at%len(bodies)]
			header := strings.NewReplacer("\r", "", "\n", "").Replace(text)
			w.Header().Set("Content-Type", []string{"application/json", "text/" + header}[at%11/10]) // the tenth of eleven
			w.Header().Set("X-Echo", header)
			w.Header().Set("Location", "/?"+header)
			if at%13 == 0 {
				one.status = http.StatusFound
			}
			w.WriteHeader(one.status)
			_, _ = io.WriteString(w, one.body)
		})
	}
}
