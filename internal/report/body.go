package report

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/zec-tools/conformance/internal/wire"
)

// shownBody is how many bytes of a body a page shows. report.json has the whole body.
const shownBody = 64 << 10

// bodyShower formats bodies, reusing its memory.
type bodyShower struct{ pretty bytes.Buffer }

// show formats a body as text: JSON indented, other text unchanged, other bytes as a dump.
func (b *bodyShower) show(body wire.Body) (text string, isJSON bool) {
	if len(body) <= shownBody {
		b.pretty.Reset()
		if json.Indent(&b.pretty, body, "", "  ") == nil {
			return b.pretty.String(), true
		}
	}
	shown := body[:min(len(body), shownBody)]
	if utf8.Valid(body) {
		text = strings.ToValidUTF8(string(shown), "")
	} else {
		shown = shown[:min(len(shown), shownBody/16)]
		text = "not valid UTF-8:\n" + hex.Dump(shown)
	}
	if len(shown) < len(body) {
		text += fmt.Sprintf("\n… %d of %d bytes are shown, report.json has them all", len(shown), len(body))
	}
	return text, false
}

func bodyText(body wire.Body) string {
	text, _ := new(bodyShower).show(body)
	return text
}
