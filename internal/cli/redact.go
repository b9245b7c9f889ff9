package cli

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/secret"
	"github.com/zec-tools/conformance/internal/verdict"
)

// filtered returns the system with every output behind a filter of secrets, and what passes
// on the last bytes and says which stream could not be written.
func (s System) filtered() (System, func() error) {
	s.filter = secret.NewFilter()
	toOut, toErr := &stream{name: "stdout", to: s.Out}, &stream{name: "stderr", to: s.Err}
	out, err := &redactingWriter{s.filter.Writer(toOut), toOut}, &redactingWriter{s.filter.Writer(toErr), toErr}
	s.Out, s.Err = out, err
	return s, func() error {
		closed := out.Close()
		if failed := toOut.failure(); failed != nil {
			fmt.Fprintln(err, "conformance: "+failed.Error())
		}
		return errors.Join(closed, err.Close(), toOut.failure(), toErr.failure())
	}
}

// redactingWriter is a stream behind a filter.
type redactingWriter struct {
	*secret.Writer
	to io.Writer
}

// unredacted returns a stream without its filter, for a signature that was asked for.
func unredacted(w io.Writer) io.Writer {
	if filtered, is := w.(*redactingWriter); is {
		return filtered.to
	}
	return w
}

// recordOf returns the record of a scenario without secrets in any of its texts.
func recordOf(f *secret.Filter, s verdict.Scenario) (report.Record, error) {
	record, err := report.Encode(s)
	if err != nil || !f.Contains(record.JSON) {
		return record, err
	}
	return report.Encode(secret.Clean(f, s))
}

// secretFlag is a flag, in any spelling, that would carry a secret.
var secretFlag = regexp.MustCompile(`(?i)^--?(?:[a-z]+[-_]?)*(?:pass(?:word|wd|phrase)?|secret|token|bearer|authorization|credentials?|signature|api[-_]?key)(?:[-_]?key)?(?:=|$)`)

// refuseSecrets is an error when an argument would carry a secret. It does not repeat it.
func refuseSecrets(args []string) error {
	for _, arg := range args {
		if arg == "--" {
			return nil
		}
		if !secretFlag.MatchString(arg) {
			continue
		}
		variable := "ZENLAYERCLOUD_ACCESS_KEY_PASSWORD"
		if name := strings.ToLower(arg); strings.Contains(name, "token") || strings.Contains(name, "bearer") {
			variable = "ZENLAYER_TOKEN, with tokenEnv: ZENLAYER_TOKEN in the target's configuration"
		}
		return usageError(fmt.Errorf("a secret as a flag is seen by every process of this machine and kept by the shell: export %s instead", variable))
	}
	return nil
}
