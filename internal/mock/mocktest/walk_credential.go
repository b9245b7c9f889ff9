package mocktest

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/sign"
)

// nearlyRight asks with credentials that nearly are the right ones, or are written otherwise.
func (w *walk) nearlyRight() {
	in := w.mock.Seed(mock.Instance{})
	ids, change := `{"instanceIds":`+Quoted(in.ID)+`}`, `{"instanceId":"`+in.ID+`","instanceType":"no.such.type"}`
	key, token := w.mock.Credentials().KeyID, w.mock.Credentials().Token
	signed := func(msg Message) string { return Request(w.mock, msg).Header.Get("Authorization") }

	read := Message{Action: mock.DescribeStatus, Body: ids}
	right := signed(read)
	head, signature, _ := strings.Cut(right, "Signature=")
	for name, value := range pairs(
		"scheme", "TC3"+strings.TrimPrefix(right, "ZC2"), "half of signature", head+"Signature="+signature[:32],
		"nothing but scheme", "ZC2-HMAC-SHA256", "missing signature", strings.TrimSuffix(head, ", "), "bearer of nothing", "Bearer",
		"empty signature", head+"Signature=", "more after signature", right+"00", "first digit of signature", head+"Signature="+flipped(signature[0])+signature[1:],
	) {
		read.Header = map[string]string{"Authorization": value}
		w.ask("status other "+name, read)
	}
	w.ask("status key with more", Message{Action: mock.DescribeStatus, Body: ids, KeyID: key + "x"})
	w.ask("status token with more", Message{Action: mock.DescribeStatus, Body: ids, Bearer: token + "x"})
	w.ask("status half of token", Message{Action: mock.DescribeStatus, Body: ids, Bearer: token[:len(token)/2]})
	w.ask("status token with another letter", Message{Action: mock.DescribeStatus, Body: ids, Bearer: token[:4] + "0" + token[5:]})
	w.ask("status an hour ahead", Message{Action: mock.DescribeStatus, Body: ids, Skew: time.Hour})
	w.ask("status eight hours old", Message{Action: mock.DescribeStatus, Body: ids, Skew: -8 * time.Hour})
	w.ask("status blanks in body", Message{Action: mock.DescribeStatus, Body: " " + ids + "\n"})
	w.ask("status media type in capitals", Message{Action: mock.DescribeStatus, Body: ids, Media: "Application/JSON"})
	w.ask("start with token", Message{Action: mock.StartName, Body: `{"instanceIds":["no-such-instance"]}`, Bearer: token})
	w.ask("instances by GET with token", Message{Action: mock.DescribeInstances, Method: http.MethodGet, Body: ids, Bearer: token})
	w.ask("instances by PATCH with token", Message{Action: mock.DescribeInstances, Method: http.MethodPatch, Body: ids, Bearer: token})
	w.ask("resize bearer", Message{Action: mock.ModifyType, Body: change, Bearer: token})
	w.ask("resize four minutes old", Message{Action: mock.ModifyType, Body: change, Skew: -4 * time.Minute})
	w.ask("resize further signed header", Message{Action: mock.ModifyType, Body: change, Also: []string{"X-Note"}})

	written := func(media, signedMedia string, at int64) map[string]string {
		headers := []sign.Header{{Name: "content-type", Value: signedMedia}, {Name: "host", Value: Request(w.mock, read).Host}}
		return map[string]string{
			"Content-Type": media, "X-ZC-Timestamp": strconv.FormatInt(at, 10),
			"Authorization": sign.Authorization(key, w.mock.Credentials().Password, http.MethodPost, at, headers, []byte(ids)),
		}
	}
	now := w.mock.Clock()
	read.Header = written("application/json", "application/json", now.UnixMilli())
	w.ask("status in milliseconds", read)
	read.Header = written("Application/JSON", "application/json", now.Unix())
	w.ask("status media type in capitals, signed without", read)
}

// nearlyNamed asks for actions, in media types and bodies, that only look like right ones.
func (w *walk) nearlyNamed() {
	in := w.mock.Seed(mock.Instance{})
	ids, change := `{"instanceIds":`+Quoted(in.ID)+`}`, `{"instanceId":"`+in.ID+`","instanceType":"no.such.type"}`
	w.ask("action with more after it", Message{Action: mock.DescribeStatus + "More", Body: ids})
	w.ask("action with more before it", Message{Action: "More" + mock.DescribeStatus, Body: ids})
	w.ask("status as text/json", Message{Action: mock.DescribeStatus, Media: "text/json", Body: ids})
	w.ask("resize in list", Message{Action: mock.ModifyType, Body: "[" + change + "]"})
	w.ask("resize with comment", Message{Action: mock.ModifyType, Body: "/* a */ " + change})
	w.ask("instances in single quotes", Message{Action: mock.DescribeInstances, Body: strings.ReplaceAll(ids, `"`, "'")})
}

// nearlySigned signs another host, another value of a further header, the timestamp 0, another action, and another body.
func (w *walk) nearlySigned() {
	in := w.mock.Seed(mock.Instance{})
	msg := Message{Action: mock.DescribeStatus, Body: `{"instanceIds":` + Quoted(in.ID) + `}`}
	host, now := Request(w.mock, msg).Host, w.mock.Clock().Unix()
	body := msg.Body
	signed := func(at int64, headers ...sign.Header) map[string]string {
		headers = append([]sign.Header{{Name: "content-type", Value: "application/json"}}, headers...)
		return map[string]string{
			"X-ZC-Timestamp": strconv.FormatInt(at, 10), "X-ZC-Sdk-Version": "0.2.0-changed",
			"Authorization": sign.Authorization(w.mock.Credentials().KeyID, w.mock.Credentials().Password, http.MethodPost, at, headers, []byte(body)),
		}
	}
	msg.Header = signed(now, sign.Header{Name: "host", Value: "host.invalid"})
	w.ask("status signed for another host", msg)
	msg.Header = signed(now, sign.Header{Name: "host", Value: host}, sign.Header{Name: "x-zc-sdk-version", Value: "0.2.0"})
	w.ask("status with another further header", msg)
	msg.Header = signed(0, sign.Header{Name: "host", Value: host})
	w.ask("status signed at 0", msg)
	msg.Header = signed(now, sign.Header{Name: "host", Value: host}, sign.Header{Name: "x-zc-action", Value: "AnotherAction"})
	w.ask("status signed for another action", msg)
	body = ""
	msg.Header = signed(now, sign.Header{Name: "host", Value: host})
	w.ask("status signed for no body", msg)
	body, msg.Body = msg.Body, " "+msg.Body
	msg.Header = signed(now, sign.Header{Name: "host", Value: host})
	w.ask("status with a space that is not signed", msg)
	w.ask("all statuses with another password", Message{Action: mock.DescribeStatus, Body: "{}", Pass: "wrong"})
	w.ask("all instances, anonymous", Message{Action: mock.DescribeInstances, Body: "{}", Header: map[string]string{"Authorization": ""}})
	w.status("with an escaped letter", `{"\u0069nstanceIds":`+Quoted(in.ID)+`}`)
}
