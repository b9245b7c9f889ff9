package mock

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/zec-tools/conformance/internal/sign"
)

// nearlyRight asks with credentials that nearly are the right ones, or are written otherwise.
func (w *walk) nearlyRight() {
	in := w.mock.Seed(Instance{})
	ids, change := `{"instanceIds":`+quoted(in.ID)+`}`, `{"instanceId":"`+in.ID+`","instanceType":"no.such.type"}`
	key, token := w.mock.Credentials().KeyID, w.mock.Credentials().Token
	signed := func(msg message) string { return request(w.mock, msg).Header.Get("Authorization") }

	read := message{action: describeStatus, body: ids}
	right := signed(read)
	head, signature, _ := strings.Cut(right, "Signature=")
	for name, value := range pairs(
		"scheme", "TC3"+strings.TrimPrefix(right, "ZC2"), "half of signature", head+"Signature="+signature[:32],
		"more after signature", right+"00", "first digit of signature", head+"Signature="+flipped(signature[0])+signature[1:],
	) {
		read.header = map[string]string{"Authorization": value}
		w.ask("status other "+name, read)
	}
	w.ask("status key with more", message{action: describeStatus, body: ids, keyID: key + "x"})
	w.ask("status token with more", message{action: describeStatus, body: ids, bearer: token + "x"})
	w.ask("status half of token", message{action: describeStatus, body: ids, bearer: token[:len(token)/2]})
	w.ask("status eight hours old", message{action: describeStatus, body: ids, skew: -8 * time.Hour})
	w.ask("status blanks in body", message{action: describeStatus, body: " " + ids + "\n"})
	w.ask("status media type in capitals", message{action: describeStatus, body: ids, media: "Application/JSON"})
	w.ask("instances by GET with token", message{action: describeInstances, method: http.MethodGet, body: ids, bearer: token})
	w.ask("resize bearer", message{action: modifyType, body: change, bearer: token})
	w.ask("resize four minutes old", message{action: modifyType, body: change, skew: -4 * time.Minute})
	w.ask("resize further signed header", message{action: modifyType, body: change, also: []string{"X-Note"}})

	written := func(media, signedMedia string, at int64) map[string]string {
		headers := []sign.Header{{Name: "content-type", Value: signedMedia}, {Name: "host", Value: request(w.mock, read).Host}}
		return map[string]string{
			"Content-Type": media, "X-ZC-Timestamp": strconv.FormatInt(at, 10),
			"Authorization": sign.Authorization(key, w.mock.Credentials().Password, http.MethodPost, at, headers, []byte(ids)),
		}
	}
	now := w.mock.clock()
	read.header = written("application/json", "application/json", now.UnixMilli())
	w.ask("status in milliseconds", read)
	read.header = written("Application/JSON", "application/json", now.Unix())
	w.ask("status media type in capitals, signed without", read)
}

// nearlyNamed asks for actions, in media types and bodies, that only look like right ones.
func (w *walk) nearlyNamed() {
	in := w.mock.Seed(Instance{})
	ids, change := `{"instanceIds":`+quoted(in.ID)+`}`, `{"instanceId":"`+in.ID+`","instanceType":"no.such.type"}`
	w.ask("action with more after it", message{action: describeStatus + "More", body: ids})
	w.ask("action with more before it", message{action: "More" + describeStatus, body: ids})
	w.ask("status as text/json", message{action: describeStatus, media: "text/json", body: ids})
	w.ask("resize in list", message{action: modifyType, body: "[" + change + "]"})
	w.ask("resize with comment", message{action: modifyType, body: "/* a */ " + change})
	w.ask("instances in single quotes", message{action: describeInstances, body: strings.ReplaceAll(ids, `"`, "'")})
}
