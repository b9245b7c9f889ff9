package judge

import (
	"container/heap"
	"sync"

	"github.com/zec-tools/conformance/internal/recording"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// Live judges exchanges as they happen. They end in any order; the session takes them in the
// order in which they began. It may be used by many goroutines.
type Live struct {
	session *Session
	name    string
	found   func(verdict.Finding)

	mu    sync.Mutex
	next  int      // the number of the next exchange that begins
	taken int      // the number of the next one that the session takes
	ended finished // those that have ended before an earlier one
}

// NewLive judges exchanges in a session. Found is told of each finding as it is made, from
// one goroutine at a time. Name is where the exchanges are recorded.
func NewLive(s *Session, name string, found func(verdict.Finding)) *Live {
	return &Live{session: s, name: name, found: found}
}

// Begin says that an exchange begins, and returns who takes it when it has ended.
func (l *Live) Begin() (ended func(wire.Exchange)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	number := l.next
	l.next++
	return func(x wire.Exchange) { l.end(number, x) }
}

func (l *Live) end(number int, x wire.Exchange) {
	l.mu.Lock()
	defer l.mu.Unlock()
	heap.Push(&l.ended, numbered{number, x})
	for len(l.ended) > 0 && l.ended[0].number == l.taken {
		one := heap.Pop(&l.ended).(numbered)
		l.taken++
		for _, f := range l.session.Add(recording.Entry{File: l.name, Number: one.number + 1, Exchange: one.exchange}) {
			l.found(f)
		}
	}
}

// Conclude returns the run once no exchange is under way any more.
func (l *Live) Conclude() (verdict.Run, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.ended) > 0 { // an exchange before them was never ended
		one := heap.Pop(&l.ended).(numbered)
		l.session.Add(recording.Entry{File: l.name, Number: one.number + 1, Exchange: one.exchange})
	}
	return l.session.Conclude()
}

type numbered struct {
	number   int
	exchange wire.Exchange
}

// finished are exchanges by their number.
type finished []numbered

func (f finished) Len() int           { return len(f) }
func (f finished) Less(a, b int) bool { return f[a].number < f[b].number }
func (f finished) Swap(a, b int)      { f[a], f[b] = f[b], f[a] }
func (f *finished) Push(x any)        { *f = append(*f, x.(numbered)) }
func (f *finished) Pop() any {
	last := (*f)[len(*f)-1]
	(*f)[len(*f)-1] = numbered{}
	*f = (*f)[:len(*f)-1]
	return last
}
