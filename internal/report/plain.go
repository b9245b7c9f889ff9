package report

import "strings"

// Plain gives a text of the endpoint as one line that is safe to print on a terminal
// and in a CI log: nothing in it steers, and no line of its own can begin a command.
func Plain(text string) string {
	return strings.NewReplacer("\n", "␊", "\t", " ").Replace(visible(text))
}
