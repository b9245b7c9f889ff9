package journal

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// file has the operations needed of an open journal. Tests use one on a full disk.
type file interface {
	io.WriteCloser
	Sync() error
	Truncate(size int64) error
}

func openFile(name string, flag int) (file, error) { return os.OpenFile(name, flag, 0o600) }

// appender appends whole lines to a file, or nothing.
type appender struct {
	file file
	size int64  // the length of the whole lines
	lead string // a newline if the last line has none
	torn error  // why an incomplete line could not be removed, after which nothing more can be written
}

// append writes a line and syncs it to disk. If that fails, it removes the incomplete line, so that
// the next line is not appended to a fragment.
func (a *appender) append(line []byte) error {
	if a.torn != nil {
		return a.torn
	}
	text := append([]byte(a.lead), append(line, '\n')...)
	_, err := a.file.Write(text)
	if err == nil {
		err = a.file.Sync()
	}
	if err == nil {
		a.size, a.lead = a.size+int64(len(text)), ""
		return nil
	}
	if cut := a.file.Truncate(a.size); cut != nil {
		a.torn = fmt.Errorf("%w; part of a line is left at its end: %w", err, cut)
	}
	return err
}

func (j *Journal) write(e entry) error {
	if j.out == nil {
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
	line, err := e.encode()
	if err != nil {
		return err
	}
	return j.out.append(line)
}

// create creates the file. There is none, because Lock has removed a file without open entries.
func (j *Journal) create() error {
	if err := os.MkdirAll(filepath.Dir(j.path), 0o755); err != nil {
		return fmt.Errorf("make the folder of the journal: %w", err)
	}
	created, err := j.openFile(j.path, os.O_WRONLY|os.O_CREATE|os.O_EXCL|os.O_APPEND)
	if err != nil {
		return fmt.Errorf("make the journal: %w", err)
	}
	j.out = &appender{file: created}
	if err := j.append(entry{Version: version, Mark: markTarget, Target: j.owner.Target, Endpoint: j.owner.Endpoint}); err != nil {
		return errors.Join(fmt.Errorf("write the journal %s: %w", j.path, err), j.closeFile(), j.remove())
	}
	if folder, err := os.Open(filepath.Dir(j.path)); err == nil { // syncs the file name; systems that cannot do that keep it anyway
		_ = folder.Sync()
		_ = folder.Close()
	}
	return nil
}

// resume continues a journal with open entries, and removes one without.
func (j *Journal) resume(t tail) error {
	if len(j.open) == 0 && len(j.damaged) == 0 {
		return j.remove()
	}
	resumed, err := j.openFile(j.path, os.O_WRONLY|os.O_APPEND)
	if err != nil {
		return fmt.Errorf("go on with the journal: %w", err)
	}
	j.out = &appender{file: resumed, size: t.whole}
	if t.unended {
		j.out.lead = "\n"
	}
	if err := resumed.Truncate(t.whole); err != nil {
		return errors.Join(fmt.Errorf("go on with the journal: %w", err), j.closeFile())
	}
	return nil
}
