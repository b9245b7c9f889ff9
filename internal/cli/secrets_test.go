package cli_test

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/cli"
	"github.com/zec-tools/conformance/internal/mock"
)

// The canaries: secrets with characters that every format writes otherwise.
const (
	canaryPassword = `canary-pass"w0rd<&>/+='%_*|` + "`" + `\x`
	canaryToken    = `canary-t0ken~!@#$^()[]{}:;?,.é`
)

// forms returns the ways in which a secret may be written.
func forms(secret string) []string {
	asJSON, _ := json.Marshal(secret)
	return []string{
		secret, strings.Trim(string(asJSON), `"`), html.EscapeString(secret), url.QueryEscape(secret), url.PathEscape(secret),
		base64.StdEncoding.EncodeToString([]byte(secret)), base64.RawURLEncoding.EncodeToString([]byte(secret)),
		hex.EncodeToString([]byte(secret)), strings.ToUpper(hex.EncodeToString([]byte(secret))),
	}
}

// thief is an endpoint that knows the secrets and the signatures it was sent, and says
// them wherever it can.
type thief struct {
	mu         sync.Mutex
	signatures []string
}

var signatureIn = regexp.MustCompile(`Signature=([0-9a-f]{64})`)

// loot is everything the thief knows, in one line of text.
func (f *thief) loot(r *http.Request) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	if m := signatureIn.FindStringSubmatch(r.Header.Get("Authorization")); m != nil {
		f.signatures = append(f.signatures, m[1])
	}
	all := append(forms(canaryPassword), forms(canaryToken)...)
	if n := len(f.signatures); n > 0 {
		all = append(all, f.signatures[n-1], strings.ToUpper(f.signatures[n-1]))
	}
	return strings.Join(append(all, r.Header.Get("Authorization")), " ")
}

func oneLine(s string) string { return strings.NewReplacer("\n", " ", "\r", " ").Replace(s) }

func inQuotes(s string) string {
	text, _ := json.Marshal(s)
	return string(text)
}

// answering makes the thief answer in one way.
func (f *thief) answering(answer func(w http.ResponseWriter, r *http.Request, loot string)) func(*testing.T, *bench) {
	return func(t *testing.T, b *bench) {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			answer(w, r, f.loot(r))
		}))
		t.Cleanup(server.Close)
		b.moveTo(server.URL)
	}
}

func inBody(status int, format string) func(http.ResponseWriter, *http.Request, string) {
	return func(w http.ResponseWriter, _ *http.Request, loot string) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = fmt.Fprintf(w, format, inQuotes(loot))
	}
}

func inHeader(status int, name string) func(http.ResponseWriter, *http.Request, string) {
	return func(w http.ResponseWriter, _ *http.Request, loot string) {
		w.Header().Set(name, oneLine(loot))
		w.WriteHeader(status)
	}
}

// hijacked writes to the connection by hand.
func hijacked(format string) func(http.ResponseWriter, *http.Request, string) {
	return func(w http.ResponseWriter, _ *http.Request, loot string) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			return
		}
		_, _ = fmt.Fprintf(conn, format, oneLine(loot))
		_ = conn.Close()
	}
}

// failures are ways to fail in which a secret could get out.
func (f *thief) failures() map[string]func(*testing.T, *bench) {
	rows := `{"requestId":"r","response":{"requestId":"r","totalCount":1,"dataSet":[{"instanceId":"ins-000005","instanceStatus":%s,"instanceType":%[1]s,"status":%[1]s}]}}`
	return map[string]func(*testing.T, *bench){
		"text under 200":        f.answering(inBody(200, "stolen: %s")),
		"in a message":          f.answering(inBody(400, `{"requestId":"r","code":"INVALID_PARAMETER_VALUE","message":%s}`)),
		"as a code":             f.answering(inBody(400, `{"requestId":"r","code":%s,"message":""}`)),
		"as a request id":       f.answering(inBody(404, `{"requestId":%s,"code":"INVALID_INSTANCE_NOT_FOUND","message":""}`)),
		"as a member's name":    f.answering(inBody(200, `{"requestId":"r","response":{"requestId":"r",%s:1}}`)),
		"as type and status":    f.answering(inBody(200, rows)),
		"in a 401":              f.answering(inBody(401, `{"requestId":"r","code":"AUTHFAILURE_SIGNATURE_FAILURE","message":%s}`)),
		"in a 403":              f.answering(inBody(403, `{"requestId":"r","code":"AUTHFAILURE_UNAUTHORIZED_OPERATION","message":%s}`)),
		"in a 500":              f.answering(inBody(500, `{"requestId":"r","code":"INTERNAL_SERVER_ERROR","message":%s}`)),
		"in JSON cut off":       f.answering(inBody(200, `{"requestId":%s`)),
		"in a header":           f.answering(inHeader(200, "X-Echo")),
		"as a header's name":    f.answering(hijacked("HTTP/1.1 200 OK\r\nX-%s: 1\r\nContent-Length: 0\r\n\r\n")),
		"as a media type":       f.answering(inHeader(200, "Content-Type")),
		"in a redirect":         f.answering(inHeader(302, "Location")),
		"in a challenge":        f.answering(inHeader(403, "Cf-Mitigated")),
		"as a content coding":   f.answering(inHeader(200, "Content-Encoding")),
		"as a date":             f.answering(inHeader(401, "Date")),
		"as a status line":      f.answering(hijacked("%s\r\n\r\n")),
		"as a status":           f.answering(hijacked("HTTP/1.1 200 %s\r\nContent-Length: 2\r\n\r\n{}")),
		"as a length":           f.answering(hijacked("HTTP/1.1 200 OK\r\nContent-Length: %s\r\n\r\n{}")),
		"in a truncated body":   f.answering(hijacked("HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n%s")),
		"in a chunk's length":   f.answering(hijacked("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%s\r\n")),
		"as broken UTF-8":       f.answering(hijacked("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n\"\xff\xfe%s\"")),
		"no answer at all":      f.answering(hijacked("")),
		"nobody there":          func(_ *testing.T, b *bench) { b.moveTo(closed) },
		"a password in the URL": func(_ *testing.T, b *bench) { b.moveTo("https://me:" + url.QueryEscape(canaryPassword) + "@127.0.0.1") },
		"a secret for a variable": func(_ *testing.T, b *bench) {
			b.replace("tokenEnv: ZENLAYER_TOKEN", "tokenEnv: "+inQuotes(canaryToken))
		},
		"a secret as unknown key": func(_ *testing.T, b *bench) {
			b.replace("credentials: {", "password: "+inQuotes(canaryPassword)+"\n    credentials: {")
		},
		"a secret as instance type": func(_ *testing.T, b *bench) { b.replace("resizable: [", "resizable: ["+inQuotes(canaryPassword)+", ") },
	}
}

// TestNoSecretLeavesHoweverARunFails greps everything that commands print and write.
func TestNoSecretLeavesHoweverARunFails(t *testing.T) {
	t.Parallel()
	ways := new(thief).failures()
	require.GreaterOrEqual(t, len(ways), 20)
	type end struct {
		b    *bench
		said []ended
	}
	ends := map[string]end{}
	var mu sync.Mutex
	var group sync.WaitGroup
	for name := range ways {
		f := new(thief)
		b := newBench(t, untouched, mock.Options{Credentials: mock.Credentials{KeyID: "key", Password: canaryPassword, Token: canaryToken}})
		f.failures()[name](t, b)
		group.Go(func() {
			said := b.everyCommand()
			mu.Lock()
			defer mu.Unlock()
			ends[name] = end{b, said}
			b.stolen = f.signatures
		})
	}
	group.Wait()
	for name := range ways {
		t.Run(name, func(t *testing.T) {
			e := ends[name]
			texts := e.b.files()
			for i, said := range e.said {
				texts[fmt.Sprintf("stdout of command %d", i)] = said.out
				texts[fmt.Sprintf("stderr of command %d", i)] = said.err
			}
			for where, text := range texts {
				for _, secret := range append(append(forms(canaryPassword), forms(canaryToken)...), e.b.stolen...) {
					assert.False(t, strings.Contains(text, secret), "%s holds %q", where, secret)
				}
				if at := strings.Index(text, "canary-"); at >= 0 {
					assert.Fail(t, "a part of a secret", "%s holds %q", where, text[at:min(at+80, len(text))])
				}
			}
		})
	}
}

// everyCommand runs what sends, in every format of a report.
func (b *bench) everyCommand() []ended {
	formats := "--format=html,junit,md,messages,ctrf,har,annotations"
	data := `{"instanceId":"ins-000005","instanceType":` + inQuotes(canaryPassword) + `}`
	b.env["GITHUB_ACTIONS"] = "true"
	return []ended{
		b.command("run", formats, "--scenario", "resize-succeeds", "--scenario", "unknown-type", "--scenario", "text-beyond-ascii"),
		b.command("run", "--quiet", "--password="+canaryPassword),
		b.command("run", "--token", canaryToken),
		b.command("doctor", "--access-key-secret", canaryPassword),
		b.command("call", "ModifyInstanceType", "--watch", "--data", data),
		b.command("call", "ModifyInstanceType", "--data", `{"instanceId":`+inQuotes(canaryToken)+`}`),
		b.command("call", "DescribeInstances", "--data", canaryPassword),
	}
}

// files reads everything that was written, but the configuration.
func (b *bench) files() map[string]string {
	texts := map[string]string{}
	err := filepath.WalkDir(filepath.Join(b.dir, "reports"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		texts[path] = string(text)
		return err
	})
	if err != nil && !os.IsNotExist(err) {
		require.NoError(b.t, err)
	}
	return texts
}

func TestASecretAsAFlagIsRefusedWithTheVariableToUse(t *testing.T) {
	for arg, variable := range map[string]string{
		"--password": "ZENLAYERCLOUD_ACCESS_KEY_PASSWORD", "--Secret=x": "ZENLAYERCLOUD_ACCESS_KEY_PASSWORD",
		"--access-key-password": "ZENLAYERCLOUD_ACCESS_KEY_PASSWORD", "--access-key-secret=x": "ZENLAYERCLOUD_ACCESS_KEY_PASSWORD",
		"--access_key_secret": "ZENLAYERCLOUD_ACCESS_KEY_PASSWORD", "--api-key=x": "ZENLAYERCLOUD_ACCESS_KEY_PASSWORD",
		"--token": "ZENLAYER_TOKEN", "--bearer-token=x": "ZENLAYER_TOKEN", "-token": "ZENLAYER_TOKEN",
	} {
		var out, err strings.Builder
		sys := cli.System{In: strings.NewReader(""), Out: &out, Err: &err, Env: func(string) string { return "" }}
		code := cli.Main(context.Background(), []string{"run", arg, "hunter2-hunter2"}, sys)
		assert.Equal(t, 2, code, arg)
		assert.Contains(t, err.String(), variable, arg)
		assert.NotContains(t, err.String()+out.String(), "hunter2", arg)
	}
}
