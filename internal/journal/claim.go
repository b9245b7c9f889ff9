package journal

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/gofrs/flock"
)

// claims are the files in the user's state folder. There is one for each process that may change
// something, locked while the process is alive. An unlocked one was left by a process that has
// ended. It remains as long as its journal has open entries.
type claims struct{ folder string }

// claim is the right of this process to change subjects. The operating system releases it when the
// process ends, however it ends.
type claim struct {
	path string // "" if the disk was full
	lock *flock.Flock
}

// claimed is the content of a claim.
type claimed struct {
	Target   string   `json:"target"`
	Endpoint string   `json:"endpoint"` // normalized
	Subjects []string `json:"subjects"`
	Journal  string   `json:"journal"` // absolute
	Process  int      `json:"process"`
}

// Busy is the error of Lock while another process is running.
type Busy struct {
	Kind    string // the asking owner's word for a subject
	Subject string // a subject that both may change; "" if they only write the same journal
	Target  string // the name of the target in the other process
	Journal string
	Process int
}

// Error implements error.
func (b *Busy) Error() string {
	what := "on this target"
	if b.Subject != "" {
		what = "on " + b.Kind + " " + b.Subject
	}
	return fmt.Sprintf("another run is at work %s (target %s, process %d, journal %s): wait until it has ended", what, b.Target, b.Process, b.Journal)
}

// Left is a journal with something to restore whose process has ended.
type Left struct {
	Journal string // the file name
	Target  string
	Open    []string // the subjects, sorted
	Damaged []string // a message for each line that could not be read
}

// registryWait is how long to wait for the lock of the state folder, which is held only for a few
// milliseconds.
const registryWait = 10 * time.Second

// take creates a claim for j, unless another process has a conflicting one.
func (c *claims) take(j *Journal) (taken *claim, err error) {
	mine, err := j.claimed()
	if err != nil {
		return nil, err
	}
	unlock, err := c.lock()
	if err != nil {
		if len(j.open) > 0 && noRoom(err) {
			return &claim{}, nil // restoring must work on a full disk
		}
		return nil, err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	earlier := c.all()
	for _, f := range earlier {
		if busy := f.conflict(mine); f.alive && busy != nil {
			busy.Kind = j.owner.kind()
			return nil, busy
		}
	}
	taken, err = c.make(mine, len(j.open) > 0)
	for _, f := range earlier {
		if !f.alive && (f.finished() || f.Journal == mine.Journal && err == nil) {
			_ = os.Remove(f.path) // the next process that looks tries again
		}
	}
	return taken, err
}

func (j *Journal) claimed() (claimed, error) {
	path, err := filepath.Abs(j.path)
	if err != nil {
		return claimed{}, fmt.Errorf("find the journal: %w", err)
	}
	if folder, err := filepath.EvalSymlinks(filepath.Dir(path)); err == nil { // the folder may not exist yet
		path = filepath.Join(folder, filepath.Base(path))
	}
	return claimed{Target: j.owner.Target, Endpoint: j.endpoint, Subjects: j.owner.Subjects, Journal: path, Process: os.Getpid()}, nil
}

// lock locks the state folder against other processes that examine it.
func (c *claims) lock() (unlock func() error, err error) {
	if c.folder == "" {
		return nil, errors.New("there is no folder for locks: set XDG_STATE_HOME to a folder that can be written")
	}
	if err := os.MkdirAll(c.runs(), 0o700); err != nil {
		return nil, fmt.Errorf("make the folder for locks: %w; set XDG_STATE_HOME to a folder that can be written", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), registryWait)
	defer cancel()
	l := flock.New(filepath.Join(c.folder, "lock"), flock.SetFlag(os.O_CREATE|os.O_RDWR), flock.SetPermissions(0o600))
	if _, err := l.TryLockContext(ctx, 5*time.Millisecond); err != nil {
		return nil, errors.Join(fmt.Errorf("lock %s: %w; set XDG_STATE_HOME to a folder that can be written", l.Path(), err), l.Close())
	}
	return l.Close, nil
}

func (c *claims) runs() string { return filepath.Join(c.folder, "runs") }

// make creates a claim and locks it. If there is something to restore, a full disk does not prevent
// it: a claim that cannot be read conflicts with every other.
func (c *claims) make(content claimed, restores bool) (*claim, error) {
	text, err := json.Marshal(content)
	if err != nil {
		return nil, fmt.Errorf("write a claim: %w", err)
	}
	f, err := os.CreateTemp(c.runs(), "*.json")
	if err != nil {
		if restores && noRoom(err) {
			return &claim{}, nil
		}
		return nil, fmt.Errorf("make a claim: %w", err)
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Close()); err != nil && (!restores || !noRoom(err)) {
		return nil, errors.Join(fmt.Errorf("write a claim: %w", err), os.Remove(f.Name()))
	}
	taken := &claim{path: f.Name(), lock: flock.New(f.Name(), flock.SetFlag(os.O_RDWR))}
	if locked, err := taken.lock.TryLock(); err != nil || !locked {
		return nil, errors.Join(fmt.Errorf("lock the claim %s: %w", taken.path, cmp.Or(err, errors.New("another process has it"))), taken.release(true))
	}
	return taken, nil
}

// release releases a claim. If its journal has open entries, the file remains.
func (c *claim) release(finished bool) error {
	if c.path == "" {
		return nil
	}
	var err error
	if finished {
		err = os.Remove(c.path)
	}
	if err = errors.Join(err, c.lock.Close()); err != nil {
		return fmt.Errorf("release a claim: %w", err)
	}
	return nil
}

// found is a claim as seen by another process.
type found struct {
	claimed
	path     string
	alive    bool
	readable bool
}

// all returns every claim in the folder, which must be locked, because checking a claim locks it
// for a moment.
func (c *claims) all() []found {
	names, _ := filepath.Glob(filepath.Join(c.runs(), "*.json")) // the pattern is well formed
	var list []found
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			continue // its owner has removed it in between
		}
		f := found{path: name, readable: true}
		if json.Unmarshal(text, &f.claimed) != nil {
			f.readable = false
		}
		lock := flock.New(name, flock.SetFlag(os.O_RDWR))
		locked, err := lock.TryLock()
		f.alive = err == nil && !locked
		_ = lock.Close()
		list = append(list, f)
	}
	return list
}

// conflict returns why two processes must not run at the same time, or nil.
func (f found) conflict(mine claimed) *Busy {
	if !f.readable {
		return &Busy{Target: "unknown", Journal: "unknown"}
	}
	busy := &Busy{Target: f.Target, Journal: f.Journal, Process: f.Process}
	if at := slices.IndexFunc(f.Subjects, func(s string) bool { return slices.Contains(mine.Subjects, s) }); at >= 0 && f.Endpoint == mine.Endpoint {
		busy.Subject = f.Subjects[at]
		return busy
	}
	if f.Journal == mine.Journal {
		return busy
	}
	return nil
}

// finished reports whether the journal of a process that has ended has no open entries.
func (f found) finished() bool {
	content, err := readFile(f.Journal, "")
	return !f.readable || err == nil && len(content.open)+len(content.damaged) == 0
}

// Elsewhere returns the other journals with an open entry for one of the owner's subjects, or with
// a damaged line that could be about one, as recorded in the state folder. It does not include
// those of running processes, which Lock detects.
func (j *Journal) Elsewhere() (list []Left, err error) {
	if _, err := os.Stat(j.claims.runs()); err != nil || j.claims.folder == "" {
		return nil, nil // there are no claims yet
	}
	mine, err := j.claimed()
	if err != nil {
		return nil, err
	}
	unlock, err := j.claims.lock()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	for _, f := range j.claims.all() {
		if f.alive || f.Endpoint != mine.Endpoint || f.Journal == mine.Journal {
			continue
		}
		left, err := f.left(mine, j.owner.kind())
		if err != nil {
			return nil, err
		}
		if len(left.Open)+len(left.Damaged) > 0 {
			list = append(list, left)
		}
	}
	slices.SortFunc(list, func(a, b Left) int { return strings.Compare(a.Journal, b.Journal) })
	return slices.CompactFunc(list, func(a, b Left) bool { return a.Journal == b.Journal }), nil
}

// left returns what the journal of a process that has ended holds for another one.
func (f found) left(mine claimed, kind string) (Left, error) {
	content, err := readFile(f.Journal, kind)
	if err != nil {
		return Left{}, err
	}
	left := Left{Journal: f.Journal, Target: f.Target}
	for subject := range content.open {
		if slices.Contains(mine.Subjects, subject) {
			left.Open = append(left.Open, subject)
		}
	}
	slices.Sort(left.Open)
	if f.conflict(mine) != nil {
		left.Damaged = content.damaged
	}
	return left, nil
}

// noRoom reports whether an error means that the disk is full.
func noRoom(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}
