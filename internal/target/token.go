package target

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/zec-tools/conformance/internal/client"
	"github.com/zec-tools/conformance/internal/secret"
)

// Limits for reading a token.
const (
	maxToken     = 64 << 10 // bytes
	tokenTimeout = 30 * time.Second
)

// tokenSource returns the source of the bearer token, or nil if the environment has it.
func (v Variables) tokenSource() client.TokenSource {
	switch {
	case v.TokenFile != "":
		return func(context.Context) (secret.Value, error) { return tokenOf(v.TokenFile) }
	case len(v.TokenCommand) > 0:
		return v.tokenOfCommand
	}
	return nil
}

// tokenPlace describes where the bearer token comes from.
func (v Variables) tokenPlace() string {
	switch {
	case v.TokenFile != "":
		return v.TokenFile
	case len(v.TokenCommand) > 0:
		return v.TokenCommand[0]
	}
	return v.Token
}

func tokenOf(file string) (secret.Value, error) {
	f, err := os.Open(file)
	if err != nil {
		return secret.Value{}, fmt.Errorf("credentials.tokenFile: %w", err)
	}
	defer func() { _ = f.Close() }()
	text, err := io.ReadAll(io.LimitReader(f, maxToken))
	if err != nil {
		return secret.Value{}, fmt.Errorf("credentials.tokenFile: %w", err)
	}
	return oneToken(text, "credentials.tokenFile "+file)
}

// tokenOfCommand runs the command without a shell. Its other output is not shown, because it may
// contain anything.
func (v Variables) tokenOfCommand(ctx context.Context) (secret.Value, error) {
	ctx, cancel := context.WithTimeout(ctx, tokenTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, v.TokenCommand[0], v.TokenCommand[1:]...) //nolint:gosec // the configuration names it
	cmd.WaitDelay = time.Second
	var out bytes.Buffer
	cmd.Stdout = &out
	err := cmd.Run()
	if ctx.Err() != nil {
		return secret.Value{}, fmt.Errorf("credentials.tokenCommand %s: no end within %s", v.TokenCommand[0], tokenTimeout)
	}
	if err != nil {
		return secret.Value{}, fmt.Errorf("credentials.tokenCommand %s: %w", v.TokenCommand[0], err)
	}
	return oneToken(out.Bytes()[:min(out.Len(), maxToken)], "credentials.tokenCommand "+v.TokenCommand[0])
}

func oneToken(text []byte, from string) (secret.Value, error) {
	token := strings.TrimSpace(string(text))
	switch {
	case token == "":
		return secret.Value{}, fmt.Errorf("%s: it gives no token", from)
	case strings.ContainsFunc(token, invisible):
		return secret.Value{}, fmt.Errorf("%s: it gives more than one word: let it give the token alone", from)
	case len(token) < secret.MinLength:
		return secret.Value{}, errors.New(from + ": the token is too short to be kept out of reports")
	}
	return secret.New(token), nil
}
