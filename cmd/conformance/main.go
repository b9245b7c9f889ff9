// Command conformance checks an endpoint against the contract of Zenlayer's asynchronous
// actions. It hands arguments, streams, environment and signals to
// internal/cli and exits by the code it returns; it knows nothing else.
package main

import (
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/zec-tools/conformance/internal/cli"
	"github.com/zec-tools/conformance/internal/interrupt"
	"github.com/zec-tools/conformance/internal/noexec"
)

// memory is how many bytes are in use when a run of few scenarios begins to collect garbage: large
// answers leave a lot, and a short run need not collect any.
const memory = 40 << 20

func main() { os.Exit(run()) }

func run() int {
	_ = noexec.Done() // without a search path nothing is lost: no other program is ever started
	signals := interrupt.New()
	receive(signals)
	return cli.Main(signals.Stopped(), os.Args[1:], cli.System{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Env: os.Getenv, Signals: signals, Memory: memory})
}

// receive hands on every signal that asks the process to end, until it ends. A stream that
// nobody reads any more sends none: writing to it is an error instead.
func receive(p *interrupt.Policy) {
	signal.Ignore(syscall.SIGPIPE)
	received := make(chan os.Signal, 8)
	signal.Notify(received, os.Interrupt, syscall.SIGTERM, syscall.SIGQUIT)
	if !signal.Ignored(syscall.SIGHUP) { // nohup says that it is to be
		signal.Notify(received, syscall.SIGHUP)
	}
	go func() {
		for s := range received {
			if p.Receive(s, time.Now()) {
				endBy(s)
			}
		}
	}()
}

// endBy ends the process as if nobody had listened to the signal.
func endBy(s os.Signal) {
	signal.Reset(s)
	if self, err := os.FindProcess(os.Getpid()); err == nil && self.Signal(s) == nil {
		time.Sleep(time.Second) // the signal is on its way
	}
	os.Exit(1)
}
