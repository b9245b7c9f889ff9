package benchmark

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"github.com/zec-tools/conformance/internal/wire"
)

// judging measures the contract alone.
func (b *Bench) judging(context.Context) (Section, error) {
	s := Section{
		Title: "2. Judging alone",
		About: "One exchange against the contract, without a network; each answer bears request ids of its own.",
	}
	change := b.contract.Operations()[0]
	life, _ := b.contract.Lifecycle(change)
	for _, answer := range []struct {
		what      string
		operation wire.Operation
		status    int
		format    string
	}{
		{"a success", change, http.StatusOK, `{"requestId":"T%[1]d","response":{"requestId":"T%[1]d"}}`},
		{"a refusal", change, http.StatusBadRequest, `{"requestId":"T%[1]d","code":"MISSING_PARAMETER","message":"m"}`},
		{"a list of one", life.Observed.Operation, http.StatusOK,
			`{"requestId":"T%[1]d","response":{"requestId":"T%[1]d","totalCount":1,"dataSet":[{"instanceId":"i","instanceStatus":"RESIZING"}]}}`},
	} {
		var faulty bool
		got := testing.Benchmark(func(t *testing.B) {
			judge := b.contract.NewJudge()
			t.ReportAllocs()
			for i := range t.N {
				found := judge.Exchange(wire.Exchange{Operation: answer.operation, Received: &wire.Received{
					Status: answer.status, Header: http.Header{"Content-Type": {"application/json"}}, Body: fmt.Appendf(nil, answer.format, i),
				}})
				faulty = faulty || len(found.Findings) > 0
			}
		})
		if faulty {
			return s, fmt.Errorf("%s of the benchmark was found faulty", answer.what)
		}
		s.Rows = append(s.Rows, Row{What: answer.what, Value: fmt.Sprintf("%.1f µs, %d allocations, %d bytes",
			float64(got.NsPerOp())/1e3, got.AllocsPerOp(), got.AllocedBytesPerOp())})
	}
	return s, nil
}
