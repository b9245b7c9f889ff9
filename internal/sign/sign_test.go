package sign

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The golden vector that S publishes.
const (
	goldenKey       = "0D9UtpyKYcHxms5v"
	goldenPassword  = "Gu5t9xGARNpq86cd98joQYCN3"
	goldenTimestamp = 1673361177
	goldenBody      = `{"pageSize":10,"pageNum":1,"zoneId":"HKG-A"}`
	goldenBodyHash  = "5f714687ba91c606d503467766151206392474accd137ffea6dce2420b67c29a"
	goldenCanonical = "29396f9dfa0f03820b931e8aa06e20cda197e73285ebd76aceb83f7dede493ee"
	goldenSignature = "efb356c32e55c781e10dc676da59462c22596d82e91c57803666243379555b2f"
)

func goldenHeaders() []Header {
	return []Header{
		{"content-type", "application/json; charset=utf-8"},
		{"host", "console.zenlayer.com"},
	}
}

func lookup(headers []Header) func(string) string {
	return func(name string) string {
		for _, h := range headers {
			if strings.EqualFold(h.Name, name) {
				return h.Value
			}
		}
		return ""
	}
}

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func TestThePublishedVectorIsReproduced(t *testing.T) {
	canonical := canonicalRequest(nil, "POST", goldenHeaders(), []byte(goldenBody))
	assert.True(t, strings.HasSuffix(string(canonical), "\n"+goldenBodyHash), "hash of the body")
	assert.Equal(t, goldenCanonical, hash(canonical), "hash of the canonical request")

	got := Authorization(goldenKey, goldenPassword, "POST", goldenTimestamp, goldenHeaders(), []byte(goldenBody))
	assert.Equal(t, "ZC2-HMAC-SHA256 Credential="+goldenKey+
		", SignedHeaders=content-type;host, Signature="+goldenSignature, got)
}

func TestNamesAreLowerCasedAndSortedAndValuesTrimmed(t *testing.T) {
	want := Authorization(goldenKey, goldenPassword, "POST", goldenTimestamp, goldenHeaders(), []byte(goldenBody))
	headers := []Header{{"HOST", " console.zenlayer.com\t"}, {"Content-Type", "application/json; charset=utf-8 "}}
	got := Authorization(goldenKey, goldenPassword, "POST", goldenTimestamp, headers, []byte(goldenBody))
	assert.Equal(t, want, got)
	assert.Equal(t, "HOST", headers[0].Name, "the caller's headers are left as they were")
}

func TestVerify(t *testing.T) {
	more := append(goldenHeaders(), Header{"x-zc-action", "DescribeInstances"})
	cases := map[string]struct {
		headers  []Header // signed
		sent     []Header // as they arrive
		password string
		method   string
		stamp    string
		body     string
		want     bool
	}{
		"as signed":                        {goldenHeaders(), goldenHeaders(), goldenPassword, "POST", "1673361177", goldenBody, true},
		"more signed headers":              {more, more, goldenPassword, "POST", "1673361177", goldenBody, true},
		"values with space around":         {goldenHeaders(), []Header{{"content-type", " application/json; charset=utf-8 "}, goldenHeaders()[1]}, goldenPassword, "POST", "1673361177", goldenBody, true},
		"upper case signed as it is":       {more, more, goldenPassword, "POST", "1673361177", goldenBody, true},
		"upper case signed lower case":     {append(goldenHeaders(), Header{"x-zc-action", "describeinstances"}), more, goldenPassword, "POST", "1673361177", goldenBody, true},
		"lower case signed upper case":     {more, append(goldenHeaders(), Header{"x-zc-action", "describeinstances"}), goldenPassword, "POST", "1673361177", goldenBody, false},
		"all upper case signed lower case": {[]Header{{"content-type", "application/json"}, {"host", "example.com"}}, []Header{{"content-type", "APPLICATION/JSON"}, {"host", "EXAMPLE.COM"}}, goldenPassword, "POST", "1673361177", goldenBody, true},
		"another password":                 {goldenHeaders(), goldenHeaders(), "other", "POST", "1673361177", goldenBody, false},
		"another method":                   {goldenHeaders(), goldenHeaders(), goldenPassword, "GET", "1673361177", goldenBody, false},
		"another timestamp":                {goldenHeaders(), goldenHeaders(), goldenPassword, "POST", "1673361178", goldenBody, false},
		"another body":                     {goldenHeaders(), goldenHeaders(), goldenPassword, "POST", "1673361177", goldenBody + " ", false},
		"another header value":             {goldenHeaders(), []Header{goldenHeaders()[0], {"host", "example.com"}}, goldenPassword, "POST", "1673361177", goldenBody, false},
		"host not signed":                  {goldenHeaders()[:1], goldenHeaders(), goldenPassword, "POST", "1673361177", goldenBody, false},
		"content-type not signed":          {goldenHeaders()[1:], goldenHeaders(), goldenPassword, "POST", "1673361177", goldenBody, false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			credential, err := Parse(Authorization(goldenKey, goldenPassword, "POST", goldenTimestamp, c.headers, []byte(goldenBody)))
			require.NoError(t, err)
			assert.Equal(t, goldenKey, credential.KeyID)
			assert.Equal(t, c.want, credential.Verify(c.password, c.method, c.stamp, lookup(c.sent), []byte(c.body)))
		})
	}
}

func TestParseRefusesWhatDoesNotFollowTheStandard(t *testing.T) {
	fields := "Credential=k, SignedHeaders=content-type;host, Signature=" + goldenSignature
	cases := map[string]string{
		"empty":                    "",
		"the scheme alone":         Method,
		"the scheme and a space":   Method + " ",
		"a bearer token":           "Bearer abc",
		"the scheme in lower case": strings.ToLower(Method) + " " + fields,
		"no scheme":                fields,
		"no credential":            Method + " SignedHeaders=content-type;host, Signature=" + goldenSignature,
		"an empty credential":      Method + " Credential=, SignedHeaders=content-type;host, Signature=" + goldenSignature,
		"no signed headers":        Method + " Credential=k, SignedHeaders=, Signature=" + goldenSignature,
		"no signature":             Method + " Credential=k, SignedHeaders=content-type;host",
		"an empty signature":       Method + " Credential=k, SignedHeaders=content-type;host, Signature=",
		"a short signature":        Method + " Credential=k, SignedHeaders=content-type;host, Signature=abc",
		"a signature of no hex":    Method + " Credential=k, SignedHeaders=content-type;host, Signature=" + strings.Repeat("z", 64),
		"a part twice":             Method + " " + fields + ", Credential=k",
		"parts in another order":   Method + " SignedHeaders=content-type;host, Credential=k, Signature=" + goldenSignature,
		"names not sorted":         Method + " Credential=k, SignedHeaders=host;content-type, Signature=" + goldenSignature,
		"a name twice":             Method + " Credential=k, SignedHeaders=content-type;host;host, Signature=" + goldenSignature,
		"a name in upper case":     Method + " Credential=k, SignedHeaders=Content-Type;host, Signature=" + goldenSignature,
		"an empty name":            Method + " Credential=k, SignedHeaders=content-type;;host, Signature=" + goldenSignature,
		"a space inside a value":   Method + " Credential=k k, SignedHeaders=content-type;host, Signature=" + goldenSignature,
	}
	for name, value := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := Parse(value)
			assert.Error(t, err)
		})
	}
}

// TestParseSaysWhichPartIsWrong holds that parts are counted from one.
func TestParseSaysWhichPartIsWrong(t *testing.T) {
	_, err := Parse(Method + " Credential=k, Headers=content-type;host, Signature=" + goldenSignature)
	assert.ErrorContains(t, err, "part 2 is no SignedHeaders=")
}

func TestParseTakesPartsWithAndWithoutSpaces(t *testing.T) {
	for _, separator := range []string{", ", ",", ",  "} {
		value := Method + " " + strings.Join([]string{"Credential=k", "SignedHeaders=content-type;host", "Signature=" + goldenSignature}, separator)
		credential, err := Parse(value)
		require.NoError(t, err, value)
		assert.Equal(t, Credential{"k", []string{"content-type", "host"}, goldenSignature}, credential)
	}
}

func TestVerifyOfACredentialThatWasNotParsed(t *testing.T) {
	assert.False(t, Credential{}.Verify("", "POST", "", lookup(nil), nil))
	assert.False(t, Credential{SignedHeaders: []string{"content-type", "host"}, Signature: "x"}.Verify("", "POST", "", lookup(nil), nil))
}

func FuzzParse(f *testing.F) {
	f.Add(Authorization(goldenKey, goldenPassword, "POST", goldenTimestamp, goldenHeaders(), []byte(goldenBody)))
	f.Add("Bearer abc")
	f.Add(Method + " Credential=,,")
	f.Fuzz(func(t *testing.T, value string) {
		credential, err := Parse(value)
		if err != nil {
			assert.Zero(t, credential)
			return
		}
		again, err := Parse(Method + " Credential=" + credential.KeyID + ", SignedHeaders=" +
			strings.Join(credential.SignedHeaders, ";") + ", Signature=" + credential.Signature)
		require.NoError(t, err)
		assert.Equal(t, credential, again)
		assert.False(t, credential.Verify("another password", "POST", "0", lookup(nil), nil))
	})
}

func FuzzSignThenVerify(f *testing.F) {
	f.Add(goldenPassword, "application/json", "console.zenlayer.com", []byte(goldenBody), int64(goldenTimestamp), uint(3), byte(1))
	f.Add("", "", "", []byte{}, int64(-1), uint(0), byte(0))
	f.Fuzz(func(t *testing.T, password, contentType, host string, body []byte, timestamp int64, at uint, flip byte) {
		headers := []Header{{"Content-Type", contentType}, {"Host", host}}
		credential, err := Parse(Authorization("key", password, "POST", timestamp, headers, body))
		require.NoError(t, err)
		stamp := strconv.FormatInt(timestamp, 10)
		require.True(t, credential.Verify(password, "POST", stamp, lookup(headers), body))
		if len(body) == 0 || flip == 0 {
			return
		}
		changed := append([]byte(nil), body...)
		changed[at%uint(len(body))] ^= flip
		assert.False(t, credential.Verify(password, "POST", stamp, lookup(headers), changed))
	})
}

func BenchmarkAuthorization(b *testing.B) {
	headers, body := goldenHeaders(), []byte(goldenBody)
	b.ReportAllocs()
	for b.Loop() {
		Authorization(goldenKey, goldenPassword, "POST", goldenTimestamp, headers, body)
	}
}

func BenchmarkVerify(b *testing.B) {
	headers, body := goldenHeaders(), []byte(goldenBody)
	credential, err := Parse(Authorization(goldenKey, goldenPassword, "POST", goldenTimestamp, headers, body))
	require.NoError(b, err)
	value := lookup(headers)
	b.ReportAllocs()
	for b.Loop() {
		if !credential.Verify(goldenPassword, "POST", "1673361177", value, body) {
			b.Fatal("does not verify")
		}
	}
}
