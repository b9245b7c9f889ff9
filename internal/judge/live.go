package judge

import (
	"container/heap"
	"sync/atomic"
	"time"

	"github.com/zec-tools/conformance/internal/recording"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// waitingExchanges is how many exchanges may wait to be judged before the next one has to wait
// itself. It limits the memory in use.
const waitingExchanges = 512

// linger is how long an exchange is held back, if no other is waiting, so that several can be
// judged together. That disturbs the following exchanges less than waking a goroutine for each one.
const linger = 2 * time.Millisecond

// Live judges exchanges as they happen, in its own goroutine, so that whoever makes them need not
// wait. Exchanges may end in any order; the session receives them in the order in which they began.
// Live is safe for concurrent use. Conclude ends it.
type Live struct {
	session  *Session
	name     string
	handlers Handlers
	begun    atomic.Int64
	waiting  chan numbered
	stop     chan struct{} // closed when no further exchange is accepted
	stopped  chan struct{} // closed when the last exchange was judged
	taken    int           // the number of the next exchange for the session
	ended    finished      // exchanges that ended before an earlier one
}

// Handlers are called from a single goroutine.
type Handlers struct {
	Found    func(verdict.Finding) // called for each finding
	Exchange func(wire.Exchange)   // called for each exchange when it ends
	Idle     func()                // called when no exchange is waiting; may be nil
}

// NewLive returns a judge of exchanges for a session. name says where the exchanges are recorded.
func NewLive(s *Session, name string, h Handlers) *Live {
	l := &Live{
		session: s, name: name, handlers: h,
		waiting: make(chan numbered, waitingExchanges), stop: make(chan struct{}), stopped: make(chan struct{}),
	}
	go l.run()
	return l
}

// Begin announces an exchange, and returns a function to call when it has ended. Exchanges that end
// after Conclude are ignored.
func (l *Live) Begin() (ended func(wire.Exchange)) {
	number := int(l.begun.Add(1)) - 1
	return func(x wire.Exchange) {
		select {
		case l.waiting <- numbered{number, x}:
		case <-l.stop:
		}
	}
}

func (l *Live) run() {
	defer close(l.stopped)
	for {
		select {
		case one := <-l.waiting:
			l.take(one)
			continue
		default:
		}
		if l.handlers.Idle != nil {
			l.handlers.Idle()
		}
		select {
		case one := <-l.waiting:
			l.pause()
			l.take(one)
		case <-l.stop:
			for {
				select {
				case one := <-l.waiting:
					l.take(one)
				default:
					return
				}
			}
		}
	}
}

// pause waits for other exchanges to end.
func (l *Live) pause() {
	select {
	case <-time.After(linger):
	case <-l.stop:
	}
}

// take accepts an exchange that has ended, and judges all exchanges that no earlier one holds up.
func (l *Live) take(one numbered) {
	l.handlers.Exchange(one.exchange)
	heap.Push(&l.ended, one)
	for len(l.ended) > 0 && l.ended[0].number == l.taken {
		l.taken++
		l.judge(heap.Pop(&l.ended).(numbered))
	}
}

func (l *Live) judge(one numbered) {
	for _, f := range l.session.Add(recording.Entry{File: l.name, Number: one.number + 1, Exchange: one.exchange}) {
		l.handlers.Found(f)
	}
}

// Conclude returns the run. It must be called once, when no exchange is pending any more.
func (l *Live) Conclude() (verdict.Run, error) {
	close(l.stop)
	<-l.stopped
	for len(l.ended) > 0 { // an exchange before these never ended
		l.judge(heap.Pop(&l.ended).(numbered))
	}
	if l.handlers.Idle != nil {
		l.handlers.Idle()
	}
	return l.session.Conclude()
}

type numbered struct {
	number   int
	exchange wire.Exchange
}

// finished is a heap of exchanges, ordered by number.
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
