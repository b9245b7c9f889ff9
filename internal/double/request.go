package double

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/sign"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

const (
	largestBody = 1 << 20
	window      = 5 * time.Minute // E: the most that a timestamp may deviate
)

// ServeHTTP answers a request.
func (d *Double) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, largestBody))
	var response map[string]any
	if err == nil {
		response, err = d.answer(r, body)
	}
	d.mu.Lock()
	d.requests++
	id := "double-" + strconv.Itoa(d.requests)
	d.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	if err != nil {
		no, documented := err.(refusal) //nolint:errorlint // it is made here and never wrapped
		if !documented {
			no = refusal{http.StatusBadRequest, "INVALID_PARAMETER_EXCEED_LENGTH"}
		}
		w.WriteHeader(no.status)
		_ = json.NewEncoder(w).Encode(map[string]any{"requestId": id, "code": no.code, "message": "Refused by a double that is derived from a contract."})
		return
	}
	response["requestId"] = id
	if d.defect == twoRequestIDs {
		response["requestId"] = id + "-other"
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"requestId": id, "response": response})
}

func (d *Double) answer(r *http.Request, body []byte) (response map[string]any, err error) {
	op, known := d.contract.Operation(d.action(r))
	if err := d.authenticate(op, r, body); err != nil {
		return nil, err
	}
	withToken := strings.HasPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !known || r.Method != http.MethodPost && (d.defect != anyMethod || !withToken) {
		return nil, d.byRole(op, verdict.RoleUnauthorized, http.StatusUnauthorized)
	}
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/json" {
		return nil, d.byRole(op, verdict.RoleMediaRequest, http.StatusBadRequest)
	}
	request, _ := d.contract.Request(op)
	parameters, err := d.parameters(op, request, body)
	if err != nil {
		return nil, err
	}
	l, changes := d.contract.Lifecycle(op)
	var failed []any
	if changes {
		if failed, err = d.change(l, parameters); err != nil {
			return nil, err
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	response = d.response(op, request, parameters)
	if len(failed) > 0 {
		response[l.Failed] = failed
	}
	return response, nil
}

// action returns the name of the called action.
func (d *Double) action(r *http.Request) string {
	name := r.Header.Get("X-ZC-Action")
	for _, op := range d.contract.Operations() {
		if cut, _ := d.contract.CutOff(op.Action); d.defect == cutName && name == cut {
			return op.Action
		}
	}
	return name
}

// noHost is a reserved host name.
const noHost = "host.invalid"

// authenticate refuses requests that are not signed as documented.
func (d *Double) authenticate(op wire.Operation, r *http.Request, body []byte) error {
	no := func(role verdict.Role) error { return d.byRole(op, role, http.StatusUnauthorized) }
	authorization, timestamp := r.Header.Get("Authorization"), r.Header.Get("X-ZC-Timestamp")
	if token, bearer := strings.CutPrefix(authorization, "Bearer "); bearer {
		if token != Credentials.Token && (d.defect != longerToken || !strings.HasPrefix(token, Credentials.Token)) {
			return no(verdict.RoleUnauthorized)
		}
		return nil
	}
	credential, err := sign.Parse(authorization)
	seconds, timeErr := strconv.ParseUint(timestamp, 10, 63)
	header := func(host string) func(string) string {
		return func(name string) string {
			if name == "host" {
				return host
			}
			return r.Header.Get(name)
		}
	}
	switch {
	case err != nil || timestamp == "" || r.Header.Get("X-ZC-Signature-Method") != sign.Method:
		return no(verdict.RoleAuthorizationMalformed)
	case credential.KeyID != Credentials.KeyID:
		return no(verdict.RoleUnauthorized)
	case d.defect != anySignature && !credential.Verify(Credentials.Password, r.Method, timestamp, header(r.Host), body) &&
		(d.defect != otherHost || !credential.Verify(Credentials.Password, r.Method, timestamp, header(noHost), body)):
		return no(verdict.RoleSignatureRefused)
	case timeErr != nil:
		return no(verdict.RoleAuthorizationMalformed)
	case time.Since(time.Unix(int64(seconds), 0)).Abs() > window && (d.defect != timeZero || seconds > 0):
		return no(verdict.RoleExpired)
	}
	return nil
}

// parameters parses the body and checks it against the schema of the request.
func (d *Double) parameters(op wire.Operation, request contract.Schema, body []byte) (map[string]any, error) {
	malformed := d.byRole(op, verdict.RoleMalformed, http.StatusBadRequest)
	if len(body) == 0 && len(request.Required) == 0 {
		return map[string]any{}, nil
	}
	var parameters map[string]any
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	if decoder.Decode(&parameters) != nil || parameters == nil || decoder.Decode(new(any)) != io.EOF {
		return nil, malformed
	}
	for _, name := range request.Required { // before the values are checked, because a missing parameter is an error whatever the others are
		if _, given := parameters[name]; !given && d.defect != parameterMayLack {
			return nil, d.byRole(op, verdict.RoleMissing, http.StatusBadRequest)
		}
	}
	for _, m := range request.Members {
		value, given := parameters[m.Name]
		required := slices.Contains(request.Required, m.Name)
		switch {
		case required && !given: // the defect takes it
		case required && (value == nil || value == ""):
			return nil, malformed
		case given && value == nil && d.defect == nullFails && d.contract.Changes(op):
			return nil, d.broken(op)
		case value == nil || value == "":
			delete(parameters, m.Name)
		case !fits(m.Schema, value) && d.defect != anyType:
			return nil, d.byRole(op, verdict.RoleWrongType, http.StatusBadRequest)
		}
		number, _ := strconv.ParseFloat(text(value), 64)
		if list, _ := value.([]any); m.Schema.MaxItems > 0 && len(list) > m.Schema.MaxItems {
			return nil, d.byRole(op, verdict.RoleTooLong, http.StatusBadRequest)
		}
		if m.Schema.Maximum != nil && number > *m.Schema.Maximum && d.defect != noMaximum {
			return nil, d.byRole(op, verdict.RoleMaximum, http.StatusBadRequest)
		}
	}
	return parameters, d.unlisted(op, request, parameters)
}

// unlisted refuses a value outside a closed list, after the form of every parameter was checked.
func (d *Double) unlisted(op wire.Operation, request contract.Schema, parameters map[string]any) error {
	l, _ := d.contract.Lifecycle(op)
	for _, m := range request.Members {
		value, given := parameters[m.Name].(string)
		if m.Name == l.Wanted && d.defect == anyWanted {
			continue
		}
		if given && m.Schema.Type == "string" && len(m.Schema.Enum) > 0 && !slices.Contains(m.Schema.Enum, value) && d.defect != anyValue {
			return d.byRole(op, verdict.RoleUnlisted, http.StatusBadRequest)
		}
	}
	return nil
}

// fits reports whether a value has the type of a schema.
func fits(s contract.Schema, value any) bool {
	switch v := value.(type) {
	case string:
		return s.Type == "string"
	case bool:
		return s.Type == "boolean"
	case json.Number:
		_, err := strconv.ParseInt(v.String(), 10, 64)
		return s.Type == "number" || s.Type == "integer" && err == nil
	case []any:
		return s.Type == "array" && (s.Items == nil || !slices.ContainsFunc(v, func(item any) bool { return !fits(*s.Items, item) }))
	default:
		return s.Type == "object"
	}
}

// text returns a text, or a number as it was written.
func text(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}
