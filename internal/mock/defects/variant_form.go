package defects

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/zec-tools/conformance/internal/mock"
)

// formVariants differ in the form of an answer's body.
func formVariants() []Variant {
	const open, ids, media = "R-OPEN-OBJECTS", "R-REQUEST-ID", "R-MEDIA-RESPONSE"
	ided := func(name, text string, id func(old string) string) Variant {
		return Variant{Name: name, Text: text, Freedom: ids, apply: redelivering(everyAnswer, func(_ *mock.Call, a *mock.Answer) {
			old := gjson.GetBytes(a.Body, "requestId")
			a.Body = bytes.ReplaceAll(a.Body, []byte(old.Raw), encoded(id(old.Str)))
		})}
	}
	declared := func(name, mediaType string) Variant {
		return Variant{
			Name: name, Text: "Every answer is declared " + mediaType + ".", Freedom: media,
			apply: declaring(everyAnswer, mediaType),
		}
	}
	return []Variant{
		{Name: "further-members", Text: "Every object has further members, nested ones among them.", Freedom: open, apply: rewriting(everyAnswer, func(b object) { extend(b) })},
		{Name: "order-number", Actions: resizes(), Text: "The response of a resize carries an orderNumber, as the SDKs of this version have it and later ones have not.", Freedom: open,
			apply: responding(mock.ModifyType, func(r object) { r["orderNumber"] = "T202404010001" })},
		{Name: "code-in-success", Text: "A success has a code and a message of its own.", Freedom: open,
			apply: rewriting(successes(), func(b object) { b["code"], b["message"] = "OK", "" })},
		{Name: "data-in-failure", Text: "A refusal has members with null and with an empty list.", Freedom: open,
			apply: rewriting(everyFailure, func(b object) { b["data"], b["details"] = nil, []any{} })},
		{Name: "pretty-printed", Text: "JSON is indented and ends with a line feed.", Freedom: "the blanks between JSON tokens",
			apply: redelivering(everyAnswer, func(_ *mock.Call, a *mock.Answer) {
				var out bytes.Buffer
				if json.Indent(&out, a.Body, "", "  ") == nil {
					a.Body = append(out.Bytes(), '\n')
				}
			})},
		{Name: "carriage-returns", Text: "JSON is indented by tabs and its lines end as in a mail.", Freedom: "the blanks between JSON tokens",
			apply: redelivering(everyAnswer, func(_ *mock.Call, a *mock.Answer) {
				var out bytes.Buffer
				if json.Indent(&out, a.Body, "", "\t") == nil {
					a.Body = append(bytes.ReplaceAll(out.Bytes(), []byte("\n"), []byte("\r\n")), "\r\n"...)
				}
			})},
		{Name: "escaped-json", Text: "The texts in answers are written in escapes where they can be.", Freedom: "the spelling of JSON texts",
			apply: redelivering(everyAnswer, func(_ *mock.Call, a *mock.Answer) { a.Body = bytes.ReplaceAll(a.Body, []byte("-"), []byte(`\u002d`)) })},
		{Name: "messages-in-chinese", Text: "The messages are in Chinese.", Freedom: "clients must not rely on message",
			apply: rewriting(everyFailure, func(b object) { b["message"] = "请求失败：参数或状态不符合要求。" })},
		{Name: "messages-empty", Text: "The messages are empty texts.", Freedom: "R-FAILURE-MESSAGE",
			apply: rewriting(everyFailure, func(b object) { b["message"] = "" })},

		ided("request-id-digits", "A request id is a number, as a text.", func(id string) string { return strconv.FormatUint(number(id), 10) }),
		ided("request-id-unicode", "A request id has characters of several scripts.", func(id string) string { return "请求-é-" + id + "-🙂" }),
		ided("request-id-long", "A request id has several thousand characters.", func(id string) string { return strings.Repeat(id, 120) }),
		ided("request-id-blanks", "A request id has blanks, quotes and slashes.", func(id string) string { return ` "` + id + `" \ / <&> ` }),
		{Name: "request-id-short", Text: "A request id is as short as it can be, the first ones one character.", Freedom: ids,
			apply: func(m *mock.Mock) {
				ids := mock.NewRequestIDs(1)
				m.Behaviour.RequestID = func() string { return strconv.FormatUint(ids.Count.Add(1), 36) }
			}},

		declared("charset-upper-case", "application/json;charset=UTF-8"),
		declared("charset-quoted", `application/json; charset="utf-8"`),
		declared("media-type-upper-case", "Application/JSON"),
		declared("media-type-with-parameter", "application/json; profile=zec; version=2"),
	}
}

// extend adds members to an object and to all objects in it, with names that the documents do not
// use.
func extend(o object) {
	for _, value := range o {
		switch value := value.(type) {
		case object:
			extend(value)
		case []any:
			for _, item := range value {
				if item, is := item.(object); is {
					extend(item)
				}
			}
		}
	}
	o["x-further"] = object{"list": []any{1, "two", nil, object{}}, "empty": "", "number": 1e3}
	o["更多"] = true
}
