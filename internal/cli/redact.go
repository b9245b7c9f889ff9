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

// filtered returns the system with a redaction filter on every output. The returned function
// flushes the filters and reports which stream could not be written.
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

// redactingWriter is a stream with a redaction filter.
type redactingWriter struct {
	*secret.Writer
	to io.Writer
}

// unredacted returns a stream without its filter, for a signature that the user asked for.
func unredacted(w io.Writer) io.Writer {
	if filtered, is := w.(*redactingWriter); is {
		return filtered.to
	}
	return w
}

// recordOf returns the record of a scenario with all secrets removed.
func recordOf(f *secret.Filter, s verdict.Scenario) (report.Record, error) {
	record, err := report.Encode(s)
	if err != nil || !f.Contains(record.JSON) {
		return record, err
	}
	return report.Encode(secret.Clean(f, s))
}

// secretFlag matches a flag, in any spelling, whose value would be a secret.
var secretFlag = regexp.MustCompile(`(?i)^--?(?:[a-z]+[-_]?)*(?:pass(?:word|wd|phrase)?|secret|token|bearer|authorization|credentials?|signature|api[-_]?key)(?:[-_]?key)?(?:=|$)`)

// refuseSecrets returns an error if an argument would contain a secret. The error does not repeat
// the secret.
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
