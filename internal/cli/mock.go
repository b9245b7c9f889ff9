package cli

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/mock"
)

type mockOptions struct {
	listen     string
	resizeTime time.Duration
	tls        bool
	defect     string
	variant    string
}

func newMock(sys System) *cobra.Command {
	var o mockOptions
	cmd := &cobra.Command{
		Use:   "mock",
		Short: "Serve the built-in mock alone",
		Long: `Serve the built-in mock alone, until it is interrupted. The first line of stdout is
its URL. What it holds goes to stderr, as a configuration file that
"conformance run --config FILE --target mock" takes.`,
		Example: `  conformance mock --listen 127.0.0.1:8080 --resize-time 2s 2>conformance.yaml`,
		Args:    noArguments,
		RunE:    func(cmd *cobra.Command, _ []string) error { return o.serve(cmd.Context(), sys) },
	}
	cmd.Flags().StringVar(&o.listen, "listen", "127.0.0.1:0", "the address to listen on; port 0 takes a free one")
	cmd.Flags().DurationVar(&o.resizeTime, "resize-time", 2*time.Second, "how long a resize takes")
	cmd.Flags().StringVar(&o.defect, "defect", "", "serve a mock with the defect of this name; selftest --list names them")
	cmd.Flags().StringVar(&o.variant, "variant", "", "serve the conformant variant of this name")
	cmd.MarkFlagsMutuallyExclusive("defect", "variant")
	cmd.Flags().BoolVar(&o.tls, "tls", false, "serve HTTPS with a self-made certificate")
	return cmd
}

func (o *mockOptions) serve(ctx context.Context, sys System) error {
	if o.resizeTime <= 0 {
		return usageError(fmt.Errorf("--resize-time %s: give a time above zero, such as 2s", o.resizeTime))
	}
	c, from, err := sys.contract("")
	if err != nil {
		return err
	}
	if from.folder != "" {
		return o.serveDouble(ctx, sys, c, from)
	}
	options, err := o.options()
	if err != nil {
		return usageError(err)
	}
	listener, err := net.Listen("tcp", o.listen)
	if err != nil {
		return usageError(fmt.Errorf("--listen %s: %w", o.listen, err))
	}
	scheme, caFile := "http", ""
	var config *tls.Config
	if o.tls {
		scheme = "https"
		var remove func()
		if config, caFile, remove, err = certificate(); err != nil {
			_ = listener.Close()
			return harnessError(err)
		}
		defer remove()
	}
	m := mock.New(options)
	account := m.SeedAccount()
	url := scheme + "://" + listener.Addr().String()
	fmt.Fprint(sys.Err, strings.Replace(summary(m, account, url, caFile, o.resizeTime), "allowResize: true", "allow: ["+strings.Join(changing(c), ", ")+"]", 1))
	fmt.Fprintln(sys.Out, url)
	return harnessError(m.Serve(ctx, listener, config))
}

// options names the mock to serve.
func (o *mockOptions) options() (mock.Options, error) {
	options := mock.Options{ResizeTime: o.resizeTime}
	if o.defect != "" {
		d, err := mock.DefectNamed(o.defect)
		if err != nil {
			return options, fmt.Errorf("--defect: %w", err)
		}
		options.Defect = &d
	}
	if o.variant != "" {
		v, err := mock.VariantNamed(o.variant)
		if err != nil {
			return options, fmt.Errorf("--variant: %w", err)
		}
		options.Variant = &v
	}
	return options, nil
}

// certificate makes a certificate and writes its CA to a file of its own.
func certificate() (config *tls.Config, file string, remove func(), err error) {
	config, ca, err := mock.SelfMade(time.Now())
	if err != nil {
		return nil, "", nil, fmt.Errorf("make a certificate: %w", err)
	}
	f, err := os.CreateTemp("", "conformance-mock-ca-*.pem")
	if err != nil {
		return nil, "", nil, fmt.Errorf("write the certificate's CA: %w", err)
	}
	remove = func() { _ = os.Remove(f.Name()) }
	if _, err = f.Write(ca); err == nil {
		err = f.Close()
	}
	if err != nil {
		remove()
		return nil, "", nil, fmt.Errorf("write the certificate's CA: %w", err)
	}
	return config, f.Name(), remove, nil
}

// changing returns the actions of a contract that change something.
func changing(c *contract.Contract) []string {
	var names []string
	for _, op := range c.Operations() {
		if c.Changes(op) {
			names = append(names, op.Action)
		}
	}
	return names
}

// summary says what the mock holds, as a configuration file. Its credentials open
// nothing but the mock, so they may be shown.
func summary(m *mock.Mock, account []mock.Instance, url, caFile string, resizeTime time.Duration) string {
	var b strings.Builder
	creds := m.Credentials()
	fmt.Fprintf(&b, "# A mock of ModifyInstanceType at %s; Ctrl-C ends it. Save this as conformance.yaml, then:\n", url)
	fmt.Fprintf(&b, "#   export ZENLAYERCLOUD_ACCESS_KEY_ID=%s ZENLAYERCLOUD_ACCESS_KEY_PASSWORD=%s ZENLAYER_TOKEN=%s\n", creds.KeyID, creds.Password, creds.Token)
	fmt.Fprintf(&b, "#   conformance run --config conformance.yaml --target mock\n")
	fmt.Fprintf(&b, "targets:\n  mock:\n    endpoint: %s\n    credentials: {tokenEnv: ZENLAYER_TOKEN}\n    allowResize: true\n    generate: true\n    instances:\n", url)
	for _, in := range account {
		gpu := ""
		if in.GPU {
			gpu = ", gpu: true"
		}
		fmt.Fprintf(&b, "      - {id: %s, status: %s%s} # %s\n", in.ID, in.Status, gpu, in.Type)
	}
	types := m.Types()
	fmt.Fprintf(&b, "    instanceTypes:\n      resizable: [%s]\n      unsupported: [%s]\n      gpu: [%s]\n", strings.Join(types.Resizable, ", "), strings.Join(types.Unsupported, ", "), strings.Join(types.GPU, ", "))
	fmt.Fprintf(&b, "    timing: {resizeTimeout: %s, pollInterval: %s, settle: %s}\n", 10*resizeTime+5*time.Second, max(resizeTime/8, time.Millisecond), max(resizeTime/4, 20*time.Millisecond))
	fmt.Fprintf(&b, "    requestsPerSecond: 2000\n    parallel: 8\n")
	if caFile != "" {
		fmt.Fprintf(&b, "    tls: {caFile: %s}\n", caFile)
	}
	return b.String()
}
