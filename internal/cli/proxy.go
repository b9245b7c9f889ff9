package cli

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/judge"
	"github.com/zec-tools/conformance/internal/language"
	"github.com/zec-tools/conformance/internal/proxy"
	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/target"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// recordedFile is the file to which a proxy writes each exchange, one per line.
const recordedFile = "exchanges.ndjson"

// proxyGrace is how long pending exchanges may take after the proxy has to stop.
const proxyGrace = 10 * time.Second

type proxyOptions struct {
	judgeOptions
	targetOptions
	listen, cert, key string
	tls, sign         bool
}

func newProxy(sys System) *cobra.Command {
	var o proxyOptions
	cmd := &cobra.Command{
		Use:   "proxy",
		Short: "Pass requests on to a target, and judge each exchange",
		Long: `Pass the requests of any client on to a target, record each exchange, judge it
and show what is wrong as it happens, until it is interrupted. The first line of
stdout is the URL that clients use. What may not leave for the target is
answered by the proxy.

Requests are passed on as they are. A signature covers the host, so a client
signs for the host it talks to; with --sign the proxy signs with the target's
credentials, and clients need none.`,
		Example: `  conformance proxy --target staging --listen 127.0.0.1:9090 --sign`,
		Args:    noArguments,
		RunE:    func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), sys) },
	}
	o.formatting.flags(cmd)
	o.excuseFlags(cmd)
	o.flags(cmd)
	o.lang = &o.language
	flags := cmd.Flags()
	flags.StringVar(&o.listen, "listen", "127.0.0.1:0", "the address to listen on; port 0 takes a free one")
	flags.BoolVar(&o.tls, "tls", false, "listen for HTTPS with a self-made certificate, whose authority is named on stderr")
	flags.StringVar(&o.cert, "cert", "", "listen for HTTPS with this certificate, a PEM file")
	flags.StringVar(&o.key, "key", "", "the key of --cert, a PEM file")
	flags.BoolVar(&o.sign, "sign", false, "sign each request afresh with the target's credentials")
	flags.BoolVar(&o.exclusive, "exclusive", false, "nobody but the clients of the proxy changes the instances meanwhile")
	flags.DurationVar(&o.within, "within", 0, "how long a change may take at most, such as 15m; without it one that never ends is not judged")
	flags.BoolVar(&o.quiet, "quiet", false, "print the verdict alone")
	flags.BoolVar(&o.verbose, "verbose", false, "print every operation at the end, not only those with findings")
	cmd.MarkFlagsMutuallyExclusive("quiet", "verbose")
	cmd.MarkFlagsMutuallyExclusive("tls", "cert")
	cmd.MarkFlagsRequiredTogether("cert", "key")
	return cmd
}

func (o *proxyOptions) run(ctx context.Context, sys System) (err error) {
	c, from, err := sys.contractOf(&o.targetOptions)
	if err != nil {
		return err
	}
	o.from = from
	if _, err := o.pick(); err != nil {
		return err
	}
	if o.within < 0 {
		return usageError(fmt.Errorf("--within %s: give a time above zero, such as 15m", o.within))
	}
	config, err := o.read(sys, c)
	if err != nil {
		return err
	}
	o.name, o.judgeOptions.out = config.Name, o.targetOptions.out
	upstream, err := target.OpenUpstream(config, target.Access{Env: sys.Env, Contract: c, ConfirmHost: o.confirmHost, Filter: sys.filter}, o.sign)
	if err != nil {
		return usageError(err)
	}
	defer upstream.Close()
	listener, secured, done, err := o.open(sys)
	if err != nil {
		return err
	}
	defer done()
	result, err := o.pass(ctx, sys, c, upstream, listening{listener, secured})
	if err != nil {
		return err
	}
	if code := result.ExitCode(false); code != verdict.ExitConformant {
		return &exitError{code: code}
	}
	return nil
}

// listening is the proxy's address, with a TLS configuration for HTTPS.
type listening struct {
	net.Listener
	secured *tls.Config
}

// open opens the port. done removes the files that were written for it.
func (o *proxyOptions) open(sys System) (l net.Listener, secured *tls.Config, done func(), err error) {
	done = func() {}
	switch {
	case o.tls:
		var file string
		if secured, file, done, err = certificate(nil); err != nil {
			return nil, nil, nil, harnessError(err)
		}
		fmt.Fprintf(sys.Err, "clients have to trust %s\n", file)
	case o.cert != "":
		pair, err := tls.LoadX509KeyPair(o.cert, o.key)
		if err != nil {
			return nil, nil, nil, usageError(fmt.Errorf("--cert %s --key %s: %w", o.cert, o.key, err))
		}
		secured = &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{pair}}
	}
	if l, err = net.Listen("tcp", o.listen); err != nil {
		done()
		return nil, nil, nil, usageError(fmt.Errorf("--listen %s: %w", o.listen, err))
	}
	return l, secured, done, nil
}

// pass serves until the context ends, then shows the result.
func (o *proxyOptions) pass(ctx context.Context, sys System, c *contract.Contract, upstream *target.Upstream, l listening) (out verdict.Run, err error) {
	j, err := o.prepare(sys, c)
	if err != nil {
		_ = l.Close()
		return out, err
	}
	defer func() { err = errors.Join(err, harnessError(j.spool.Close())) }()
	recorded, err := os.OpenFile(filepath.Join(o.targetOptions.out, recordedFile), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		_ = l.Close()
		return out, usageError(fmt.Errorf("record the exchanges: %w", err))
	}
	defer func() { err = errors.Join(err, harnessError(recorded.Close())) }()
	shown := &liveView{out: sys.Out, in: o.in(), quiet: o.quiet}
	options := o.options(sys, c, o.again([]string{recorded.Name()}), j)
	options.Account.Moved = shown.moved
	lines := newRecorder(recorded, options.Redact)
	live := judge.NewLive(judge.New(options), recordedFile, judge.Handlers{
		Found: func(f verdict.Finding) { shown.finding(sys, f) }, Exchange: lines.write, Idle: lines.flush,
	})
	handler := proxy.New(proxy.Options{
		Endpoint: upstream.Endpoint, Transport: upstream.Transport, Check: upstream.Check, CheckHost: upstream.CheckHost,
		Sign: upstream.Sign, Begun: live.Begin, Refused: shown.refused,
	})
	started := time.Now()
	scheme := "http"
	if l.secured != nil {
		scheme = "https"
	}
	fmt.Fprintf(sys.Out, "%s://%s\n", scheme, l.Addr())
	if err := serve(ctx, handler, l); err != nil {
		_, _ = live.Conclude() // stop its goroutines
		return out, harnessError(err)
	}
	if isTerminal(sys.Out) && sys.Env("TERM") != "dumb" {
		fmt.Fprint(sys.Out, clearLine) // erase the ^C that ended it
	}
	if out, err = live.Conclude(); err != nil {
		return out, harnessError(err)
	}
	out, err = o.conclude(sys, out, started, j)
	return out, errors.Join(err, harnessError(lines.err))
}

// serve serves until the context ends, and then waits for the pending exchanges.
func serve(ctx context.Context, h http.Handler, l listening) error {
	server := &http.Server{Handler: h, TLSConfig: l.secured, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, ErrorLog: log.New(io.Discard, "", 0)}
	stopped := make(chan error, 1)
	go func() {
		if l.secured == nil {
			stopped <- server.Serve(l.Listener)
		} else {
			stopped <- server.ServeTLS(l.Listener, "", "")
		}
	}()
	select {
	case err := <-stopped:
		return fmt.Errorf("serve the proxy on %s: %w", l.Addr(), err)
	case <-ctx.Done():
	}
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), proxyGrace)
	defer cancel()
	if err := server.Shutdown(closing); err != nil {
		_ = server.Close()
	}
	if err := <-stopped; !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("stop the proxy on %s: %w", l.Addr(), err)
	}
	return nil
}

// recorder writes exchanges to a file as they end, without credentials. It must be used by one
// goroutine only.
type recorder struct {
	clean func(wire.Exchange) wire.Exchange
	out   *bufio.Writer
	to    *json.Encoder
	err   error // the first error
}

func newRecorder(to io.Writer, clean func(wire.Exchange) wire.Exchange) *recorder {
	out := bufio.NewWriter(to)
	return &recorder{clean: clean, out: out, to: json.NewEncoder(out)}
}

func (r *recorder) write(x wire.Exchange) { r.keep(r.to.Encode(r.clean(x))) }
func (r *recorder) flush()                { r.keep(r.out.Flush()) }

func (r *recorder) keep(err error) {
	if err != nil && r.err == nil {
		r.err = fmt.Errorf("record the exchanges: %w", err)
	}
}

// liveView prints exchanges and findings as they occur.
type liveView struct {
	quiet bool

	mu  sync.Mutex
	out io.Writer
	in  language.Language
}

func (s *liveView) line(text string, args ...any) {
	if s.quiet {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	fmt.Fprintf(s.out, "%s\n", foldedTo(s.out, time.Now().Format(time.TimeOnly)+"  "+s.in.Say(text, args...)))
}

func (s *liveView) moved(id, from, to string) {
	if from == "" {
		s.line("{0} is {1}", report.Plain(id), report.Plain(to))
		return
	}
	s.line("{0} went from {1} to {2}", report.Plain(id), report.Plain(from), report.Plain(to))
}

func (s *liveView) finding(sys System, f verdict.Finding) {
	s.line("finding  {0}", report.Plain(sys.filter.String(f.Error())))
}

func (s *liveView) refused(action string, why error) {
	reason := strings.TrimPrefix(why.Error(), "not sent: ")
	if action == "" {
		action = s.in.Say("a request without an action")
	}
	s.line("not sent {0}: {1}", report.Plain(action), report.Plain(reason))
}
