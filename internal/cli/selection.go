package cli

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/zec-tools/conformance/features"
	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/derive"
	"github.com/zec-tools/conformance/internal/report"
	"github.com/zec-tools/conformance/internal/suite"
	"github.com/zec-tools/conformance/internal/verdict"
)

// selection holds the scenarios that a command selects.
type selection struct {
	origin    source   // the contract whose features are read if no folder is named
	folders   []string // folders of features, or single files; none means those of the contract
	tags      []string // tag expressions, all of which must match
	scenarios []string
}

func (s *selection) flags(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&s.tags, "tags", nil, `only scenarios that bear the tags, as "@resize and not @change"; repeated: that match each`)
	cmd.Flags().StringArrayVar(&s.scenarios, "scenario", nil, "only the scenario with this id; repeated: any of them")
	s.folderFlag(cmd)
}

func (s *selection) folderFlag(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&s.folders, "features", nil, "read the features from a folder or a file instead of those of the contract; repeated: from each")
}

// read reads the features and selects scenarios.
func (s *selection) read(c *contract.Contract, from source) (*suite.Suite, []suite.Case, error) {
	s.origin = from
	texts, err := s.texts(c)
	if err != nil {
		return nil, nil, usageError(err)
	}
	read := suite.Read
	if len(s.folders) == 0 && from.folder == "" && len(s.tags) == 0 && len(s.scenarios) > 0 { // tests ensure that the built-in features are valid
		read = func(files map[string][]byte, contract suite.Contract) (*suite.Suite, error) {
			return suite.ReadNamed(files, contract, features.Index, s.scenarios)
		}
	}
	all, err := read(texts, suiteContract(c))
	if err != nil {
		return nil, nil, usageError(cmp.Or(s.implied(c, err), s.placed(err)))
	}
	if slices.ContainsFunc(s.tags, func(text string) bool { return strings.TrimSpace(text) == "" }) {
		return nil, nil, usageError(errors.New("--tags: the expression is empty: leave the flag out to select every scenario"))
	}
	cases, err := all.Select(s.expression(), s.scenarios)
	return all, cases, usageError(err)
}

// implied returns the error of the contract that makes a derived feature wrong, or nil.
func (s *selection) implied(c *contract.Contract, err error) error {
	fault, is := err.(*suite.Error) //nolint:errorlint // one that is wrapped says more than its place
	if !is || len(s.folders) > 0 || !strings.HasPrefix(fault.File, derive.Folder+"/") {
		return nil
	}
	if why := derive.Check(c); why != nil {
		return fmt.Errorf("%s/%w", s.origin.folder, why)
	}
	return nil
}

// placed adds the folder from a flag to the file name in an error, so that a shell and an editor
// find it.
func (s *selection) placed(err error) error {
	fault, is := err.(*suite.Error) //nolint:errorlint // one that is wrapped says more than its place
	if !is || len(s.folders) != 1 {
		return err
	}
	placed := *fault
	placed.File = path.Join(filepath.ToSlash(s.root()), fault.File)
	return &placed
}

// texts reads the feature files: of a single folder by their paths in it, of several by their full
// paths.
func (s *selection) texts(c *contract.Contract) (map[string][]byte, error) {
	if len(s.folders) == 0 {
		return s.origin.texts(c)
	}
	all := map[string][]byte{}
	for _, place := range s.folders {
		root, texts, err := textsAt(place)
		if err != nil {
			return nil, fmt.Errorf("--features %s: %w", place, err)
		}
		if len(texts) == 0 {
			return nil, fmt.Errorf("--features %s: no *.feature file is there: name a folder that has some", place)
		}
		if len(s.folders) == 1 {
			return texts, nil
		}
		for name, text := range texts {
			all[path.Join(filepath.ToSlash(root), name)] = text
		}
	}
	return all, nil
}

// textsAt reads the feature files of a folder, or a single file, and returns the folder.
func textsAt(place string) (root string, texts map[string][]byte, err error) {
	info, err := os.Stat(place)
	if err != nil {
		return "", nil, reason(err)
	}
	if info.IsDir() {
		texts, err = suite.Files(os.DirFS(place))
		return place, texts, err
	}
	if !strings.EqualFold(filepath.Ext(place), ".feature") {
		return "", nil, errors.New("neither a folder nor a *.feature file")
	}
	root, name := filepath.Split(place)
	text, err := os.ReadFile(place)
	if err != nil {
		return "", nil, reason(err)
	}
	texts, err = suite.Decoded(map[string][]byte{name: text})
	return filepath.Clean(root), texts, err
}

// reason returns a file system error without the path, which the caller adds.
func reason(err error) error {
	var at *os.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}

// root returns the folder that the paths of the scenarios are relative to, "" for the built-in
// ones.
func (s *selection) root() string {
	switch len(s.folders) {
	case 0:
		return s.origin.features()
	case 1:
		if info, err := os.Stat(s.folders[0]); err == nil && !info.IsDir() {
			return filepath.Dir(s.folders[0])
		}
		return s.folders[0]
	}
	return "."
}

// expression returns one tag expression that requires all of the given ones.
func (s *selection) expression() string {
	if len(s.tags) < 2 {
		return strings.Join(s.tags, "")
	}
	return "(" + strings.Join(s.tags, ") and (") + ")"
}

// words returns the flags that select the same scenarios again.
func (s *selection) words() []string {
	var words []string
	for _, tags := range s.tags {
		words = append(words, "--tags", quote(tags))
	}
	for _, id := range s.scenarios {
		words = append(words, "--scenario", quote(id))
	}
	return append(words, s.folderWords()...)
}

// folderWords returns the flags that name the features.
func (s *selection) folderWords() []string {
	var words []string
	for _, folder := range s.folders {
		words = append(words, "--features", quote(folder))
	}
	return words
}

// notPassed returns the ids of the scenarios in a report that did not pass.
func notPassed(path string) (ids []string, err error) {
	reader, err := report.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	for s, err := range reader.Scenarios() {
		if err != nil {
			return nil, err
		}
		if s.Outcome != verdict.Passed {
			ids = append(ids, s.ID)
		}
	}
	if len(ids) == 0 {
		return nil, fmt.Errorf("every scenario of %s passed: there is nothing to run again", path)
	}
	return ids, nil
}
