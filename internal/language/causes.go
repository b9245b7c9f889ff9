package language

import (
	"strings"

	"github.com/zec-tools/conformance/internal/wire"
)

// Advice returns what to do about something between the harness and the endpoint.
func Advice(cause wire.Cause) Phrase {
	switch cause {
	case wire.CauseDNS:
		return Phrase{"correct the host of endpoint, or the resolver of this machine", "更正 endpoint 中的主机名，或检查本机的域名解析"}
	case wire.CauseTLS:
		return Phrase{"correct the scheme, host or port of endpoint; for a private certificate authority, set tls.caFile",
			"更正 endpoint 中的协议、主机名或端口；如使用私有证书颁发机构，请设置 tls.caFile"}
	case wire.CauseClockSkew:
		return Phrase{"set the local clock, for example by NTP: a signature expires after five minutes", "校准本机时钟（例如使用 NTP）：签名五分钟后失效"}
	case wire.CauseRefused, wire.CauseUnreachable, wire.CauseTimeout, wire.CauseLost, wire.CauseTruncated:
		return Phrase{"check that the endpoint is up and reachable from here (port, firewall, VPN)", "检查端点是否正常运行，且从本机可以访问（端口、防火墙、VPN）"}
	case wire.CauseProxy, wire.CauseProxyAuthorization:
		return Phrase{"allow the endpoint in the proxy, or add its host to NO_PROXY", "在代理中放行该端点，或将其主机名加入 NO_PROXY"}
	case wire.CauseCredential:
		return Phrase{"export the credentials of an account that may call the operations of this endpoint, or have the gateway in front leave Host and Content-Type unchanged, since both are signed; if the credentials are known to be valid, set credentials: {knownGood: true}",
			"请使用有权调用该端点各接口的账号凭证，或让前置网关保持 Host 和 Content-Type 不变（二者均参与签名）；如确知凭证有效，请设置 credentials: {knownGood: true}"}
	case wire.CauseRights:
		return Phrase{"give the key the right to call the operation", "为该密钥授予调用此接口的权限"}
	case wire.CauseForeign:
		return Phrase{"let nobody else change the listed instances during a run, and run it again", "运行期间请勿由他人变更所列实例，然后重新运行"}
	case wire.CauseRateLimited:
		return Phrase{"lower requestsPerSecond, or wait", "调低 requestsPerSecond，或稍后再试"}
	case wire.CauseUnavailable:
		return Phrase{"wait until the service is available", "等待服务恢复可用"}
	case wire.CauseInterrupted:
		return Phrase{"run it again; with --resume, what has ended is taken over", "重新运行；加上 --resume 则沿用已结束的场景"}
	case wire.CauseChallenge, wire.CauseLegal, wire.CauseRedirect, wire.CauseBadGateway, wire.CauseGatewayTimeout, wire.CauseRequestTimeout, wire.CauseMisdirected:
		return aGatewayAnswers
	}
	if strings.HasPrefix(string(cause), "edge-") {
		return aGatewayAnswers
	}
	return Phrase{"", ""}
}

var aGatewayAnswers = Phrase{"a gateway in front of the endpoint answers instead of it: set endpoint to the API itself, or have the gateway admit this machine",
	"端点前的网关代替端点作出了响应：请将 endpoint 设为 API 本身的地址，或让网关放行本机"}
