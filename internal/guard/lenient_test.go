package guard_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/zec-tools/conformance/internal/wire"
)

// lenient reads a request as the most obliging of servers would. It shares no code with
// the guard.
type lenient struct {
	ids []string // what it takes for ids
}

var (
	coded     = regexp.MustCompile(`\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|%[0-9a-fA-F]{2}|&#x[0-9a-fA-F]{1,4};|&#[0-9]{1,4};`)
	words     = regexp.MustCompile(`[^\s"'{}\[\](),:;=<>&?|]+`)
	invisible = strings.NewReplacer("\u200b", "", "\u00ad", "", "\ufeff", "", "\x00", "")
)

// decode undoes what common decoders undo.
func decode(text string) string {
	text = coded.ReplaceAllStringFunc(text, func(m string) string {
		digits, base := strings.TrimRight(strings.TrimLeft(m, `\ux%&#`), ";"), 16
		if strings.HasPrefix(m, "&#") && !strings.HasPrefix(m, "&#x") {
			base = 10
		}
		n, err := strconv.ParseInt(digits, base, 32)
		if err != nil {
			return m
		}
		return string(rune(n))
	})
	return invisible.Replace(strings.ReplaceAll(text, `\`, ""))
}

// fold writes a member's name as a server does that binds names leniently: no letter case,
// no separators, look-alikes folded.
func fold(name string) string {
	var b strings.Builder
	for _, c := range strings.ToUpper(decode(name)) { // ſ becomes S
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			b.WriteRune(unicode.ToLower(c))
		}
	}
	return b.String()
}

func (l *lenient) walk(value any, isID bool) {
	switch v := value.(type) {
	case map[string]any:
		for name, inner := range v {
			named := strings.HasPrefix(fold(name), "thingid") || fold(name) == "id"
			if isID {
				l.ids = append(l.ids, name)
			}
			l.walk(inner, isID || named)
		}
	case []any:
		for _, item := range v {
			l.walk(item, isID)
		}
	case string:
		if isID {
			l.ids = append(l.ids, strings.FieldsFunc(v, func(c rune) bool { return strings.ContainsRune(" ,;|\t\n", c) })...)
		}
	case json.Number:
		if isID {
			l.ids = append(l.ids, v.String())
		}
	}
}

// readIDs returns what a lenient server could take for ids in a body: in JSON by the names
// of its members, in anything else every word.
func readIDs(body string) []string {
	var l lenient
	decoder := json.NewDecoder(strings.NewReader(body))
	decoder.UseNumber()
	var value any
	if json.Valid([]byte(body)) && decoder.Decode(&value) == nil {
		_, object := value.(map[string]any)
		l.walk(value, !object)
		return l.ids
	}
	return words.FindAllString(decode(body), -1)
}

// FuzzNoUnlistedIDAndNoChangeLeaves holds the guard against the lenient server: whatever
// body, method or action comes, no unlisted id leaves, and nothing that could change a
// listed instance.
func FuzzNoUnlistedIDAndNoChangeLeaves(f *testing.F) {
	unlisted := []string{"t-a2", "production", "1305623471299530497"}
	known := []string{"t-a1", "t-b7", "1305623471299530496", "t-made-up"}
	for _, id := range append(unlisted, known...) {
		for _, action := range []string{"ReadThings", "ChangeOne", "ChangeMany", "NoSuchAction", "DropMany"} {
			for _, parts := range [][2]string{
				{`{"thingIds":["`, `"]}`}, {`{"thingId":"`, `"}`}, {`{"thingIdſ":["`, `"]}`}, {`{"THINGID":"`, `"}`}, {`{"thingId":`, `}`},
				{`{"thingIds":{"`, `":1}}`}, {`{"thing\u0049d":"`, `"`}, {`thingId=`, `&x=42`}, {`<thingId>`, `</thingId>`},
				{`{"thingIds":["t-made-up"],"thingIds":["`, `"]}`}, {`{"name":{"thingId":"`, `"}}`}, {`[["`, `"]]`}, {`{"size":"`, `"}`},
				{`hello `, ``}, {`{thingIds:[`, `]}`}, {`{"thingIds":["t-a1,`, `"]}`}, {`{"thing-ids":"`, `"}`},
			} {
				f.Add(action, "POST", parts[0], id, parts[1])
			}
			f.Add(action, "DELETE", `{"thingIds":["`, id, `"]}`)
		}
	}
	f.Fuzz(func(t *testing.T, action, method, before, id, after string) {
		body := before + id + after
		g := newGuard()
		req := wire.Request{Operation: operation(action), Method: method, Body: []byte(body)}
		if g.Check(req) != nil {
			return
		}
		ids := readIDs(body)
		for _, unlisted := range unlisted {
			if slices.Contains(ids, unlisted) {
				t.Errorf("%s %s %q leaves and could name %s", method, action, body, unlisted)
			}
		}
		reads := strings.HasPrefix(action, "Read") && (method == "" || method == "POST" || method == "GET" || method == "HEAD")
		for _, id := range known[:3] {
			// A read names listed things by its own filter; a change may not name any.
			if slices.Contains(ids, id) && (!reads || strings.Contains(body, `"thingId"`)) {
				t.Errorf("%s %s %q leaves and could change %s", method, action, body, id)
			}
		}
	})
}
