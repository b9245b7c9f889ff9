package contract

import (
	"strconv"

	"github.com/tidwall/gjson"
)

// Named is the set of resources that the requests of a scenario have named. Only their rows in a
// listing are judged, because nothing is known about the other resources of the account (protocol
// 9).
type Named map[string]bool

// add adds the ids in a request, as far as its body can be parsed.
func (n Named) add(request Schema, body []byte) {
	if request.identity() == "" {
		return
	}
	if !gjson.ValidBytes(body) { // parsed leniently, because requests can be wrong on purpose
		return
	}
	gjson.ParseBytes(body).ForEach(func(key, value gjson.Result) bool {
		if m, _ := request.Member(key.Str); m.Resource == "" {
			return true
		}
		for _, id := range value.Array() { // a single string counts as a list of one
			if id.Type == gjson.String {
				n[id.Str] = true
			}
		}
		return true
	})
}

// identity returns the row member that is the id of its resource, "" if there is none.
func (s Schema) identity() string {
	for _, m := range s.Members {
		if m.Schema.Resource != "" {
			return m.Name
		}
	}
	return ""
}

// unrelated reports whether a path leads into the row of a resource that nobody has named. A row
// that is not an object, or has no id, belongs to no resource, and is judged for that.
func (e *evaluation) unrelated(s Schema, value any, path []string) bool {
	for i, token := range path {
		if list, is := value.([]any); is && s.Items != nil {
			at, err := strconv.Atoi(token)
			if err != nil || at < 0 || at >= len(list) {
				return false
			}
			s, value = *s.Items, list[at]
			row, isObject := value.(map[string]any)
			if key := s.identity(); key != "" && isObject {
				return i+1 < len(path) && path[i+1] != key && !e.names(row[key])
			}
			continue
		}
		object, _ := value.(map[string]any)
		s, _ = s.Member(token)
		value = object[token]
	}
	return false
}

func (e *evaluation) names(id any) bool {
	text, is := id.(string)
	return is && e.named[text]
}

// rowsJudged reports whether an answer has a row to judge, or is not a listing.
func (e *evaluation) rowsJudged(a *answer, response map[string]any) bool {
	shape, _ := a.body.Member("response")
	for _, m := range shape.Members {
		list, is := response[m.Name].([]any)
		if !is || m.Schema.Items == nil {
			continue
		}
		key, some := m.Schema.Items.identity(), false
		for _, row := range list {
			object, _ := row.(map[string]any)
			some = some || key == "" || e.names(object[key])
		}
		if !some {
			return false
		}
	}
	return true
}
