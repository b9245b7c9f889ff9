package contract

import (
	"cmp"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/zec-tools/conformance/internal/verdict"
)

// readActions returns the names of the actions, and checks their path keys and responses. It runs
// before the clauses are read, because otherwise an error in a path would be reported for the
// clause that points into it.
func readActions(api *document) ([]string, error) {
	paths := member(api.root, "paths")
	if paths == nil || len(paths.Content) == 0 {
		return nil, api.fault(api.root, "there are no paths", "describe at least one operation")
	}
	var actions []string
	prefixes := map[string]string{}
	err := members(paths, func(key, path *yaml.Node) error {
		_, action, _ := strings.Cut(key.Value, "#")
		if err := checkAction(api, key, path, action); err != nil {
			return err
		}
		if slices.Contains(actions, action) {
			return api.fault(key, fmt.Sprintf("the action %s stands twice", action), "describe it once")
		}
		post := member(path, "post")
		prefix := clausePrefix(post, action)
		if other, taken := prefixes[prefix]; taken {
			return api.fault(cmp.Or(member(post, "x-clauses"), post), fmt.Sprintf("the clauses of %s and %s begin with %s alike", other, action, prefix), "give one of them another x-clauses")
		}
		actions, prefixes[prefix] = append(actions, action), action
		return nil
	})
	return actions, err
}

// checkAction rejects a path key that does not belong to an action.
func checkAction(api *document, key, path *yaml.Node, action string) error {
	post := member(path, "post")
	responses := member(post, "responses")
	switch {
	case action == "":
		return api.fault(key, fmt.Sprintf("the path %q names no action", key.Value), "end it with # and the action")
	case !strings.HasPrefix(key.Value, "/"):
		return api.fault(key, fmt.Sprintf("the path %q does not begin with /", key.Value), "write the whole path")
	case post == nil:
		return api.fault(key, "a path without the operation post", "describe it: all actions are posted")
	case text(member(post, "operationId")) != action:
		return api.fault(post, "the operationId is not the action in the path", "make it "+action)
	case responses == nil || len(responses.Content) == 0:
		return api.fault(post, fmt.Sprintf("the action %s has no responses", action), "describe what it answers")
	}
	return cmp.Or(checkPrefix(api, member(post, "x-clauses")), checkResponses(api, responses, action))
}

// checkResponses checks that an action has one success response and at least one error response.
func checkResponses(api *document, responses *yaml.Node, action string) error {
	failures := 0
	err := members(responses, func(key, _ *yaml.Node) error {
		status, err := strconv.Atoi(key.Value)
		switch {
		case key.Value == anyRefusal || status == http.StatusOK:
			return nil
		case err != nil || http.StatusText(status) == "":
			return api.fault(key, fmt.Sprintf("%q is no HTTP status", key.Value), "write one, in quotes")
		case status < http.StatusBadRequest:
			return api.fault(key, fmt.Sprintf("the response %d is neither 200 nor a failure", status), "describe a success under 200: every action answers with that")
		}
		failures++
		return nil
	})
	if err == nil && (member(responses, "200") == nil || failures == 0) {
		return api.fault(responses, fmt.Sprintf("the action %s has no response 200, or no other", action), "describe its success and its failures")
	}
	return err
}

// aPrefix matches the prefix of an action's clause ids: the mark of a source, and a name.
var aPrefix = regexp.MustCompile("^[" + strings.ReplaceAll(marks, " ", "") + "](-[A-Z0-9]+)+$")

func checkPrefix(api *document, n *yaml.Node) error {
	if n == nil || aPrefix.MatchString(text(n)) {
		return nil
	}
	return api.fault(n, fmt.Sprintf("no id can begin with x-clauses %q", text(n)), "write the mark of a source and a name in capitals, such as A-RESIZE-DISK")
}

// checkPrefixes rejects an x-clauses prefix that no clause id has, as happens with a misspelling.
func (c *Contract) checkPrefixes(api *document) error {
	return members(member(api.root, "paths"), func(_, path *yaml.Node) error {
		n := member(member(path, "post"), "x-clauses")
		begins := func(clause verdict.Clause) bool {
			return clause.ID == text(n) || strings.HasPrefix(clause.ID, text(n)+"-")
		}
		if n == nil || slices.ContainsFunc(c.clauses, begins) {
			return nil
		}
		return api.fault(n, fmt.Sprintf("the id of no clause begins with %s", text(n)), "write what those of the action begin with, or remove the key")
	})
}
