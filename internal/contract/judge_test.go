package contract_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// answered makes the exchange of a posted request that was answered so.
func answered(op wire.Operation, status int, body string) wire.Exchange {
	return wire.Exchange{
		Operation: op,
		Sent:      wire.Sent{Method: http.MethodPost, Body: wire.Body(`{"instanceIds":["i","j"]}`)},
		Received: &wire.Received{
			Status: status,
			Header: http.Header{"Content-Type": {"application/json"}},
			Body:   wire.Body(body),
		},
	}
}

const (
	resized      = `{"requestId":"T1","response":{"requestId":"T1"}}`
	missing      = `{"requestId":"T1","code":"MISSING_PARAMETER","message":"m"}`
	typeNotFound = `{"requestId":"T1","code":"INVALID_INSTANCE_TYPE_NOT_FOUND","message":"m"}`
	unchanged    = `{"requestId":"T1","code":"INVALID_INSTANCE_TYPE_NOT_CHANGED","message":"m"}`
	notFound     = `{"requestId":"T1","code":"INVALID_INSTANCE_NOT_FOUND","message":"m"}`
)

func statuses(rows string) string {
	return `{"requestId":"T1","response":{"requestId":"T1","totalCount":1,"dataSet":` + rows + `}}`
}

type broken struct {
	name, action string
	status       int
	body         string
	change       func(*wire.Exchange)
	want         []string // "clause where want ← got"
}

func brokenEnvelopes() []broken {
	const m = "ModifyInstanceType"
	return []broken{
		{name: "no outer id", action: m, status: 200, body: `{"response":{"requestId":"T1"}}`, want: []string{"R-REQUEST-ID /requestId: want a string that is not empty, got no such member"}},
		{name: "outer id a number", action: m, status: 200, body: `{"requestId":7,"response":{"requestId":"T1"}}`, want: []string{"R-REQUEST-ID /requestId: want a string that is not empty, got 7"}},
		{name: "outer id empty", action: m, status: 200, body: `{"requestId":"","response":{"requestId":"T1"}}`, want: []string{`R-REQUEST-ID /requestId: want a string that is not empty, got ""`}},
		{name: "outer id null", action: m, status: 200, body: `{"requestId":null,"response":{"requestId":"T1"}}`, want: []string{"R-REQUEST-ID /requestId: want a string that is not empty, got null"}},
		{name: "no inner id", action: m, status: 200, body: `{"requestId":"T1","response":{}}`, want: []string{"R-REQUEST-ID-INNER /response/requestId: want a string that is not empty, got no such member"}},
		{name: "inner id empty", action: m, status: 200, body: `{"requestId":"T1","response":{"requestId":""}}`, want: []string{`R-REQUEST-ID-INNER /response/requestId: want a string that is not empty, got ""`}},
		{name: "inner id a number", action: m, status: 200, body: `{"requestId":"T1","response":{"requestId":1}}`, want: []string{"R-REQUEST-ID-INNER /response/requestId: want a string that is not empty, got 1"}},
		{name: "another inner id", action: m, status: 200, body: `{"requestId":"T1","response":{"requestId":"T2"}}`, want: []string{"R-REQUEST-ID-EQUAL /response/requestId: want T1, got T2"}},
		{name: "no response", action: m, status: 200, body: `{"requestId":"T1"}`, want: []string{"R-SUCCESS-ENVELOPE /response: want an object, got no such member"}},
		{name: "response null", action: m, status: 200, body: `{"requestId":"T1","response":null}`, want: []string{"R-SUCCESS-ENVELOPE /response: want an object, got null"}},
		{name: "response an array", action: m, status: 200, body: `{"requestId":"T1","response":[]}`, want: []string{"R-SUCCESS-ENVELOPE /response: want an object, got []"}},
		{name: "an empty object", action: m, status: 200, body: `{}`, want: []string{"R-SUCCESS-ENVELOPE body: want an object with requestId and response, got {}"}},
		{name: "an array", action: m, status: 200, body: `[]`, want: []string{"R-SUCCESS-ENVELOPE body: want an object with requestId and response, got []"}},
		{name: "null", action: m, status: 200, body: `null`, want: []string{"R-SUCCESS-ENVELOPE body: want an object with requestId and response, got null"}},
		{name: "failure without id", action: m, status: 400, body: `{"code":"MISSING_PARAMETER","message":"m"}`, want: []string{"R-REQUEST-ID /requestId: want a string that is not empty, got no such member"}},
		{name: "failure without code", action: m, status: 400, body: `{"requestId":"T1","message":"m"}`, want: []string{"R-FAILURE-CODE /code: want a string, got no such member"}},
		{name: "failure with a code that is a number", action: m, status: 400, body: `{"requestId":"T1","code":400,"message":"m"}`, want: []string{"R-FAILURE-CODE /code: want a string, got 400"}},
		{name: "failure with code null", action: m, status: 400, body: `{"requestId":"T1","code":null,"message":"m"}`, want: []string{"R-FAILURE-CODE /code: want a string, got null"}},
		{name: "failure without message", action: m, status: 400, body: `{"requestId":"T1","code":"MISSING_PARAMETER"}`, want: []string{"R-FAILURE-MESSAGE /message: want a string, got no such member"}},
		{name: "failure with message null", action: m, status: 400, body: `{"requestId":"T1","code":"MISSING_PARAMETER","message":null}`, want: []string{"R-FAILURE-MESSAGE /message: want a string, got null"}},
		{name: "failure of another shape", action: m, status: 400, body: `{"error":"x"}`, want: []string{`R-FAILURE-ENVELOPE body: want an object with requestId, code and message, got {"error":"x"}`}},
		{name: "failure that is a string", action: m, status: 500, body: `"oops"`, want: []string{`R-FAILURE-ENVELOPE body: want an object with requestId, code and message, got "oops"`}},
	}
}

func brokenStatuses() []broken {
	const m, s = "ModifyInstanceType", "DescribeInstancesStatus"
	return []broken{
		{name: "a success under 201", action: m, status: 201, body: resized, want: []string{"R-STATUS-200 status: want 200, got 201"}},
		{name: "a success under 202", action: s, status: 202, body: statuses("[]"), want: []string{"R-STATUS-200 status: want 200, got 202"}},
		{name: "204", action: m, status: 204, body: "", change: dropType, want: []string{"R-STATUS-200 status: want 200, got 204"}},
		{name: "an empty body under 200", action: m, status: 200, body: "", want: []string{"R-JSON body: want one JSON value, nothing after it, no member repeated, got an empty body"}},
		{name: "an empty body under 300", action: m, status: 300, body: "", change: dropType, want: []string{"R-JSON body: want one JSON value, nothing after it, no member repeated, got an empty body"}},
		{name: "an empty body of another type", action: m, status: 404, body: "", change: media("text/html"), want: []string{"R-JSON body: want one JSON value, nothing after it, no member repeated, got an empty body"}},
		{name: "a success under 300", action: m, status: 300, body: resized, want: []string{"R-STATUS-200 status: want 200, as the body is a success, got 300"}},
		{name: "a failure under 200, code of nobody", action: m, status: 200, body: strings.Replace(missing, "MISSING_PARAMETER", "NO_SUCH_CODE", 1), want: []string{"R-STATUS-FAILURE status: want 4xx or 5xx, as the body is a failure, got 200"}},
		{name: "a success under 400", action: m, status: 400, body: resized, want: []string{"R-STATUS-200 status: want 200, as the body is a success, got 400"}},
		{name: "a failure under 200", action: m, status: 200, body: notFound, want: []string{"R-STATUS-FAILURE status: want 404 INVALID_INSTANCE_NOT_FOUND, got 200"}},
		{name: "a failure under 200, code of a read", action: s, status: 200, body: notFound, want: []string{"R-STATUS-FAILURE status: want 404 INVALID_INSTANCE_NOT_FOUND, got 200"}},
		{name: "a right code under a wrong status", action: m, status: 400, body: notFound, want: []string{"M-INSTANCE-NOT-FOUND status: want 404 INVALID_INSTANCE_NOT_FOUND, got 400 INVALID_INSTANCE_NOT_FOUND"}},
		{name: "a right code under an undocumented status", action: m, status: 422, body: missing, want: []string{"E-MISSING status: want 400 MISSING_PARAMETER, got 422 MISSING_PARAMETER"}},
		{name: "an undocumented code", action: m, status: 403, body: strings.Replace(missing, "MISSING_PARAMETER", "NO_SUCH_CODE", 1), want: []string{"R-FAILURE-PAIR /code: want OPERATION_FAILED_FOR_RECYCLE_RESOURCE, got 403 NO_SUCH_CODE"}},
		{name: "a code in lower case", action: s, status: 429, body: strings.Replace(missing, "MISSING_PARAMETER", "request_limit_exceeded", 1), want: []string{"R-FAILURE-PAIR /code: want REQUEST_LIMIT_EXCEEDED, got 429 request_limit_exceeded"}},
		{name: "an empty code", action: s, status: 429, body: strings.Replace(missing, "MISSING_PARAMETER", "", 1), want: []string{"R-FAILURE-PAIR /code: want REQUEST_LIMIT_EXCEEDED, got 429 "}},
		{name: "an undocumented status and code", action: m, status: 418, body: strings.Replace(missing, "MISSING_PARAMETER", "TEAPOT", 1), want: []string{"R-FAILURE-PAIR /code: want a documented status with one of its codes, got 418 TEAPOT"}},
		{name: "another action's code", action: s, status: 404, body: typeNotFound, want: []string{"R-FAILURE-PAIR /code: want one of OPERATION_FAILED_RESOURCE_GROUP_NOT_FOUND, OPERATION_FAILED_RESOURCE_NOT_FOUND, INVALID_INSTANCE_NOT_FOUND, got 404 INVALID_INSTANCE_TYPE_NOT_FOUND"}},
		{name: "a superseded code under a wrong status", action: m, status: 400, body: unchanged, want: []string{"R-FAILURE-PAIR /code: want one of " + badRequest + ", got 400 INVALID_INSTANCE_TYPE_NOT_CHANGED"}},
		{name: "a superseded code of another action", action: s, status: 403, body: unchanged, want: []string{"R-FAILURE-PAIR /code: want OPERATION_FAILED_FOR_RECYCLE_RESOURCE, got 403 INVALID_INSTANCE_TYPE_NOT_CHANGED"}},
		{name: "an unknown action with an action's own code", action: "NoSuchAction", status: 404, body: notFound, want: []string{"R-FAILURE-PAIR /code: want one of OPERATION_FAILED_RESOURCE_GROUP_NOT_FOUND, OPERATION_FAILED_RESOURCE_NOT_FOUND, got 404 INVALID_INSTANCE_NOT_FOUND"}},
		{name: "an unknown action without inner id", action: "NoSuchAction", status: 200, body: `{"requestId":"T1","response":{}}`, want: []string{"R-REQUEST-ID-INNER /response/requestId: want a string that is not empty, got no such member"}},
		{name: "a success of another method", action: m, status: 200, body: "ok", change: method(http.MethodGet), want: []string{"R-METHOD-POST status: want any but 200 to GET, got 200"}},
	}
}

func brokenText() []broken {
	const m = "ModifyInstanceType"
	const json = "one JSON value, nothing after it, no member repeated"
	return []broken{
		{name: "HTML under 400", action: m, status: 400, body: "<html>", change: media("text/html"), want: []string{"R-MEDIA-RESPONSE header Content-Type: want application/json, got text/html"}},
		{name: "HTML under an undocumented status", action: m, status: 405, body: "<html>", change: media("text/html"), want: []string{"R-MEDIA-RESPONSE header Content-Type: want application/json, got text/html"}},
		{name: "HTML under 200 as JSON", action: m, status: 200, body: "<html>", want: []string{"R-JSON body: want " + json + ", got invalid character '<' at start of value at byte 0 of <html>"}},
		{name: "JSON as text", action: m, status: 200, body: resized, change: media("text/plain"), want: []string{"R-MEDIA-RESPONSE header Content-Type: want application/json, got text/plain"}},
		{name: "a media type that begins so", action: m, status: 200, body: resized, change: media("application/json-seq"), want: []string{"R-MEDIA-RESPONSE header Content-Type: want application/json, got application/json-seq"}},
		{name: "problem+json", action: m, status: 400, body: missing, change: media("application/problem+json"), want: []string{"R-MEDIA-RESPONSE header Content-Type: want application/json, got application/problem+json"}},
		{name: "no media type", action: m, status: 200, body: resized, change: dropType, want: []string{"R-MEDIA-RESPONSE header Content-Type: want application/json, got no such header"}},
		{name: "an empty body", action: m, status: 400, body: "", change: dropType, want: []string{"R-JSON body: want " + json + ", got an empty body"}},
		{name: "blanks", action: m, status: 200, body: " \n", want: []string{"R-JSON body: want " + json + ", got an empty body"}},
		{name: "text after the value", action: m, status: 200, body: resized + "x", want: []string{"R-JSON body: want " + json + ", got invalid character 'x' after top-level value at byte 48 of " + resized + "x"}},
		{name: "two values", action: m, status: 200, body: resized + "{}", want: []string{"R-JSON body: want " + json + ", got invalid character '{' after top-level value at byte 48 of " + resized + "{}"}},
		{name: "a value cut short", action: m, status: 200, body: `{"requestId":`, want: []string{"R-JSON body: want " + json + `, got unexpected EOF at byte 13 of {"requestId":`}},
		{name: "a member repeated", action: m, status: 200, body: `{"requestId":"T1","requestId":"T1","response":{"requestId":"T1"}}`, want: []string{"R-JSON /requestId: want " + json + ", got the member repeated"}},
		{name: "a member repeated deep inside", action: "DescribeInstancesStatus", status: 200, body: statuses(`[{"instanceId":"i","instanceStatus":"STOPPED","x":{"a":1,"a":2}}]`), want: []string{"R-JSON /response/dataSet/0/x/a: want " + json + ", got the member repeated"}},
		{name: "a member repeated in other spelling", action: m, status: 400, body: `{"requestId":"T1","code":"MISSING_PARAMETER","\u0063ode":"X","message":""}`, want: []string{"R-JSON /code: want " + json + ", got the member repeated"}},
		{name: "no UTF-8", action: m, status: 400, body: "{\"requestId\":\"T1\",\"code\":\"MISSING_PARAMETER\",\"message\":\"\xff\"}", want: []string{`R-UTF8 body: want valid UTF-8, got "{\"requestId\":\"T1\",\"code\":\"MISSING_PARAMETER\",\"message\":\"\xff\"}"`}},
		{name: "no UTF-8 and no JSON", action: m, status: 400, body: "\xff\xfe{\x00", want: []string{`R-UTF8 body: want valid UTF-8, got "\xff\xfe{\x00"`}},
	}
}

func brokenRows() []broken {
	const s, d = "DescribeInstancesStatus", "DescribeInstances"
	response := func(members string) string { return `{"requestId":"T1","response":{"requestId":"T1",` + members + `}}` }
	return []broken{
		{name: "no total", action: s, status: 200, body: response(`"dataSet":[]`), want: []string{"C-STATUS-TOTAL /response/totalCount: want an integer, got no such member"}},
		{name: "a total that is a text", action: s, status: 200, body: response(`"totalCount":"0","dataSet":[]`), want: []string{`C-STATUS-TOTAL /response/totalCount: want an integer, got "0"`}},
		{name: "a total that is no integer", action: s, status: 200, body: response(`"totalCount":1.5,"dataSet":[]`), want: []string{"C-STATUS-TOTAL /response/totalCount: want an integer, got 1.5"}},
		{name: "a total that no number holds", action: s, status: 200, body: response(`"totalCount":1e999,"dataSet":[]`), want: []string{"C-STATUS-TOTAL /response/totalCount: want an integer, got 1e999"}},
		{name: "no rows", action: s, status: 200, body: response(`"totalCount":0`), want: []string{"C-STATUS-DATASET /response/dataSet: want an array, got no such member"}},
		{name: "rows null", action: s, status: 200, body: response(`"totalCount":0,"dataSet":null`), want: []string{"C-STATUS-DATASET /response/dataSet: want an array, got null"}},
		{name: "a row that is a text", action: s, status: 200, body: statuses(`["i"]`), want: []string{`C-STATUS-DATASET /response/dataSet/0: want an object, got "i"`}},
		{name: "a row without id", action: s, status: 200, body: statuses(`[{"instanceStatus":"STOPPED"}]`), want: []string{"C-STATUS-ID /response/dataSet/0/instanceId: want a string, got no such member"}},
		{name: "a row without status", action: s, status: 200, body: statuses(`[{"instanceId":"i"}]`), want: []string{"C-STATUS-STATUS /response/dataSet/0/instanceStatus: want a string, got no such member"}},
		{name: "a status that is a number", action: s, status: 200, body: statuses(`[{"instanceId":"i","instanceStatus":4}]`), want: []string{"C-STATUS-STATUS /response/dataSet/0/instanceStatus: want a string, got 4"}},
		{name: "a status that is null", action: s, status: 200, body: statuses(`[{"instanceId":"i","instanceStatus":null}]`), want: []string{"C-STATUS-STATUS /response/dataSet/0/instanceStatus: want a string, got null"}},
		{name: "two faults are two findings", action: s, status: 200, body: statuses(`[{"instanceId":1,"instanceStatus":"STOPPED"},{"instanceId":"j","instanceStatus":0}]`), want: []string{"C-STATUS-ID /response/dataSet/0/instanceId: want a string, got 1", "C-STATUS-STATUS /response/dataSet/1/instanceStatus: want a string, got 0"}},
		{name: "no response object of a read", action: d, status: 200, body: `{"requestId":"T1","response":"x"}`, want: []string{`R-SUCCESS-ENVELOPE /response: want an object, got "x"`}},
		{name: "instances: no total", action: d, status: 200, body: response(`"dataSet":[]`), want: []string{"C-INSTANCES-TOTAL /response/totalCount: want an integer, got no such member"}},
		{name: "instances: rows an object", action: d, status: 200, body: response(`"totalCount":0,"dataSet":{}`), want: []string{"C-INSTANCES-DATASET /response/dataSet: want an array, got {}"}},
		{name: "instances: no id", action: d, status: 200, body: statuses(`[{"status":"STOPPED","instanceType":"t"}]`), want: []string{"C-INSTANCES-ID /response/dataSet/0/instanceId: want a string, got no such member"}},
		{name: "instances: no type", action: d, status: 200, body: statuses(`[{"instanceId":"i","status":"STOPPED"}]`), want: []string{"C-INSTANCES-TYPE /response/dataSet/0/instanceType: want a string, got no such member"}},
		{name: "instances: no status", action: d, status: 200, body: statuses(`[{"instanceId":"i","instanceType":"t"}]`), want: []string{"C-INSTANCES-STATUS /response/dataSet/0/status: want a string, got no such member"}},
		{name: "instances: cpu a string", action: d, status: 200, body: statuses(`[{"instanceId":"i","instanceType":"t","status":"STOPPED","cpu":"2"}]`), want: []string{`C-INSTANCES-MEMBERS /response/dataSet/0/cpu: want an integer, got "2"`}},
		{name: "instances: a time with an offset", action: d, status: 200, body: statuses(`[{"instanceId":"i","instanceType":"t","status":"STOPPED","createTime":"2024-04-01T00:00:00+08:00"}]`), want: []string{`C-INSTANCES-MEMBERS /response/dataSet/0/createTime: want a string that matches ^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)Z$, got "2024-04-01T00:00:00+08:00"`}},
		{name: "instances: a time that no calendar has", action: d, status: 200, body: statuses(`[{"instanceId":"i","instanceType":"t","status":"STOPPED","createTime":"2024-13-41T25:61:00Z"}]`), want: []string{`C-INSTANCES-MEMBERS /response/dataSet/0/createTime: want a string that matches ^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)Z$, got "2024-13-41T25:61:00Z"`}},
	}
}

// badRequest are the codes of ModifyInstanceType under 400.
const badRequest = "OPERATION_DENIED_GPU_INSTANCE_NOT_SUPPORT, OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT, OPERATION_FAILED_INSTANCE_TYPE_UNSUPPORTED, " +
	"MISSING_PARAMETER, INVALID_PARAMETER_TYPE, INVALID_PARAMETER_EXCEED_MAXIMUM, INVALID_PARAMETER_LESS_MINIMUM, INVALID_PARAMETER_EXCEED_LENGTH, " +
	"INVALID_PARAMETER_LESS_LENGTH, INVALID_PARAMETER_PATTERN_ERROR, INVALID_PARAMETER_DATE_FORMAT_ERROR, INVALID_PARAMETER_VALUE"

func dropType(ex *wire.Exchange) { ex.Received.Header.Del("Content-Type") }

func media(value string) func(*wire.Exchange) {
	return func(ex *wire.Exchange) { ex.Received.Header.Set("Content-Type", value) }
}

func method(name string) func(*wire.Exchange) {
	return func(ex *wire.Exchange) { ex.Sent.Method = name }
}

func TestEveryBrokenAnswerIsFoundAndNamed(t *testing.T) {
	c := load(t)
	for _, table := range [][]broken{brokenEnvelopes(), brokenStatuses(), brokenText(), brokenRows()} {
		require.NotEmpty(t, table)
		for _, test := range table {
			t.Run(test.name, func(t *testing.T) {
				op, ok := c.Operation(test.action)
				if !ok {
					op = wire.Operation{Path: "/api/v2/zec", Action: test.action, Version: "2024-04-01"}
				}
				ex := answered(op, test.status, test.body)
				if test.change != nil {
					test.change(&ex)
				}
				judgement := c.NewJudge().Exchange(ex)
				var got []string
				for _, f := range judgement.Findings {
					clause, known := c.Clause(f.Clause)
					require.True(t, known, f.Clause)
					assert.Equal(t, clause.Source, f.Source)
					assert.Equal(t, clause.Level, f.Level)
					assert.Contains(t, judgement.Judged, f.Clause)
					got = append(got, f.Clause+" "+f.Where+": want "+f.Want+", got "+f.Got)
				}
				assert.Equal(t, test.want, got)
			})
		}
	}
}

func TestRequestIDsAreUniqueInARun(t *testing.T) {
	c := load(t)
	judge, op := c.NewJudge(), c.Operations()[0]
	assert.Empty(t, judge.Exchange(answered(op, 200, resized)).Findings)
	again := judge.Exchange(answered(op, 400, missing)).Findings
	require.Len(t, again, 1)
	assert.Equal(t, verdict.Finding{
		Clause: "R-REQUEST-ID-UNIQUE", Source: verdict.SourceR, Level: verdict.Must, Where: "/requestId",
		Want: "an id of its own", Got: "T1, seen before", RequestID: "T1",
	}, again[0])
	assert.Empty(t, c.NewJudge().Exchange(answered(op, 200, resized)).Findings, "another run")
}

func TestOneOfManyEqualIDsIsTheFirst(t *testing.T) {
	c := load(t)
	judge, op := c.NewJudge(), c.Operations()[0]
	findings := make([]int, 50)
	var wg sync.WaitGroup
	for i := range findings {
		wg.Go(func() { findings[i] = len(judge.Exchange(answered(op, 200, resized)).Findings) })
	}
	wg.Wait()
	total := 0
	for _, n := range findings {
		total += n
	}
	assert.Equal(t, len(findings)-1, total)
}

func TestAnswersThatSayNothingAreNotJudged(t *testing.T) {
	c := load(t)
	judge, op := c.NewJudge(), c.Operations()[0]
	lost := wire.Exchange{Operation: op, Cause: wire.CauseLost}
	assert.Equal(t, contract.Judgement{}, judge.Exchange(lost))
	unavailable := answered(op, 503, "<html>")
	unavailable.Cause = wire.CauseUnavailable
	assert.Equal(t, contract.Judgement{}, judge.Exchange(unavailable))
}

func TestFindingsAreShort(t *testing.T) {
	c := load(t)
	long := strings.Repeat("长", 100_000)
	for _, body := range []string{`"` + long + `"`, long, `{"requestId":"` + long + `","code":"` + long + `"}`} {
		findings := c.NewJudge().Exchange(answered(c.Operations()[0], 400, body)).Findings
		require.NotEmpty(t, findings)
		for _, f := range findings {
			assert.Less(t, len(f.Error()), 2000)
			assert.Less(t, len(f.RequestID), 300)
		}
	}
}

// TestWhatNoDocumentStatesIsNotJudged holds what an endpoint is free to answer.
func TestWhatNoDocumentStatesIsNotJudged(t *testing.T) {
	const m, s, d = "ModifyInstanceType", "DescribeInstancesStatus", "DescribeInstances"
	c := load(t)
	for name, test := range map[string]struct {
		action string
		status int
		body   string
	}{
		"a status outside the list":          {s, 200, statuses(`[{"instanceId":"i","instanceStatus":"STARTING"}]`)},
		"a listing's status outside it":      {d, 200, statuses(`[{"instanceId":"i","instanceType":"t","status":"PENDING"}]`)},
		"a type that is null":                {d, 200, statuses(`[{"instanceId":"i","instanceType":null,"status":"STOPPED"}]`)},
		"members that are null":              {d, 200, statuses(`[{"instanceId":"i","instanceType":"t","status":"STOPPED","cpu":null,"createTime":null}]`)},
		"an unrelated row without a type":    {d, 200, statuses(`[{"instanceId":"other","status":"STOPPED"}]`)},
		"an unrelated row of other types":    {d, 200, statuses(`[{"instanceId":"other","instanceType":7,"status":null,"cpu":"2","createTime":1}]`)},
		"an unrelated status that is none":   {s, 200, statuses(`[{"instanceId":"other","instanceStatus":4},{"instanceId":"i","instanceStatus":"STOPPED"}]`)},
		"a superseded pair":                  {m, 403, unchanged},
		"an instance not found in a listing": {d, 404, notFound},
	} {
		t.Run(name, func(t *testing.T) {
			op, _ := c.Operation(test.action)
			assert.Empty(t, c.NewJudge().Exchange(answered(op, test.status, test.body)).Findings)
		})
	}
}

func TestRowsAreJudgedOfInstancesThatAScenarioHasNamed(t *testing.T) {
	c := load(t)
	op, _ := c.Operation("DescribeInstancesStatus")
	listing := answered(op, 200, statuses(`[{"instanceId":"i","instanceStatus":4}]`))
	listing.Sent.Body = wire.Body(`{}`)
	judge, named := c.NewJudge(), contract.Named{}
	judgement := judge.ExchangeAmong(named, listing)
	assert.Empty(t, judgement.Findings, "nobody has named it")
	assert.NotContains(t, judgement.Judged, "C-STATUS-STATUS")
	asked := answered(op, 400, strings.Replace(missing, "T1", "T2", 1))
	assert.Empty(t, judge.ExchangeAmong(named, asked).Findings)
	listing.Received.Body = wire.Body(strings.ReplaceAll(string(listing.Received.Body), "T1", "T3"))
	require.Len(t, judge.ExchangeAmong(named, listing).Findings, 1, "an earlier request has named it")
}
