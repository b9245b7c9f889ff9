// Package suite reads the features: every scenario with its fixed id, its rule, the
// clauses it bears and its sentences resolved, so that whatever is wrong with the
// suite is known, with file and line, before anything is sent.
//
// It runs nothing and knows no endpoint.
package suite

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"

	gherkin "github.com/cucumber/gherkin/go/v26"
	messages "github.com/cucumber/messages/go/v21"

	"github.com/zec-tools/conformance/steps"
)

// Case is one scenario, or one row of an outline.
type Case struct {
	Index    int // position among all cases, in the order of files and lines
	ID       string
	Name     string
	Feature  string
	File     string
	Line     int
	Rule     string
	Clauses  []string // its rule's first
	Tags     []string
	Language string
	Steps    []Step
	Needs    steps.Needs
}

// Step is one sentence of a case.
type Step struct {
	Keyword string
	Text    string
	Line    int
	Match   steps.Match
}

// Suite is every case of a features folder.
type Suite struct {
	Cases  []Case
	SHA256 string   // of all files, in order
	Names  []string // the paths, in order
}

// Error is something wrong with a feature file.
type Error struct {
	File    string
	Line    int
	What    string
	Foreign bool // it names a clause, code or status that the contract does not have
}

func (f *Error) Error() string { return fmt.Sprintf("%s:%d: %s", f.File, f.Line, f.What) }

// Load reads the feature files below the root of fsys.
func Load(fsys fs.FS, contract Contract) (*Suite, error) {
	files, err := Files(fsys)
	if err != nil {
		return nil, err
	}
	return Read(files, contract)
}

// Read reads the texts of feature files, by path.
func Read(files map[string][]byte, contract Contract) (*Suite, error) {
	return read(files, contract, nil, func(Case) bool { return true })
}

// ReadNamed reads features that are known to be right for the sake of the scenarios with some ids:
// of the others no more than who they are. An index, as Suite.Index writes it, spares the files that
// have none of them.
func ReadNamed(files map[string][]byte, contract Contract, index string, ids []string) (*Suite, error) {
	wanted := func(c Case) bool { return slices.ContainsFunc(ids, c.named) }
	spared := casesOf(index)
	maps.DeleteFunc(spared, func(_ string, cases []Case) bool { return slices.ContainsFunc(cases, wanted) })
	return read(files, contract, spared, wanted)
}

// read reads of a case that is not wanted no more than who it is, and takes the cases of a file that is spared as they are.
func read(files map[string][]byte, contract Contract, spared map[string][]Case, wanted func(Case) bool) (*Suite, error) {
	if len(files) == 0 {
		return nil, fmt.Errorf("no *.feature file in the features folder: name a folder that has some")
	}
	s := &Suite{Names: slices.Sorted(maps.Keys(files))}
	texts := map[string]expanded{}
	for _, file := range s.Names {
		if _, is := spared[file]; is {
			continue
		}
		text, err := contract.expand(file, files[file])
		if err != nil {
			return nil, err
		}
		texts[file] = text
	}
	r := reader{
		wanted: wanted, contract: contract, facts: contract.facts(), vocabulary: steps.Vocabulary(),
		instances: contract.instances(), resolved: map[string]steps.Match{}, seen: map[string]string{}, tags: map[string]tagKind{},
	}
	sum := sha256.New()
	documents := parseAll(texts)
	for _, file := range s.Names {
		fmt.Fprintf(sum, "%s\x00%d\x00", file, len(files[file]))
		sum.Write(files[file])
		cases, is := spared[file]
		if !is {
			var err error
			if cases, err = r.file(file, documents[file]); err != nil {
				return nil, texts[file].relocated(err)
			}
			texts[file].place(cases)
		}
		s.Cases = append(s.Cases, cases...)
	}
	for i := range s.Cases {
		s.Cases[i].Index = i
	}
	s.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return s, nil
}

type reader struct {
	wanted     func(Case) bool
	contract   Contract
	facts      map[string]steps.Facts
	vocabulary []steps.Sentence
	instances  map[[2]string]string   // the clauses of templates, by template and action
	resolved   map[string]steps.Match // by text: most sentences stand in many scenarios
	seen       map[string]string      // ids and keys, and where they were first met
	tags       map[string]tagKind     // of the tags that were met
}

// resolve finds the sentence of a text and checks its words, of the same text only once.
func (r *reader) resolve(text string) (steps.Match, error) {
	match, known := r.resolved[text]
	if known {
		return match, nil
	}
	match, err := steps.Resolve(r.vocabulary, text)
	if err != nil {
		return match, err
	}
	if err := r.words(match); err != nil {
		return match, err
	}
	if match, err = match.Kinds(r.contract.Kinds); err != nil {
		return match, foreign(err.Error())
	}
	match.Facts = r.facts
	r.resolved[text] = match
	return match, nil
}

// parsed is a feature file as its language reads it.
type parsed struct {
	doc     *messages.GherkinDocument
	pickles []*messages.Pickle
	err     error // it is no Gherkin
	flaw    error // it is, and part of it would be dropped
}

// parseAll parses the files side by side: it is most of the work of reading a suite.
func parseAll(texts map[string]expanded) map[string]*parsed {
	all := map[string]*parsed{}
	var parsing sync.WaitGroup
	for file, text := range texts {
		one := &parsed{}
		all[file] = one
		parsing.Go(func() { *one = parse(file, text.text) })
	}
	parsing.Wait()
	return all
}

func parse(file string, text []byte) (p parsed) {
	newID := (&messages.Incrementing{}).NewId
	if p.doc, p.err = document(text, newID); p.err != nil || p.doc.Feature == nil {
		return p
	}
	whole := structure{file, strings.Split(string(text), "\n"), gherkin.DialectsBuiltin().GetDialect(p.doc.Feature.Language)}
	if p.flaw = whole.check(p.doc.Feature); p.flaw == nil {
		p.pickles = gherkin.Pickles(*p.doc, file, newID)
	}
	return p
}

// file reads one feature file.
func (r *reader) file(file string, p *parsed) ([]Case, error) {
	if p.err != nil {
		return nil, parseFault(file, p.err)
	}
	if p.doc.Feature == nil {
		return nil, &Error{File: file, Line: 1, What: "no feature in this file: write one, or remove the file"}
	}
	if p.flaw != nil {
		return nil, p.flaw
	}
	d := dissect(p.doc)
	var cases []Case
	for _, pickle := range p.pickles {
		c, err := r.scenario(file, d, pickle)
		if err != nil {
			return nil, err
		}
		cases = append(cases, c)
	}
	slices.SortStableFunc(cases, func(a, b Case) int { return cmp.Compare(a.Line, b.Line) })
	return cases, nil
}

func (r *reader) scenario(file string, d dissected, pickle *messages.Pickle) (Case, error) {
	node := d.scenarios[pickle.AstNodeIds[0]]
	c := Case{
		Name: pickle.Name, Feature: d.feature.Name, File: file, Line: int(node.Location.Line),
		Language: d.feature.Language, Tags: tagNames(pickle.Tags),
	}
	if rule := d.rules[node.Id]; rule != nil {
		c.Rule = rule.Name
	}
	fault := func(line int, format string, args ...any) error {
		return &Error{File: file, Line: line, What: fmt.Sprintf(format, args...)}
	}
	var row *messages.TableRow
	if len(pickle.AstNodeIds) > 1 {
		row = d.rows[pickle.AstNodeIds[1]]
		c.Line = int(row.Location.Line)
	}
	id, err := r.idOf(node, row)
	if err != nil {
		return c, fault(c.Line, "%v", err)
	}
	c.ID = id
	if c.Tags, err = rowTags(c.Tags, id, node, row); err != nil {
		return c, fault(c.Line, "%v", err)
	}
	if err := r.once(file, c); err != nil {
		return c, fault(c.Line, "%v", err)
	}
	if !r.wanted(c) {
		return c, nil
	}
	for _, step := range pickle.Steps {
		origin := d.steps[step.AstNodeIds[0]]
		line := int(origin.Location.Line)
		match, err := r.resolve(step.Text)
		if err != nil {
			return c, located(file, line, err)
		}
		c.Needs.Add(match)
		c.Steps = append(c.Steps, Step{Keyword: strings.TrimSpace(origin.Keyword), Text: step.Text, Line: line, Match: match})
	}
	if err := r.clauses(&c, d.rules[node.Id]); err != nil {
		return c, located(file, c.Line, err)
	}
	if len(c.Steps) == 0 {
		return c, fault(c.Line, "the scenario has no step: a scenario that does nothing proves nothing")
	}
	return c, nil
}

// once makes sure that an id and a name stand for one case only.
func (r *reader) once(file string, c Case) error {
	place := fmt.Sprintf("%s:%d", file, c.Line)
	for _, key := range []string{"id " + c.ID, "name " + c.Name + " in " + file} {
		if first, taken := r.seen[key]; taken {
			return fmt.Errorf("scenario %s (%q) has the id or name of the one at %s: give each its own", c.ID, c.Name, first)
		}
		r.seen[key] = place
	}
	return nil
}
