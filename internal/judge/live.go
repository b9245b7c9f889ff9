package judge

import (
	"container/heap"
	"sync/atomic"
	"time"

	"github.com/zec-tools/conformance/internal/recording"
	"github.com/zec-tools/conformance/internal/verdict"
	"github.com/zec-tools/conformance/internal/wire"
)

// waitingExchanges is how many exchanges may wait to be judged before the next one that ends
// has to wait itself: what is in memory is bounded.
const waitingExchanges = 512

// linger is how long an exchange that ends while none is waiting is left to wait for others: judged together, they
// disturb the next ones less than when each wakes a goroutine beside them.
const linger = 2 * time.Millisecond

// Live judges exchanges as they happen, in a goroutine of its own, so that whoever exchanges
// them need not wait. They end in any order; the session takes them in the order in which they
// began. It may be used by many goroutines. Conclude ends it.
type Live struct {
	session  *Session
	name     string
	handlers Handlers
	begun    atomic.Int64
	waiting  chan numbered
	stop     chan struct{} // closed when no further exchange is taken
	stopped  chan struct{} // closed when the last one was
	taken    int           // the number of the next exchange that the session takes
	ended    finished      // those that have ended before an earlier one
}

// Handlers are told what happens, from one goroutine.
type Handlers struct {
	Found    func(verdict.Finding) // of each finding as it is made
	Exchange func(wire.Exchange)   // of each exchange as it ends
	Idle     func()                // whenever none is waiting; may be nil
}

// NewLive judges exchanges in a session. Name is where the exchanges are recorded.
func NewLive(s *Session, name string, h Handlers) *Live {
	l := &Live{
		session: s, name: name, handlers: h,
		waiting: make(chan numbered, waitingExchanges), stop: make(chan struct{}), stopped: make(chan struct{}),
	}
	go l.run()
	return l
}

// Begin says that an exchange begins, and returns who takes it when it has ended. What ends
// after Conclude is left out.
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

// pause lets others end.
func (l *Live) pause() {
	select {
	case <-time.After(linger):
	case <-l.stop:
	}
}

// take takes an exchange that has ended, and judges those that nothing earlier holds up.
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

// Conclude returns the run. Call it once, when no exchange is under way any more.
func (l *Live) Conclude() (verdict.Run, error) {
	close(l.stop)
	<-l.stopped
	for len(l.ended) > 0 { // an exchange before them was never ended
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
