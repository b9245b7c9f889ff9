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
)

func main() { os.Exit(run()) }

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return cli.Main(ctx, os.Args[1:], cli.System{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Env: os.Getenv})
}
