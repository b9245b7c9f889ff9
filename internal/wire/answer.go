package wire

import (
	"iter"
	"net/http"
	"strconv"

	"github.com/tidwall/gjson"
)

// Answer is the content of an envelope, read leniently: a member that is missing or of the wrong
// type reads as empty. Whether the envelope is valid is judged elsewhere.
type Answer struct {
	Status    int
	RequestID string
	Code      string // the error code, "" in a success
	response  gjson.Result
}

// ReadAnswer reads the envelope of a complete response.
func ReadAnswer(r Received) Answer {
	a := Answer{Status: r.Status}
	var id, code gjson.Result
	if !gjson.ValidBytes(r.Body) {
		return a
	}
	codes := 0
	gjson.ParseBytes(r.Body).ForEach(func(key, value gjson.Result) bool {
		switch {
		case key.Str == "requestId" && !id.Exists():
			id = value
		case key.Str == "response" && !a.response.Exists():
			a.response = value
		case key.Str == "code":
			code = value
			codes++
		}
		return true
	})
	a.RequestID = text(id)
	if codes == 1 { // if there are several codes, it is unknown which one counts
		a.Code = text(code)
	}
	return a
}

// Enveloped reports whether a body is a complete envelope of this API (R): a request id, and either
// a response or a code with its message. No gateway or proxy produces one.
func Enveloped(body []byte) bool {
	if !gjson.ValidBytes(body) {
		return false
	}
	root := gjson.ParseBytes(body)
	failure := root.Get("code").Type == gjson.String && root.Get("message").Type == gjson.String
	return text(root.Get("requestId")) != "" && (failure || root.Get("response").IsObject())
}

// Succeeded reports whether the request was successful, which means that the status is 200 (R).
func (a Answer) Succeeded() bool { return a.Status == http.StatusOK }

// Count returns an integer member of the response, and whether it is an integer.
func (a Answer) Count(member string) (int, bool) {
	v := a.response.Get(member)
	return int(v.Int()), v.Type == gjson.Number
}

// Strings returns the strings of an array member of the response.
func (a Answer) Strings(member string) []string {
	var list []string
	for _, item := range a.response.Get(member).Array() {
		if item.Type == gjson.String {
			list = append(list, item.Str)
		}
	}
	return list
}

// Column returns a string member of each item in an array member of the response, "" if it is not a
// string.
func (a Answer) Column(member, name string) []string {
	var list []string
	a.items(member, func(item gjson.Result) bool {
		list = append(list, item.Get(name).Str)
		return true
	})
	return list
}

// Rows yields the items of an array member of the response with their index and their string
// members. It yields them one at a time, because an answer can have hundreds of thousands.
func (a Answer) Rows(member string) iter.Seq2[int, map[string]string] { return a.rows(member, false) }

// RowsWithNumbers also returns the numbers, in decimal notation.
func (a Answer) RowsWithNumbers(member string) iter.Seq2[int, map[string]string] {
	return a.rows(member, true)
}

func (a Answer) rows(member string, numbers bool) iter.Seq2[int, map[string]string] {
	return func(yield func(int, map[string]string) bool) {
		index := -1
		a.items(member, func(item gjson.Result) bool {
			row := map[string]string{}
			item.ForEach(func(key, value gjson.Result) bool {
				switch {
				case value.Type == gjson.String:
					row[key.Str] = value.Str
				case value.Type == gjson.Number && numbers:
					row[key.Str] = strconv.FormatFloat(value.Num, 'f', -1, 64)
				}
				return true
			})
			index++
			return yield(index, row)
		})
	}
}

// Null reports whether a member of an item in an array member of the response is null, as opposed
// to missing.
func (a Answer) Null(member string, index int, name string) bool {
	null, at := false, -1
	a.items(member, func(item gjson.Result) bool {
		if at++; at < index {
			return true
		}
		v := item.Get(name)
		null = v.Exists() && v.Type == gjson.Null
		return false
	})
	return null
}

// Has reports whether the response has an array under this name.
func (a Answer) Has(member string) bool { return a.response.Get(member).IsArray() }

// Length returns the number of items in an array member of the response.
func (a Answer) Length(member string) int {
	count := 0
	a.items(member, func(gjson.Result) bool { count++; return true })
	return count
}

// items yields the items of an array. Any other value except null counts as one item.
func (a Answer) items(member string, yield func(gjson.Result) bool) {
	switch v := a.response.Get(member); {
	case v.IsArray():
		v.ForEach(func(_, item gjson.Result) bool { return yield(item) })
	case v.Type != gjson.Null:
		yield(v)
	}
}

func text(v gjson.Result) string {
	if v.Type != gjson.String {
		return ""
	}
	return v.Str
}
