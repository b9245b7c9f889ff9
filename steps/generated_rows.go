package steps

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/zec-tools/conformance/internal/generate"
	"github.com/zec-tools/conformance/internal/verdict"
)

// listsWrongly returns a finding about an instance of the scenario that the answer to a generated
// read must not list: one that the request does not name, one on a page after the last, or one
// without the value of a filter. Each parameter narrows the list, whatever the others are. It
// returns nil if there is none.
func (q *requests) listsWrongly(action string, a *Answer, r generate.Request) *wrongAnswer {
	read, held := q.reader(action), ids(q.held())
	asked := namedIn(r, read.Filter)
	for _, row := range a.Rows(read.Rows) {
		id := row[read.Key]
		switch {
		case !slices.Contains(held, id):
		case asked != nil && !slices.Contains(asked, id):
			return &wrongAnswer{q.contract.Role(roleFilter, action), "the " + q.contract.called(action) + " asked for", id}
		case asked != nil && q.afterTheLastPage(action, r, len(asked)):
			return &wrongAnswer{q.contract.Role(verdict.RolePage, action), "no row on a page after the last", id}
		case q.lacksAValue(action, r, row):
			return &wrongAnswer{q.contract.Role(verdict.RoleFilters, action), "no " + q.contract.called(action) + " with a value that nothing has", id}
		}
	}
	return nil
}

// namedIn returns the ids that a request names, or nil if it names them in another form than a list
// of strings.
func namedIn(r generate.Request, filter string) []string {
	list, _ := r[filter].([]any)
	var named []string
	for _, item := range list {
		text, is := item.(string)
		if !is || strings.TrimSpace(text) == "" || strings.ContainsRune(text, 0) {
			return nil
		}
		named = append(named, text)
	}
	return named
}

// afterTheLastPage reports whether a request asks for a page after the last one, if at most rows
// rows match.
func (sc *scenario) afterTheLastPage(action string, r generate.Request, rows int) bool {
	read := sc.reader(action)
	number, size := countIn(r, read.Number, 1), countIn(r, read.Size, read.Page)
	return number > 1 && size > 0 && (number-1)*size >= rows
}

// countIn returns an integer parameter of a request: other if it is missing, 0 if it is not an
// integer of 16 bits.
func countIn(r generate.Request, name string, other int) int {
	value, given := r[name]
	if !given {
		return other
	}
	number, is := value.(json.Number)
	n, err := strconv.ParseInt(number.String(), 10, 16)
	if !is || err != nil {
		return 0
	}
	return int(n)
}

// lacksAValue reports whether a request has a filter with a distinctive text that the row does not
// show.
func (sc *scenario) lacksAValue(action string, r generate.Request, row map[string]string) bool {
	for name, value := range r {
		text, is := value.(string)
		if _, filters := nothingHas[name]; !is || !filters || !distinctive(text) {
			continue
		}
		if member, shown := sc.shownAs(action, name); !shown || !strings.Contains(row[member], text) {
			return true
		}
	}
	return false
}

// distinctive reports whether a text is long or all Chinese. Any other text could match the value
// of an instance if the comparison ignores accents or uses patterns.
func distinctive(text string) bool {
	const long = 100
	if n := utf8.RuneCountInString(text); n >= long {
		return true
	}
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool { return !unicode.Is(unicode.Han, r) })
}
