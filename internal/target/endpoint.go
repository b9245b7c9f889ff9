package target

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/zec-tools/conformance/internal/client"
	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/guard"
	"github.com/zec-tools/conformance/internal/journal"
	"github.com/zec-tools/conformance/internal/run"
	"github.com/zec-tools/conformance/internal/secret"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
	"github.com/zec-tools/conformance/steps"
)

// Access is what is needed to open a target, in addition to its configuration.
type Access struct {
	Env         func(string) string // provides the credentials
	Contract    *contract.Contract
	ConfirmHost string          // the production host, if confirmed
	Filter      *secret.Filter  // learns the credentials; all output passes through it
	Journal     string          // the folder of the journal, or its file when it ends in .jsonl
	State       string          // the user's state folder; see journal.StateFolder
	Cleanup     string          // the command that restores what is left, for messages
	GaveUp      context.Context // ends when the user gives up on restoring
	// Retrying is called for each exchange whose request will be retried after a wait. It may be
	// nil.
	Retrying func(wire.Exchange, time.Duration)
}

// Remote is a real endpoint, ready for requests. The guard checks every request. A request that
// could change a listed instance is recorded in the journal before it is sent.
type Remote struct {
	run.Target
	Config   Config
	Guard    *guard.Guard
	Journal  *journal.Journal
	env      func(string) string
	cleanup  string
	pool     *pool
	restorer *restorer
	budget   *budget
}

// Open prepares a real endpoint. If a credential is missing, the error names the variable. If the
// endpoint must not be used, the error says what would allow it.
func Open(c Config, a Access) (*Remote, error) {
	creds, err := c.credentials(a.Env)
	if err != nil {
		return nil, err
	}
	if creds, err = c.firstToken(creds); err != nil {
		return nil, err
	}
	inventory, err := c.Inventory(a.Env)
	if err != nil {
		return nil, err
	}
	kept, err := openJournal(c, a)
	if err != nil {
		return nil, err
	}
	r := &Remote{Config: c, Guard: c.Guard(a.Contract), Journal: kept, env: a.Env, cleanup: a.Cleanup, budget: newBudget(0)}
	r.restorer = newRestorer(a.GaveUp, c, kept)
	sender, err := c.client(a, creds, r)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("target %s: %w", c.Name, err), kept.Close())
	}
	r.restorer.changer = &changer{client: sender, contract: a.Contract, timing: c.Timing, kind: c.kind()}
	r.restorer.ways = c.ways(a.Contract)
	r.pool = newPool(inventory, r.Guard, r.restorer)
	r.Target = run.Target{
		Info:     verdict.Target{Name: c.Name, Kind: "endpoint", Endpoint: c.Endpoint},
		Client:   sender,
		Fixtures: r.pool,
		Known:    run.Known{Credentials: c.Credentials.KnownGood},
		Timing:   steps.Timing{ResizeTimeout: c.Timing.ResizeTimeout, PollInterval: c.Timing.PollInterval, Settle: c.Timing.Settle},
	}
	return r, nil
}

// Lock prevents other processes from changing the target's instances until Close. It fails if
// another process holds the lock.
func (r *Remote) Lock() error {
	if err := r.Journal.Lock(); err != nil {
		return err
	}
	r.restorer.inherit()
	return nil
}

// BoundChanges limits the number of changes from now on; restoring does not count. It must be
// called before the first request.
func (r *Remote) BoundChanges(most int) { r.budget = newBudget(most) }

// Changes returns the number of changes that were, or may have been, made, without those for
// restoring.
func (r *Remote) Changes() int { return r.budget.made() }

// client returns the client of a target. Its requests pass through the guard and the journal.
func (c Config) client(a Access, creds client.Credentials, r *Remote) (*client.Client, error) {
	endpoint, err := url.Parse(strings.TrimSuffix(c.Endpoint, "/"))
	if err != nil {
		return nil, fmt.Errorf("endpoint: %w", err)
	}
	tlsConfig, err := c.TLS.config()
	if err != nil {
		return nil, err
	}
	connection, err := c.connection(a.Env)
	if err != nil {
		return nil, err
	}
	return client.New(client.Options{
		Endpoint: endpoint, Connection: connection, Credentials: creds, Token: c.Credentials.tokenSource(), TLS: tlsConfig, Filter: a.Filter,
		Timeout: c.Timing.RequestTimeout, RequestsPerSecond: c.RequestsPerSecond,
		Allow: c.allowance(a),
		Guard: func(req wire.Request) error { return r.mayLeave(a, req) }, Bound: r.bound, Answered: r.answered, Retrying: a.Retrying,
	})
}

// mayLeave asks the guard, then records in the journal what the request could change.
func (r *Remote) mayLeave(a Access, req wire.Request) error {
	if err := r.Guard.Check(req); err != nil {
		return err
	}
	touched := r.touched(req)
	if len(touched) == 0 {
		return nil
	}
	if err := r.mayBeRecorded(a, touched); err != nil {
		return err
	}
	if err := r.Journal.Record(req.Operation.Action, touched); err != nil {
		return &guard.Refusal{Reason: err.Error()}
	}
	r.restorer.sent(req.Operation.Action, touched, 1)
	if d, has := a.Contract.Lifecycle(req.Operation); has {
		r.pool.requested.note(d, req, touched)
	}
	return nil
}

// touched returns the listed instances that a request could change. One with whose id a made-up one
// begins counts if its state is known, so that it can be restored.
func (r *Remote) touched(req wire.Request) []string {
	named, alike := r.Guard.Touched(req)
	for _, id := range alike {
		if !slices.Contains(named, id) && r.Journal.Knows(id) {
			named = append(named, id)
		}
	}
	return named
}

// mayBeRecorded rejects a call on an instance whose state looks like a credential. The journal
// needs the state unaltered, but must not contain a secret that an endpoint echoes. Words of the
// contract or of the configuration are not secrets, whatever the password is.
func (r *Remote) mayBeRecorded(a Access, ids []string) error {
	words := slices.Concat(r.Config.InstanceTypes.Resizable, r.Config.InstanceTypes.Unsupported)
	for _, op := range a.Contract.Operations() {
		l, _ := a.Contract.Lifecycle(op)
		words = append(words, l.States...)
	}
	for _, id := range ids {
		state := r.Journal.Unrecorded(id)
		for _, value := range append(slices.Collect(maps.Values(state.Values)), state.Status) {
			if a.Filter.String(value) != value && !slices.Contains(words, value) {
				return r.Config.calls.shownSecret(id, len(state.Values) > 0)
			}
		}
	}
	return nil
}

// shownSecret returns the error for a call on an instance whose state looks like a credential.
func (w words) shownSecret(id string, valued bool) error {
	what, do := w.value, ""
	if valued {
		what, do = w.value+" or status", "list the "+w.value+" under instanceTypes if it is one, or "
	}
	return &guard.Refusal{Reason: fmt.Sprintf("the %s of %s %s holds a credential, which the journal must not show: %suse another credential", what, w.kind, id, do)}
}

// answered records a refusal, which means that nothing was begun.
func (r *Remote) answered(req wire.Request, e wire.Exchange) {
	if e.Judgeable() && e.Received.Status >= http.StatusBadRequest && e.Received.Status < http.StatusInternalServerError {
		r.restorer.sent(req.Operation.Action, r.touched(req), -1)
	}
}

// Close closes the connections and the journal's file.
func (r *Remote) Close() error {
	r.Client.Close()
	return r.Journal.Close()
}

// credentials reads the environment. A key needs its password; a token is sufficient alone.
func (c Config) credentials(env func(string) string) (client.Credentials, error) {
	names := c.Credentials
	for _, name := range []string{names.KeyID, names.KeyPassword, names.Token} {
		if name != "" && strings.ContainsFunc(env(name), invisible) {
			return client.Credentials{}, fmt.Errorf("target %s: the value of %s holds white space, a line end or another invisible character: export the credential alone", c.Name, name)
		}
	}
	creds := client.Credentials{KeyID: env(c.Credentials.KeyID)}
	creds.Password = secret.New(env(c.Credentials.KeyPassword))
	if c.Credentials.Token != "" {
		creds.Token = secret.New(env(c.Credentials.Token))
	}
	switch {
	case creds.KeyID != "" && creds.Password.Empty():
		return creds, fmt.Errorf("target %s: %s is set, %s is not: export both", c.Name, c.Credentials.KeyID, c.Credentials.KeyPassword)
	case creds.KeyID == "" && creds.Token.Empty() && c.Credentials.tokenSource() == nil:
		return creds, fmt.Errorf("target %s: no credentials: export %s and %s", c.Name, c.Credentials.KeyID, c.Credentials.KeyPassword)
	}
	return creds, nil
}

// firstToken adds the bearer token if it does not come from the environment.
func (c Config) firstToken(creds client.Credentials) (client.Credentials, error) {
	source := c.Credentials.tokenSource()
	if source == nil {
		return creds, nil
	}
	token, err := source(context.Background())
	if err != nil {
		return creds, fmt.Errorf("target %s: %w", c.Name, err)
	}
	creds.Token = token
	return creds, nil
}

// invisible reports whether a character is invisible. Credentials do not contain such characters; a
// file or a clipboard has usually added them.
func invisible(r rune) bool { return unicode.IsSpace(r) || !unicode.IsGraphic(r) }

func (t TLS) config() (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: t.ServerName, InsecureSkipVerify: t.InsecureSkipVerify} //nolint:gosec // the user says so in the file
	if err := t.clientCertificate(config); err != nil {
		return nil, err
	}
	if t.CAFile == "" {
		return config, nil
	}
	pem, err := os.ReadFile(t.CAFile)
	if err != nil {
		return nil, fmt.Errorf("tls.caFile: %w", err)
	}
	config.RootCAs = x509.NewCertPool()
	if !config.RootCAs.AppendCertsFromPEM(pem) {
		return nil, errors.New("tls.caFile: no certificate in " + t.CAFile + ": give a PEM file")
	}
	return config, nil
}
