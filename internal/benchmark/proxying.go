package benchmark

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"

	"github.com/zec-tools/conformance/internal/judge"
	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/proxy"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// proxyClients is how many clients call at a time: one, so that what is measured is what the
// proxy adds to an answer, and not how many answers the processors have time for.
const proxyClients = 1

// What is compared takes turns often, so that what else the machine does meanwhile falls on both.
const (
	proxyTurns = 100
	perTurn    = 200 // requests on each connection
)

// proxying measures the proxy, which records and judges each exchange, next to a plain
// httputil.ReverseProxy before the same endpoint.
func (b *Bench) proxying(ctx context.Context) (Section, error) {
	s := Section{
		Title: "7. The proxy",
		About: fmt.Sprintf("The same signed request through a proxy to the mock, over %d kept-alive loopback connection, %d on each in one turn; %d turns each. "+
			"The proxy guards, records and judges each exchange; the one it is compared with only passes it on.", proxyClients, perTurn, proxyTurns),
	}
	m := mock.New(mock.Options{})
	body := fmt.Appendf(nil, `{"instanceIds":[%q]}`, m.Seed(mock.Instance{}).ID)
	life, _ := b.contract.Lifecycle(b.contract.Operations()[0])
	signed, err := newBare("http://mock.test", life.Observed.Operation).form(ctx, body)
	if err != nil {
		return s, err
	}
	signed.Host = "mock.test"
	endpoint := httptest.NewServer(m)
	defer endpoint.Close()
	at, err := url.Parse(endpoint.URL)
	if err != nil {
		return s, fmt.Errorf("read the address of the endpoint: %w", err)
	}
	judged, err := b.judgingProxy(at)
	if err != nil {
		return s, err
	}
	defer judged.close()
	plain := &httputil.ReverseProxy{
		Transport: transport(), ErrorLog: log.New(io.Discard, "", 0),
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(at); r.Out.Host = r.In.Host },
	}
	through, err := hitOver(proxyClients, judged.handler, signed, body)
	if err != nil {
		return s, err
	}
	defer through.close()
	bare, err := hitOver(proxyClients, plain, signed, body)
	if err != nil {
		return s, err
	}
	defer bare.close()
	for range proxyTurns {
		if err := bare.calls(perTurn); err != nil {
			return s, err
		}
		if err := through.calls(perTurn); err != nil {
			return s, err
		}
		judged.settle(proxyClients * perTurn)
	}
	const goal = 1.5
	for _, percent := range []int{50, 99} {
		mine, other := through.percentile(percent), bare.percentile(percent)
		s.Rows = append(s.Rows, Row{What: fmt.Sprintf("%dth percentile of the answers' times", percent), Value: fmt.Sprintf("%s, %.2f times", micros(mine), ratio(mine, other)),
			Baseline: "httputil.ReverseProxy: " + micros(other), Goal: fmt.Sprintf("at most %.1f times the baseline", goal), Over: ratio(mine, other) / goal})
	}
	return s, nil
}

// judging is the proxy as the command runs it, without its display.
type judging struct {
	handler  http.Handler
	exchange chan struct{} // one for each exchange that was recorded
	close    func()
}

// settle waits until so many exchanges have been recorded: what is measured next is left alone.
func (j *judging) settle(exchanges int) {
	for range exchanges {
		<-j.exchange
	}
}

func (b *Bench) judgingProxy(at *url.URL) (*judging, error) {
	file, err := os.Create(filepath.Join(b.temp, "exchanges.ndjson"))
	if err != nil {
		return nil, fmt.Errorf("make a file to record to: %w", err)
	}
	out := bufio.NewWriter(file)
	lines := json.NewEncoder(out)
	j := &judging{exchange: make(chan struct{}, proxyClients*perTurn)}
	live := judge.NewLive(judge.New(judge.Options{Contract: b.contract, Redact: judge.WithoutCredentials}), file.Name(), judge.Handlers{
		Found: func(verdict.Finding) {},
		Exchange: func(x wire.Exchange) {
			_ = lines.Encode(judge.WithoutCredentials(x)) // what cannot be written is missed by nobody here
			j.exchange <- struct{}{}
		},
	})
	j.handler = proxy.New(proxy.Options{Endpoint: at, Transport: transport(), Check: func(wire.Request) error { return nil }, Begun: live.Begin})
	j.close = func() {
		_, _ = live.Conclude()
		_ = file.Close()
	}
	return j, nil
}

func transport() *http.Transport {
	return &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: connections}
}
