package account_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/features"
	"github.com/zec-tools/conformance/internal/account"
	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/run"
	"github.com/zec-tools/conformance/internal/secret"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/target"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
	"github.com/zec-tools/conformance/spec"
)

func load(t *testing.T) (*contract.Contract, *suite.Suite) {
	c, err := contract.Load(spec.Files)
	require.NoError(t, err)
	l := suite.Law{Clauses: map[string]verdict.Clause{}, Codes: map[string]bool{}}
	for _, clause := range c.Clauses() {
		l.Clauses[clause.ID] = clause
	}
	for _, op := range c.Operations() {
		for _, p := range c.Pairs(op) {
			l.Codes[p.Code] = true
		}
		if lifecycle, has := c.Lifecycle(op); has {
			l.Statuses = lifecycle.States
		}
	}
	s, err := suite.Load(features.FS, l)
	require.NoError(t, err)
	return c, s
}

func record(t *testing.T, c *contract.Contract, s *suite.Suite, o mock.Options) ([]wire.Exchange, verdict.Verdict) {
	o.ResizeTime = 80 * time.Millisecond
	local, err := target.Mock(context.Background(), o)
	require.NoError(t, err)
	defer local.Close()
	var mu sync.Mutex
	var all []wire.Exchange
	out, err := run.Execute(context.Background(), run.Plan{Contract: c, Suite: s, Cases: s.Cases, Target: local.Target, Parallel: 32,
		Exchange: func(x wire.Exchange) { mu.Lock(); defer mu.Unlock(); all = append(all, x) }})
	require.NoError(t, err)
	for i := range all {
		h := http.Header{}
		for k, v := range all[i].Sent.Header {
			h[http.CanonicalHeaderKey(k)] = v
		}
		all[i].Sent.Header = h
	}
	slices.SortStableFunc(all, func(a, b wire.Exchange) int { return a.Timing.Start.Compare(b.Timing.Start) })
	return all, out.Verdict
}

func judged(c *contract.Contract, all []wire.Exchange, exclusive bool) map[string]string {
	alone := c.NewJudge()
	m := mock.DefaultCredentials()
	j := account.New(c, account.Options{Exclusive: exclusive, Credentials: &account.Credentials{KeyID: m.KeyID, Password: secret.New(m.Password), Token: secret.New(m.Token)}})
	found := map[string]string{}
	for _, x := range all {
		g := alone.Exchange(x)
		for _, f := range g.Findings {
			found[f.Clause] = "alone " + f.Error()
		}
		for _, f := range j.Add("", x, len(g.Findings) > 0) {
			found[f.Clause] = f.Error() + fmt.Sprintf("  REQ %.200s %s -> %.300s", f.Exchange.Sent.Body, f.Exchange.Operation.Action, f.Exchange.Received.Body)
		}
	}
	for _, f := range j.End() {
		found[f.Clause] = f.Error()
	}
	return found
}

func TestPassive(t *testing.T) {
	if os.Getenv("PASSIVE") == "" {
		t.Skip()
	}
	c, s := load(t)
	for range 3 {
		all, v := record(t, c, s, mock.Options{})
		fmt.Println(v, len(all))
		for _, ex := range []bool{true, false} {
			for k, f := range judged(c, all, ex) {
				fmt.Println("ACCUSED right mock", ex, k, f)
			}
		}
	}
	if os.Getenv("PASSIVE") == "1" {
		return
	}
	for _, v := range mock.Variants() {
		all, _ := record(t, c, s, mock.Options{Variant: &v})
		for k, f := range judged(c, all, true) {
			fmt.Println("ACCUSED variant", v.Name, k, f)
		}
	}
	total, named, caught := 0, 0, 0
	for i, d := range mock.Defects() {
		if os.Getenv("PASSIVE") == "9" && i%9 != 0 {
			continue
		}
		all, _ := record(t, c, s, mock.Options{Defect: &d})
		found := judged(c, all, true)
		total++
		_, ok := found[d.Clause]
		if ok {
			named++
		}
		if len(found) > 0 {
			caught++
		}
		if !ok {
			var others []string
			for k := range found {
				others = append(others, k)
			}
			slices.Sort(others)
			fmt.Println("MISSED", d.Name, d.Clause, "|", strings.Join(others, " "), "|", d.Text)
		}
	}
	fmt.Println(total, "caught", caught, "named", named)
}
