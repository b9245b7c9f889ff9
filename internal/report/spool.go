package report

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/zec-tools/conformance/internal/verdict"
)

// Spool stores the scenarios of a run on disk until its reports are written. It keeps only a few
// words per scenario in memory, however many exchanges a scenario has.
type Spool struct {
	file *os.File

	resumable bool // the file has a head, and marks between the records

	mu      sync.Mutex
	size    int64
	entries map[int]entry
	failed  error // the first record that could not be stored
}

// Create opens a spool in dir, creating dir if necessary. Close removes the spool.
func Create(dir string) (*Spool, error) {
	file, err := create(dir, ".spool-*")
	if err != nil {
		return nil, err
	}
	// If the system allows it, the file loses its name at once, so that a killed run leaves nothing
	// behind. Otherwise Close removes it.
	_ = os.Remove(file.Name())
	return &Spool{file: file, entries: map[int]entry{}}, nil
}

// create creates a file in dir that only its owner can read. An unusable dir is therefore rejected
// before there is anything to report.
func create(dir, pattern string) (*os.File, error) {
	if dir == "" {
		return nil, errors.New("make the report folder: its name is empty: name one")
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("make the report folder: %w", err)
	}
	for _, format := range Formats() {
		file := filepath.Join(dir, format.File)
		if info, err := os.Stat(file); err == nil && info.IsDir() && format.File != "" {
			return nil, fmt.Errorf("%s is a folder, where a report is to stand: remove it, or name another folder for the reports", file)
		}
	}
	file, err := os.CreateTemp(dir, pattern)
	if err != nil {
		return nil, fmt.Errorf("keep scenarios for the report: %w", err)
	}
	return file, nil
}

// Add encodes and stores one scenario; see Keep.
func (s *Spool) Add(order int, scenario verdict.Scenario) error {
	record, err := Encode(scenario)
	if err != nil {
		return s.lost(err)
	}
	return s.Keep(order, record)
}

// Keep stores one scenario. order is its position in the features, which determines the order of
// reading. Keep is safe for concurrent use.
func (s *Spool) Keep(order int, r Record) error {
	at, err := s.reserve(order, r)
	if err == nil {
		err = s.write(r.JSON, at)
	}
	if err != nil {
		return s.lost(fmt.Errorf("keep scenario %s for the report: %w", r.Scenario.ID, err))
	}
	return nil
}

// write writes a record, in a resumable spool with the mark before it.
func (s *Spool) write(record []byte, at int64) error {
	if s.resumable {
		if _, err := s.file.WriteAt([]byte{recordMark}, at-1); err != nil {
			return err
		}
	}
	_, err := s.file.WriteAt(record, at)
	return err
}

// lost records the first scenario that could not be stored.
func (s *Spool) lost(err error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed == nil {
		s.failed = err
	}
	return err
}

// reserve reserves the next bytes of the file, so that records can be written concurrently.
func (s *Spool) reserve(order int, r Record) (int64, error) {
	e := entryOf(r.Scenario, span{size: int64(len(r.JSON))})
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, taken := s.entries[order]; taken {
		return 0, fmt.Errorf("another scenario already stands at position %d", order)
	}
	if s.resumable {
		s.size++ // for the mark
	}
	e.at = s.size
	s.size += e.size
	s.entries[order] = e
	return e.at, nil
}

// Reader returns a reader of what was added so far, with the given head, whose Scenarios are
// ignored. It fails if a scenario was lost or the head counts a different number of them, because
// an incomplete report would look complete. The reader is valid until the spool is closed.
func (s *Spool) Reader(head verdict.Run) (*Reader, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed != nil {
		return nil, s.failed
	}
	if head.Summary.Scenarios.Total != len(s.entries) {
		return nil, fmt.Errorf("the summary counts %d scenarios, %d were kept for the report",
			head.Summary.Scenarios.Total, len(s.entries))
	}
	orders := make([]int, 0, len(s.entries))
	for order := range s.entries {
		orders = append(orders, order)
	}
	slices.Sort(orders)
	entries := make([]entry, len(orders))
	for i, order := range orders {
		entries[i] = s.entries[order]
	}
	return &Reader{Head: canonicalHead(head), Features: cmp.Or(head.Features.Folder, featuresFolder), file: s.file, entries: entries}, nil
}

// Close removes the spool.
func (s *Spool) Close() error {
	err := s.file.Close()
	if gone := os.Remove(s.file.Name()); gone != nil && !errors.Is(gone, fs.ErrNotExist) {
		err = errors.Join(err, gone)
	}
	if err != nil {
		return fmt.Errorf("remove the scenarios kept for the report: %w", err)
	}
	return nil
}
