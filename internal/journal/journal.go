// Package journal records on disk what has to be restored and its original state, so that it
// survives a crash, and lets only one process at a time change a subject.
//
// A journal is a file of JSON lines in the folder of a run's reports. The old state of a subject is
// on disk before the first call that could change it is sent, and a mark follows when the old state
// has been seen again. A claim in the user's state folder names the subjects that a process may
// change, and the location of its journal.
//
// The package knows files and locks. It must not know what a subject, an action or a status is, or
// how anything is restored.
package journal

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"sync"
)

// State is the state of a subject before it was changed.
type State struct {
	Status string            // "" in a journal of version 1, which did not record it
	Values map[string]string // the fields that a change can alter, by name
}

// Owner identifies the owner of a journal.
type Owner struct {
	Target   string
	Endpoint string   // scheme://host[:port]; compared in the form that Endpoint returns
	Kind     string   // the word for a subject in messages; "" means instance
	Subjects []string // all subjects that may be changed; no two concurrent processes have one in common
}

func (o Owner) kind() string { return cmp.Or(o.Kind, "instance") }

// Journal is the journal of one target. Only the process that holds the claim writes it; others
// only read. It is safe for concurrent use.
type Journal struct {
	path     string
	owner    Owner
	endpoint string // normalized
	claims   *claims
	openFile func(name string, flag int) (file, error)

	mu       sync.Mutex
	claim    *claim           // nil until this process may write
	out      *appender        // nil until the first entry
	known    map[string]State // as read before a change
	open     map[string]State // of the subjects that were called on and have not been seen restored
	unmarked map[string]State // seen restored, but the disk had no room for the mark
	damaged  []string
}

// Open reads the open entries of a journal file. A file that does not exist has none. stateFolder
// is the folder of the claims (see StateFolder); without it, Lock fails.
func Open(path, stateFolder string, o Owner) (*Journal, error) {
	endpoint, err := Endpoint(o.Endpoint)
	if err != nil {
		return nil, err
	}
	j := &Journal{
		path: path, owner: o, endpoint: endpoint, claims: &claims{folder: stateFolder}, openFile: openFile,
		known: map[string]State{}, open: map[string]State{}, unmarked: map[string]State{},
	}
	_, err = j.read()
	return j, err
}

// Path returns the name of the file.
func (j *Journal) Path() string { return j.path }

// Open returns the subjects that have to be restored, with their original states.
func (j *Journal) Open() map[string]State {
	j.mu.Lock()
	defer j.mu.Unlock()
	return maps.Clone(j.open)
}

// Damaged returns a message for each line that could not be read. Open does not contain what such a
// line was about.
func (j *Journal) Damaged() []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.Clone(j.damaged)
}

// Lock makes this process the only one that may change the owner's subjects until Close, and reads
// the open entries again. It fails with a *Busy while another process may change one of them. If
// something is left to restore, it works even on a full disk.
func (j *Journal) Lock() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.lock()
}

func (j *Journal) lock() error {
	if j.claim != nil {
		return nil
	}
	claim, err := j.claims.take(j)
	if err != nil {
		return err
	}
	tail, err := j.read() // another process may have written in between
	if err == nil && tail.exists {
		err = j.resume(tail)
	}
	if err != nil {
		return errors.Join(err, claim.release(true))
	}
	j.claim = claim
	return nil
}

// Know records the states of subjects as read before a change. It ignores the state of a subject
// that has not been restored. Record needs everything that restoring will need.
func (j *Journal) Know(states map[string]State) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for subject, state := range states {
		if _, open := j.open[subject]; !open {
			j.known[subject] = state
		}
	}
}

// Unrecorded returns the state that Record would write for a subject, or none if the subject
// already has an open entry.
func (j *Journal) Unrecorded(subject string) State {
	j.mu.Lock()
	defer j.mu.Unlock()
	if _, open := j.open[subject]; open {
		return State{}
	}
	return j.known[subject]
}

// Knows reports whether the state of a subject was read, so that a call on it can be recorded.
func (j *Journal) Knows(subject string) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	_, known := j.known[subject]
	_, open := j.open[subject]
	return known || open
}

// Record ensures that the old states of subjects are on disk before a call of an action is sent. An
// error means that the call must not be sent, because the state of a subject is unknown or could
// not be written. Subjects with an open entry need no writing.
func (j *Journal) Record(action string, subjects []string) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.lock(); err != nil {
		return err
	}
	for _, subject := range subjects {
		if _, open := j.open[subject]; open {
			continue
		}
		old, known := j.known[subject]
		if !known {
			return fmt.Errorf("the state of %s %s was not read before, so it could not be restored", j.owner.kind(), subject)
		}
		if err := j.write(entry{Mark: markCall, Subject: subject, Action: action, OldStatus: old.Status, OldValues: old.Values}); err != nil {
			return err
		}
		j.open[subject] = old
		delete(j.unmarked, subject)
	}
	return nil
}

// Done marks that a subject was seen in its original state with no running change. It does not fail
// on a full disk: Close writes the mark later, or the mark is unnecessary because nothing is left
// and the file is removed.
func (j *Journal) Done(subject string) error { return j.end(subject, markDone) }

// Forget gives up a subject, which will not be restored.
func (j *Journal) Forget(subject string) error { return j.end(subject, markForgotten) }

func (j *Journal) end(subject, mark string) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	old, open := j.open[subject]
	if !open {
		return nil
	}
	if err := j.lock(); err != nil {
		return err
	}
	delete(j.open, subject)
	if len(j.open) == 0 && len(j.damaged) == 0 {
		clear(j.unmarked)
		return errors.Join(j.closeFile(), j.remove())
	}
	if err := j.write(entry{Mark: mark, Subject: subject}); err != nil {
		j.unmarked[subject] = old
	}
	return nil
}

// Close writes the missing marks, and releases the file and the claim. Open entries remain in the
// file, and its location remains in the state folder.
func (j *Journal) Close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	var err error
	for subject := range j.unmarked {
		if failed := j.write(entry{Mark: markDone, Subject: subject}); failed != nil {
			err = errors.Join(err, fmt.Errorf("%s %s is restored, but could not be marked so: %w", j.owner.kind(), subject, failed))
			continue
		}
		delete(j.unmarked, subject)
	}
	err = errors.Join(err, j.closeFile())
	if j.claim != nil {
		err = errors.Join(err, j.claim.release(len(j.open)+len(j.unmarked)+len(j.damaged) == 0))
		j.claim = nil
	}
	return err
}

func (j *Journal) closeFile() error {
	if j.out == nil {
		return nil
	}
	out := j.out
	j.out = nil
	if err := out.file.Close(); err != nil {
		return fmt.Errorf("close the journal: %w", err)
	}
	return nil
}

func (j *Journal) remove() error {
	if err := os.Remove(j.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove the finished journal: %w", err)
	}
	return nil
}
