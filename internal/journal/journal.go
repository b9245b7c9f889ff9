// Package journal remembers, also after a crash, what has to be restored and how it was
// before, and lets one process at a time change a subject.
//
// A journal is a file of JSON lines in the folder of a run's reports: the old state of a
// subject is on the disk before the first call that could change it leaves, and a mark
// follows when the old state has been seen again. A claim, in the user's state folder,
// names the subjects of a process that may change them, and where its journal lies.
//
// The package knows files and locks. It must not know what a subject, an action or a
// status is, nor how anything is restored.
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

// State is what a subject was like before it was changed.
type State struct {
	Status string            // "" in a journal of version 1, which did not record it
	Values map[string]string // the fields that a change can alter, by name
}

// Owner says whose journal a journal is.
type Owner struct {
	Target   string
	Endpoint string   // scheme://host[:port]; journals and claims compare it as Endpoint does
	Kind     string   // what messages call a subject; "": instance
	Subjects []string // all that may be changed; no two processes at a time have one in common
}

func (o Owner) kind() string { return cmp.Or(o.Kind, "instance") }

// Journal is the journal of one target. Reading one leaves it as it is; only the process
// that holds the claim writes. It is safe for concurrent use.
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
	open     map[string]State // of the subjects that were called on and not seen restored
	unmarked map[string]State // seen restored, but the disk had no room for the mark
	damaged  []string
}

// Open reads what the journal in a file says is left to do. A file that does not exist
// leaves nothing to do. stateFolder is where the claims are (see StateFolder); without
// one, Hold fails.
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

// Open returns the subjects that have to be restored, and how they were.
func (j *Journal) Open() map[string]State {
	j.mu.Lock()
	defer j.mu.Unlock()
	return maps.Clone(j.open)
}

// Damaged returns a message for each line that could not be read. What such a line was
// about is not in Open; the other lines are.
func (j *Journal) Damaged() []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.Clone(j.damaged)
}

// Lock makes this process the only one that may change the owner's subjects, until
// Close, and reads again what is left to do. It fails with a *Busy while another process
// may change one of them. It needs no room on the disk when something is left to restore.
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

// Know takes the states of subjects as read before a change. The state of a subject that
// has not been restored is not taken. Record needs all that restoring will need.
func (j *Journal) Know(states map[string]State) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for subject, state := range states {
		if _, open := j.open[subject]; !open {
			j.known[subject] = state
		}
	}
}

// Unrecorded returns the state that Record would write of a subject: none of one that is
// open already.
func (j *Journal) Unrecorded(subject string) State {
	j.mu.Lock()
	defer j.mu.Unlock()
	if _, open := j.open[subject]; open {
		return State{}
	}
	return j.known[subject]
}

// Record makes sure that the old states of subjects are on the disk before a call of an
// action leaves. An error means that the call must not leave: the state of a subject is
// not known, or could not be written. A subject that is open already needs no writing.
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

// Done marks that a subject was seen as it was before, and nothing was going on. It never
// fails for want of room: a mark that cannot be written now is written by Close, or is
// superfluous when nothing is left and the file is removed.
func (j *Journal) Done(subject string) error { return j.end(subject, markDone) }

// Forget gives a subject up: nobody will restore it.
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

// Close writes the marks that are still missing, and releases the file and the claim.
// What is left to do stays in the file, and where the file lies in the state folder.
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
