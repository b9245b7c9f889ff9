package account_test

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/account"
	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/secret"
	"github.com/zec-tools/conformance/internal/sign"
	"github.com/zec-tools/conformance/internal/wire"
	"github.com/zec-tools/conformance/spec"
)

const (
	modify    = "ModifyInstanceType"
	statuses  = "DescribeInstancesStatus"
	instances = "DescribeInstances"
	keyID     = "key-1"
	password  = "password-of-key-1"
)

// call is one exchange of a session: it leaves at from and is answered at till, in
// milliseconds; by default one follows the other.
type call struct {
	action, body string
	status       int
	answer       string // the response object of a success, the code of a failure
	from, till   int
	header       map[string]string
	password     string
}

func ask(action, body string, answer string) call {
	return call{action: action, body: body, status: 200, answer: answer}
}
func refused(action, body string, status int, code string) call {
	return call{action: action, body: body, status: status, answer: code}
}

// shows is a read of both kinds that shows the status of an instance.
func shows(id, status string) call {
	return ask(statuses, `{"instanceIds":["`+id+`"]}`, rows(`{"instanceId":"`+id+`","instanceStatus":"`+status+`"}`))
}

func has(id, status, instanceType string) call {
	return ask(instances, `{"instanceIds":["`+id+`"]}`, rows(fmt.Sprintf(`{"instanceId":%q,"status":%q,"instanceType":%q}`, id, status, instanceType)))
}

func resize(id, instanceType string) call {
	return ask(modify, fmt.Sprintf(`{"instanceId":%q,"instanceType":%q}`, id, instanceType), ``)
}

func rows(list ...string) string {
	return fmt.Sprintf(`"totalCount":%d,"dataSet":[%s]`, len(list), strings.Join(list, ","))
}

var noon = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

func (c call) exchange(n int, op wire.Operation) wire.Exchange {
	if c.till == 0 {
		c.from, c.till = 10*n, 10*n+5
	}
	h := http.Header{"Content-Type": {"application/json"}, "Host": {"host.example"}, "X-Zc-Timestamp": {fmt.Sprint(noon.Unix())},
		"X-Zc-Signature-Method": {sign.Method}, "X-Zc-Action": {c.action}, "X-Zc-Version": {op.Version}}
	pass := password
	if c.password != "" {
		pass = c.password
	}
	h.Set("Authorization", sign.Authorization(keyID, pass, "POST", noon.Unix(), []sign.Header{{Name: "content-type", Value: cmp.Or(c.header["Content-Type"], "application/json")}, {Name: "host", Value: "host.example"}}, []byte(c.body)))
	for name, value := range c.header {
		h.Set(name, value)
		if value == "" {
			h.Del(name)
		}
	}
	id := fmt.Sprintf("R%d", n)
	body := fmt.Sprintf(`{"requestId":%q,"code":%q,"message":"m"}`, id, c.answer)
	if c.status == 200 {
		inner := fmt.Sprintf(`"requestId":%q`, id)
		if c.answer != "" {
			inner += "," + c.answer
		}
		body = fmt.Sprintf(`{"requestId":%q,"response":{%s}}`, id, inner)
	}
	return wire.Exchange{
		Operation: op, Attempt: 1,
		Sent:     wire.Sent{Method: "POST", URL: "https://host.example" + op.Path, Header: h, Body: wire.Body(c.body)},
		Received: &wire.Received{Status: c.status, Header: http.Header{"Content-Type": {"application/json"}, "Date": {noon.Format(http.TimeFormat)}}, Body: wire.Body(body)},
		Timing:   wire.Timing{Start: noon.Add(time.Duration(c.from) * time.Millisecond), End: time.Duration(c.till-c.from) * time.Millisecond},
	}
}

func theContract(t *testing.T) *contract.Contract {
	t.Helper()
	c, err := contract.Load(spec.Files)
	require.NoError(t, err)
	return c
}

// clauses returns the clauses that a session breaks.
func clauses(t *testing.T, c *contract.Contract, exclusive bool, session []call) []string {
	t.Helper()
	return clausesWithin(t, c, account.Options{Exclusive: exclusive}, session)
}

func clausesWithin(t *testing.T, c *contract.Contract, o account.Options, session []call) []string {
	t.Helper()
	o.Credentials = &account.Credentials{KeyID: keyID, Password: secret.New(password), Token: secret.New("token-1")}
	j := account.New(account.Read(c), o)
	broken := []string{}
	for n, one := range session {
		op, known := c.Operation(one.action)
		require.True(t, known)
		for _, f := range j.Add(fmt.Sprint("entry ", n), one.exchange(n, op), false) {
			broken = append(broken, f.Clause)
			assert.NotEmpty(t, f.Place)
		}
	}
	for _, f := range j.End() {
		broken = append(broken, f.Clause)
	}
	return broken
}

// resized is a change as it should be.
func resized(more ...call) []call {
	return append([]call{has("i-1", "STOPPED", "a"), resize("i-1", "b"), shows("i-1", "RESIZING"), shows("i-1", "STOPPED"), has("i-1", "STOPPED", "b")}, more...)
}

func TestWhatARequestDeserves(t *testing.T) {
	c := theContract(t)
	one := `{"instanceIds":["i-1"]}`
	for name, row := range map[string]struct {
		session []call
		broken  []string
	}{
		"a listing":                                   {[]call{shows("i-1", "STOPPED")}, nil},
		"a parameter of another type":                 {[]call{refused(statuses, `{"pageSize":"1"}`, 400, "INVALID_PARAMETER_TYPE")}, nil},
		"the same, served":                            {[]call{ask(statuses, `{"pageSize":"1"}`, rows())}, []string{"E-WRONG-TYPE"}},
		"the same, another error":                     {[]call{refused(statuses, `{"pageSize":"1"}`, 400, "MISSING_PARAMETER")}, []string{"E-WRONG-TYPE"}},
		"a number with an exponent above the maximum": {[]call{refused(statuses, `{"pageSize":1E4}`, 400, "INVALID_PARAMETER_TYPE"), refused(statuses, `{"pageSize":1E4}`, 400, "INVALID_PARAMETER_EXCEED_MAXIMUM")}, nil},
		"a number with a point above the maximum":     {[]call{refused(statuses, `{"pageSize":1000.5}`, 400, "INVALID_PARAMETER_TYPE"), refused(statuses, `{"pageSize":1000.5}`, 400, "INVALID_PARAMETER_EXCEED_MAXIMUM")}, nil},
		"a number beyond 32 bits":                     {[]call{refused(statuses, `{"pageSize":1e300}`, 400, "INVALID_PARAMETER_TYPE"), refused(statuses, `{"pageNum":18446744073709551616}`, 400, "INVALID_PARAMETER_TYPE")}, nil},
		"an empty text for a list":                    {[]call{ask(statuses, `{"instanceIds":""}`, rows()), refused(statuses, `{"instanceIds":""}`, 400, "INVALID_PARAMETER_TYPE")}, nil},
		"a page too large":                            {[]call{ask(statuses, `{"pageSize":1001}`, rows())}, []string{"C-STATUS-PAGE-SIZE"}},
		"a parameter missing, served":                 {[]call{ask(modify, `{"instanceId":"i-1"}`, ``)}, []string{"M-INSTANCE-TYPE"}},
		"of two faults either":                        {[]call{refused(modify, `{"instanceId":7}`, 400, "MISSING_PARAMETER"), refused(modify, `{"instanceId":7}`, 400, "INVALID_PARAMETER_TYPE")}, nil},
		"of two faults neither":                       {[]call{refused(modify, `{"instanceId":7}`, 404, "INVALID_INSTANCE_NOT_FOUND")}, []string{"E-WRONG-TYPE"}},
		"a right request refused":                     {[]call{shows("i-1", "STOPPED"), refused(statuses, one, 400, "MISSING_PARAMETER")}, []string{"C-STATUS-FILTER"}},
		"a body that is no JSON":                      {[]call{ask(statuses, `{`, rows())}, []string{"R-BODY-MALFORMED"}},
		"another media type":                          {[]call{{action: statuses, body: "{}", status: 200, answer: rows(), header: map[string]string{"Content-Type": "text/plain"}}}, []string{"R-MEDIA-REQUEST"}},
		"an unknown id, refused":                      {[]call{refused(statuses, `{"instanceIds":["none"]}`, 404, "INVALID_INSTANCE_NOT_FOUND")}, nil},
		"a row not asked for":                         {[]call{ask(statuses, one, rows(`{"instanceId":"i-2","instanceStatus":"STOPPED"}`))}, []string{"C-STATUS-FILTER"}},
		"a row twice":                                 {[]call{ask(statuses, one, rows(`{"instanceId":"i-1","instanceStatus":"STOPPED"}`, `{"instanceId":"i-1","instanceStatus":"STOPPED"}`))}, []string{"C-STATUS-FILTER"}},
		"a count that is wrong":                       {[]call{ask(statuses, one, `"totalCount":2,"dataSet":[{"instanceId":"i-1","instanceStatus":"STOPPED"}]`)}, []string{"C-STATUS-TOTAL-MATCHES"}},
		"more rows than asked for":                    {[]call{ask(statuses, `{"pageSize":1}`, rows(`{"instanceId":"i-1","instanceStatus":"STOPPED"}`, `{"instanceId":"i-2","instanceStatus":"STOPPED"}`))}, []string{"C-STATUS-PAGE"}},
		"without Authorization":                       {[]call{shows("i-1", "STOPPED"), {action: statuses, body: "{}", status: 200, answer: rows(), header: map[string]string{"Authorization": ""}}}, []string{"S-AUTH-REQUIRED"}},
		"a recorder without them":                     {[]call{{action: statuses, body: "{}", status: 200, answer: rows(), header: map[string]string{"Authorization": ""}}}, nil},
		"another password":                            {[]call{{action: statuses, body: "{}", status: 200, answer: rows(), password: "other"}}, []string{"E-SIGNATURE"}},
		"a right signature refused":                   {[]call{refused(statuses, "{}", 401, "AUTHFAILURE_SIGNATURE_FAILURE")}, []string{"S-AUTH-HMAC"}},
		"no right to the action":                      {[]call{refused(statuses, "{}", 401, "AUTHFAILURE_UNAUTHORIZED_OPERATION")}, nil},
		"another token":                               {[]call{{action: statuses, body: "{}", status: 200, answer: rows(), header: map[string]string{"Authorization": "Bearer other"}}}, nil},
		"a token that was taken out, refused":         {[]call{{action: statuses, body: "{}", status: 401, answer: "AUTHFAILURE_INVALID_AUTHORIZATION", header: map[string]string{"Authorization": "Bearer ***"}}}, nil},
		"an authorization that was taken out":         {[]call{{action: statuses, body: "{}", status: 200, answer: rows(), header: map[string]string{"Authorization": "[FILTERED]"}}}, nil},
		"an authorization that is a word":             {[]call{{action: statuses, body: "{}", status: 200, answer: rows(), header: map[string]string{"Authorization": "word"}}}, []string{"E-AUTHORIZATION"}},
		"an odd timestamp beside a token":             {[]call{{action: statuses, body: "{}", status: 400, answer: "INVALID_PARAMETER_VALUE", header: map[string]string{"Authorization": "Bearer token-1", "X-Zc-Timestamp": "1.5"}}}, nil},
		"an even timestamp beside a token":            {[]call{{action: statuses, body: "{}", status: 400, answer: "INVALID_PARAMETER_VALUE", header: map[string]string{"Authorization": "Bearer token-1"}}}, []string{"C-STATUS-OPTIONAL"}},
		"another signature method":                    {[]call{{action: statuses, body: "{}", status: 401, answer: "AUTHFAILURE_INVALID_AUTHORIZATION", header: map[string]string{"X-Zc-Signature-Method": "ZC2-HMAC-SHA1"}}}, nil},
		"a signature of a media type in upper case":   {[]call{{action: statuses, body: "{}", status: 401, answer: "AUTHFAILURE_SIGNATURE_FAILURE", header: map[string]string{"Content-Type": "application/JSON"}}}, nil},
		"a body that is not UTF-8":                    {[]call{{action: statuses, body: "{}", status: 400, answer: "INVALID_PARAMETER_VALUE", header: map[string]string{"Content-Type": "application/json; charset=iso-8859-1"}}}, nil},
		"a body that is said to be UTF-8":             {[]call{{action: statuses, body: "{}", status: 400, answer: "INVALID_PARAMETER_VALUE", header: map[string]string{"Content-Type": "application/json; charset=utf-8"}}}, []string{"C-STATUS-OPTIONAL"}},
		"a zone of 300 letters is too long":           {[]call{refused(instances, `{"zoneId":"`+strings.Repeat("x", 300)+`"}`, 400, "INVALID_PARAMETER_EXCEED_LENGTH")}, nil},
		"a zone of three letters is too long":         {[]call{refused(instances, `{"zoneId":"xxx"}`, 400, "INVALID_PARAMETER_EXCEED_LENGTH")}, nil}, // any documented 400 pair is right
		"a zone is taken for a missing one":           {[]call{refused(instances, `{"zoneId":"xxx"}`, 400, "MISSING_PARAMETER")}, nil},
		"a zone is in the recycle bin":                {[]call{refused(instances, `{"zoneId":"xxx"}`, 403, "OPERATION_FAILED_FOR_RECYCLE_RESOURCE")}, []string{"C-INSTANCES-OPTIONAL"}},
		"an id named twice":                           {[]call{shows("i-1", "STOPPED"), refused("StartInstances", `{"instanceIds":["i-1","i-1"]}`, 404, "INVALID_INSTANCE_NOT_FOUND")}, nil},
		"an old timestamp":                            {[]call{{action: statuses, body: "{}", status: 200, answer: rows(), header: map[string]string{"X-Zc-Timestamp": "1"}}}, []string{"E-EXPIRED"}},
		"an internal error that stays":                {[]call{refused(statuses, one, 500, "INTERNAL_SERVER_ERROR"), refused(statuses, one, 500, "INTERNAL_SERVER_ERROR"), refused(statuses, one, 500, "INTERNAL_SERVER_ERROR")}, []string{"C-STATUS-UNKNOWN"}},
		"one that passes":                             {[]call{refused(statuses, one, 500, "INTERNAL_SERVER_ERROR"), shows("i-1", "STOPPED")}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			assert.ElementsMatch(t, row.broken, clauses(t, c, false, row.session))
		})
	}
}

// lateAnswers is a change whose answer comes when the work is over.
func lateAnswers(id string, from int) []call {
	at := func(c call, begin, end int) call {
		c.from, c.till = from+begin, from+end
		return c
	}
	return []call{
		at(has(id, "STOPPED", "a"), 0, 5), at(resize(id, "b"), 10, 90), at(shows(id, "RESIZING"), 20, 30), at(shows(id, "STOPPED"), 40, 50),
	}
}

func TestWhatASubjectGoesThrough(t *testing.T) {
	c := theContract(t)
	before := has("i-1", "STOPPED", "a")
	for name, row := range map[string]struct {
		session []call
		broken  []string
	}{
		"a change":                                        {resized(), nil},
		"a change that keeps the old":                     {append(resized()[:4], has("i-1", "STOPPED", "a")), []string{"M-RESIZE-TYPE"}},
		"a change that relapses":                          {resized(shows("i-1", "RESIZING")), []string{"M-RESIZE-STOPPED"}},
		"a reader that lags behind the other":             {[]call{before, resize("i-1", "b"), shows("i-1", "RESIZING"), shows("i-1", "STOPPED"), has("i-1", "RESIZING", "a"), has("i-1", "STOPPED", "b")}, nil},
		"a reader that relapses itself":                   {resized(has("i-1", "RESIZING", "b"), shows("i-1", "RESIZING")), []string{"M-RESIZE-STOPPED"}},
		"a change by way of another":                      {[]call{before, resize("i-1", "b"), shows("i-1", "RESIZING"), shows("i-1", "RUNNING"), shows("i-1", "STOPPED")}, []string{"M-RESIZE-RESIZING"}},
		"a change that ends elsewhere":                    {[]call{before, resize("i-1", "b"), shows("i-1", "RESIZING"), shows("i-1", "RUNNING")}, []string{"M-RESIZE-STOPPED"}},
		"types of one that is being changed already":      {[]call{has("i-1", "RESIZING", "a"), has("i-1", "RESIZING", "b"), has("i-1", "RESIZING", "c")}, nil},
		"a type that changes by itself":                   {[]call{has("i-1", "STOPPED", "a"), shows("i-1", "STOPPED"), has("i-1", "STOPPED", "b")}, []string{"C-INSTANCES-TRUE"}},
		"a change nobody watched":                         {[]call{before, resize("i-1", "b"), shows("i-1", "RESIZING")}, nil},
		"a change from RUNNING":                           {[]call{shows("i-1", "RUNNING"), resize("i-1", "b")}, []string{"M-STOPPED-ONLY"}},
		"the same, refused":                               {[]call{shows("i-1", "RUNNING"), refused(modify, resize("i-1", "b").body, 400, "OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT")}, nil},
		"the same, as not found":                          {[]call{shows("i-1", "RUNNING"), refused(modify, resize("i-1", "b").body, 404, "INVALID_INSTANCE_NOT_FOUND")}, []string{"M-STATUS-DENIED"}},
		"a stopped one refused":                           {[]call{before, refused(modify, resize("i-1", "b").body, 400, "OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT")}, []string{"M-RESIZE"}},
		"one that is not there, served":                   {[]call{ask(statuses, `{"instanceIds":["i-9"]}`, rows()), resize("i-9", "b")}, []string{"M-INSTANCE-NOT-FOUND"}},
		"refused and changed":                             {[]call{before, refused(modify, resize("i-1", "x").body, 404, "INVALID_INSTANCE_TYPE_NOT_FOUND"), has("i-1", "STOPPED", "x")}, []string{"R-REFUSED-UNCHANGED"}},
		"a neighbour changed":                             {[]call{has("i-2", "STOPPED", "a"), before, resize("i-1", "b"), has("i-2", "STOPPED", "b")}, []string{"M-RESIZE-ONLY-NAMED"}},
		"a read that lies":                                {[]call{shows("i-1", "STOPPED"), shows("i-1", "RUNNING")}, []string{"C-STATUS-TRUE"}},
		"a row that is left out":                          {[]call{shows("i-1", "STOPPED"), ask(instances, `{"instanceIds":["i-1"]}`, rows())}, []string{"C-INSTANCES-FILTER"}},
		"a start that a read shows before it is answered": {[]call{before, {action: "StartInstances", body: `{"instanceIds":["i-1"]}`, status: 200, answer: `{"instanceIds":[]}`, from: 20, till: 70}, {action: statuses, body: shows("i-1", "").body, status: 200, answer: shows("i-1", "RUNNING").answer, from: 22, till: 60}, {action: statuses, body: shows("i-1", "").body, status: 200, answer: shows("i-1", "RUNNING").answer, from: 80, till: 90}}, nil},
		"reads that overlap":                              {[]call{before, resize("i-1", "b"), {action: statuses, body: shows("i-1", "").body, status: 200, answer: shows("i-1", "RESIZING").answer, from: 20, till: 60}, {action: statuses, body: shows("i-1", "").body, status: 200, answer: shows("i-1", "STOPPED").answer, from: 21, till: 70}, {action: statuses, body: shows("i-1", "").body, status: 200, answer: shows("i-1", "RESIZING").answer, from: 80, till: 90}}, nil},
		"one answer that is late on its way":              {lateAnswers("i-1", 1), nil},
		"answers when the work is done":                   {append(append(lateAnswers("i-1", 1), lateAnswers("i-2", 100)...), lateAnswers("i-3", 200)...), []string{"M-RESIZE-ASYNC"}},
	} {
		t.Run(name, func(t *testing.T) {
			assert.ElementsMatch(t, row.broken, clauses(t, c, true, row.session))
		})
	}
}

// TestOthersMayHaveDoneIt holds that without the word that nobody else changed anything,
// what somebody else may have done is no finding.
func TestOthersMayHaveDoneIt(t *testing.T) {
	c := theContract(t)
	for name, session := range map[string][]call{
		"started meanwhile":  resized(shows("i-1", "RUNNING")),
		"stopped before":     {shows("i-1", "RUNNING"), resize("i-1", "b")},
		"resized by another": {has("i-1", "STOPPED", "a"), has("i-1", "STOPPED", "b")},
		"released":           {shows("i-1", "STOPPED"), ask(statuses, `{"instanceIds":["i-1"]}`, rows())},
	} {
		t.Run(name, func(t *testing.T) { assert.Empty(t, clauses(t, c, false, session)) })
	}
}
