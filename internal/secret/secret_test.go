package secret

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"
)

const (
	canary      = "caNary/9+é \"<&>\\zZ"
	signature64 = "efb356c32e55c781e10dc676da59462c22596d82e91c57803666243379555b2f"
)

type holder struct {
	Public Value
	hidden Value
	Many   []Value
	ByName map[string]Value
	Point  *Value
}

func TestAValueNeverShows(t *testing.T) {
	v := New(canary)
	h := holder{v, v, []Value{v}, map[string]Value{"a": v}, &v}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T", "%p", "%c", "%U", "%e", "%t", "%10.3s"} {
		for name, item := range map[string]any{"value": v, "pointer": &v, "struct": h, "pointer to struct": &h, "in an error": fmt.Errorf("wrapped: %v", v)} {
			shown := fmt.Sprintf(verb, item)
			assert.NotContains(t, shown, canary, "%s of %s", verb, name)
			assert.NotContains(t, shown, hex.EncodeToString([]byte(canary)), "%s of %s", verb, name)
		}
	}
	assert.Equal(t, Redacted, fmt.Sprint(v))
	assert.Equal(t, Redacted, fmt.Sprintf("%#v", v))
	assert.Equal(t, Redacted, v.GoString())

	inJSON, err := json.Marshal(h)
	require.NoError(t, err)
	assert.Contains(t, string(inJSON), `"Public":"[redacted]"`)
	assert.NotContains(t, string(inJSON), "caNary")
	inYAML, err := yaml.Marshal(map[string]any{"a": v, "b": []Value{v}})
	require.NoError(t, err)
	assert.Contains(t, string(inYAML), Redacted)
	assert.NotContains(t, string(inYAML), "caNary")
	inXML, err := xml.Marshal(v)
	require.NoError(t, err)
	assert.Contains(t, string(inXML), Redacted)

	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "a", v, "h", h)
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "a", v, "h", h)
	assert.Contains(t, log.String(), Redacted)
	assert.NotContains(t, log.String(), "caNary")
}

func TestAValueIsRevealedOnlyWhenAsked(t *testing.T) {
	assert.Equal(t, canary, New(canary).Reveal())
	assert.False(t, New(canary).Empty())
	assert.True(t, New("").Empty())
	assert.True(t, Value{}.Empty())
	assert.Empty(t, Value{}.Reveal())
}

// shapes are the ways in which an endpoint or an output can give a secret back.
func shapes(s string) map[string]string {
	js := func(s string) string { b, _ := json.Marshal(s); return string(b) }
	return map[string]string{
		"itself":              s,
		"hex":                 hex.EncodeToString([]byte(s)),
		"HEX":                 strings.ToUpper(hex.EncodeToString([]byte(s))),
		"base64":              base64.StdEncoding.EncodeToString([]byte(s)),
		"base64 raw":          base64.RawStdEncoding.EncodeToString([]byte(s)),
		"base64url":           base64.URLEncoding.EncodeToString([]byte(s)),
		"base64url raw":       base64.RawURLEncoding.EncodeToString([]byte(s)),
		"query":               url.QueryEscape(s),
		"path":                url.PathEscape(s),
		"JSON":                js(s),
		"JSON in JSON":        js(js(s)),
		"JSON escaped slash":  strings.ReplaceAll(js(s), "/", `\/`),
		"ASCII JSON, slash":   strings.ReplaceAll(strings.Trim(strconv.QuoteToASCII(s), `"`), "/", `\/`),
		"ASCII JSON":          strings.Trim(strconv.QuoteToASCII(s), `"`),
		"HTML":                html.EscapeString(s),
		"quoted":              strconv.Quote(s),
		"inside a longer one": "prefix" + s + "suffix",
		"right after another": s + s,
	}
}

func TestAFilterRemovesTheSecretAndWhatIsDerived(t *testing.T) {
	for _, s := range []string{canary, "Gu5t9xGARNpq86cd98joQYCN3", "secret"} {
		f := NewFilter(New(s))
		for name, shape := range shapes(s) {
			text := "before " + shape + " after"
			clean := f.String(text)
			assert.NotContains(t, clean, strings.Trim(shape, `"`), name)
			assert.NotContains(t, clean, s, name)
			assert.Contains(t, clean, Redacted, name)
			assert.True(t, strings.HasPrefix(clean, "before ") && strings.HasSuffix(clean, " after"), clean)
			assert.Equal(t, clean, string(f.Bytes([]byte(text))), name)
			assert.Equal(t, clean, f.String(clean), "a second time changes nothing")
		}
	}
}

func TestAFilterSeesASecretWithinLongerBase64(t *testing.T) {
	const s = "Gu5t9xGARNpq86cd98joQYCN3"
	f := NewFilter(New(s))
	for _, before := range []string{"", "u", "us", "use", "user:"} {
		for _, after := range []string{"", "x", "xy", "xyz"} {
			text := base64.StdEncoding.EncodeToString([]byte(before + s + after))
			clean := f.String(text)
			require.Contains(t, clean, Redacted, before+"…"+after)
			left := len(strings.Replace(clean, Redacted, "", 1))
			assert.LessOrEqual(t, left, len(text)-len(s)*8/6+1, "no more than the edges of the secret's base64 are left")
		}
	}
}

func TestSignaturesAreRemovedInEitherLetterCase(t *testing.T) {
	f := NewFilter()
	other := strings.Repeat("0123456789abcdef", 4)
	text := "a=" + signature64 + ", b=" + strings.ToUpper(signature64) + ", c=" + other + ", d=ab" + signature64 + "cd"
	assert.Equal(t, text, f.String(text), "nothing is known yet")
	f.AddSignature(signature64)
	f.AddSignature("short")
	f.AddSignature(strings.Repeat("z", 64))
	assert.Equal(t, "a=[redacted], b=[redacted], c="+other+", d=ab[redacted]cd", f.String(text))
}

func TestSignaturesAreForgottenOnlyAfterManyOthers(t *testing.T) {
	f := NewFilter()
	f.AddSignature(signature64)
	for i := range 2*maxSignatures - 1 {
		f.AddSignature(fmt.Sprintf("%064x", i))
	}
	assert.Equal(t, Redacted, f.String(signature64))
	f.AddSignature(strings.Repeat("f", 64))
	assert.Equal(t, signature64, f.String(signature64), "no more are kept")
}

func TestTextWithoutSecretsIsPassedThrough(t *testing.T) {
	f := NewFilter(New(canary), New("short"), New(""))
	body := []byte(`{"requestId":"T05992D0C","note":"short"}`)
	assert.Same(t, &body[0], &f.Bytes(body)[0])
	h := http.Header{"A": {"short", "b"}}
	clean := f.Header(h)
	h["A"][0] = "same map"
	assert.Equal(t, "same map", clean.Get("A"))
	assert.Nil(t, f.Bytes(nil))
}

func TestContainsSaysWhetherThereIsASecret(t *testing.T) {
	var none *Filter
	f := NewFilter(New(canary))
	f.AddSignature(signature64)
	for text, is := range map[string]bool{"x " + canary: true, canary: true, signature64: true, "x " + signature64: true, "": false, "x": false, canary[1:]: false, signature64[1:]: false} {
		assert.Equal(t, is, f.Contains([]byte(text)), text)
		assert.False(t, none.Contains([]byte(text)), text)
	}
}

func TestANilFilterRemovesNothing(t *testing.T) {
	var f *Filter
	var out bytes.Buffer
	assert.Equal(t, canary, f.String(canary))
	assert.Equal(t, canary, string(f.Bytes([]byte(canary))))
	assert.Equal(t, http.Header{"A": {canary}}, f.Header(http.Header{"A": {canary}}))
	w := f.Writer(&out)
	_, err := fmt.Fprint(w, canary)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	assert.Equal(t, canary, out.String())
}

func TestHeadersAreCleanedInNamesAndValues(t *testing.T) {
	f := NewFilter(New("Sesame-open"))
	h := http.Header{"X-Echo": {"a", "Sesame-open!"}, "Sesame-open": {"b"}, "X-Plain": {"c"}}
	assert.Equal(t, http.Header{"X-Echo": {"a", "[redacted]!"}, Redacted: {"b"}, "X-Plain": {"c"}}, f.Header(h))
	assert.Equal(t, "Sesame-open!", h["X-Echo"][1], "the header given stays as it was")
}

func TestAWriterHoldsOnlyWhatMayBecomeASecret(t *testing.T) {
	f := NewFilter(New("Sesame-open"), New("Sesame-open-now"))
	var out bytes.Buffer
	w := f.Writer(&out)
	for _, step := range []struct{ write, seen string }{
		{"hello\n", "hello\n"},
		{"x Ses", "hello\nx "},
		{"ame-open", "hello\nx "},
		{"-no", "hello\nx "},
		{"!", "hello\nx [redacted]-no!"},
		{" 5\n", "hello\nx [redacted]-no! 5\n"}, // no line waits for the next one because it ends as hex digits begin
		{"Sesame-op", "hello\nx [redacted]-no! 5\n"},
	} {
		n, err := w.Write([]byte(step.write))
		require.NoError(t, err)
		assert.Equal(t, len(step.write), n)
		assert.Equal(t, step.seen, out.String())
	}
	require.NoError(t, w.Close())
	assert.Equal(t, "hello\nx [redacted]-no! 5\nSesame-op", out.String())
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestAWriterPassesOnErrors(t *testing.T) {
	_, err := NewFilter().Writer(broken{}).Write([]byte("x"))
	assert.ErrorContains(t, err, "disk full")
}

func TestAFilterIsSafeForConcurrentUse(t *testing.T) {
	f := NewFilter(New(canary))
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			for j := range 8 {
				s := fmt.Sprintf("%064x", i*1000+j)
				f.AddSignature(s)
				f.Add(New("token-" + s))
				assert.Equal(t, "x [redacted] y", f.String("x "+s+" y"))
			}
		})
	}
	group.Wait()
}

func FuzzWriterEqualsFilter(f *testing.F) {
	f.Add([]byte("a Sesame-open b "+signature64+" Sesame-open-now"), uint(3), uint(7))
	f.Add([]byte(strings.Repeat("Sesame-", 9)+signature64[:63]+signature64), uint(1), uint(1))
	f.Fuzz(func(t *testing.T, text []byte, a, b uint) {
		filter := NewFilter(New("Sesame-open"), New("Sesame-open-now"), New("open-Sesame"))
		filter.AddSignature(signature64)
		want := string(filter.Bytes(text))
		var out bytes.Buffer
		w := filter.Writer(&out)
		for rest, n := text, a; len(rest) > 0; n = n*31 + b {
			size := min(int(n%80)+1, len(rest))
			_, err := w.Write(rest[:size])
			require.NoError(t, err)
			rest = rest[size:]
		}
		require.NoError(t, w.Close())
		assert.Equal(t, want, out.String())
		assert.NotContains(t, out.String(), "Sesame-open")
		assert.NotContains(t, strings.ToLower(out.String()), signature64)
	})
}

func BenchmarkFilterWithoutAMatch(b *testing.B) {
	f := NewFilter(New(canary), New("Gu5t9xGARNpq86cd98joQYCN3"))
	f.AddSignature(signature64)
	body := bytes.Repeat([]byte(`{"instanceId":"ins-1","instanceStatus":"STOPPED"},`), 20)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		f.Bytes(body)
	}
}

func BenchmarkContainsOnce(b *testing.B) {
	body := bytes.Repeat([]byte(`{"instanceId":"ins-1","instanceStatus":"STOPPED"},`), 20)
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		bytes.Contains(body, []byte("Gu5t9xGARNpq86cd98joQYCN3"))
	}
}
