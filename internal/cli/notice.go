package cli

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/zec-tools/conformance/internal/language"
	"github.com/zec-tools/conformance/internal/lifecycle"
	"github.com/zec-tools/conformance/internal/target"
)

// notice tells on stderr, after a signal, what the command still does before it ends.
type notice struct {
	sys    System
	in     language.Language
	told   sync.Once // the effect of a further signal
	signal context.Context
	kinds  string // the plural of what is restored
}

// restores declares that instances may be left changed from now on, so that signals first cause
// them to be restored. changed reports whether there may be one to restore. While there is none,
// the notice says what the command does otherwise, in a text of the catalogue. kind is the word for
// the instances.
func (s System) restores(signal context.Context, in language.Language, changed func() bool, otherwise, kind string) *notice {
	s.Signals.Protect()
	n := &notice{sys: s, in: in, signal: signal, kinds: lifecycle.Plural(kind)}
	tell := func() {
		if changed() {
			n.restoring()
			return
		}
		n.say(otherwise)
	}
	if signal.Err() != nil {
		tell()
		return n
	}
	context.AfterFunc(signal, tell)
	return n
}

// restoring says once that instances are being restored, if a signal has come.
func (n *notice) restoring() {
	if n.signal.Err() == nil {
		return
	}
	n.told.Do(func() {
		if !isTerminal(n.sys.Err) {
			n.say("restoring the {0}; only SIGKILL ends that early, and cleanup then finishes it", language.Word(n.kinds))
			return
		}
		n.say("restoring the {0}; press Ctrl-C again to leave them as they are", language.Word(n.kinds))
		n.sys.Signals.Told(time.Now())
	})
}

// watching returns a function that registers watch for the statuses of instances being restored,
// and also says once that they are being restored.
func (n *notice) watching(remote *target.Remote) func(watch func(instance, status string)) {
	return func(watch func(instance, status string)) {
		remote.WatchRestoring(func(instance, status string) {
			if status != "" {
				n.restoring()
			}
			watch(instance, status)
		})
	}
}

func (n *notice) say(what string, args ...any) {
	if isTerminal(n.sys.Err) {
		fmt.Fprint(n.sys.Err, clearLine)
	}
	fmt.Fprintln(n.sys.Err, foldedTo(n.sys.Err, "conformance: "+n.in.Say("interrupted: {0}", language.Said(what, args...))))
}
