package cli

import (
	"crypto/tls"
	"fmt"
	"net"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/mockserver"
)

// place is where a mock is served.
type place struct {
	listener, control net.Listener // control is nil if there is none
	config            *tls.Config  // nil for HTTP
	caFile            string       // the authority to trust, "" for the system's
}

// announce prints the address of the mock and the configuration for it.
func (o *mockOptions) announce(sys System, c *contract.Contract, s *mockserver.Server, at place) {
	scheme := "http"
	if at.config != nil {
		scheme = "https"
	}
	url := scheme + "://" + at.listener.Addr().String()
	if o.logFormat != "json" { // the JSON log has stderr to itself
		text := summary(s.Mock(), s.Mock().Instances(), url, at.caFile)
		fmt.Fprint(sys.Err, strings.Replace(text, "allowResize: true", "allow: ["+strings.Join(changing(c), ", ")+"]", 1))
	}
	fmt.Fprintln(sys.Out, url)
	if at.control != nil {
		fmt.Fprintln(sys.Out, "http://"+at.control.Addr().String())
	}
}

// summary describes the content of the mock as a configuration file. Its credentials open nothing
// but the mock, so they may be shown.
func summary(m *mock.Mock, account []mock.Instance, url, caFile string) string {
	resizeTime := m.ResizeTime()
	var b strings.Builder
	creds := m.Credentials()
	fmt.Fprintf(&b, "# A mock of ModifyInstanceType at %s; Ctrl-C ends it. Save this as conformance.yaml, then:\n", url)
	fmt.Fprintf(&b, "#   export ZENLAYERCLOUD_ACCESS_KEY_ID=%s ZENLAYERCLOUD_ACCESS_KEY_PASSWORD=%s ZENLAYER_TOKEN=%s\n", word(creds.KeyID), word(creds.Password), word(creds.Token))
	fmt.Fprintf(&b, "#   conformance run --config conformance.yaml --target mock\n")
	fmt.Fprintf(&b, "targets:\n  mock:\n    endpoint: %s\n    credentials: {tokenEnv: ZENLAYER_TOKEN}\n    allowResize: true\n    generate: true\n    instances:\n", url)
	for _, in := range account {
		gpu := ""
		if in.GPU {
			gpu = ", gpu: true"
		}
		fmt.Fprintf(&b, "      - {id: %s, status: %s%s} # %s\n", scalar(in.ID), in.Status, gpu, scalar(in.Type))
	}
	types := m.Types()
	fmt.Fprintf(&b, "    instanceTypes:\n      resizable: [%s]\n      unsupported: [%s]\n      gpu: [%s]\n", scalars(types.Resizable), scalars(types.Unsupported), scalars(types.GPU))
	fmt.Fprintf(&b, "    timing: {resizeTimeout: %s, pollInterval: %s, settle: %s}\n", 10*resizeTime+5*time.Second, max(resizeTime/8, time.Millisecond), max(resizeTime/4, 20*time.Millisecond))
	fmt.Fprintf(&b, "    requestsPerSecond: 2000\n    parallel: 8\n")
	if caFile != "" {
		fmt.Fprintf(&b, "    tls: {caFile: %s}\n", scalar(caFile))
	}
	return b.String()
}

// plain matches texts that need no quotes in YAML or a shell, whatever surrounds them.
var plain = regexp.MustCompile(`^[A-Za-z/][A-Za-z0-9/._-]*$`)

// word quotes a text for a shell.
func word(text string) string {
	if text == "" || plain.MatchString(text) {
		return text
	}
	return quote(text)
}

// scalar formats a text as a YAML scalar, in quotes if it could be read as something else: a
// number, null, a list.
func scalar(text string) string {
	switch strings.ToLower(text) {
	case "null", "true", "false", "yes", "no", "on", "off", "y", "n":
		return strconv.Quote(text)
	}
	if plain.MatchString(text) {
		return text
	}
	return strconv.Quote(text)
}

func scalars(list []string) string {
	quoted := make([]string, len(list))
	for i, text := range list {
		quoted[i] = scalar(text)
	}
	return strings.Join(quoted, ", ")
}
