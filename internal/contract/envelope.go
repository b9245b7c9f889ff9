package contract

import (
	"fmt"
	"net/http"
	"slices"
)

// Every success and every failure of the API has these members (R).
var (
	ofSuccess = []memberType{{"requestId", "string"}, {"response", "object"}}
	ofInner   = []memberType{{"requestId", "string"}}
	ofFailure = []memberType{{"requestId", "string"}, {"code", "string"}, {"message", "string"}}
)

type memberType struct{ name, kind string }

// checkEnvelope checks that the schema of a response requires the envelope. Otherwise its clauses
// would hold for answers without one.
func checkEnvelope(api *document, status int, body Schema) error {
	if status != http.StatusOK {
		return checkMembers(api, fmt.Sprintf("the response %d", status), body, ofFailure)
	}
	if err := checkMembers(api, "the response 200", body, ofSuccess); err != nil {
		return err
	}
	inner, _ := body.Member("response")
	return checkMembers(api, "the member response", inner, ofInner)
}

func checkMembers(api *document, what string, body Schema, members []memberType) error {
	at := api.at(body.Pointer)
	if body.Type != "object" {
		return api.fault(at, what+" is not described as an object", "add type: object: otherwise any other value is right")
	}
	for _, m := range members {
		described, known := body.Member(m.name)
		switch {
		case !known:
			return api.fault(at, fmt.Sprintf("%s has no member %s", what, m.name), "describe it: every answer has it")
		case !slices.Contains(body.Required, m.name):
			return api.fault(at, fmt.Sprintf("%s does not require the member %s", what, m.name), "add it to required: every answer has it")
		case described.Type != m.kind && len(described.Enum) == 0:
			return api.fault(api.at(described.Pointer), fmt.Sprintf("the member %s of %s is not described as %s", m.name, what, m.kind), "add type: "+m.kind)
		}
	}
	return nil
}
