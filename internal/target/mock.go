// Package target makes the endpoint under test ready for a run: the built-in mock, or
// a real endpoint from a configuration file. It knows what may be done there, lends
// scenarios what they need, and restores what was changed.
//
// It judges nothing and knows no scenario.
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

// The built-in mock's pace. Its resizes are short, so that a run is; the time allowed
// for one is long enough for a machine that is busy with other things.
const (
	mockResize  = 15 * time.Millisecond
	mockTimeout = 3 * time.Second
)

// unrelated is how many instances the mock has that no scenario holds: more than a page.
const unrelated = 25

// Local is the built-in mock, served on a loopback port of its own.
type Local struct {
	run.Target
	Address string // host:port, where it listens; the target's endpoint names none
	stop    context.CancelFunc
	served  chan error
}

// Mock starts the built-in mock. Close stops it. Everything may be sent to it: nothing in
// it is real.
func Mock(ctx context.Context, options mock.Options) (*Local, error) {
	return serveMock(ctx, options, false)
}

// MockOverTLS starts it with a certificate of its own, over HTTPS.
func MockOverTLS(ctx context.Context, options mock.Options) (*Local, error) {
	return serveMock(ctx, options, true)
}

func serveMock(ctx context.Context, options mock.Options, secure bool) (*Local, error) {
	if options.ResizeTime == 0 {
		options.ResizeTime = mockResize
	}
	m := mock.New(options)
	for range unrelated { // so that a default page has an end, whatever the scenarios hold at the moment
		m.Seed(mock.Instance{})
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("open a loopback port for the mock: %w", err)
	}
	// The port is chosen anew each time and is gone with the run: what is recorded names
	// none, so that two runs that do the same record the same.
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

// selfMade makes what a mock serves HTTPS with, and what trusts it.
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

// mockFixtures seeds what a scenario needs, so that no two scenarios share an instance.
type mockFixtures struct {
	mock    *mock.Mock
	absent  atomic.Int64
	seeding sync.Mutex // the instances of one scenario come one after the other
}

// Fixture implements steps.Fixtures.
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
	// Instances that nobody holds stand between those of two scenarios: what an endpoint
	// does to a neighbour by mistake is then seen by the scenario that called it alone.
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

// absentID makes up an id of the form that the mock's own ids have, far above any of them.
func (l *mockFixtures) absentID() string { return fmt.Sprintf("ins-%d", 900_000_000+l.absent.Add(1)) }
