package cli

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/zec-tools/conformance/internal/language"
)

// counter shows progress on one line of a terminal. It is safe for concurrent use.
type counter struct {
	to    io.Writer
	in    language.Language
	live  bool // to is a terminal that can clear a line
	total int

	mu    sync.Mutex
	done  int
	drawn time.Time
}

func (c *counter) found(entries int) { c.draw("{0} entries found", entries) }
func (c *counter) judged(done int)   { c.draw("{0} of {1} entries judged", done, c.total) }

// ended counts one more item, described by text.
func (c *counter) ended(text string) {
	c.mu.Lock()
	c.done++
	done := c.done
	c.mu.Unlock()
	c.draw(text, done, c.total)
}

func (c *counter) draw(text string, counts ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := time.Now(); c.live && now.Sub(c.drawn) > redrawn {
		c.drawn = now
		fmt.Fprint(c.to, clearLine+c.in.Say(text, counts...))
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
