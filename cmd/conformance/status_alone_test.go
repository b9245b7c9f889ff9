package main

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// statusAlone writes the contract of the vaults without the one action that asks for a value: what is left
// changes their phase alone.
func statusAlone(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	for name, change := range map[string]func(string) string{
		"openapi.yaml": func(text string) string {
			return regexp.MustCompile(`(?s)  /gate/v7#RetierVault:.*(  /gate/v7#ListVaults:)`).ReplaceAllString(text, "$1")
		},
		"clauses.yaml": func(text string) string {
			blocks := strings.Split(text, "\n  - id: ")
			kept := blocks[:0]
			for _, block := range blocks {
				if !strings.Contains(block, "operation: RetierVault") {
					kept = append(kept, block)
				}
			}
			return regexp.MustCompile(`(?m)^.*#RetierVault/.*\n`).ReplaceAllString(strings.Join(kept, "\n  - id: "), "")
		},
	} {
		text, err := os.ReadFile(filepath.Join("../../internal/derive/testdata/vaults", name))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(change(string(text))), 0o600))
	}
	return folder
}

// newVaults serves the double of that contract in a process of its own, with a configuration that leads to
// it through a gate.
func newVaults(t *testing.T, at func(moment) bool) (*account, *gate) {
	t.Helper()
	a := newAccountWith(t, "--contract", statusAlone(t), "--resize-time", "150ms")
	a.summary = strings.Replace(a.summary, "  double:\n", "  mock:\n", 1)
	g := newGate(t, a.url, at)
	a.through(g)
	for name, value := range map[string]string{"ACCESS_KEY_ID": "double-key-id", "ACCESS_KEY_PASSWORD": "password-of-the-double"} {
		a.env = append(a.env, "ZENLAYERCLOUD_"+name+"="+value)
	}
	a.env = append(a.env, "ZENLAYER_TOKEN=token-that-opens-a-double")
	return a, g
}

// asListed makes sure that each vault has the phase in which it is listed, and nothing is left to do.
func (a *account) asListed() {
	a.t.Helper()
	assert.False(a.t, a.journal(), "nothing is left to restore")
	doctor := a.start("doctor")
	assert.Zero(a.t, doctor.wait(), doctor.printed())
	assert.Contains(a.t, doctor.printed(), "ok    phases: no action asks for a value, so the phase is all that is restored\n")
}

// TestSubjectsOfAStatusAloneAreListed runs everything at a target whose actions change nothing but the status.
func TestSubjectsOfAStatusAloneAreListed(t *testing.T) {
	t.Parallel()
	a, _ := newVaults(t, nil)
	plan := a.start("plan")
	assert.Zero(t, plan.wait(), plan.printed())
	assert.Regexp(t, `(?m)^ +\d+  seal-vaults-repeated, shared by 4 more$`, plan.printed())
	run := a.start("run")
	assert.Zero(t, run.wait(), run.printed())
	assert.Contains(t, run.printed(), "conformant  mock at ")
	a.asListed()
}

// TestTheStatusAloneIsRestored kills a run that has sealed a vault, or opened one, and has the next commands
// say what is left and restore it.
func TestTheStatusAloneIsRestored(t *testing.T) {
	for name, c := range map[string]struct {
		scenario, action, phase string
		restored                string
	}{
		"sealed":   {"seal-vaults-carried-out[OPEN]", "SealVaults", `"phase":"SEALED"`, "OPEN"},
		"unsealed": {"unseal-vaults-carried-out[SEALED]", "UnsealVaults", `"phase":"OPEN"`, "SEALED"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			called := false
			a, g := newVaults(t, func(m moment) bool {
				called = called || m.answer && m.action == c.action
				return called && m.answer && m.action == "ListVaults" && strings.Contains(m.body, c.phase)
			})
			p := a.start("run", "--scenario", c.scenario)
			reach(t, g, p)
			p.signal(syscall.SIGKILL)
			assert.Equal(t, -1, p.wait(), p.printed())
			g.resume <- false
			assert.True(t, a.journal())
			refused := a.start("run", "--scenario", c.scenario)
			assert.Equal(t, 2, refused.wait())
			assert.Regexp(t, `^conformance: an earlier run did not restore vault-\d+ \(`, refused.printed())
			cleanup := a.start("cleanup")
			assert.Zero(t, cleanup.wait(), cleanup.printed())
			assert.Regexp(t, `(?m)^restored +vault vault-\d+: it is `+c.restored+`\b`, cleanup.printed())
			a.asListed()
		})
	}
}

// TestAStatusThatNoScenarioHasChangedIsRestored seals another vault than the run's while it runs, as an endpoint
// does that takes one for another.
func TestAStatusThatNoScenarioHasChangedIsRestored(t *testing.T) {
	t.Parallel()
	a, g := newVaults(t, func(m moment) bool { return m.answer && m.action == "SealVaults" })
	listed := regexp.MustCompile(`id: (vault-\d+), status: OPEN`).FindAllStringSubmatch(a.summary, 2)
	require.Len(t, listed, 2)
	p := a.start("run", "--scenario", "seal-vaults-carried-out[OPEN]")
	reach(t, g, p)
	other := listed[1][1]
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, a.url+"/gate/v7", strings.NewReader(`{"vaultRefs": ["`+other+`"], "purge": false}`))
	require.NoError(t, err)
	r.Header = http.Header{
		"Content-Type": {"application/json"}, "X-Zc-Action": {"SealVaults"}, "X-Zc-Version": {"2031-07-15"}, "Authorization": {"Bearer token-that-opens-a-double"},
	}
	resp, err := http.DefaultTransport.RoundTrip(r)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, http.StatusOK, resp.StatusCode)
	g.resume <- true
	p.wait()
	assert.Contains(t, p.printed(), "conformance: vault "+other+" had another phase after the run than before it, ")
	assert.Contains(t, p.printed(), ", though no scenario held it: it was changed back\n")
	a.asListed()
}
