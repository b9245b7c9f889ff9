package defects

import (
	"bytes"
	"net/http"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/zec-tools/conformance/internal/mock"
)

// transportDefects are mistakes outside of the envelope: method, media types, bytes.
func transportDefects() []Defect {
	return append(bytesDefects(), []Defect{
		{"get-served", "R-METHOD-POST", "Reads are served to GET too.",
			nil, admitting(http.MethodGet)},
		{"put-served", "R-METHOD-POST", "PUT is served like POST.",
			nil, admitting(http.MethodPut)},
		{"patch-served", "R-METHOD-POST", "PATCH is served like POST.",
			nil, admitting(http.MethodPatch)},
		{"delete-served", "R-METHOD-POST", "DELETE is served like POST.",
			nil, admitting(http.MethodDelete)},

		{"get-served-to-tokens", "R-METHOD-POST", "Reads are served to GET when it carries a bearer token.",
			nil, admittingWhen(http.MethodGet, wrongToken)},
		{"patch-served-to-tokens", "R-METHOD-POST", "Reads are served to PATCH when it carries a bearer token.",
			nil, admittingWhen(http.MethodPatch, wrongToken)},
		{"form-taken", "R-MEDIA-REQUEST", "A body that is declared a form is read as JSON all the same.",
			nil, takenAs("application/x-www-form-urlencoded")},
		{"text-json-taken", "R-MEDIA-REQUEST", "Every media type that ends in json is taken.",
			nil, takenAs("text/json")},
		{"media-type-ignored", "R-MEDIA-REQUEST", "The media type of a request is not looked at.",
			nil, together(media(mock.Refusal{})...)},
		{"media-type-415", "R-MEDIA-REQUEST", "Another media type is answered with 415.",
			pairStated(), together(media(mock.PatternError.Under(http.StatusUnsupportedMediaType).Coded("UNSUPPORTED_MEDIA_TYPE"))...)},
		{"media-type-500", "R-MEDIA-REQUEST", "Another media type brings about an internal error.",
			nil, together(media(mock.InternalError)...)},
		{"charset-refused", "S-MEDIA-CHARSET", "The media type of a request is compared as a whole, so that a charset is refused.",
			nil, charsetRefused(func(string) bool { return true })},
		{"charset-refused-for-resize", "S-MEDIA-CHARSET", "A resize is refused when its media type has a charset.",
			nil, charsetRefused(func(action string) bool { return action == mock.ModifyType })},
		{"charset-spoils-signature", "S-MEDIA-CHARSET", "The signature is checked over the media type without its charset.",
			nil, injection(func(m *mock.Mock) {
				next := m.Behaviour.Authenticate
				m.Behaviour.Authenticate = func(known mock.Credentials, c *mock.Call) mock.Refusal {
					name, _, _ := strings.Cut(c.Request.Header.Get("Content-Type"), ";")
					if r := next(known, c); r.Refused() {
						return r
					}
					return next(known, with(c, "Content-Type", name))
				}
			})},

		{"media-text-plain", "R-MEDIA-RESPONSE", "Every answer is declared text/plain.",
			nil, declaring(everyAnswer, "text/plain; charset=utf-8")},
		{"media-twice", "R-MEDIA-RESPONSE", "The framework adds its own Content-Type to that of the answer.",
			nil, injection(func(m *mock.Mock) {
				next := m.Behaviour.Deliver
				m.Behaviour.Deliver = func(w http.ResponseWriter, c *mock.Call, a mock.Answer) { next(twice{w}, c, a) }
			})},
		{"media-missing", "R-MEDIA-RESPONSE", "No answer has a media type.",
			nil, declaring(everyAnswer, "")},
		{"media-html-on-failure", "R-MEDIA-RESPONSE", "Refusals are declared text/html.",
			nil, declaring(everyFailure, "text/html")},
		{"media-problem-on-failure", "R-MEDIA-RESPONSE", "Refusals are declared application/problem+json.",
			nil, declaring(everyFailure, "application/problem+json")},
		{"media-text-json-on-resize", "R-MEDIA-RESPONSE", "The answer to a resize is declared text/json.",
			nil, declaring(successes(mock.ModifyType), "text/json")},
	}...)
}

// bytesDefects are mistakes in the bytes of a body.
func bytesDefects() []Defect {
	return []Defect{
		{"trailing-text", "R-JSON", "A debugging line follows the JSON of a success.",
			nil, appending(successes(), "\n<!-- 12 ms -->\n")},
		{"trailing-value", "R-JSON", "A refusal is followed by the empty result of the handler that was not stopped.",
			nil, appending(everyFailure, `{}`)},
		{"byte-order-mark", "R-JSON", "The answer to a resize begins with a byte order mark.",
			nil, redelivering(successes(mock.ModifyType), func(_ *mock.Call, a *mock.Answer) { a.Body = append([]byte("\ufeff"), a.Body...) })},
		{"member-repeated", "R-JSON", "The member requestId of a success stands there twice.",
			nil, redelivering(successes(), func(_ *mock.Call, a *mock.Answer) {
				id := gjson.GetBytes(a.Body, "requestId").Raw
				a.Body = append([]byte(`{"requestId":`+id+`,`), a.Body[1:]...)
			})},
		{"code-repeated", "R-JSON", "A refusal has the code of the framework before its own.",
			nil, redelivering(everyFailure, func(_ *mock.Call, a *mock.Answer) { a.Body = append([]byte(`{"code":"ERROR",`), a.Body[1:]...) })},
		{"not-a-number", "R-JSON", "A member without a value is written as NaN in DescribeInstances.",
			nil, substituting(successes(mock.DescribeInstances), `,"cpu":`, `,"load":NaN,"cpu":`)},
		{"trailing-comma", "R-JSON", "A comma follows the last row of DescribeInstances.",
			nil, substituting(successes(mock.DescribeInstances), `"}]`, `"},]`)},

		{"message-latin1", "R-UTF8", "The message of a refusal is in Latin-1.",
			nil, substituting(everyFailure, `"message":"`, "\"message\":\"\xe9chec: ")},
		{"message-cut", "R-UTF8", "The message of a refusal is cut in the middle of a character.",
			nil, substituting(failures(mock.MissingParameter, mock.WrongType, mock.InstanceNotFound), `"message":"`, "\"message\":\"\xe7\xbc: ")},
		{"name-in-gbk", "R-UTF8", "A name in DescribeInstances is in GBK.",
			nil, substituting(successes(mock.DescribeInstances), `,"cpu":`, ",\"zoneName\":\"\xcf\xe3\xb8\xdb\",\"cpu\":")},
	}
}

// admitting accepts another method in place of POST.
func admitting(method string) injection {
	return admittingWhen(method, func(*mock.Call) bool { return true })
}

func admittingWhen(method string, when func(c *mock.Call) bool) injection {
	return func(m *mock.Mock) {
		next := m.Behaviour.Admit
		m.Behaviour.Admit = func(c *mock.Call) mock.Refusal {
			if c.Request.Method == method && when(c) {
				c = copied(c)
				c.Request.Method = http.MethodPost
			}
			return next(c)
		}
	}
}

// media makes all actions refuse other media types with a given error.
func media(r mock.Refusal) []injection {
	var injections []injection
	for name := range mock.Actions() {
		injections = append(injections, holding(name, func(t *mock.Content) { t.MediaType = r }))
	}
	return injections
}

// takenAs reads a body with another media type as JSON.
func takenAs(mediaType string) injection {
	return takenAsWhen(func(declared string) bool { return strings.HasPrefix(declared, mediaType) })
}

func takenAsWhen(is func(mediaType string) bool) injection {
	return func(m *mock.Mock) {
		next := m.Behaviour.Parse
		m.Behaviour.Parse = func(a mock.Action, c *mock.Call) (mock.Params, mock.Refusal) {
			if is(c.Request.Header.Get("Content-Type")) {
				c = with(c, "Content-Type", "application/json")
			}
			return next(a, c)
		}
	}
}

// twice sends a second Content-Type header.
type twice struct{ http.ResponseWriter }

func (w twice) WriteHeader(status int) {
	w.Header().Add("Content-Type", "text/html; charset=utf-8")
	w.ResponseWriter.WriteHeader(status)
}

// declaring changes the media type of answers.
func declaring(pick answers, mediaType string) injection {
	return redelivering(pick, func(_ *mock.Call, a *mock.Answer) { a.MediaType = mediaType })
}

// appending appends a text to answers.
func appending(pick answers, text string) injection {
	return redelivering(pick, func(_ *mock.Call, a *mock.Answer) { a.Body = append(bytes.Clone(a.Body), text...) })
}

// substituting replaces a text everywhere in answers.
func substituting(pick answers, old, now string) injection {
	return redelivering(pick, func(_ *mock.Call, a *mock.Answer) { a.Body = bytes.ReplaceAll(a.Body, []byte(old), []byte(now)) })
}

// partial reports whether a listing has fewer rows than its total.
func partial(body []byte) bool {
	response := gjson.GetBytes(body, "response")
	return response.Get("dataSet.#").Int() < response.Get("totalCount").Int()
}

// charsetRefused refuses a media type with a parameter in calls of some actions.
func charsetRefused(of func(action string) bool) injection {
	return func(m *mock.Mock) {
		next := m.Behaviour.Parse
		m.Behaviour.Parse = func(a mock.Action, c *mock.Call) (mock.Params, mock.Refusal) {
			if of(c.Action()) && strings.Contains(c.Request.Header.Get("Content-Type"), ";") {
				return mock.Params{}, mock.PatternError.Because("the body is not application/json")
			}
			return next(a, c)
		}
	}
}
