package report

import (
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/zec-tools/conformance/internal/wire"
)

// longestCopied is the largest body whose command is shown on a page, in bytes.
const longestCopied = 4 << 10

// resend returns the commands that send an exchange's request again, correctly signed and without
// secrets: one of this program and, if the request is a read, one of curl. call is the beginning of
// the former. Both are "" if call is, or if the request does not fit on a command line.
func resend(call string, x wire.Exchange) (ours, curl string) {
	body := string(x.Sent.Body)
	if call == "" || x.Sent.Method != http.MethodPost || len(body) > longestCopied || !utf8.ValidString(body) || visible(body) != body {
		return "", ""
	}
	ours = call + " " + word(x.Operation.Action) + " --data " + word(body)
	if x.Effect != wire.Reads {
		return ours, "" // nobody would restore what curl changes
	}
	return ours, ours + " --sign | curl --header @- --data-raw " + word(body) + " " + word(x.Sent.URL)
}

// word quotes a text as one word for a POSIX shell; quoted first converts it to one line.
func word(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
