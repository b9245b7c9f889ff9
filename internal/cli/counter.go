package cli

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// counter shows on a terminal how much of something is done, in one line. It is safe for
// concurrent use.
type counter struct {
	to    io.Writer
	live  bool // to is a terminal that can clear a line
	total int

	mu    sync.Mutex
	done  int
	drawn time.Time
}

func (c *counter) found(entries int) { c.draw("%d entries found", entries) }
func (c *counter) judged(done int)   { c.draw("%d of %d entries judged", done, c.total) }

// ended counts one more; things says what is counted.
func (c *counter) ended(things string) {
	c.mu.Lock()
	c.done++
	done := c.done
	c.mu.Unlock()
	c.draw("%d of %d %s done", done, c.total, things)
}

func (c *counter) draw(format string, counts ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := time.Now(); c.live && now.Sub(c.drawn) > redrawn {
		c.drawn = now
		fmt.Fprintf(c.to, clearLine+format, counts...)
	}
}

func (c *counter) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.live {
		fmt.Fprint(c.to, clearLine)
	}
}

// clearsLines reports whether stderr is a terminal that can clear a line.
func clearsLines(sys System) bool { return isTerminal(sys.Err) && sys.Env("TERM") != "dumb" }
