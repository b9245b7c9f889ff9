package mock

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"time"
)

// grace is how long pending answers may take after the mock has to stop.
const grace = 5 * time.Second

// headerTimeout limits how long the headers of a request may take.
const headerTimeout = 10 * time.Second

// Serve answers on the listener until the context ends, then waits for pending answers and returns
// nil. With a TLS configuration it uses HTTPS, including HTTP/2. It closes the listener.
func (m *Mock) Serve(ctx context.Context, l net.Listener, config *tls.Config) error {
	return m.ServeWith(ctx, l, config, m)
}

// ServeWith is Serve with a handler in front of the mock.
func (m *Mock) ServeWith(ctx context.Context, l net.Listener, config *tls.Config, h http.Handler) error {
	return serveOne(ctx, m.Behaviour.Listen(l), config, &http.Server{Handler: h, ConnContext: m.Behaviour.Connect, ReadHeaderTimeout: headerTimeout})
}

// ServeHandler serves another handler that belongs to a mock in the same way.
func ServeHandler(ctx context.Context, l net.Listener, config *tls.Config, h http.Handler) error {
	return serveOne(ctx, l, config, &http.Server{Handler: h, ReadHeaderTimeout: headerTimeout})
}

func serveOne(ctx context.Context, l net.Listener, config *tls.Config, server *http.Server) error {
	server.TLSConfig = config
	server.ReadTimeout = 30 * time.Second
	server.IdleTimeout = 2 * time.Minute
	server.ErrorLog = log.New(io.Discard, "", 0) // errors of clients are not logged
	stopped := make(chan error, 1)
	go func() {
		if config == nil {
			stopped <- server.Serve(l)
		} else {
			stopped <- server.ServeTLS(l, "", "")
		}
	}()
	select {
	case err := <-stopped:
		return fmt.Errorf("serve the mock on %s: %w", l.Addr(), err)
	case <-ctx.Done():
	}
	// The context has ended, so shutting down needs one that has not.
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	if err := server.Shutdown(closing); err != nil {
		_ = server.Close() // the remaining clients have had their time
	}
	if err := <-stopped; !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("stop the mock on %s: %w", l.Addr(), err)
	}
	return nil
}
