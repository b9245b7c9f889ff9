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

// recordMark precedes each record of a spool. Records are written concurrently, and the process may
// be killed at any time. The text between two marks is either a complete record or ignored.
const recordMark = '\n'

// unfinished is the name pattern of the spools that killed runs leave in their folder.
const unfinished = ".unfinished-*.ndjson"

// CreateResumable opens a spool like Create, but with a name by which a killed run can be found
// again. The head identifies the run: contract, features, target and selection. The head and the
// records must not contain secrets, because the file of a killed run remains on disk.
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
// ended. It ignores what cannot be read; those scenarios are run again. The readers must be closed.
func Unfinished(dir string) []*Reader {
	names, _ := filepath.Glob(filepath.Join(dir, unfinished)) // the pattern is valid
	var readers []*Reader
	for _, name := range names {
		if r, err := openUnfinished(name); err == nil {
			readers = append(readers, r)
		}
	}
	return readers
}

// RemoveUnfinished removes what killed runs have left in dir, after a later run has written its
// reports there.
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

// indexRecords reads the head and the offsets of the complete records.
func (b *Reader) indexRecords() error {
	lines, at := bufio.NewReader(b.file), int64(0)
	for first := true; ; first = false {
		line, err := lines.ReadBytes(recordMark)
		text := bytes.Trim(line, "\n\x00") // bytes that were never written are zero
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

// indexRecord records the location of a record if it is complete.
func (b *Reader) indexRecord(text []byte, at int64) {
	var scenario verdict.Scenario
	if json.Unmarshal(text, &scenario) == nil && scenario.ID != "" && unknownIn(scenario) == nil {
		b.entries = append(b.entries, entryOf(scenario, span{at: at, size: int64(len(text))}))
	}
}
