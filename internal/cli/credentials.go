package cli

import (
	"bytes"
	"fmt"
	"io/fs"
	"slices"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/language"
	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/secret"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/target"
	"github.com/zec-tools/conformance/spec"
)

// warnOfWords warns about credentials that also occur in the contract or in the configuration. They
// are judged and restored unaltered, but removed from all output. A report without the word STOPPED
// is hard to read, and reveals that STOPPED is the password.
func (a *targetOptions) warnOfWords(sys System, config target.Config) {
	texts := a.openTexts(sys)
	for _, variable := range []string{config.Credentials.KeyPassword, config.Credentials.Token} {
		if variable == "" {
			continue
		}
		value := sys.Env(variable)
		if published(value) {
			continue
		}
		in := slices.IndexFunc(texts, func(t openText) bool { return len(value) >= secret.MinLength && bytes.Contains(t.text, []byte(value)) })
		if in >= 0 {
			fmt.Fprintln(sys.Err, "conformance: "+a.in().Say("warning: the value of {0} also stands in {1}: reports show {2} wherever it is met, which tells what it is; use another credential",
				variable, language.Word(texts[in].name), secret.Redacted))
		}
	}
}

// published reports whether a credential is one of the built-in mock's own. These open nothing
// else, and the configuration that the mock prints contains them.
func published(value string) bool {
	own := mock.DefaultCredentials()
	return value == own.Password || value == own.Token
}

// keepNames exempts the names of clauses, scenarios and their files from redaction.
func keepNames(f *secret.Filter, c *contract.Contract, all *suite.Suite) {
	names := slices.Clone(all.Names)
	for _, clause := range c.Clauses() {
		names = append(names, clause.ID)
	}
	for _, scenario := range all.Cases {
		names = append(names, scenario.ID)
	}
	f.Keep(names...)
}

// openText is a text that is not secret.
type openText struct {
	name string
	text []byte
}

// openTexts returns the documents of the contract and the configuration file.
func (a *targetOptions) openTexts(sys System) []openText {
	var texts []openText
	for _, name := range []string{"openapi.yaml", "clauses.yaml"} {
		if text, err := fs.ReadFile(spec.Files, name); err == nil {
			texts = append(texts, openText{"the contract", text})
		}
	}
	if text, err := a.text(sys); err == nil {
		texts = append(texts, openText{a.config, text})
	}
	return append(texts, openText{"what is printed", []byte("conformant non-conformant partial inconclusive broken passed failed skipped redacted")})
}
