package contract

import (
	"fmt"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v4"

	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// Superseded returns the superseded pairs of an operation.
func (c *Contract) Superseded(op wire.Operation) []verdict.Superseded {
	return slices.Clone(c.operation(op).superseded)
}

// readSuperseded reads the optional x-superseded of an operation.
func readSuperseded(api *document, op *operation, post *yaml.Node) error {
	list := member(member(post, "x-superseded"), "pairs")
	if list == nil {
		return nil
	}
	for _, n := range list.Content {
		status, err := strconv.Atoi(text(member(n, "status")))
		s := verdict.Superseded{
			Pair:  verdict.Pair{Operation: op.key, Status: status, Code: text(member(n, "code"))},
			Holds: verdict.Condition(text(member(n, "holds"))),
		}
		known := []verdict.Condition{verdict.HoldsForInstance, verdict.HoldsForType, verdict.HoldsForSameType, verdict.HoldsRecycled}
		switch {
		case err != nil || s.Code == "":
			return api.fault(n, "a superseded pair without status or code", "add it")
		case status < 400 || status > 599:
			return api.fault(member(n, "status"), fmt.Sprintf("the status %d of a superseded pair is no failure", status), "write one from 400 to 599")
		case op.isSuperseded(status, s.Code):
			return api.fault(n, fmt.Sprintf("the superseded pair %s stands twice", s.Pair), "remove one")
		case !slices.Contains(known, s.Holds):
			return api.fault(n, fmt.Sprintf("%q says not when the reason of %s can hold", s.Holds, s.Pair), fmt.Sprintf("use one of %v", known))
		case len(op.byCode[s.Code]) > 0:
			return api.fault(n, fmt.Sprintf("%s is a documented pair too", s.Pair), "list it once")
		}
		op.superseded = append(op.superseded, s)
	}
	return nil
}

func (o *operation) isSuperseded(status int, code string) bool {
	return slices.ContainsFunc(o.superseded, func(s verdict.Superseded) bool { return s.Status == status && s.Code == code })
}
