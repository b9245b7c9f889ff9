// Command conformance checks an endpoint against the contract of Zenlayer's asynchronous actions.
// It passes arguments, streams, environment and signals to internal/cli and exits with the code
// that it returns. It does nothing else.
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

// memory is the memory in use, in bytes, from which a run of few scenarios collects garbage. It is
// high enough that a short run need not collect any.
const memory = 40 << 20

func main() { os.Exit(run()) }

func run() int {
	_ = noexec.Done() // without a search path nothing is lost, because no other program is started
	signals := interrupt.New()
	receive(signals)
	return cli.Main(signals.Stopped(), os.Args[1:], cli.System{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Env: os.Getenv, Signals: signals, Memory: memory})
}

// receive passes on every signal that asks the process to end. A stream that nobody reads causes no
// signal; writing to it returns an error.
func receive(p *interrupt.Policy) {
	signal.Ignore(syscall.SIGPIPE)
	received := make(chan os.Signal, 8)
	signal.Notify(received, os.Interrupt, syscall.SIGTERM, syscall.SIGQUIT)
	if !signal.Ignored(syscall.SIGHUP) { // nohup asks for it to be ignored
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

// endBy ends the process as if the signal were not handled.
func endBy(s os.Signal) {
	signal.Reset(s)
	if self, err := os.FindProcess(os.Getpid()); err == nil && self.Signal(s) == nil {
		time.Sleep(time.Second) // until the signal arrives
	}
	os.Exit(1)
}
