// Package suite reads the features: every scenario with its fixed id, its rule, its clauses and its
// resolved sentences. So every error in the suite is reported, with file and line, before anything
// is sent.
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
	Index    int // the position among all cases, in the order of files and lines
	ID       string
	Name     string
	Feature  string
	File     string
	Line     int
	Rule     string
	Clauses  []string // the rule's clauses first
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

// Error is an error in a feature file.
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

// Read reads feature files from their texts, by path.
func Read(files map[string][]byte, contract Contract) (*Suite, error) {
	return read(files, contract, nil, func(Case) bool { return true })
}

// ReadNamed reads features that are known to be valid, to run only the scenarios with certain ids.
// It reads the identity of the others only. An index, as Suite.Index writes it, avoids parsing the
// files without any of the ids.
func ReadNamed(files map[string][]byte, contract Contract, index string, ids []string) (*Suite, error) {
	wanted := func(c Case) bool { return slices.ContainsFunc(ids, c.named) }
	spared := casesOf(index)
	maps.DeleteFunc(spared, func(_ string, cases []Case) bool { return slices.ContainsFunc(cases, wanted) })
	return read(files, contract, spared, wanted)
}

// read reads the identity only of cases that are not wanted, and takes the cases of spared files as
// given.
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
	resolved   map[string]steps.Match // by text, because most sentences occur in many scenarios
	seen       map[string]string      // ids and keys, with the place where each was first found
	tags       map[string]tagKind     // the meanings of known tags
}

// resolve finds the sentence for a text and checks its words, once for each text.
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
	if err := r.actions(match); err != nil {
		return match, err
	}
	if match, err = match.Kinds(r.contract.Kinds); err != nil {
		return match, foreign(err.Error())
	}
	match.Facts = r.facts
	r.resolved[text] = match
	return match, nil
}

// parsed is a feature file after parsing.
type parsed struct {
	doc     *messages.GherkinDocument
	pickles []*messages.Pickle
	err     error // it is not valid Gherkin
	flaw    error // it is valid, but part of it would be ignored
}

// parseAll parses the files concurrently, because that is most of the work of reading a suite.
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

// once checks that no other case has the same id or name.
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
