package mock_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/mock/mocktest"
)

func TestServePlain(t *testing.T) {
	m, _ := mocktest.NewMock(t)
	addr, stop := mocktest.ServeOn(t, m, "tcp", "127.0.0.1:0", nil)
	client := &http.Client{Transport: new(http.Transport)}
	got, err := mocktest.Get(t.Context(), client, "http://"+addr)
	require.NoError(t, err)
	require.NoError(t, got.Body.Close())
	assert.Equal(t, 200, got.StatusCode)
	require.NoError(t, stop())
	_, err = mocktest.Get(t.Context(), client, "http://"+addr)
	assert.Error(t, err, "nobody listens any more")
}

func TestServeTLS(t *testing.T) {
	m, _ := mocktest.NewMock(t)
	config, caPEM, err := mock.SelfMade(time.Now())
	require.NoError(t, err)
	roots := x509.NewCertPool()
	require.True(t, roots.AppendCertsFromPEM(caPEM))
	for _, at := range []string{"127.0.0.1:0", "[::1]:0"} {
		for proto, http2 := range map[string]bool{"HTTP/1.1": false, "HTTP/2.0": true} {
			t.Run(at+" "+proto, func(t *testing.T) {
				addr, stop := mocktest.ServeOn(t, m, "tcp", at, config)
				transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: http2}
				defer transport.CloseIdleConnections()
				got, err := mocktest.Get(t.Context(), &http.Client{Transport: transport}, "https://"+addr)
				require.NoError(t, err)
				require.NoError(t, got.Body.Close())
				assert.Equal(t, proto, got.Proto)
				assert.Equal(t, 200, got.StatusCode)
				require.NoError(t, stop())
			})
		}
	}
}

func TestTheCertificateIsForLoopbackOnly(t *testing.T) {
	config, caPEM, err := mock.SelfMade(time.Now())
	require.NoError(t, err)
	roots := x509.NewCertPool()
	require.True(t, roots.AppendCertsFromPEM(caPEM))
	leaf, err := x509.ParseCertificate(config.Certificates[0].Certificate[0])
	require.NoError(t, err)
	assert.False(t, leaf.IsCA)
	for name, good := range map[string]bool{"127.0.0.1": true, "::1": true, "localhost": true, "console.zenlayer.com": false, "127.0.0.2": false} {
		_, err := leaf.Verify(x509.VerifyOptions{DNSName: name, Roots: roots})
		assert.Equal(t, good, err == nil, "%s: %v", name, err)
	}
}

func TestServeLetsAnAnswerFinish(t *testing.T) {
	m, _ := mocktest.NewMock(t)
	entered, leave := make(chan struct{}), make(chan struct{})
	admitted := m.Behaviour.Admit
	m.Behaviour.Admit = func(c *mock.Call) mock.Refusal {
		close(entered)
		<-leave
		return admitted(c)
	}
	addr, stop := mocktest.ServeOn(t, m, "tcp", "127.0.0.1:0", nil)
	status := make(chan int, 1)
	go func() {
		got, err := mocktest.Get(context.Background(), &http.Client{Transport: new(http.Transport)}, "http://"+addr)
		if err != nil {
			status <- 0
			return
		}
		_ = got.Body.Close()
		status <- got.StatusCode
	}()
	<-entered
	stopped := make(chan error, 1)
	go func() { stopped <- stop() }()
	require.Eventually(t, func() bool {
		conn, err := net.Dial("tcp", addr)
		if err == nil {
			_ = conn.Close()
		}
		return err != nil
	}, time.Minute, time.Millisecond, "new callers are turned away")
	close(leave)
	assert.Equal(t, 200, <-status)
	assert.NoError(t, <-stopped)
}

type deafListener struct{ net.Listener }

func (deafListener) Accept() (net.Conn, error) { return nil, errors.New("deaf") }

func TestServeSaysWhyItCouldNot(t *testing.T) {
	m, _ := mocktest.NewMock(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	err = m.Serve(t.Context(), deafListener{l}, nil)
	assert.ErrorContains(t, err, "serve the mock on 127.0.0.1:")
	assert.ErrorContains(t, err, "deaf")
}
