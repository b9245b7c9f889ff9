package report

import (
	"path"
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/verdict"
)

// isAddress reports whether a report links to a text: an https address without characters that mean
// something in Markdown or in HTML.
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

// addressesOf are the addresses of the document that states a clause: of several pages the
// one of the clause's operation, where it has one.
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

// documentOf returns what a report says of a source; ok is false where it says nothing.
func documentOf(head verdict.Run, mark verdict.Source) (doc verdict.SourceDocument, ok bool) {
	i := slices.IndexFunc(head.Contract.Sources, func(d verdict.SourceDocument) bool { return d.Mark == mark })
	if i < 0 {
		return verdict.SourceDocument{}, false
	}
	return head.Contract.Sources[i], true
}

// titled is what a source is called in each language.
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

// PageOf is the address of a clause's place in the contract's pages for readers, which
// conformance docs writes; "" where nothing says where they stand.
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

// checked is an address if it is one, whatever the report said.
func checked(to string) string {
	if !isAddress(to) {
		return ""
	}
	return to
}
