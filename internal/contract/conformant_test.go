package contract_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/zec-tools/conformance/internal/wire"
)

func TestNoConformantAnswerIsAccused(t *testing.T) {
	const m, s, d = "ModifyInstanceType", "DescribeInstancesStatus", "DescribeInstances"
	row := `{"instanceId":"i","instanceStatus":"RESIZING"}`
	tests := []struct {
		name, action string
		status       int
		body         string
		change       func(*wire.Exchange)
	}{
		{name: "as documented", action: m, status: 200, body: resized},
		{name: "an id in another form", action: m, status: 200, body: `{"requestId":"请求 7/x","response":{"requestId":"请求 7/x"}}`},
		{name: "an id of one blank", action: m, status: 200, body: `{"requestId":" ","response":{"requestId":" "}}`},
		{name: "equal ids in different spelling", action: m, status: 200, body: `{"requestId":"T1","response":{"requestId":"\u0054\u0031"}}`},
		{name: "further members", action: m, status: 200, body: `{"requestId":"T1","x":[1,{"y":null}],"response":{"requestId":"T1","orderNumber":7}}`},
		{name: "a further member code in a success", action: m, status: 200, body: `{"requestId":"T1","code":"OK","message":"","response":{"requestId":"T1"}}`},
		{name: "a number that no float holds, in a further member", action: m, status: 200, body: `{"requestId":"T1","n":1e999,"response":{"requestId":"T1"}}`},
		{name: "an unpaired surrogate, which is an escape in valid UTF-8", action: m, status: 400, body: `{"requestId":"T1","code":"MISSING_PARAMETER","message":"\ud800"}`},
		{name: "a deep further member", action: m, status: 200, body: `{"requestId":"T1","x":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + `,"response":{"requestId":"T1"}}`},
		{name: "equal names in different objects", action: m, status: 200, body: `{"requestId":"T1","a":{"requestId":"x"},"b":{"requestId":"x"},"response":{"requestId":"T1"}}`},
		{name: "names that differ in letter case", action: m, status: 200, body: `{"requestId":"T1","RequestId":"x","response":{"requestId":"T1"}}`},
		{name: "an empty name", action: m, status: 200, body: `{"":1,"requestId":"T1","response":{"requestId":"T1"}}`},
		{name: "pretty", action: m, status: 200, body: "\n{\n  \"requestId\" : \"T1\",\r\n\t\"response\": { \"requestId\": \"T1\" }\n}\n\n"},
		{name: "with charset", action: m, status: 200, body: resized, change: media("application/json; charset=utf-8")},
		{name: "with charset, no blank, upper case", action: m, status: 200, body: resized, change: media("Application/JSON;charset=UTF-8")},
		{name: "with a blank before the parameter", action: m, status: 200, body: resized, change: media(" application/json ; profile=\"x;y\"")},
		{name: "an empty message", action: m, status: 400, body: `{"requestId":"T1","code":"MISSING_PARAMETER","message":""}`},
		{name: "a failure with further members", action: m, status: 404, body: `{"requestId":"T1","code":"INVALID_INSTANCE_NOT_FOUND","message":"m","response":null,"data":{}}`},
		{name: "a failure with a response", action: m, status: 404, body: `{"requestId":"T1","code":"INVALID_INSTANCE_NOT_FOUND","message":"m","response":{}}`},
		{name: "no rows", action: s, status: 200, body: statuses("[]")},
		{name: "further members in rows", action: s, status: 200, body: statuses(`[{"instanceId":"i","instanceStatus":"STOPPED","zoneId":null}]`)},
		{name: "many rows", action: s, status: 200, body: statuses("[" + strings.Repeat(row+",", 999) + row + "]")},
		{name: "an integer written as a fraction of nothing", action: s, status: 200, body: strings.Replace(statuses("[]"), ":1,", ":1.0,", 1)},
		{name: "an integer written with an exponent", action: s, status: 200, body: strings.Replace(statuses("[]"), ":1,", ":1e2,", 1)},
		{name: "an instance with members that need not be there, null or of their types", action: d, status: 200, body: statuses(
			`[{"instanceId":"i","instanceType":"t","status":"STOPPED","cpu":4,"memory":null,"imageId":"","createTime":"2024-04-01T00:00:00Z","zoneId":null}]`)},
		{name: "an instance with its required members alone", action: d, status: 200, body: statuses(`[{"instanceId":"i","instanceType":"","status":"CREATE_FAILED"}]`)},
		{name: "an unknown action refused", action: "NoSuchAction", status: 401, body: strings.Replace(missing, "MISSING_PARAMETER", "AUTHFAILURE_UNAUTHORIZED_OPERATION", 1)},
		{name: "an unknown action answered with members of its own", action: "NoSuchAction", status: 200, body: `{"requestId":"T1","response":{"requestId":"T1","totalCount":"x"}}`},
		{name: "another method refused in HTML", action: m, status: 405, body: "<html>", change: func(ex *wire.Exchange) {
			ex.Sent.Method = http.MethodGet
			ex.Received.Header.Set("Content-Type", "text/html")
		}},
		{name: "another method without a body", action: m, status: 204, change: method(http.MethodOptions)},
	}
	c := load(t)
	for _, test := range tests {
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
			assert.Empty(t, judgement.Findings)
			assert.NotEmpty(t, judgement.Judged)
		})
	}
}

func TestEveryDocumentedPairIsAccepted(t *testing.T) {
	c := load(t)
	judge, n := c.NewJudge(), 0
	for _, op := range c.Operations() {
		for _, pair := range c.Pairs(op) {
			n++
			body := fmt.Sprintf(`{"requestId":"T%d","code":%q,"message":"m"}`, n, pair.Code)
			judgement := judge.Exchange(answered(op, pair.Status, body))
			assert.Empty(t, judgement.Findings, pair.String())
			if !c.Open(op) {
				assert.Contains(t, judgement.Judged, "R-FAILURE-PAIR")
			}
			assert.NotContains(t, judgement.Judged, pair.Clause, "whether it is the error that applies is not seen from one exchange")
		}
	}
	assert.GreaterOrEqual(t, n, 113)
}

func TestAnExchangeIsJudgedByTheClausesItCanShow(t *testing.T) {
	c := load(t)
	op := operation(t, c, "DescribeInstancesStatus")
	transport := []string{"R-MEDIA-RESPONSE", "R-UTF8", "R-JSON"}
	success := append([]string{
		"R-REQUEST-ID-UNIQUE", "R-STATUS-200", "R-REQUEST-ID-EQUAL", "R-SUCCESS-ENVELOPE", "R-REQUEST-ID", "R-REQUEST-ID-INNER",
		"C-STATUS-TOTAL", "C-STATUS-DATASET",
	}, transport...)
	tests := []struct {
		name   string
		status int
		body   string
		want   []string
	}{
		{"no rows", 200, statuses("[]"), success},
		{"a row", 200, statuses(`[{"instanceId":"i","instanceStatus":"STOPPED"}]`), append([]string{"C-STATUS-ID", "C-STATUS-STATUS"}, success...)},
		{"a failure", 400, missing, append([]string{
			"R-REQUEST-ID-UNIQUE", "R-STATUS-FAILURE", "R-FAILURE-ENVELOPE", "R-REQUEST-ID", "R-FAILURE-CODE", "R-FAILURE-PAIR", "R-FAILURE-MESSAGE",
		}, transport...)},
		{"no JSON", 400, "x", transport},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			assert.ElementsMatch(t, test.want, c.NewJudge().Exchange(answered(op, test.status, test.body)).Judged)
		})
	}
	page := answered(op, 403, "<html></html>")
	page.Received.Header.Set("Content-Type", "text/html")
	assert.Equal(t, []string{"R-MEDIA-RESPONSE"}, c.NewJudge().Exchange(page).Judged, "a page is no proof that bodies are JSON")
	assert.Equal(t, []string{"R-STATUS-200"}, c.NewJudge().Exchange(answered(op, 204, "")).Judged)
}
