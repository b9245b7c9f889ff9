package report

import "strings"

// Plain returns a text of the endpoint as one line that is safe to print on a terminal and in a CI
// log. It contains no control sequences and no commands for a CI service, whether these are
// recognised at the beginning of a line (::error) or anywhere (##[error], ##vso[…], ##teamcity[…]).
func Plain(text string) string {
	plain := strings.NewReplacer("\n", "␊", "\t", " ", "##", "# #").Replace(visible(text))
	if strings.HasPrefix(strings.TrimSpace(plain), "::") {
		return strings.Replace(plain, "::", ": :", 1)
	}
	return plain
}
