package steps

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/zec-tools/conformance/internal/wire"
)

// variation is a variation of a valid request. The endpoint must refuse it, unless it is an unusual
// form that the documents allow.
type variation struct {
	wording
	mutate func(*wire.Request)
	needs  func(*Needs) // what it needs of the target, nil if nothing
}

// variations returns every variation of a request.
var variations = sync.OnceValue(func() []variation {
	return slices.Concat(times(), authorizations(), signatures(), bearerTokens(), bodies(), headers())
})

// variationWordings returns the texts that name a variation in a sentence.
func variationWordings() []wording {
	var list []wording
	for _, v := range variations() {
		list = append(list, v.wording)
	}
	return list
}

// variationOf returns the variation that a sentence names.
func variationOf(text string) variation {
	list := variations()
	return list[slices.IndexFunc(list, func(v variation) bool { return v.in(text) })]
}

func hmac(n *Needs)   { n.HMAC = true }
func bearer(n *Needs) { n.Bearer = true }

// signed makes a variation of the signature.
func signed(en, zh string, auth wire.Auth) variation {
	auth.Scheme = wire.SchemeHMAC
	return variation{wording{en: en, zh: zh}, func(r *wire.Request) { r.Auth = auth }, hmac}
}

// authorized makes a variation of a request that is not signed.
func authorized(en, zh string, auth wire.Auth) variation {
	return variation{wording{en: en, zh: zh}, func(r *wire.Request) { r.Auth = auth }, nil}
}

// altered makes a variation of any other part of a request.
func altered(en, zh string, mutate func(*wire.Request)) variation {
	return variation{wording{en: en, zh: zh}, mutate, nil}
}

// formerly adds English texts of earlier versions.
func (v variation) formerly(older ...string) variation {
	v.older = older
	return v
}

// further marks a variation that is sent only where generated requests are allowed, because there
// are many of these and requests have a cost.
func (v variation) further() variation {
	needs := v.needs
	v.needs = func(n *Needs) {
		if n.Generated = true; needs != nil {
			needs(n)
		}
	}
	return v
}

// and adds a further alteration.
func (v variation) and(more func(*wire.Request)) variation {
	first := v.mutate
	v.mutate = func(r *wire.Request) { first(r); more(r) }
	return v
}

// times vary the timestamp.
func times() []variation {
	return []variation{
		signed("signed 4 minutes ago", "签名时间早 4 分钟", wire.Auth{Skew: -4 * time.Minute}),
		signed("signed 4 minutes ahead", "签名时间晚 4 分钟", wire.Auth{Skew: 4 * time.Minute}),
		signed("signed 6 minutes ago", "签名时间早 6 分钟", wire.Auth{Skew: -6 * time.Minute}),
		signed("signed 6 minutes ahead", "签名时间晚 6 分钟", wire.Auth{Skew: 6 * time.Minute}),
		signed("signed an hour ago", "签名时间早 1 小时", wire.Auth{Skew: -time.Hour}).further(),
		signed("signed an hour ahead", "签名时间晚 1 小时", wire.Auth{Skew: time.Hour}).further(),
		signed("signed 8 hours ago", "签名时间早 8 小时", wire.Auth{Skew: -8 * time.Hour}),
		signed("signed 8 hours ahead", "签名时间晚 8 小时", wire.Auth{Skew: 8 * time.Hour}),
		signed("signed with a timestamp in milliseconds", "使用毫秒时间戳签名", wire.Auth{Milliseconds: true}),
		signed("signed with the timestamp 0", "使用时间戳 0 签名", wire.Auth{Timestamp: "0"}),
		signed("signed with a timestamp of letters", "使用字母时间戳签名", wire.Auth{Timestamp: "yesterday"}),
		signed("signed with a timestamp with a fraction", "使用带小数的时间戳签名", wire.Auth{Timestamp: "now.5"}).
			formerly("signed with a timestamp in fractions of a second"),
		signed("signed with a timestamp with a plus sign", "使用带正号的时间戳签名", wire.Auth{Timestamp: "+now"}).
			formerly("signed with a timestamp with a sign"),
		signed("signed with a timestamp of 40 digits", "使用 40 位数字的时间戳签名", wire.Auth{Timestamp: strings.Repeat("1", 40)}),
	}
}

// authorizations vary the Authorization header and the headers that go with it.
func authorizations() []variation {
	return []variation{
		authorized("without Authorization", "不带 Authorization", wire.Auth{Scheme: wire.SchemeNone}),
		authorized("without Authorization and without parameters", "不带 Authorization 和参数", wire.Auth{Scheme: wire.SchemeNone}).and(withoutParameters).further(),
		authorized("with an unknown authorization scheme", "带未知类型的 Authorization",
			wire.Auth{Scheme: wire.SchemeRaw, Raw: "Basic bm9ib2R5Om5vdGhpbmc="}).formerly("with an Authorization of no known kind"),
		authorized("with an Authorization of one word", "带只有一个词的 Authorization", wire.Auth{Scheme: wire.SchemeRaw, Raw: "nonsense"}),
		signed("signed as documented", "按文档签名", wire.Auth{}),
		signed("without a timestamp", "不带时间戳", wire.Auth{OmitTimestamp: true}).formerly("without its timestamp"),
		signed("without a signature method", "不带签名方法", wire.Auth{OmitMethod: true}).formerly("without its signature method"),
		signed("signed with an unknown key ID", "使用未知的密钥签名", wire.Auth{UnknownKey: true}).formerly("under an unknown key"),
		signed("signed with an unknown key ID and an empty password", "使用未知的密钥和空密码签名", wire.Auth{UnknownKey: true, Tamper: wire.TamperNoPassword}).further(),
		signed("signed with extra characters after the key ID", "使用末尾多出字符的密钥签名", wire.Auth{Tamper: wire.TamperKey}).
			formerly("under its key with more after it"),
		signed("signed under another scheme", "使用其他签名方案的名称签名", wire.Auth{Tamper: wire.TamperScheme}),
		signed("without Signature in Authorization", "Authorization 中不带 Signature", wire.Auth{Tamper: wire.TamperNoSignature}),
		authorized("with the word Bearer alone in Authorization", "Authorization 中只有 Bearer", wire.Auth{Scheme: wire.SchemeRaw, Raw: "Bearer"}),
		signed("signed with a wrong password", "使用错误的密码签名", wire.Auth{Tamper: wire.TamperPassword}).formerly("signed with another password"),
		signed("signed with a wrong password and without parameters", "使用错误的密码签名且不带参数", wire.Auth{Tamper: wire.TamperPassword}).
			and(withoutParameters).further(),
	}
}

// withoutParameters turns a read into a request for everything.
func withoutParameters(r *wire.Request) { r.Body = []byte("{}") }

// signatures vary the signature or what it covers.
func signatures() []variation {
	return []variation{
		signed("with one digit of its signature changed", "签名中有一位被改动", wire.Auth{Tamper: wire.TamperSignature}),
		signed("with the first digit of its signature changed", "签名的第一位被改动", wire.Auth{Tamper: wire.TamperFirst}),
		signed("with half of its signature missing", "签名缺少一半", wire.Auth{Tamper: wire.TamperCut}),
		signed("with extra characters after its signature", "签名末尾多出字符", wire.Auth{Tamper: wire.TamperMore}).formerly("with more after its signature"),
		signed("with its body changed after signing", "请求体与签名时不一致", wire.Auth{Tamper: wire.TamperBody}).
			formerly("with another body than the signed one"),
		signed("with a signed header changed after signing", "已签名请求头的值与签名时不一致", wire.Auth{Tamper: wire.TamperHeader}).
			formerly("with another value of a signed header"),
		signed("with its timestamp changed after signing", "时间戳与签名时不一致", wire.Auth{Tamper: wire.TamperTimestamp}).
			formerly("with another timestamp than the signed one"),
		signed("with further headers signed", "额外签名其他请求头", wire.Auth{SignAlso: moreSigned()}),
		signed("with a signed header that sorts before content-type", "额外签名排在 content-type 之前的请求头", wire.Auth{SignAlso: []string{"accept"}}).
			formerly("with a header before content-type signed").
			and(func(r *wire.Request) { r.Header = map[string]string{"Accept": "application/json"} }),
		signed("with further headers signed and one digit of its signature changed", "额外签名其他请求头，但签名中有一位被改动",
			wire.Auth{SignAlso: moreSigned(), Tamper: wire.TamperSignature}),
		signed("with a further signed header changed after signing", "额外签名的请求头与签名时不一致",
			wire.Auth{SignAlso: []string{sdkVersion}, Tamper: wire.TamperHeader}).
			and(func(r *wire.Request) { r.Header = map[string]string{sdkVersion: "0.2.0"} }),
		signed("with an empty signature", "签名为空", wire.Auth{Tamper: wire.TamperEmpty}).further(),
		signed("signed for an empty body", "按空请求体签名", wire.Auth{Tamper: wire.TamperNoBody}).further(),
		signed("with white space in its body that was not signed", "请求体带有未签名的空白", wire.Auth{Tamper: wire.TamperSpaces}).and(spaced).further(),
		signed("signed for another action", "按其他操作名称签名", wire.Auth{SignAlso: []string{"x-zc-action"}, Tamper: wire.TamperAction}).further(),
		signed("signed for another host", "按其他主机名签名", wire.Auth{Tamper: wire.TamperHost}),
		signed("signed with white space around and within its body", "请求体内外带空白并签名", wire.Auth{}).
			formerly("signed with blanks around and within its body").and(spaced),
	}
}

// sdkVersion is a header that the SDKs send (K). Like those of moreSigned, its value has no
// letters.
const sdkVersion = "X-ZC-Sdk-Version"

// moreSigned returns further headers to sign. Their values have no letters, because the documents
// do not say whether the canonical form lower-cases values (protocol 9).
func moreSigned() []string { return []string{"x-zc-timestamp", "x-zc-version"} }

// spaced adds white space wherever JSON allows it. The signature covers the bytes as sent.
func spaced(r *wire.Request) {
	var out bytes.Buffer
	if json.Indent(&out, r.Body, "", "\t") == nil {
		r.Body = append(append([]byte("\n "), out.Bytes()...), " \r\n"...)
	}
}

// escaped writes the letters of every string in a body as JSON escapes. The body must not contain
// escapes already.
func escaped(r *wire.Request) {
	var out bytes.Buffer
	inside := false
	for _, b := range r.Body {
		switch {
		case b == '"':
			inside = !inside
			out.WriteByte(b)
		case inside && b < utf8.RuneSelf && unicode.IsLetter(rune(b)):
			fmt.Fprintf(&out, `\u%04x`, b)
		default:
			out.WriteByte(b)
		}
	}
	r.Body = out.Bytes()
}

func bearerTokens() []variation {
	token := altered("with a bearer token", "带 Bearer 令牌", func(r *wire.Request) { r.Auth.Scheme = wire.SchemeBearer })
	half := authorized("with half of the bearer token missing", "带缺少一半的 Bearer 令牌", wire.Auth{Scheme: wire.SchemeBearer, Tamper: wire.TamperCut})
	more := authorized("with extra characters after the bearer token", "带末尾多出字符的 Bearer 令牌", wire.Auth{Scheme: wire.SchemeBearer, Tamper: wire.TamperMore}).
		formerly("with more after the bearer token")
	other := authorized("with one character of the bearer token changed", "带有一个字符被改动的 Bearer 令牌", wire.Auth{Scheme: wire.SchemeBearer, Tamper: wire.TamperSignature})
	token.needs, half.needs, more.needs, other.needs = bearer, bearer, bearer, bearer
	return []variation{
		token, half, more, other.further(),
		authorized("with a wrong bearer token", "带错误的 Bearer 令牌", wire.Auth{Scheme: wire.SchemeBearer, UnknownKey: true}),
	}
}

// bodies vary how the body is written.
func bodies() []variation {
	return []variation{
		altered("with text after its body", "请求体之后带多余文本", func(r *wire.Request) { r.Body = append(r.Body, " and more"...) }),
		altered("with a body of NUL bytes", "以 NUL 字节为请求体", func(r *wire.Request) { r.Body = make([]byte, 16) }),
		altered("with a NUL byte before its body", "请求体之前带 NUL 字节", func(r *wire.Request) { r.Body = append([]byte{0}, r.Body...) }),
		altered("with a trailing comma in its body", "最后一个参数之后带逗号", func(r *wire.Request) {
			r.Body = append(bytes.TrimSuffix(r.Body, []byte("}")), ",}"...)
		}).formerly("with a comma after its last parameter"),
		altered("with its strings in single quotes", "文本使用单引号", func(r *wire.Request) {
			r.Body = bytes.ReplaceAll(r.Body, []byte(`"`), []byte("'"))
		}).formerly("with its texts in single quotes"),
		altered("with a comment in its body", "请求体中带注释", func(r *wire.Request) {
			r.Body = append([]byte("/* a comment */ "), r.Body...)
		}),
		altered("with the letters of its body escaped", "请求体中的字母使用转义", escaped).further(),
		altered("with its parameters in an array", "参数放在列表中", func(r *wire.Request) {
			r.Body = append(append([]byte("["), r.Body...), ']')
		}).formerly("with its parameters in a list"),
	}
}

// headers vary the headers and the URL.
func headers() []variation {
	return []variation{
		altered("with a query in its URL", "URL 带查询串", func(r *wire.Request) { r.Query = "Action=" + r.Operation.Action }),
		altered("with its header names in lower case", "请求头名称为小写", func(r *wire.Request) { r.LowerCase = true }),
		altered("with the further headers of the SDKs", "带 SDK 附加的请求头", func(r *wire.Request) {
			r.Header = map[string]string{
				"X-ZC-Service": "zec", "X-ZC-Sdk-Version": "0.2.0", "X-ZC-Sdk-Lang": "Go", "X-ZC-Request-Client": "conformance", "X-ZC-Signature-Version": "V2",
			}
		}),
	}
}
