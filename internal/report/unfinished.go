package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/zec-tools/conformance/internal/verdict"
)

// recordMark stands before each record of a spool. Records are written side by side, and a
// process may be killed at any time: whatever stands between two marks is a whole record or none.
const recordMark = '\n'

// unfinished is how the spools are called that a killed run leaves in its folder.
const unfinished = ".unfinished-*.ndjson"

// CreateResumable opens a spool as Create does, with a name by which the run is found again when
// it is killed. The head says what run it is: contract, features, target and selection.
// Neither the head nor a record may hold a secret: what a killed run leaves, stays.
func CreateResumable(dir string, head verdict.Run) (*Spool, error) {
	first, err := encode(canonicalHead(head))
	if err != nil {
		return nil, fmt.Errorf("keep scenarios for the report: %w", err)
	}
	file, err := create(dir, unfinished)
	if err != nil {
		return nil, err
	}
	s := &Spool{file: file, resumable: true, size: int64(len(first)), entries: map[int]entry{}}
	if _, err := file.WriteAt(first, 0); err != nil {
		return nil, errors.Join(fmt.Errorf("keep scenarios for the report: %w", err), s.Close())
	}
	return s, nil
}

// Unfinished opens what killed runs have left in dir, each as a reader of the scenarios that had
// ended. What cannot be read is passed over: its scenarios are run again. Close the readers.
func Unfinished(dir string) []*Reader {
	names, _ := filepath.Glob(filepath.Join(dir, unfinished)) // the pattern is right
	var readers []*Reader
	for _, name := range names {
		if r, err := openUnfinished(name); err == nil {
			readers = append(readers, r)
		}
	}
	return readers
}

// RemoveUnfinished removes what killed runs have left in dir: the reports of a later run stand there.
func RemoveUnfinished(dir string) error {
	names, _ := filepath.Glob(filepath.Join(dir, unfinished))
	var all error
	for _, name := range names {
		all = errors.Join(all, os.Remove(name))
	}
	if all != nil {
		return fmt.Errorf("remove what a killed run has left: %w", all)
	}
	return nil
}

func openUnfinished(name string) (*Reader, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	b := &Reader{file: file, owned: true}
	if err := b.indexRecords(); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	b.Features = b.Head.Features.Folder
	return b, nil
}

// indexRecords reads the head and the places of the whole records.
func (b *Reader) indexRecords() error {
	lines, at := bufio.NewReader(b.file), int64(0)
	for first := true; ; first = false {
		line, err := lines.ReadBytes(recordMark)
		text := bytes.Trim(line, "\n\x00") // what was never written is zero
		if !first {
			b.indexRecord(text, at+int64(bytes.Index(line, text)))
		} else if bad := json.Unmarshal(text, &b.Head); bad != nil {
			return bad
		}
		at += int64(len(line))
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// indexRecord notes a record, if it is whole.
func (b *Reader) indexRecord(text []byte, at int64) {
	var scenario verdict.Scenario
	if json.Unmarshal(text, &scenario) == nil && scenario.ID != "" && unknownIn(scenario) == nil {
		b.entries = append(b.entries, entryOf(scenario, span{at: at, size: int64(len(text))}))
	}
}
