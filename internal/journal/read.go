package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"
)

// version is the version of the lines that this program writes. It reads all earlier ones.
const version = 3

// The marks of entries.
const (
	markTarget    = "target"    // the first entry: whose journal this is
	markCall      = "call"      // a call that could change the subject is about to be sent
	markDone      = "done"      // the subject has been seen in its original state
	markForgotten = "forgotten" // the subject will not be restored
)

// entry is one line of a journal.
type entry struct {
	Version   int               `json:"version,omitempty"` // of the first entry; 0 means 1
	Mark      string            `json:"mark"`
	Time      time.Time         `json:"time"`
	Target    string            `json:"target,omitempty"`
	Endpoint  string            `json:"endpoint,omitempty"`
	Subject   string            `json:"subject,omitempty"`
	Action    string            `json:"action,omitempty"`
	OldStatus string            `json:"oldStatus,omitempty"`
	OldValues map[string]string `json:"oldValues,omitempty"`

	Instance string `json:"instance,omitempty"` // version 1: the subject
	OldType  string `json:"oldType,omitempty"`  // version 1: the old value
}

// fieldOfVersion1 is the field that version 1 recorded.
const fieldOfVersion1 = "instanceType"

func (e entry) encode() ([]byte, error) {
	text, err := json.Marshal(e)
	if err != nil {
		return nil, err
	}
	return withChecksum(text), nil
}

// decode parses a line of a journal whose header is of a version. On a full disk, a version before
// checksums could append an entry to a fragment of another one. Such a line is read from the complete
// entry on, because the call of the fragment was never sent.
func decode(line []byte, of int) (e entry, ok bool) {
	whole, bears := json.Unmarshal(line, &e) == nil, hasChecksum(line)
	switch {
	case bears, max(of, e.Version) >= checksumSince && e.Version <= version:
		return e.upgraded(), whole && checksumFits(line) && e.complete()
	case whole:
		return e.upgraded(), e.complete()
	}
	at := bytes.LastIndex(line, []byte(`{"mark":`))
	if at <= 0 {
		return entry{}, false
	}
	e = entry{}
	if json.Unmarshal(line[at:], &e) != nil {
		return entry{}, false
	}
	return e.upgraded(), e.complete()
}

func (e entry) upgraded() entry {
	if e.Subject == "" {
		e.Subject = e.Instance
	}
	if e.OldValues == nil && e.OldType != "" {
		e.OldValues = map[string]string{fieldOfVersion1: e.OldType}
	}
	return e
}

// complete reports whether an entry has all members for its mark.
func (e entry) complete() bool {
	e = e.upgraded()
	switch e.Mark {
	case markTarget:
		return e.Endpoint != ""
	case markCall:
		return e.Subject != "" && (e.OldStatus != "" || len(e.OldValues) > 0)
	case markDone, markForgotten:
		return e.Subject != ""
	}
	return false
}

// tail describes the end of a file.
type tail struct {
	exists  bool
	whole   int64 // the length up to the end of the last valid line
	unended bool  // that line has no newline
}

// content is the content of a file.
type content struct {
	header  entry // zero if there is none
	open    map[string]State
	damaged []string
	tail    tail
}

// read loads the content of the file.
func (j *Journal) read() (tail, error) {
	c, err := readFile(j.path, j.owner.kind())
	if err != nil {
		return tail{}, err
	}
	if c.header.Mark != "" {
		if of, err := Endpoint(c.header.Endpoint); err != nil || of != j.endpoint {
			return tail{}, fmt.Errorf("%s is the journal of target %s at %s: finish it with that endpoint, or name another folder with --out",
				j.path, c.header.Target, c.header.Endpoint)
		}
	}
	j.open, j.damaged = c.open, c.damaged
	return c.tail, nil
}

// readFile reads a journal. kind is the word for its subjects in messages.
func readFile(path, kind string) (content, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return content{open: map[string]State{}}, nil
	}
	if err != nil {
		return content{}, fmt.Errorf("read the journal: %w", err)
	}
	return readText(data, path, kind)
}

// readText reads the text of a journal. A damaged line does not affect the others.
func readText(data []byte, path, kind string) (content, error) {
	c := content{open: map[string]State{}, tail: tail{exists: true}}
	number := 0
	for line := range bytes.Lines(data) {
		number++
		unended := line[len(line)-1] != '\n'
		e, ok := decode(line, c.header.Version)
		if !ok && unended && !hasChecksum(line) {
			break // it was not written completely, so its call was never sent
		}
		c.tail.whole, c.tail.unended = c.tail.whole+int64(len(line)), unended
		if !ok {
			c.damaged = append(c.damaged, damage(path, number, line, kind))
			continue
		}
		if err := c.apply(e); err != nil {
			return c, fmt.Errorf("%s:%d: %w", path, number, err)
		}
	}
	return c, nil
}

func (c *content) apply(e entry) error {
	switch e.Mark {
	case markTarget:
		if e.Version > version {
			return fmt.Errorf("the journal is of version %d, which a later version of this program wrote: use that one", e.Version)
		}
		if c.header.Mark != "" && c.header.Endpoint != e.Endpoint {
			return fmt.Errorf("a second journal, of %s, begins in that of %s: move it to a file of its own", e.Endpoint, c.header.Endpoint)
		}
		c.header = e
	case markCall:
		if _, earlier := c.open[e.Subject]; !earlier {
			c.open[e.Subject] = State{Status: e.OldStatus, Values: e.OldValues}
		}
	default:
		delete(c.open, e.Subject)
	}
	return nil
}

var subjectOf = regexp.MustCompile(`"(?:subject|instance)":"([^"\\]+)`)

// damage describes where a damaged line is, and what it is about if that can be told.
func damage(path string, number int, line []byte, kind string) string {
	about := "nothing in it tells which " + kind + " it is about"
	var subjects []string // of each line, where the break between two of them is gone
	for _, m := range subjectOf.FindAllSubmatch(line, -1) {
		if subject := string(m[1]); !slices.Contains(subjects, subject) {
			subjects = append(subjects, subject)
		}
	}
	if len(subjects) > 0 {
		about = fmt.Sprintf("it is about %s %s", kind, strings.Join(subjects, ", "))
	}
	return fmt.Sprintf("%s:%d: a damaged line: %s; make sure by hand that nothing is left to restore, then delete the line", path, number, about)
}
