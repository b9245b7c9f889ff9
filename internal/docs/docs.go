package docs

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	htmltemplate "html/template"
	"os"
	"path"
	"path/filepath"
	"strings"
	"text/template"

	"github.com/zec-tools/conformance/internal/wholefile"
)

// File is one page, written.
type File struct {
	Name string
	Text []byte
	Kept bool // in version control: it says nothing of a run
}

//go:embed page
var pages embed.FS

// Files makes the pages, each in both languages: index.html, which has everything, and for
// a repository browser README.md, which leads to one page for each section.
func Files(s Source) ([]File, error) {
	markdown, err := template.New("page.md.tmpl").Funcs(template.FuncMap{"cell": cell, "fence": fence, "link": link}).ParseFS(pages, "page/*.md.tmpl")
	if err != nil {
		return nil, fmt.Errorf("read the template of a page: %w", err)
	}
	html, err := htmltemplate.New("page.html.tmpl").Funcs(htmltemplate.FuncMap{"dict": dict, "base": path.Base}).ParseFS(pages, "page/*.html.tmpl")
	if err != nil {
		return nil, fmt.Errorf("read the template of a page: %w", err)
	}
	style, err := pages.ReadFile("page/style.css")
	if err != nil {
		return nil, fmt.Errorf("read the style of a page: %w", err)
	}
	script, err := pages.ReadFile("page/script.js")
	if err != nil {
		return nil, fmt.Errorf("read the script of a page: %w", err)
	}
	var files []File
	for _, lang := range []Language{English, Chinese} {
		v := build(s, lang)
		v.Style, v.Script = htmltemplate.CSS(style), htmltemplate.JS(script) // both are ours, embedded
		v.Policy = "default-src 'none'; style-src 'sha256-" + digest(style) + "'; script-src 'sha256-" + digest(script) + "'; base-uri 'none'; form-action 'none'"
		text, err := inMarkdown(markdown, v, s.Results == nil)
		if err != nil {
			return nil, err
		}
		var web bytes.Buffer
		if err := html.Execute(&web, v); err != nil {
			return nil, fmt.Errorf("write the page of %s: %w", lang, err)
		}
		files = append(append(files, text...), File{"index" + v.WebSuffix, web.Bytes(), false})
	}
	return files, nil
}

// inMarkdown writes the page that leads to the others, and one for each section.
func inMarkdown(t *template.Template, v view, kept bool) ([]File, error) {
	var text bytes.Buffer
	if err := t.Execute(&text, v); err != nil {
		return nil, fmt.Errorf("write README%s: %w", v.Suffix, err)
	}
	files := []File{{"README" + v.Suffix, text.Bytes(), kept}}
	for _, s := range v.Sections {
		var text bytes.Buffer
		if err := t.ExecuteTemplate(&text, "section.md.tmpl", sectionView{v, s}); err != nil {
			return nil, fmt.Errorf("write %s%s: %w", s.Anchor, v.Suffix, err)
		}
		files = append(files, File{s.Anchor + v.Suffix, text.Bytes(), kept})
	}
	return files, nil
}

// Write writes the pages to a folder, which is made when it does not exist. Each page is written
// completely or not at all.
func Write(dir string, files []File) error {
	if err := wholefile.Folder(dir); err != nil {
		return fmt.Errorf("make the folder of the pages: %w", err)
	}
	for _, f := range files {
		if err := wholefile.Write(filepath.Join(dir, f.Name), f.Text, 0o644); err != nil {
			return fmt.Errorf("write a page: %w", err)
		}
	}
	return nil
}

// Stale returns the names of the kept pages that the folder has otherwise or not at all.
func Stale(dir string, files []File) ([]string, error) {
	var stale []string
	for _, f := range files {
		if !f.Kept {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, f.Name))
		if err != nil && !os.IsNotExist(err) {
			return nil, fmt.Errorf("read a page: %w", err)
		}
		if !bytes.Equal(text, f.Text) {
			stale = append(stale, filepath.Join(dir, f.Name))
		}
	}
	return stale, nil
}

// digest is how the policy of a page names a style or a script.
func digest(text []byte) string {
	sum := sha256.Sum256(text)
	return base64.StdEncoding.EncodeToString(sum[:])
}

// cell makes a text fit into a table of Markdown, where it is a text and no markup.
func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "<", "&lt;", "*", `\*`, "\n", " ").Replace(text)
}

// link makes the anchor that a repository browser gives a heading.
func link(heading string) string {
	return "#" + strings.ReplaceAll(strings.ToLower(heading), " ", "-")
}

// fence wraps a text as a block of code that nothing in it can end.
func fence(text string) string {
	ticks := "```"
	for strings.Contains(text, ticks) {
		ticks += "`"
	}
	return ticks + "http\n" + text + "\n" + ticks
}

// dict gives a template inside another one several values: names and values in turn.
func dict(pairs ...any) map[string]any {
	m := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		m[pairs[i].(string)] = pairs[i+1]
	}
	return m
}
