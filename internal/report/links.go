package report

import (
	"path"
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/verdict"
)

// isAddress reports whether a text is an address that reports link to: https, without characters
// that have a meaning in Markdown or HTML.
func isAddress(text string) bool {
	rest, https := strings.CutPrefix(text, "https://")
	if !https || rest == "" || !isAlphanumeric(rest[0]) {
		return false
	}
	for i := range len(rest) {
		if !isAlphanumeric(rest[i]) && strings.IndexByte("_./~#?=&%+:-", rest[i]) < 0 {
			return false
		}
	}
	return true
}

func isAlphanumeric(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z'
}

// addressesOf returns the addresses of the document that states a clause. If it has several pages
// and one is about the clause's operation, only that one is returned.
func addressesOf(doc verdict.SourceDocument, operation string) []string {
	var all []string
	for _, a := range doc.Addresses {
		if isAddress(a) {
			all = append(all, a)
		}
	}
	own := slices.IndexFunc(all, func(a string) bool { return operation != "" && strings.EqualFold(path.Base(a), operation) })
	if own >= 0 {
		return all[own : own+1]
	}
	return all
}

// documentOf returns what a report says about a source, if it does.
func documentOf(head verdict.Run, mark verdict.Source) (doc verdict.SourceDocument, ok bool) {
	i := slices.IndexFunc(head.Contract.Sources, func(d verdict.SourceDocument) bool { return d.Mark == mark })
	if i < 0 {
		return verdict.SourceDocument{}, false
	}
	return head.Contract.Sources[i], true
}

// titled returns the name of a source in each language.
func titled(doc verdict.SourceDocument) phrase {
	if doc.TitleZh == "" {
		return phrase{doc.Title, doc.Title}
	}
	return phrase{doc.Title, doc.TitleZh}
}

// readAt says when a document was read.
func readAt(doc verdict.SourceDocument) phrase {
	if from, to, interval := strings.Cut(doc.Read, "/"); interval {
		return phrase{textReadAt.In(English, textInterval.In(English, from, to)), textReadAt.In(Chinese, textInterval.In(Chinese, from, to))}
	}
	return textReadAt.With(doc.Read)
}

// PageOf returns the address of a clause on the contract's pages, which conformance docs writes; ""
// if their location is unknown.
func PageOf(contract verdict.Document, c verdict.Clause, l Language) string {
	if !isAddress(contract.Pages) {
		return ""
	}
	language, place := "", "#"+strings.ToLower(c.ID)
	if l == Chinese {
		language = ".zh"
	}
	folder, file := path.Split(contract.Pages)
	switch file {
	case "README.md":
		section := "every-operation"
		if c.Operation != "" {
			section = strings.ToLower(c.Operation)
		}
		return checked(folder + section + language + ".md" + place)
	case "index.html":
		return checked(folder + "index" + language + ".html" + place)
	}
	return ""
}

// checked returns an address if it is valid, whatever the report contains.
func checked(to string) string {
	if !isAddress(to) {
		return ""
	}
	return to
}
