package mock_test

import (
	"encoding/json"
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/mock/mocktest"
)

var messageText = regexp.MustCompile(`"message":"[^"]*"`)

var walkFile = flag.String("walk", "", "write the answers of the walk to this file")

// TestTheWalkIsWritten writes the answers of the walk down, a line each, for a program that
// compares those of changed mocks. Messages are left out: clients must not rely on them (R).
func TestTheWalkIsWritten(t *testing.T) {
	if *walkFile == "" {
		t.Skip("-walk names no file")
	}
	var out strings.Builder
	for _, s := range mocktest.Walked(t, mock.Options{}) {
		line, err := json.Marshal([]any{s.Name, s.Status, s.Media, messageText.ReplaceAllString(s.Body, ""), s.ID == ""})
		require.NoError(t, err)
		out.Write(append(line, '\n'))
	}
	require.NoError(t, os.WriteFile(*walkFile, []byte(out.String()), 0o600))
}

func TestTheWalkIsTheSameTwice(t *testing.T) {
	first, second := mocktest.Walked(t, mock.Options{}), mocktest.Walked(t, mock.Options{})
	require.Equal(t, first, second)
	require.Greater(t, len(first), 400)
}
