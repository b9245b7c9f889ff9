package target

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/language"
	"github.com/zec-tools/conformance/internal/wire"
)

// row is what one operation shows of an instance.
type row struct {
	listed bool            // there is a row for it
	has    bool            // the row has the requested field, even if it is null
	value  string          // the value of the field, "" if it has none
	odd    language.Phrase // what a read of this instance alone shows, if that is neither its row nor an empty list
	denied language.Phrase // how a read of this instance alone is refused, if not because it does not exist
}

// column reads one field of instances. An instance that a read of several does not show is read
// again alone. The documents do not allow one instance to hide another, so the list may still be
// right.
func (d *doctor) column(ctx context.Context, r contract.Reading, ids []string) (map[string]row, error) {
	seen := map[string]row{}
	for part := range slices.Chunk(ids, r.Together()) {
		several, err := d.read(ctx, r, part)
		if err != nil {
			return nil, err
		}
		maps.Copy(seen, rowsOf(several, r))
		var hidden, absent []string
		for _, id := range part {
			if seen[id].listed {
				continue
			}
			alone := several
			if len(part) > 1 {
				if alone, err = d.read(ctx, r, []string{id}); err != nil {
					return nil, err
				}
			}
			if seen[id] = rowAlone(alone, r, id); seen[id].listed {
				hidden = append(hidden, id)
			} else {
				absent = append(absent, id)
			}
		}
		if len(hidden) > 0 && (several.Succeeded() || len(absent) == 0) { // a single unknown id may cause the whole read to be refused (protocol 9)
			d.doubt(instancesCheck(), "{0} shows {1} when each is read alone, but not beside others", r.Operation, some(hidden))
		}
	}
	return seen, nil
}

// some lists the first of several ids, and counts the rest.
func some(ids []string) language.Phrase {
	const few = 3
	if len(ids) <= few {
		return language.Quoted(strings.Join(ids, ", "))
	}
	return language.Said("{0} and {1} more", strings.Join(ids[:few], ", "), len(ids)-few)
}

// rowsOf returns what the rows of an answer show, by id.
func rowsOf(a wire.Answer, r contract.Reading) map[string]row {
	rows := a.Rows(r.Rows)
	if r.Numeric {
		rows = a.RowsWithNumbers(r.Rows)
	}
	seen := map[string]row{}
	for i, members := range rows {
		value, has := members[r.Field]
		seen[members[r.Key]] = row{listed: true, has: has || a.Null(r.Rows, i, r.Field), value: value}
	}
	return seen
}

// rowAlone returns what an answer to a read of one instance shows of it.
func rowAlone(a wire.Answer, r contract.Reading, id string) row {
	s := rowsOf(a, r)[id]
	count := a.Length(r.Rows)
	switch {
	case !a.Succeeded() && a.Status != http.StatusNotFound:
		s.denied = shown(a)
	case !s.listed && count > 0:
		s.odd = language.Said("is asked for alone, and {0} shows {1} rows, none of which has its {2}", r.Operation, count, r.Key)
	}
	return s
}

// read reads instances. 400 and 404 are valid answers, too: the id is unknown or has the wrong
// format (protocol 9). Any other failure ends the examination.
func (d *doctor) read(ctx context.Context, r contract.Reading, ids []string) (wire.Answer, error) {
	e, err := d.ask(ctx, r, ids, wire.SchemeDefault)
	if err != nil {
		return wire.Answer{}, err
	}
	if !e.Judgeable() {
		d.unjudged(instancesCheck(), e.Cause, e.Detail)
		return wire.Answer{}, errEnough
	}
	a := wire.ReadAnswer(*e.Received)
	if !wire.Enveloped(e.Received.Body) || !a.Succeeded() && a.Status != http.StatusNotFound && a.Status != http.StatusBadRequest {
		d.doubt(instancesCheck(), "{0} is answered with {1}", r.Operation, shown(a))
		return wire.Answer{}, errEnough
	}
	return a, nil
}

// ask sends one read of instances, or of the first page if none is named.
func (d *doctor) ask(ctx context.Context, r contract.Reading, ids []string, scheme wire.Scheme) (*wire.Exchange, error) {
	parameters := map[string]any{}
	if len(ids) > 0 {
		parameters[r.Filter] = ids
	}
	body, err := json.Marshal(parameters)
	if err != nil {
		return nil, fmt.Errorf("form a request to %s: %w", r.Operation, err)
	}
	exchanges, err := d.Client.Do(ctx, wire.Request{Operation: r.Operation, Body: body, Effect: wire.Reads, Auth: wire.Auth{Scheme: scheme}}, nil)
	if err != nil {
		return nil, fmt.Errorf("send %s: %w", r.Operation, err)
	}
	return &exchanges[len(exchanges)-1], nil
}
