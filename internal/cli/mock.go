package cli

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"regexp"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/mock/defects"
	"github.com/zec-tools/conformance/internal/mockserver"
)

type mockOptions struct {
	listen     string
	resizeTime time.Duration
	paced      bool // --resize-time was given
	defect     string
	variant    string

	seed  string // a file
	state string // a file

	control       string // an address
	controlRemote bool

	tls       bool
	cert, key string // files
	authority string // a folder
	names     []string
	unnamed   bool // --tls-name was given, and names nothing

	cors      bool
	verbose   bool
	logFormat string
}

func newMock(sys System) *cobra.Command {
	var o mockOptions
	cmd := &cobra.Command{
		Use:   "mock",
		Short: "Serve the built-in mock alone",
		Long: `Serve the built-in mock alone, until it is interrupted. The first line of stdout
is its URL, the second that of its control interface if --control asks for one.
What the mock holds goes to stderr, as a configuration file that "conformance
run --config FILE --target mock" takes. GET /healthz says that the mock is
there, GET /readyz that it serves.`,
		Example: `  conformance mock --listen 127.0.0.1:8080 --resize-time 2s 2>conformance.yaml
  conformance mock --seed-file seed.yaml --control 127.0.0.1:8081`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o.paced = cmd.Flags().Changed("resize-time")
			o.unnamed = cmd.Flags().Changed("tls-name") && len(o.names) == 0
			return o.serve(cmd.Context(), sys)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.listen, "listen", "127.0.0.1:0", "the address to listen on; port 0 takes a free one")
	flags.DurationVar(&o.resizeTime, "resize-time", 2*time.Second, "how long a resize takes; goes before the seed file's")
	flags.StringVar(&o.defect, "defect", "", "serve a mock with the defect of this name; selftest --list names them")
	flags.StringVar(&o.variant, "variant", "", "serve the conformant variant of this name")
	flags.StringVar(&o.seed, "seed-file", "", "instances, types, credentials and times to begin with: a YAML or JSON `file`")
	flags.StringVar(&o.state, "state", "", "keep what the mock holds in this `file`; what it holds already goes before the seed file")
	flags.StringVar(&o.control, "control", "", "serve the control interface on this `address` of the loopback interface")
	flags.BoolVar(&o.controlRemote, "control-remote", false, "let --control take an address that other machines reach: it has no credentials")
	flags.BoolVar(&o.tls, "tls", false, "serve HTTPS with a self-made certificate")
	flags.StringVar(&o.cert, "cert", "", "serve HTTPS with the certificate, and those between it and its authority, in this PEM `file`")
	flags.StringVar(&o.key, "key", "", "the `file` of the certificate's key")
	flags.StringVar(&o.authority, "authority", "", "serve HTTPS by the authority in this `folder`, which is made there the first time")
	flags.StringSliceVar(&o.names, "tls-name", nil, "further names and addresses for the self-made certificate, with commas between them")
	flags.BoolVar(&o.cors, "cors", false, "let pages of any origin call the mock")
	flags.BoolVar(&o.verbose, "verbose", false, "print a line for each request to stderr, without secrets")
	flags.StringVar(&o.logFormat, "log-format", "text", "of --verbose: text, or json, which takes all of stderr")
	cmd.MarkFlagsMutuallyExclusive("defect", "variant")
	cmd.MarkFlagsMutuallyExclusive("tls", "cert", "authority")
	cmd.MarkFlagsRequiredTogether("cert", "key")
	return cmd
}

func (o *mockOptions) check() error {
	switch {
	case o.resizeTime <= 0:
		return fmt.Errorf("--resize-time %s: give a time above zero, such as 2s", o.resizeTime)
	case o.logFormat != "text" && o.logFormat != "json":
		return fmt.Errorf("--log-format %s: give text or json", o.logFormat)
	case o.logFormat == "json" && !o.verbose:
		return errors.New("--log-format is of --verbose: give both")
	case len(o.names) > 0 && !o.tls && o.authority == "":
		return errors.New("--tls-name is of a self-made certificate: give --tls or --authority, too")
	case o.controlRemote && o.control == "":
		return errors.New("--control-remote is of --control: give both")
	case o.unnamed || slices.Contains(o.names, ""):
		return errors.New("--tls-name: a name is empty: give names and addresses, with commas between them")
	}
	for _, name := range o.names {
		if net.ParseIP(name) == nil && !hostName.MatchString(name) {
			return fmt.Errorf("--tls-name %q: no certificate can have this name: give a host, such as mock.example or *.mock.example, or an address", name)
		}
	}
	return nil
}

// hostName matches the names of hosts that a certificate can have.
var hostName = regexp.MustCompile(`^(?:\*\.)?[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$`)

// ofBuiltIn reports whether a flag was given that a derived double does not support.
func (o *mockOptions) ofBuiltIn() bool {
	return o.tls || o.cors || o.verbose || len(o.names) > 0 ||
		o.variant+o.seed+o.state+o.control+o.cert+o.authority != ""
}

func (o *mockOptions) serve(ctx context.Context, sys System) error {
	if err := o.check(); err != nil {
		return usageError(err)
	}
	c, from, err := sys.contract("")
	if err != nil {
		return err
	}
	if from.folder != "" {
		return o.serveDouble(ctx, sys, c, from)
	}
	server, err := o.server(sys)
	if err != nil {
		return usageError(err)
	}
	defer func() { _ = server.Close() }() // the end of the process closes it, too
	config, caFile, remove, err := o.serving()
	if err != nil {
		return usageError(err)
	}
	defer remove()
	listener, err := net.Listen("tcp", o.listen)
	if err != nil {
		return usageError(fmt.Errorf("--listen %s: %w", o.listen, err))
	}
	control, err := o.openControl()
	if err != nil {
		_ = listener.Close()
		return usageError(err)
	}
	o.announce(sys, c, server, place{listener: listener, control: control, config: config, caFile: caFile})
	return harnessError(o.run(ctx, server, listener, control, config))
}

// server creates the mock with its initial content.
func (o *mockOptions) server(sys System) (*mockserver.Server, error) {
	options, err := o.options()
	if err != nil {
		return nil, err
	}
	with := mockserver.Options{Mock: options, State: o.state, CORS: o.cors, VerboseJSON: o.logFormat == "json", Errors: sys.Err}
	if o.verbose {
		with.Verbose = sys.Err
	}
	if o.seed != "" {
		text, err := sys.readFile(o.seed)
		if err != nil {
			return nil, fmt.Errorf("--seed-file: %w", err)
		}
		if with.Seed, err = mockserver.ReadDocument(o.seed, text); err != nil {
			return nil, err
		}
	}
	if o.paced {
		with.ResizeTime = o.resizeTime
	}
	return mockserver.New(with)
}

// openControl opens the port of the control interface, or returns nil if it was not requested.
func (o *mockOptions) openControl() (net.Listener, error) {
	if o.control == "" {
		return nil, nil
	}
	listener, err := net.Listen("tcp", o.control)
	if err != nil {
		return nil, fmt.Errorf("--control %s: %w", o.control, err)
	}
	if at, is := listener.Addr().(*net.TCPAddr); is && !at.IP.IsLoopback() && !o.controlRemote {
		_ = listener.Close()
		return nil, fmt.Errorf("--control %s: other machines reach this address, and the control interface has no credentials: give one of 127.0.0.1, or --control-remote", o.control)
	}
	return listener, nil
}

// run serves the mock, and its control interface, until the context ends.
func (o *mockOptions) run(ctx context.Context, s *mockserver.Server, l, control net.Listener, config *tls.Config) error {
	controlled := make(chan error, 1)
	if control == nil {
		controlled <- nil
	} else {
		go func() { controlled <- mock.ServeHandler(ctx, control, nil, s.Control(!o.controlRemote)) }()
	}
	stopping := context.AfterFunc(ctx, s.Stopping)
	defer stopping()
	err := s.Mock().ServeWith(ctx, l, config, s)
	if err != nil && control != nil {
		_ = control.Close()
	}
	return errors.Join(err, <-controlled, s.Save())
}

// options returns the options of the mock to serve.
func (o *mockOptions) options() (mock.Options, error) {
	var alter []func(*mock.Mock)
	if o.variant != "" {
		v, err := defects.VariantNamed(o.variant)
		if err != nil {
			return mock.Options{}, fmt.Errorf("--variant: %w", err)
		}
		alter = append(alter, v.Alter)
	}
	if o.defect != "" {
		d, err := defects.Named(o.defect)
		if err != nil {
			return mock.Options{}, fmt.Errorf("--defect: %w", err)
		}
		alter = append(alter, d.Alter)
	}
	return mock.Options{ResizeTime: o.resizeTime, Alter: func(m *mock.Mock) {
		for _, change := range alter {
			change(m)
		}
	}}, nil
}

// changing returns the changing actions of a contract.
func changing(c *contract.Contract) []string {
	var names []string
	for _, op := range c.Operations() {
		if c.Changes(op) {
			names = append(names, op.Action)
		}
	}
	return names
}

// serving returns the TLS configuration (nil for HTTP), the file of the authority to trust (if
// there is one), and a function that removes that file if it belongs to this process alone.
func (o *mockOptions) serving() (config *tls.Config, caFile string, remove func(), err error) {
	remove = func() {}
	switch {
	case o.cert != "":
		var pair tls.Certificate
		if pair, err = tls.LoadX509KeyPair(o.cert, o.key); err != nil {
			return nil, "", remove, fmt.Errorf("--cert, --key: %w", err)
		}
		return &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}, "", remove, nil
	case o.authority != "":
		if config, caFile, err = mockserver.Authority(o.authority, o.names); err != nil {
			err = fmt.Errorf("--authority: %w", err)
		}
		return config, caFile, remove, err
	case o.tls:
		return certificate(o.names)
	}
	return nil, "", remove, nil
}

// certificate creates a certificate and writes its CA to a file.
func certificate(names []string) (config *tls.Config, file string, remove func(), err error) {
	remove = func() {}
	config, ca, err := mock.SelfMade(time.Now(), names...)
	if err != nil {
		return nil, "", remove, fmt.Errorf("make a certificate: %w", err)
	}
	f, err := os.CreateTemp("", "conformance-mock-ca-*.pem")
	if err != nil {
		return nil, "", remove, fmt.Errorf("write the certificate's CA: %w", err)
	}
	remove = func() { _ = os.Remove(f.Name()) }
	if _, err = f.Write(ca); err == nil {
		err = f.Close()
	}
	if err != nil {
		remove()
		return nil, "", func() {}, fmt.Errorf("write the certificate's CA: %w", err)
	}
	return config, f.Name(), remove, nil
}
