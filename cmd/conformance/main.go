// Command conformance proves whether an endpoint keeps the contract of Zenlayer's
// ModifyInstanceType. It hands arguments, streams, environment and signals to
// internal/cli and exits by the code it returns; it knows nothing else.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/zec-tools/conformance/internal/cli"
	"github.com/zec-tools/conformance/internal/noexec"
)

func main() { os.Exit(run()) }

func run() int {
	_ = noexec.Done() // without a search path nothing is lost: no other program is ever started
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	abandoned, giveUp := context.WithCancel(context.Background())
	defer giveUp()
	go obey(stop, giveUp) // ends with the process
	return cli.Main(ctx, os.Args[1:], cli.System{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Env: os.Getenv, GaveUp: abandoned})
}

// obey ends the run at the first signal, which still puts everything back, and gives
// that up at the second. A third one ends the process as if nobody listened.
func obey(stop, giveUp func()) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	<-signals
	stop()
	<-signals
	giveUp()
	signal.Stop(signals)
}
