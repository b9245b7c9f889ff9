package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"sync"

	"github.com/zec-tools/conformance/internal/verdict"
)

// Spool keeps the scenarios of a run on disk until its reports are written. It
// holds a few words per scenario in memory, however many exchanges they carry.
type Spool struct {
	file *os.File

	mu      sync.Mutex
	size    int64
	entries map[int]entry
	failed  error // the first record that could not be kept
}

// Create opens a spool in dir, which is made when it does not exist. Close removes it.
func Create(dir string) (*Spool, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("make the report folder: %w", err)
	}
	file, err := os.CreateTemp(dir, ".spool-*")
	if err != nil {
		return nil, fmt.Errorf("keep scenarios for the report: %w", err)
	}
	// Where the system allows it the file loses its name at once, so that a killed
	// run leaves nothing behind; elsewhere Close removes it.
	_ = os.Remove(file.Name())
	return &Spool{file: file, entries: map[int]entry{}}, nil
}

// Add keeps one scenario. Order is its position in the features: scenarios come
// back by it, whatever order they were added in. It may be called concurrently.
func (s *Spool) Add(order int, scenario verdict.Scenario) error {
	err := s.add(order, scenario)
	if err == nil {
		return nil
	}
	err = fmt.Errorf("keep scenario %s for the report: %w", scenario.ID, err)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed == nil {
		s.failed = err
	}
	return err
}

func (s *Spool) add(order int, scenario verdict.Scenario) error {
	record, err := encode(canonical(scenario))
	if err != nil {
		return err
	}
	at, err := s.reserve(order, entryOf(scenario, span{size: int64(len(record))}))
	if err != nil {
		return err
	}
	_, err = s.file.WriteAt(record, at)
	return err
}

// reserve claims the next bytes of the file, so that records are written side by side.
func (s *Spool) reserve(order int, e entry) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, taken := s.entries[order]; taken {
		return 0, fmt.Errorf("another scenario already stands at position %d", order)
	}
	e.at = s.size
	s.entries[order] = e
	s.size += e.size
	return e.at, nil
}

// Book gives what was added so far as a book with the given head, whose Scenarios
// are not looked at. It refuses when a scenario was lost or the head counts
// another number of them: a report with holes would be read as a whole one.
// The book can be read until the spool is closed.
func (s *Spool) Book(head verdict.Run) (*Book, error) {
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
	return &Book{Head: canonicalHead(head), Features: featuresFolder, file: s.file, entries: entries}, nil
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

// encode gives a value as one line of JSON without raw control characters.
func encode(v any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return escapeControls(bytes.TrimSuffix(buf.Bytes(), []byte("\n"))), nil
}
