package client

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/guard"
	"github.com/zec-tools/conformance/internal/secret"
	"github.com/zec-tools/conformance/internal/sign"
	"github.com/zec-tools/conformance/internal/wire"
)

const benchAnswer = `{"requestId":"T05992D0C-7E8B-4047-B0C0-780F2CD549D3","response":{"requestId":"T05992D0C-7E8B-4047-B0C0-780F2CD549D3","totalCount":1,"dataSet":[{"instanceId":"ins-1","instanceStatus":"STOPPED"}]}}`

var benchBody = []byte(`{"instanceIds":["ins-1"],"pageSize":20}`)

func benchServer(b *testing.B) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, benchAnswer)
	}))
	b.Cleanup(server.Close)
	return server.URL
}

// BenchmarkDo is one exchange through the client, to be compared with BenchmarkBare.
func BenchmarkDo(b *testing.B) {
	u, err := url.Parse(benchServer(b))
	require.NoError(b, err)
	guard := guard.New(guard.Rules{Listed: []string{"ins-1"}, Operations: []guard.Operation{{
		Key: readStatus, Reads: true, Parameters: []guard.Parameter{{Name: "instanceIds", ID: true}, {Name: "pageSize"}},
	}}})
	c, err := New(Options{Endpoint: u, Credentials: Credentials{KeyID: testKey, Password: secret.New(testPassword)}, Guard: guard.Check})
	require.NoError(b, err)
	defer c.Close()
	b.ReportAllocs()
	for b.Loop() {
		exchanges, err := c.Do(context.Background(), wire.Request{Operation: readStatus, Body: benchBody, Effect: wire.Reads}, nil)
		if err != nil || !exchanges[0].Judgeable() {
			b.Fatal(err, exchanges)
		}
	}
}

// BenchmarkBare sends the same signed request with net/http alone.
func BenchmarkBare(b *testing.B) {
	endpoint := benchServer(b)
	host := strings.TrimPrefix(endpoint, "http://")
	client := &http.Client{Timeout: DefaultTimeout}
	defer client.CloseIdleConnections()
	b.ReportAllocs()
	for b.Loop() {
		r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, endpoint+readStatus.Path, bytes.NewReader(benchBody))
		require.NoError(b, err)
		now := time.Now().Unix()
		r.Header.Set(headerContentType, contentType)
		r.Header.Set(headerAction, readStatus.Action)
		r.Header.Set(headerVersion, readStatus.Version)
		r.Header.Set(headerTimestamp, strconv.FormatInt(now, 10))
		r.Header.Set(headerSignatureMethod, sign.Method)
		r.Header.Set(headerAuthorization, sign.Authorization(testKey, testPassword, r.Method, now,
			[]sign.Header{{Name: "content-type", Value: contentType}, {Name: "host", Value: host}}, benchBody))
		resp, err := client.Do(r)
		require.NoError(b, err)
		_, err = io.ReadAll(resp.Body)
		require.NoError(b, err)
		require.NoError(b, resp.Body.Close())
	}
}
