package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"

	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/secret"
	"github.com/zec-tools/conformance/internal/verdict"
)

// filtered returns the system with every sink behind a filter of secrets, and what
// passes on the last bytes.
func (s System) filtered() (System, func() error) {
	s.filter = secret.NewFilter()
	out, err := &sink{s.filter.Writer(s.Out), s.Out}, &sink{s.filter.Writer(s.Err), s.Err}
	s.Out, s.Err = out, err
	return s, func() error { return errors.Join(out.Close(), err.Close()) }
}

// sink is a stream behind a filter.
type sink struct {
	*secret.Writer
	to io.Writer
}

// fileOf returns the file a stream leads to, if it is one.
func fileOf(w io.Writer) (*os.File, bool) {
	if s, filtered := w.(*sink); filtered {
		w = s.to
	}
	file, isFile := w.(*os.File)
	return file, isFile
}

// recordOf returns the record of a scenario without secrets in any of its texts.
func recordOf(f *secret.Filter, s verdict.Scenario) (report.Record, error) {
	record, err := report.Encode(s)
	if err != nil || !f.Holds(record.JSON) {
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
		return misuse(fmt.Errorf("a secret as a flag is seen by every process of this machine and kept by the shell: export %s instead", variable))
	}
	return nil
}

// tellInterrupt says on stderr what an interrupt does, once it has come.
func (s System) tellInterrupt(ctx context.Context) {
	context.AfterFunc(ctx, func() {
		if s.gaveUp().Err() == nil {
			if isTerminal(s.Err) {
				fmt.Fprint(s.Err, clearLine)
			}
			fmt.Fprintln(s.Err, "conformance: interrupted: putting the instances back; interrupt again to leave them as they are")
		}
	})
}
