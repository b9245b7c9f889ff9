package derive

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/wire"
)

// The words that the sentences of features can hold. A test compares them with the vocabulary.
var (
	anAction    = regexp.MustCompile(`^[A-Z][A-Za-z0-9]+$`)
	aParameter  = regexp.MustCompile(`^[a-z][A-Za-z0-9]+$`)
	aStatus     = regexp.MustCompile(`^[A-Z_][A-Z0-9_]*$`)
	anErrorCode = regexp.MustCompile(`^[A-Z][A-Z0-9_]+$`)
)

// Check returns an error about a word that no sentence can hold, at its place in the contract. The
// suite names a line of a derived feature instead, which is in no file.
func Check(c *contract.Contract) error {
	for _, op := range c.Operations() {
		path := "/paths/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(op.Path+"#"+op.Action)
		if !anAction.MatchString(op.Action) {
			return unspeakable(c, path, "action", op.Action, "letters and digits that begin with a capital letter")
		}
		request, _ := c.Request(op)
		for _, m := range request.Members {
			if !aParameter.MatchString(m.Name) {
				return unspeakable(c, m.Schema.Pointer, "parameter", m.Name, "letters and digits that begin with a small letter")
			}
		}
		if err := checkCodes(c, op); err != nil {
			return err
		}
		if err := checkStates(c, op); err != nil {
			return err
		}
	}
	return nil
}

func checkCodes(c *contract.Contract, op wire.Operation) error {
	for _, status := range c.Statuses(op) {
		body, _ := c.Response(op, status)
		code, _ := body.Member("code")
		at := slices.IndexFunc(code.Enum, func(value string) bool { return !anErrorCode.MatchString(value) })
		if status != http.StatusOK && at >= 0 {
			return unspeakable(c, fmt.Sprintf("%s/enum/%d", code.Pointer, at), "code", code.Enum[at], "capital letters, digits and underscores")
		}
	}
	return nil
}

// checkStates checks the statuses of the subjects that an action changes.
func checkStates(c *contract.Contract, op wire.Operation) error {
	l, changes := c.Lifecycle(op)
	if !changes {
		return nil
	}
	envelope, _ := c.Response(l.Observed.Operation, http.StatusOK)
	response, _ := envelope.Member("response")
	rows, _ := response.Member(l.Observed.Rows)
	if rows.Items == nil {
		return nil
	}
	field, _ := rows.Items.Member(l.Observed.Field)
	for key, values := range map[string][]string{"enum": field.Enum, "x-values": field.Values} {
		if at := slices.IndexFunc(values, func(value string) bool { return !aStatus.MatchString(value) }); at >= 0 {
			return unspeakable(c, fmt.Sprintf("%s/%s/%d", field.Pointer, key, at), "status", values[at], "capital letters, digits and underscores")
		}
	}
	return nil
}

func unspeakable(c *contract.Contract, pointer, what, word, of string) error {
	return c.Fault(pointer, fmt.Sprintf("the %s %q is no word that a scenario can use", what, word),
		"write one of "+of+": only conformance judge and proxy take any other")
}
