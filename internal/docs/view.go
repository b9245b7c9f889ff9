package docs

import "html/template"

// view is a page in one language, ready for its template.
type view struct {
	W                 Words
	Lang, OtherLang   Language
	Suffix            string // of a Markdown page's name
	OtherSuffix       string // of the same page in the other language
	WebSuffix         string // of the page for a web browser
	OtherWebSuffix    string
	Subtitle, Version string
	Sources           []source
	Run               *runView
	Sections          []section
	Style             template.CSS
	Script            template.JS
	Policy            string // what the page may load and run
}

// sectionView is a page that has one section alone.
type sectionView struct {
	view
	Section section
}

// source is a document with where it stands and when it was read there, both "" or nil when unknown.
type source struct {
	Mark, Name, Read string
	Addresses        []string
}

// runView is the last run in a few words.
type runView struct {
	Verdict, Word, Target, Started string
	Scenarios, Clauses             []count
	Violated                       []violated
	Report                         string // the address of the page that has the evidence, "" when there is none
}

// violated is a clause that the run found violated.
type violated struct{ ID, Anchor, File, Text string }

type count struct {
	Word  string
	Kind  string // the status or outcome that the word is for
	Count int
}

// section is one operation, or what all of them share.
type section struct {
	Anchor, Title, About string
	Operation            bool
	Headers              []row
	Parameters, Members  []row
	Answers              []answerRow
	Errors               []errorRow
	Groups               []group
}

// row is a header, a parameter or a member of a response.
type row struct{ Name, Required, Type, About string }

type answerRow struct {
	Status int
	About  string
}

type errorRow struct {
	Status       int
	Code, Clause string
	Anchor       string
	When         string
}

// group is the clauses of a section that one source states.
type group struct {
	Source  source
	Clauses []clause
}

type clause struct {
	ID, Anchor, Text, Source, Level string
	Untestable                      string // why, "" when it is testable
	Status, StatusWord              string // of the last run, "" without one
	Judged                          bool   // on every answer: no scenario needs to bear it
	Scenarios                       []scenario
	Example                         *example
}

// scenario is a scenario, or an outline with all its rows.
type scenario struct {
	ID, Name, Lang, File, Link string
	Rows                       int // of an outline, after the first
	Failed                     []failedRow
	More                       string // says how many
	Steps                      []step
	Outcome, OutcomeWord       string // of the last run: the worst of the rows
}

// failedRow is a row of an outline that failed in the last run.
type failedRow struct{ Name, Link string }

type step struct{ Keyword, Text string }

type example struct {
	Request, Response string
	Recorded          bool
}
