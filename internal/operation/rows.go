package operation

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/wire"
)

// Rows are the rows of an answer, by the id of their subject.
type Rows map[string]map[string]string

// Missing is a row, or a field of a row, that an answer should have and does not.
type Missing struct {
	Where, Want, Got string
	Listed           bool // the row is there but lacks the field
}

func (m *Missing) Error() string { return fmt.Sprintf("%s: want %s, got %s", m.Where, m.Want, m.Got) }

// ReadRows returns the rows of an answer. The error is a *Missing if a subject has no row, or its
// row lacks the field.
func ReadRows(a wire.Answer, r lifecycle.Reading, ids []string) (Rows, error) {
	rows, where := Rows{}, "/response/"+r.Rows
	all := a.Rows(r.Rows)
	if r.Numeric {
		all = a.RowsWithNumbers(r.Rows)
	}
	for _, row := range all {
		rows[row[r.Key]] = row
	}
	for _, id := range ids {
		row, listed := rows[id]
		if !listed {
			return nil, &Missing{Where: where, Want: "a row of " + id, Got: cmp.Or(strings.Join(slices.Sorted(maps.Keys(rows)), ", "), "no row")}
		}
		if _, has := row[r.Field]; !has {
			return nil, &Missing{Where: where + " of " + id, Want: r.Wants() + " " + r.Field, Got: "none", Listed: true}
		}
	}
	return rows, nil
}

// Column returns one field of the rows, by the id of their subject.
func (r Rows) Column(field string) map[string]string {
	values := make(map[string]string, len(r))
	for id, row := range r {
		values[id] = row[field]
	}
	return values
}
