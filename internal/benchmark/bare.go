package benchmark

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/sign"
	"github.com/zec-tools/conformance/internal/wire"
)

// bare is net/http alone: it signs a request, sends it and reads the answer, and
// neither judges nor keeps anything.
type bare struct {
	client      *http.Client
	endpoint    string // scheme://host:port
	host        string
	credentials mock.Credentials
	operation   wire.Operation
}

func newBare(endpoint string, operation wire.Operation) *bare {
	return &bare{
		client:   &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 4}},
		endpoint: endpoint, host: endpoint[len("http://"):],
		credentials: mock.DefaultCredentials(), operation: operation,
	}
}

func (b *bare) close() { b.client.CloseIdleConnections() }

// form makes the signed request of a body.
func (b *bare) form(ctx context.Context, body []byte) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, b.endpoint+b.operation.Path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	const media = "application/json; charset=utf-8"
	now := time.Now().Unix()
	r.Header.Set("Content-Type", media)
	r.Header.Set("X-ZC-Action", b.operation.Action)
	r.Header.Set("X-ZC-Version", b.operation.Version)
	r.Header.Set("X-ZC-Timestamp", strconv.FormatInt(now, 10))
	r.Header.Set("X-ZC-Signature-Method", sign.Method)
	r.Header.Set("Authorization", sign.Authorization(b.credentials.KeyID, b.credentials.Password, r.Method, now,
		[]sign.Header{{Name: "content-type", Value: media}, {Name: "host", Value: b.host}}, body))
	return r, nil
}

// send returns the status of the answer, whose body it reads.
func (b *bare) send(ctx context.Context, body []byte) (int, error) {
	r, err := b.form(ctx, body)
	if err != nil {
		return 0, err
	}
	resp, err := b.client.Do(r)
	if err != nil {
		return 0, err
	}
	_, err = io.ReadAll(resp.Body)
	_ = resp.Body.Close() // it was read, or is given up
	return resp.StatusCode, err
}

// several sends the same request so often and wants one status every time.
func (b *bare) several(ctx context.Context, times, status int, body []byte) error {
	for range times {
		got, err := b.send(ctx, body)
		if err != nil {
			return fmt.Errorf("send a bare request: %w", err)
		}
		if got != status {
			return fmt.Errorf("a bare request was answered with %d, not %d", got, status)
		}
	}
	return nil
}
