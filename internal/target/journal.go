package target

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"
)

// Journal tells, also after a crash, which instances have to get which type back. It
// is a file of JSON lines: an instance's old type is on the disk before the first call
// that could change it leaves, and a mark follows when the old type has been seen again.
// Reading one leaves it as it is; only the process that holds it writes. It is safe for
// concurrent use.
type Journal struct {
	path   string
	header entry

	mu    sync.Mutex
	held  *hold             // nil until this process may write
	file  *os.File          // nil until the first entry
	known map[string]string // types as read before a change, by instance
	open  map[string]string // old types of the instances that were called on and not seen restored
}

// The marks of entries.
const (
	markTarget = "target" // the first entry: whose journal this is
	markCall   = "call"   // a call that could change the instance is about to leave
	markDone   = "done"   // the instance has been seen with its old type
)

// entry is one line of a journal.
type entry struct {
	Mark     string    `json:"mark"`
	Time     time.Time `json:"time"`
	Target   string    `json:"target,omitempty"`
	Endpoint string    `json:"endpoint,omitempty"`
	Instance string    `json:"instance,omitempty"`
	OldType  string    `json:"oldType,omitempty"`
	Wanted   string    `json:"wantedType,omitempty"`
}

var notInFileNames = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

// JournalFile returns the name of a target's journal in a folder.
func JournalFile(dir, target string) string {
	return filepath.Join(dir, "journal-"+notInFileNames.ReplaceAllString(target, "_")+".jsonl")
}

// OpenJournal reads what a target's journal in dir says is left to do. A journal that
// does not exist, or of which nothing is left, is one that leaves nothing to do.
func OpenJournal(dir string, c Config) (*Journal, error) {
	j := &Journal{
		path: JournalFile(dir, c.Name), header: entry{Mark: markTarget, Target: c.Name, Endpoint: c.Endpoint},
		known: map[string]string{}, open: map[string]string{},
	}
	_, err := j.read()
	return j, err
}

// read reads what is left to do, and returns how many bytes of the file are whole lines,
// or -1 when there is no file. What was cut off while it was written never left.
func (j *Journal) read() (whole int64, err error) {
	data, err := os.ReadFile(j.path)
	if errors.Is(err, fs.ErrNotExist) {
		j.open = map[string]string{}
		return -1, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read the journal: %w", err)
	}
	whole = int64(bytes.LastIndexByte(data, '\n') + 1)
	j.open, err = j.left(data[:whole])
	return whole, err
}

// left returns what the lines of a journal leave to do. A line that is not understood
// could be about an instance that is to be put back: then nothing is taken from the file.
func (j *Journal) left(data []byte) (map[string]string, error) {
	open := map[string]string{}
	line := 0
	for text := range bytes.Lines(data) {
		line++
		var e entry
		err := json.Unmarshal(text, &e)
		switch {
		case err != nil, (line == 1) != (e.Mark == markTarget):
			return nil, j.unread(line)
		case e.Mark == markTarget:
			if e.Target != j.header.Target || e.Endpoint != j.header.Endpoint {
				return nil, fmt.Errorf("%s:%d: the journal is that of target %s at %s: set its endpoint again, or remove the file if that endpoint is no more", j.path, line, e.Target, e.Endpoint)
			}
		case e.Mark == markCall && e.Instance != "" && e.OldType != "":
			if _, earlier := open[e.Instance]; !earlier {
				open[e.Instance] = e.OldType
			}
		case e.Mark == markDone:
			delete(open, e.Instance)
		default:
			return nil, j.unread(line)
		}
	}
	return open, nil
}

func (j *Journal) unread(line int) error {
	return fmt.Errorf("%s:%d: no entry of a journal: restore the instances in it by hand, then remove it", j.path, line)
}

// Hold makes this process the only one that may change the target's instances, until
// Close, and reads again what is left to do. It fails while another process is at work.
func (j *Journal) Hold() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.hold()
}

func (j *Journal) hold() error {
	if j.held != nil {
		return nil
	}
	held, err := takeHold(strings.TrimSuffix(j.path, filepath.Ext(j.path)) + ".lock")
	if err != nil {
		return err
	}
	whole, err := j.read()
	if err == nil && whole >= 0 {
		err = j.resume(whole)
	}
	if err != nil {
		return errors.Join(err, held.release())
	}
	j.held = held
	return nil
}

// resume goes on with a journal that leaves something to do, and removes one that does not.
func (j *Journal) resume(size int64) error {
	if len(j.open) == 0 {
		return j.remove()
	}
	file, err := os.OpenFile(j.path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return fmt.Errorf("go on with the journal: %w", err)
	}
	if err := file.Truncate(size); err != nil {
		return errors.Join(fmt.Errorf("go on with the journal: %w", err), file.Close())
	}
	j.file = file
	return nil
}

// Path returns the name of the file.
func (j *Journal) Path() string { return j.path }

// Open returns the instances that have to get a type back, and which.
func (j *Journal) Open() map[string]string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return maps.Clone(j.open)
}

// know takes the types of instances as read before a change. The type of an instance
// that has not got its old one back is not taken.
func (j *Journal) know(types map[string]string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for id, kind := range types {
		if _, open := j.open[id]; !open {
			j.known[id] = kind
		}
	}
}

// note writes, and makes sure that it is on the disk, that a call for a wanted type is
// about to leave. An instance whose type was not read before cannot be put back: that
// is an error, and the call must not leave.
func (j *Journal) note(wanted string, ids []string) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.hold(); err != nil {
		return err
	}
	for _, id := range ids {
		old, open := j.open[id]
		if !open {
			if old = j.known[id]; old == "" {
				return fmt.Errorf("the type of instance %s was not read before, so it could not be put back", id)
			}
		}
		if err := j.write(entry{Mark: markCall, Instance: id, OldType: old, Wanted: wanted}); err != nil {
			return err
		}
		j.open[id] = old
	}
	return nil
}

// done notes that an instance was seen with its old type, and nothing was going on.
func (j *Journal) done(id string) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if _, open := j.open[id]; !open {
		return nil
	}
	if err := j.hold(); err != nil {
		return err
	}
	if err := j.write(entry{Mark: markDone, Instance: id}); err != nil {
		return err
	}
	delete(j.open, id)
	if len(j.open) > 0 {
		return nil
	}
	return errors.Join(j.closeFile(), j.remove())
}

func (j *Journal) write(e entry) error {
	if j.file == nil {
		if err := j.create(); err != nil {
			return err
		}
	}
	if err := j.append(e); err != nil {
		return fmt.Errorf("write the journal %s: %w", j.path, err)
	}
	return nil
}

func (j *Journal) append(e entry) error {
	e.Time = time.Now().UTC()
	line, err := json.Marshal(e)
	if err != nil {
		return err
	}
	if _, err := j.file.Write(append(line, '\n')); err != nil {
		return err
	}
	return j.file.Sync()
}

// create makes the file. None is there: it was removed when the journal was held.
func (j *Journal) create() error {
	file, err := os.OpenFile(j.path, os.O_WRONLY|os.O_CREATE|os.O_EXCL|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("make the journal: %w", err)
	}
	j.file = file
	if err := j.append(j.header); err != nil {
		return fmt.Errorf("write the journal %s: %w", j.path, err)
	}
	if folder, err := os.Open(filepath.Dir(j.path)); err == nil { // makes the name last; systems that cannot do it keep it anyway
		_ = folder.Sync()
		_ = folder.Close()
	}
	return nil
}

// Close releases the file and the hold. What is left to do stays in the file.
func (j *Journal) Close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	err := j.closeFile()
	if j.held != nil {
		err = errors.Join(err, j.held.release())
		j.held = nil
	}
	return err
}

func (j *Journal) closeFile() error {
	if j.file == nil {
		return nil
	}
	file := j.file
	j.file = nil
	if err := file.Close(); err != nil {
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
