package benchmark

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing/fstest"
)

// The rules of the generated features are clauses' full sentences, as in the real ones.
const (
	readRule = `  @C-STATUS-FILTER
  Rule: With instanceIds, DescribeInstancesStatus lists the named instances and no other, each once.
`
	refuseRule = `  @M-STATUS-DENIED
  Rule: A status that does not allow the operation is answered with 400 OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT.
`
	resizeRule = `  @M-RESIZE
  Rule: A stopped instance is changed to the type named.
`
)

// perFile is how many scenarios a generated feature holds at most.
const perFile = 100

// feature is the text of one generated feature.
type feature struct {
	rule     string
	scenario func(id int) string
}

// reading is a feature whose scenarios make one exchange each and compare its status.
func reading() feature {
	return feature{readRule, func(id int) string {
		return fmt.Sprintf(`
    @bench-%[1]d
    Example: number %[1]d
      Given a STOPPED instance
      When DescribeInstancesStatus is asked for it
      Then the answer is a success
`, id)
	}}
}

// refusing is a feature whose scenarios repeat one refused call. Refusals prove nothing of an
// operation that serves nobody: the first scenario is a change that is carried out.
func refusing(times int) feature {
	return feature{refuseRule, func(id int) string {
		if id == 0 {
			return resizing().scenario(id)
		}
		return fmt.Sprintf(`
    @bench-%[1]d
    Example: number %[1]d
      Given a RUNNING instance
      When ModifyInstanceType is called on it
      Then the answer is the error 400 OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT
      And the same call is answered so %[2]d more times
`, id, times)
	}}
}

// resizing is a feature whose scenarios each follow one change of type to its end.
func resizing() feature {
	return feature{resizeRule, func(id int) string {
		return fmt.Sprintf(`
    @bench-%[1]d
    Example: number %[1]d
      Given a STOPPED instance
      When ModifyInstanceType is called on it
      Then the answer is a success
      And the instance goes through RESIZING to STOPPED and stays there
      And the instance has the value asked for
`, id)
	}}
}

// files calls take with every file of a suite of so many scenarios.
func (f feature) files(scenarios int, take func(name, text string) error) error {
	for first := 0; first < scenarios; first += perFile {
		var text strings.Builder
		fmt.Fprintf(&text, "Feature: generated from %d\n\n%s", first, f.rule)
		for id := first; id < min(first+perFile, scenarios); id++ {
			text.WriteString(f.scenario(id))
		}
		if err := take(fmt.Sprintf("f%06d.feature", first), text.String()); err != nil {
			return err
		}
	}
	return nil
}

// memory is the suite as a folder in memory.
func (f feature) memory(scenarios int) fs.FS {
	out := fstest.MapFS{}
	_ = f.files(scenarios, func(name, text string) error { // taking never fails
		out[name] = &fstest.MapFile{Data: []byte(text)}
		return nil
	})
	return out
}

// disk writes the suite to a folder.
func (f feature) disk(dir string, scenarios int) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("make a folder of features: %w", err)
	}
	return f.files(scenarios, func(name, text string) error {
		return os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644) //nolint:gosec // scenarios of a temporary folder
	})
}
