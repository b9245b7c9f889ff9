package report

import "strings"

// Plain gives a text of the endpoint as one line that is safe to print on a terminal
// and in a CI log: nothing in it steers, and it holds no command for a CI service,
// whether one reads them at the beginning of a line (::error) or anywhere (##[error],
// ##vso[…], ##teamcity[…]).
func Plain(text string) string {
	plain := strings.NewReplacer("\n", "␊", "\t", " ", "##", "# #").Replace(visible(text))
	if strings.HasPrefix(strings.TrimSpace(plain), "::") {
		return strings.Replace(plain, "::", ": :", 1)
	}
	return plain
}
