package docs

import (
	"bytes"
	"embed"
	"fmt"
	htmltemplate "html/template"
	"os"
	"path/filepath"
	"strings"
	"text/template"
)

// File is one page, written.
type File struct {
	Name string
	Text []byte
	Kept bool // in version control: it says nothing of a run
}

//go:embed page
var pages embed.FS

// Files makes the pages: README.md and index.html, each in both languages.
func Files(s Source) ([]File, error) {
	markdown, err := template.New("page.md.tmpl").Funcs(template.FuncMap{"cell": cell, "fence": fence, "link": link}).ParseFS(pages, "page/page.md.tmpl")
	if err != nil {
		return nil, fmt.Errorf("read the template of a page: %w", err)
	}
	html, err := htmltemplate.New("page.html.tmpl").Funcs(htmltemplate.FuncMap{"dict": dict}).ParseFS(pages, "page/*.html.tmpl")
	if err != nil {
		return nil, fmt.Errorf("read the template of a page: %w", err)
	}
	style, err := pages.ReadFile("page/style.css")
	if err != nil {
		return nil, fmt.Errorf("read the style of a page: %w", err)
	}
	var files []File
	for _, p := range []struct {
		lang                  Language
		text, other, web, alt string
	}{
		{English, "README.md", "README.zh.md", "index.html", "index.zh.html"},
		{Chinese, "README.zh.md", "README.md", "index.zh.html", "index.html"},
	} {
		v := build(s, p.lang)
		var text, web bytes.Buffer
		v.OtherFile = p.other
		if err := markdown.Execute(&text, v); err != nil {
			return nil, fmt.Errorf("write %s: %w", p.text, err)
		}
		v.OtherFile, v.Style = p.alt, htmltemplate.CSS(style)
		if err := html.Execute(&web, v); err != nil {
			return nil, fmt.Errorf("write %s: %w", p.web, err)
		}
		files = append(files, File{p.text, text.Bytes(), s.Results == nil}, File{p.web, web.Bytes(), false})
	}
	return files, nil
}

// Write writes the pages to a folder, which is made when it does not exist.
func Write(dir string, files []File) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("make the folder of the pages: %w", err)
	}
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(dir, f.Name), f.Text, 0o644); err != nil { //nolint:gosec // pages for others to read
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
