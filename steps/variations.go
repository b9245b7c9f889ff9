package steps

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/zec-tools/conformance/internal/wire"
)

// variation is a way of calling an action that differs from the documented one, or that
// the documents allow beside it.
type variation struct {
	en, zh string
	mutate func(*wire.Request)
	needs  func(*Needs)
}

func hmac(n *Needs)   { n.HMAC = true }
func bearer(n *Needs) { n.Bearer = true }

// signed makes a variation of signing.
func signed(en, zh string, auth wire.Auth) variation {
	auth.Scheme = wire.SchemeHMAC
	return variation{en, zh, func(r *wire.Request) { r.Auth = auth }, hmac}
}

// moreSigned are further headers to sign. Their values have no letters: whether letters are
// lower-cased in the canonical form, no document says for certain (protocol 9).
func moreSigned() []string { return []string{"x-zc-timestamp", "x-zc-version"} }

// and adds to a variation.
func (m variation) and(more func(*wire.Request)) variation {
	first := m.mutate
	m.mutate = func(r *wire.Request) { first(r); more(r) }
	return m
}

// times are when a request may say that it was signed.
func times() []variation {
	return []variation{
		signed("signed 6 minutes ago", "签名时间早 6 分钟", wire.Auth{Skew: -6 * time.Minute}),
		signed("signed 6 minutes ahead", "签名时间晚 6 分钟", wire.Auth{Skew: 6 * time.Minute}),
		signed("signed with a timestamp in milliseconds", "使用毫秒时间戳签名", wire.Auth{Milliseconds: true}),
		signed("signed 8 hours ago", "签名时间早 8 小时", wire.Auth{Skew: -8 * time.Hour}),
		signed("signed 8 hours ahead", "签名时间晚 8 小时", wire.Auth{Skew: 8 * time.Hour}),
		signed("signed with a timestamp of letters", "使用字母时间戳签名", wire.Auth{Timestamp: "yesterday"}),
		signed("signed with a timestamp in fractions of a second", "使用带小数的时间戳签名", wire.Auth{Timestamp: "now.5"}),
		signed("signed with a timestamp with a sign", "使用带正号的时间戳签名", wire.Auth{Timestamp: "+now"}),
		signed("signed with a timestamp of 40 digits", "使用 40 位数字的时间戳签名", wire.Auth{Timestamp: strings.Repeat("1", 40)}),
		signed("signed 4 minutes ago", "签名时间早 4 分钟", wire.Auth{Skew: -4 * time.Minute}),
		signed("signed 4 minutes ahead", "签名时间晚 4 分钟", wire.Auth{Skew: 4 * time.Minute}),
	}
}

// variations are what a request's headers may look like, besides its body.
func variations() []variation { return slices.Concat(times(), authorizations(), bodies()) }

// authorizations differ in how a request is authenticated.
func authorizations() []variation {
	return []variation{
		{"without Authorization", "不带 Authorization", func(r *wire.Request) { r.Auth.Scheme = wire.SchemeNone }, nil},
		{"with an Authorization of no known kind", "带未知类型的 Authorization", func(r *wire.Request) {
			r.Auth = wire.Auth{Scheme: wire.SchemeRaw, Raw: "Basic bm9ib2R5Om5vdGhpbmc="}
		}, nil},
		{"with an Authorization of one word", "带只有一个词的 Authorization", func(r *wire.Request) {
			r.Auth = wire.Auth{Scheme: wire.SchemeRaw, Raw: "nonsense"}
		}, nil},
		signed("signed as documented", "按文档签名", wire.Auth{}),
		signed("without its timestamp", "不带时间戳", wire.Auth{OmitTimestamp: true}),
		signed("without its signature method", "不带签名方法", wire.Auth{OmitMethod: true}),
		signed("under an unknown key", "使用未知的密钥签名", wire.Auth{UnknownKey: true}),
		signed("under its key with more after it", "使用末尾多出字符的密钥签名", wire.Auth{Tamper: wire.TamperKey}),
		signed("signed under another scheme", "使用其他签名方案的名称签名", wire.Auth{Tamper: wire.TamperScheme}),
		signed("signed with another password", "使用错误的密码签名", wire.Auth{Tamper: wire.TamperPassword}),
		signed("with one digit of its signature changed", "签名中有一位被改动", wire.Auth{Tamper: wire.TamperSignature}),
		signed("with the first digit of its signature changed", "签名的第一位被改动", wire.Auth{Tamper: wire.TamperFirst}),
		signed("with half of its signature missing", "签名缺少一半", wire.Auth{Tamper: wire.TamperCut}),
		signed("with more after its signature", "签名末尾多出字符", wire.Auth{Tamper: wire.TamperMore}),
		signed("signed with blanks around and within its body", "请求体内外带空白并签名", wire.Auth{}).and(spaced),
		signed("with another body than the signed one", "请求体与签名时不一致", wire.Auth{Tamper: wire.TamperBody}),
		signed("with another value of a signed header", "已签名请求头的值与签名时不一致", wire.Auth{Tamper: wire.TamperHeader}),
		signed("with another timestamp than the signed one", "时间戳与签名时不一致", wire.Auth{Tamper: wire.TamperTimestamp}),
		signed("with further headers signed", "额外签名其他请求头", wire.Auth{SignAlso: moreSigned()}),
		signed("with a header before content-type signed", "额外签名排在 content-type 之前的请求头", wire.Auth{SignAlso: []string{"accept"}}).and(
			func(r *wire.Request) { r.Header = map[string]string{"Accept": "application/json"} }),
		signed("with further headers signed and one digit of its signature changed", "额外签名其他请求头，但签名中有一位被改动",
			wire.Auth{SignAlso: moreSigned(), Tamper: wire.TamperSignature}),
	}
}

// bodies differ in what is sent besides, or how.
func bodies() []variation {
	return []variation{
		{"with a query in its URL", " URL 带查询串", func(r *wire.Request) { r.Query = "Action=" + r.Operation.Action }, nil},
		{"with text after its body", "请求体之后带多余文本", func(r *wire.Request) { r.Body = append(r.Body, " and more"...) }, nil},
		{"with a body of NUL bytes", "以 NUL 字节为请求体", func(r *wire.Request) { r.Body = make([]byte, 16) }, nil},
		{"with a NUL byte before its body", "请求体之前带 NUL 字节", func(r *wire.Request) { r.Body = append([]byte{0}, r.Body...) }, nil},
		{"with a comma after its last parameter", "最后一个参数之后带逗号", func(r *wire.Request) {
			r.Body = append(bytes.TrimSuffix(r.Body, []byte("}")), ",}"...)
		}, nil},
		{"with its texts in single quotes", "文本使用单引号", func(r *wire.Request) {
			r.Body = bytes.ReplaceAll(r.Body, []byte(`"`), []byte("'"))
		}, nil},
		{"with a comment in its body", "请求体中带注释", func(r *wire.Request) {
			r.Body = append([]byte("/* a comment */ "), r.Body...)
		}, nil},
		{"with its parameters in a list", "参数放在列表中", func(r *wire.Request) {
			r.Body = append(append([]byte("["), r.Body...), ']')
		}, nil},
		{"with a bearer token", "带 Bearer 令牌", func(r *wire.Request) { r.Auth.Scheme = wire.SchemeBearer }, bearer},
		{"with a wrong bearer token", "带错误的 Bearer 令牌", func(r *wire.Request) {
			r.Auth = wire.Auth{Scheme: wire.SchemeBearer, UnknownKey: true}
		}, nil},
		{"with half of the bearer token missing", "带缺少一半的 Bearer 令牌", func(r *wire.Request) {
			r.Auth = wire.Auth{Scheme: wire.SchemeBearer, Tamper: wire.TamperCut}
		}, bearer},
		{"with more after the bearer token", "带末尾多出字符的 Bearer 令牌", func(r *wire.Request) {
			r.Auth = wire.Auth{Scheme: wire.SchemeBearer, Tamper: wire.TamperMore}
		}, bearer},
		{"with its header names in lower case", "请求头名称为小写", func(r *wire.Request) { r.LowerCase = true }, nil},
		{"with the further headers of the SDKs", "带 SDK 附加的请求头", func(r *wire.Request) {
			r.Header = map[string]string{
				"X-ZC-Service": "zec", "X-ZC-Sdk-Version": "0.2.0", "X-ZC-Sdk-Lang": "Go", "X-ZC-Request-Client": "conformance",
			}
		}, nil},
	}
}

// spaced puts blanks where JSON allows them: what is signed are the bytes that are sent.
func spaced(r *wire.Request) {
	var out bytes.Buffer
	if json.Indent(&out, r.Body, "", "\t") == nil {
		r.Body = append(append([]byte("\n "), out.Bytes()...), " \r\n"...)
	}
}

// variationSentences turns each variation into a sentence.
func variationSentences() []Sentence {
	list := variations()
	sentences := make([]Sentence, len(list))
	for i, m := range list {
		sentences[i] = say(action+" is called "+m.en, "调用 "+action+" 时"+m.zh,
			func(w *World) any {
				return func(ctx context.Context, action string) error { return w.callWith(ctx, action, nil, m.mutate) }
			},
			func(n *Needs, args []string) {
				calling(n, args)
				if m.needs != nil {
					m.needs(n)
				}
			})
	}
	return sentences
}

func (w *World) calledAs(ctx context.Context, action, mediaType string) error {
	return w.callWith(ctx, action, nil, func(r *wire.Request) { r.ContentType = mediaType })
}

func (w *World) calledBy(ctx context.Context, action, method string) error {
	return w.callWith(ctx, action, w.nameForMethod(action, method), func(r *wire.Request) { by(r, method) })
}

// calledByWithToken has no signature, which covers the method, in its way.
func (w *World) calledByWithToken(ctx context.Context, action, method string) error {
	return w.callWith(ctx, action, w.nameForMethod(action, method), func(r *wire.Request) {
		by(r, method)
		r.Auth.Scheme = wire.SchemeBearer
	})
}

// by sets the method of a request. With another one than POST nobody knows what it does.
func by(r *wire.Request, method string) { r.Method, r.Effect = method, wire.Refused }

// nameForMethod puts stand-ins for the instances where the method alone could change them.
func (w *World) nameForMethod(action, method string) func(map[string]any) {
	return func(p map[string]any) {
		if method != http.MethodGet {
			w.nameStandIns(action, p)
		}
	}
}

func (w *World) called(ctx context.Context, action string) error {
	return w.callWith(ctx, action, nil, nil)
}

// calling is the need of a sentence whose first argument is the action it calls.
func calling(n *Needs, args []string) {
	onInstance(n, args)
}

func requests() []Sentence {
	return []Sentence{
		say(action+` is called`, `调用 `+action, func(w *World) any { return w.called }, calling),
		say(action+` is called without `+parameter, `调用 `+action+` 时不带参数 `+parameter,
			func(w *World) any { return w.calledWithout }, calling).describing(sendsAllBut),
		say(action+` is called with no parameters`, `调用 `+action+` 时不带任何参数`, func(w *World) any { return w.calledWithNone }, calling).describing(sendsNothing),
		say(action+` is called with `+parameter+` as `+anything, `调用 `+action+` 时参数 `+parameter+` 为 `+anything,
			func(w *World) any { return w.calledWithValue }, calling).describing(sendsValue),
		say(action+` is called with the body `+anything, `调用 `+action+` 时请求体为 `+anything, func(w *World) any { return w.calledWithBody }, calling).describing(sendsBody),
		say(action+` is called with an empty body`, `调用 `+action+` 时请求体为空`, func(w *World) any { return w.calledWithEmptyBody }, calling).describing(sendsNothing),
		say(action+` is called with `+number+` made-up ids`, `调用 `+action+` 时提供 `+number+` 个虚构的 ID`,
			func(w *World) any { return w.calledWithMadeUpIDs }, calling).describing(sendsMadeUpIDs),
		say(action+` is called as `+mediaType, `调用 `+action+` 时媒体类型为 `+mediaType,
			func(w *World) any { return w.calledAs }, calling),
		say(action+` is called by `+httpMethods+` with a bearer token`, `调用 `+action+` 时使用 `+httpMethods+` 方法并带 Bearer 令牌`,
			func(w *World) any { return w.calledByWithToken }, func(n *Needs, args []string) {
				calling(n, args)
				bearer(n)
			}),
		say(action+` is called by `+httpMethods, `调用 `+action+` 时使用 `+httpMethods+` 方法`,
			func(w *World) any { return w.calledBy }, calling),
		say(action+` is called with what `+other+` takes`, `调用 `+action+` 时使用 `+other+` 的请求体`,
			func(w *World) any { return w.calledWithBodyOf }, onInstanceBoth),
		say(action+` is called with the parameters of `+other, `调用 `+action+` 时带 `+other+` 的参数`,
			func(w *World) any { return w.calledWithParametersOf }, onInstanceBoth),
		say(action+` is called with the parameters of `+other+` and its name in the body`, `调用 `+action+` 时带 `+other+` 的参数，并在请求体中带其名称`,
			func(w *World) any { return w.calledWithNameInBody }, onInstanceBoth),
		say(action+` is called with the parameters of `+other+` and its name in the URL`, `调用 `+action+` 时带 `+other+` 的参数，并在 URL 中带其名称`,
			func(w *World) any { return w.calledWithNameInURL }, onInstanceBoth),
		say(number+` generated requests are sent to `+action, `用 `+number+` 个生成的请求调用 `+action,
			func(w *World) any { return w.generatedRequests },
			func(n *Needs, args []string) {
				n.Generated = true
				calling(n, args[1:])
			}).describing(callsGenerated),
		say(action+` and `+action+` are asked for it`, `通过 `+action+` 和 `+action+` 查询该实例`, func(w *World) any { return w.bothAreAsked }, nil).
			describing(sendsSubjects()),
		say(`each gives the rows of its own`, `两个接口各自返回自己的数据`, func(w *World) any { return w.eachGivesItsOwn }, nil).describing(wants("200")),
		say(`the list holds at most `+number+` instances`, `列表最多包含 `+number+` 台实例`, func(w *World) any { return w.noMoreRowsThan }, nil).describing(wants("200")),
	}
}
