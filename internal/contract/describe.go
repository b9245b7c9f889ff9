package contract

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"github.com/zec-tools/conformance/internal/wire"
)

// Text is a text for readers in both languages. Zh is empty if the description does not have it.
type Text struct{ En, Zh string }

// Description is what the documents tell readers about an operation, beyond what is judged.
type Description struct {
	About     Text
	Headers   []Header
	Examples  []Example         // of the request
	Responses []ResponseExcerpt // by status
}

// Header is a header of a request.
type Header struct {
	Name     string
	Required bool
	About    Text
	Example  string
}

// Example is a named example of a body.
type Example struct {
	Name string
	Code string // its error code, "" in a request or a success
	JSON string // indented by two spaces
}

// ResponseExcerpt is one documented response, without its schema.
type ResponseExcerpt struct {
	Status   int
	Pointer  string // into openapi.yaml
	About    Text
	Examples []Example
}

// Describe returns the description of an operation, and whether the contract has it.
func (c *Contract) Describe(op wire.Operation) (Description, bool) {
	if c.byKey[op] == nil {
		return Description{}, false
	}
	at := "/paths/" + escape(op.Path+"#"+op.Action) + "/post"
	post := c.api.at(at)
	d := Description{About: readText(post), Examples: readExamples(member(post, "requestBody"))}
	if summary := text(member(post, "summary")); !strings.HasPrefix(d.About.En, summary) {
		d.About.En = summary + " " + d.About.En
	}
	for _, n := range member(post, "parameters").Content {
		n, _, _ = c.api.deref(n, "") // Load has already followed every reference
		d.Headers = append(d.Headers, Header{
			Name: text(member(n, "name")), Required: text(member(n, "required")) == "true",
			About: readText(n), Example: text(member(n, "example")),
		})
	}
	for _, status := range c.byKey[op].statuses {
		key := strconv.Itoa(status)
		n, pointer, _ := c.api.deref(member(member(post, "responses"), key), at+"/responses/"+key)
		d.Responses = append(d.Responses, ResponseExcerpt{Status: status, Pointer: pointer, About: readText(n), Examples: readExamples(n)})
	}
	return d, true
}

// Untestable returns why a clause cannot be observed from outside; both texts are empty if it can.
func (c *Contract) Untestable(id string) Text {
	clause, _ := c.Clause(id)
	return Text{En: clause.Untestable, Zh: clause.UntestableZh}
}

// readText returns the description of a part in both languages, each on one line.
func readText(n *yaml.Node) Text {
	return Text{En: flow(text(member(n, "description"))), Zh: flow(text(member(n, "x-zh")))}
}

// flow joins the lines of a text with spaces, or without a space between Chinese characters.
func flow(s string) string {
	var b strings.Builder
	for line := range strings.Lines(s) {
		line = strings.TrimSpace(line)
		before, _ := utf8.DecodeLastRuneInString(b.String())
		after, _ := utf8.DecodeRuneInString(line)
		goesOn := wide(before) || unicode.Is(unicode.Han, before) && (unicode.Is(unicode.Han, after) || wide(after))
		if b.Len() > 0 && line != "" && !goesOn {
			b.WriteByte(' ')
		}
		b.WriteString(line)
	}
	return b.String()
}

// wide reports whether a character is a Chinese punctuation mark, which includes its own space.
func wide(r rune) bool { return unicode.IsPunct(r) && r > unicode.MaxLatin1 }

func readExamples(body *yaml.Node) []Example {
	var list []Example
	_ = members(member(member(member(body, "content"), "application/json"), "examples"), func(name, example *yaml.Node) error {
		value := member(example, "value")
		var compact, indented bytes.Buffer
		writeJSON(&compact, value)
		if err := json.Indent(&indented, compact.Bytes(), "", "  "); err != nil {
			return nil //nolint:nilerr // a value that is no JSON is no example
		}
		list = append(list, Example{Name: name.Value, Code: text(member(value, "code")), JSON: indented.String()})
		return nil
	})
	return list
}

// writeJSON writes a value as JSON, with the members in the order of the document.
func writeJSON(b *bytes.Buffer, n *yaml.Node) {
	switch n.Kind {
	case yaml.MappingNode:
		b.WriteByte('{')
		for i := 0; i < len(n.Content); i += 2 {
			if i > 0 {
				b.WriteByte(',')
			}
			writeJSON(b, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: n.Content[i].Value})
			b.WriteByte(':')
			writeJSON(b, n.Content[i+1])
		}
		b.WriteByte('}')
	case yaml.SequenceNode:
		b.WriteByte('[')
		for i, item := range n.Content {
			if i > 0 {
				b.WriteByte(',')
			}
			writeJSON(b, item)
		}
		b.WriteByte(']')
	default:
		var value any
		if err := n.Decode(&value); err != nil {
			value = n.Value
		}
		data, err := json.Marshal(value)
		if err != nil {
			data, _ = json.Marshal(n.Value) // marshalling a string never fails
		}
		b.Write(data)
	}
}
