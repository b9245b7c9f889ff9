// Package target prepares the endpoint under test for a run: the built-in mock, or a real endpoint
// from a configuration file. It knows what may be done there, provides scenarios with what they
// need, and restores what was changed.
//
// It judges nothing and knows no scenarios.
package target

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/zec-tools/conformance/internal/client"
	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/run"
	"github.com/zec-tools/conformance/internal/secret"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/steps"
)

// The timing of the built-in mock. Its resizes are short, to keep runs short. The time limit for a
// resize is long enough for a busy machine.
const (
	mockResize  = 30 * time.Millisecond
	mockTimeout = 3 * time.Second
)

// unrelated is the number of mock instances that no scenario holds: more than fit on a page.
const unrelated = 25

// Local is the built-in mock, served on its own loopback port.
type Local struct {
	run.Target
	Address string // the host:port where it listens, which the target's endpoint does not contain
	stop    context.CancelFunc
	served  chan error
}

// Mock starts the built-in mock; Close stops it. Any request may be sent to it, because nothing in
// it is real.
func Mock(ctx context.Context, options mock.Options) (*Local, error) {
	return serveMock(ctx, options, false)
}

// MockOverTLS starts the built-in mock over HTTPS, with its own certificate.
func MockOverTLS(ctx context.Context, options mock.Options) (*Local, error) {
	return serveMock(ctx, options, true)
}

func serveMock(ctx context.Context, options mock.Options, secure bool) (*Local, error) {
	if options.ResizeTime == 0 {
		options.ResizeTime = mockResize
	}
	m := mock.New(options)
	for range unrelated { // so that the default page always ends before the list does, whatever the scenarios hold
		m.Seed(mock.Instance{})
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("open a loopback port for the mock: %w", err)
	}
	// The port differs in every run and has no meaning afterwards. Reports omit it, so that two
	// equal runs give equal reports.
	endpoint := &url.URL{Scheme: "http", Host: "localhost"}
	var dialer net.Dialer
	var serve, trust *tls.Config
	if secure {
		endpoint.Scheme = "https"
		if serve, trust, err = selfMade(); err != nil {
			_ = listener.Close()
			return nil, err
		}
	}
	c, err := client.New(client.Options{
		Endpoint:    endpoint,
		TLS:         trust,
		Credentials: credentials(m.Credentials()),
		Retry:       client.Retry{Base: 5 * time.Millisecond},
		Clock:       options.Clock,
		Seed:        options.Seed,
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return dialer.DialContext(ctx, network, listener.Addr().String())
		},
	})
	if err != nil {
		_ = listener.Close()
		return nil, fmt.Errorf("make a client for the mock: %w", err)
	}
	serving, stop := context.WithCancel(context.WithoutCancel(ctx))
	l := &Local{Address: listener.Addr().String(), stop: stop, served: make(chan error, 1)}
	l.Target = run.Target{
		Info:     verdict.Target{Name: "mock", Kind: "mock", Endpoint: endpoint.String()},
		Client:   c,
		Fixtures: &mockFixtures{mock: m},
		Known:    run.Known{Credentials: true, Rights: true, Clock: true},
		Timing:   steps.Timing{ResizeTimeout: mockTimeout, PollInterval: options.ResizeTime / 3, Settle: options.ResizeTime * 4 / 3},
	}
	go func() { l.served <- m.Serve(serving, listener, serve) }()
	return l, nil
}

// selfMade creates the TLS configurations for serving a mock over HTTPS and for trusting it.
func selfMade() (serve, trust *tls.Config, err error) {
	serve, ca, err := mock.SelfMade(time.Now())
	if err != nil {
		return nil, nil, fmt.Errorf("make a certificate for the mock: %w", err)
	}
	trust = &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: x509.NewCertPool()}
	trust.RootCAs.AppendCertsFromPEM(ca)
	return serve, trust, nil
}

// Close stops the mock and waits until it has stopped.
func (l *Local) Close() error {
	l.Client.Close()
	l.stop()
	return <-l.served
}

func credentials(c mock.Credentials) client.Credentials {
	return client.Credentials{KeyID: c.KeyID, Password: secret.New(c.Password), Token: secret.New(c.Token)}
}

// mockFixtures creates what a scenario needs, so that no two scenarios share an instance.
type mockFixtures struct {
	mock    *mock.Mock
	absent  atomic.Int64
	seeding sync.Mutex // keeps the instances of one scenario consecutive
}

// Acquire implements steps.Fixtures.
func (l *mockFixtures) Acquire(_ context.Context, needs steps.Needs) (steps.Fixture, error) {
	for _, need := range needs.Instances {
		if need.Kind != "" {
			return steps.Fixture{}, &steps.Lacking{Reason: "the built-in mock has no " + need.Kind}
		}
	}
	types := l.mock.Types()
	fixture := steps.Fixture{
		Certain: true, Resizable: types.Resizable, Unsupported: types.Unsupported[0], GPUTypes: types.GPU,
		AbsentType: absentType, AbsentID: l.absentID, Formed: true, MakeUp: func(...string) {},
	}
	// Between the instances of two scenarios there are unused ones. If an endpoint mistakenly
	// changes a neighbour, only the scenario that made the call sees it.
	l.seeding.Lock()
	defer l.seeding.Unlock()
	ids := []string{l.mock.Seed(mock.Instance{}).ID}
	for _, need := range needs.Instances {
		in := l.mock.Seed(mock.Instance{Status: need.Status, GPU: need.GPU})
		ids = append(ids, in.ID)
		fixture.Instances = append(fixture.Instances, steps.Instance{ID: in.ID, Status: need.Status, GPU: need.GPU, Type: in.Type})
	}
	ids = append(ids, l.mock.Seed(mock.Instance{}).ID)
	fixture.Release = func(context.Context) error {
		l.mock.Forget(ids...)
		return nil
	}
	return fixture, nil
}

// absentID makes up an id in the format of the mock's ids, far above any of them.
func (l *mockFixtures) absentID() string { return fmt.Sprintf("ins-%d", 900_000_000+l.absent.Add(1)) }
