package report

import (
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/zec-tools/conformance/internal/wire"
)

// longestCopied is how long a body may be in bytes for its command to stand in a page.
const longestCopied = 4 << 10

// resend returns the commands that send an exchange's request again, rightly signed and with
// no secret in them: one of this program and, where the request reads alone, one of curl.
// call is the beginning of the former; where it is "", or the request is none that a
// command line holds, there are none.
func resend(call string, x wire.Exchange) (ours, curl string) {
	body := string(x.Sent.Body)
	if call == "" || x.Sent.Method != http.MethodPost || len(body) > longestCopied || !utf8.ValidString(body) || visible(body) != body {
		return "", ""
	}
	ours = call + " " + word(x.Operation.Action) + " --data " + word(body)
	if x.Effect != wire.Reads {
		return ours, "" // what curl changes, nobody restores
	}
	return ours, ours + " --sign | curl --header @- --data-raw " + word(body) + " " + word(x.Sent.URL)
}

// word makes one word for a POSIX shell of a text as it is; quoted makes one line of it first.
func word(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
