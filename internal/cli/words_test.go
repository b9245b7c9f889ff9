package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/mock"
)

// TestAPasswordThatIsAWordOfTheProtocolChangesNothing runs with passwords that answers are
// full of: what is judged and restored is what the endpoint says, and what is written
// does not show the password.
func TestAPasswordThatIsAWordOfTheProtocolChangesNothing(t *testing.T) {
	t.Parallel()
	some := append(rowsOf(t, "@resize or (@read and not @parameters)", "DescribeInstances", "ModifyInstanceType"), "--format", "json,html,junit,md,har")
	for _, word := range []string{"STOPPED", "requestId", "z2a.cpu.1", "z2a.cpu.2", "dataSet", "instanceType", "passed"} {
		t.Run(word, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, untouched, mock.Options{
				Credentials: mock.Credentials{KeyID: "key", Password: word, Token: "mock-token"},
				ResizeTime:  2 * time.Second, // a busy machine sees it under way, so that no change is called again
			})
			b.replace("resizeTimeout: 2s", "resizeTimeout: 1m")
			before := b.types()
			end := b.run(some...)
			assert.Equal(t, 0, end.code, end.out+end.err)
			assert.Contains(t, end.err, "warning: the value of ZENLAYERCLOUD_ACCESS_KEY_PASSWORD also stands in")
			assert.NotContains(t, end.out+end.err, word)
			assert.Equal(t, before, b.types(), "every instance has its type again")
			assert.Equal(t, 1, strings.Count(b.command("cleanup").err, "warning: "), "once, however often the target is opened")
			for _, s := range end.report.Scenarios {
				for _, x := range s.Exchanges {
					assert.NotContains(t, string(x.Sent.Body)+string(x.Received.Body), word)
				}
			}
		})
	}
}

// TestAJournalHoldsTheOldTypeAsItIs changes an instance whose types are passwords.
func TestAJournalHoldsTheOldTypeAsItIs(t *testing.T) {
	t.Parallel()
	b := newBench(t, untouched, mock.Options{Credentials: mock.Credentials{KeyID: "key", Password: "z2a.cpu.1", Token: "z2a.cpu.2"}})
	before := b.types()
	require.Equal(t, "z2a.cpu.1", before["ins-000005"])
	end := b.command("call", "ModifyInstanceType", "--watch", "--data", `{"instanceId":"ins-000005","instanceType":"z2a.cpu.4"}`)
	require.Equal(t, 0, end.code, end.out+end.err)
	files, err := filepath.Glob(filepath.Join(b.dir, "reports", "journal-*.jsonl"))
	require.NoError(t, err)
	require.Len(t, files, 1)
	journal, err := os.ReadFile(files[0])
	require.NoError(t, err)
	assert.Contains(t, string(journal), `"z2a.cpu.1"`)
	end = b.command("cleanup")
	assert.Equal(t, 0, end.code, end.out+end.err)
	assert.Equal(t, before, b.types())
}

// TestATypeThatHoldsACredentialIsNotNoted keeps an echoed secret out of the journal, which
// would show it: nothing is changed instead.
func TestATypeThatHoldsACredentialIsNotNoted(t *testing.T) {
	t.Parallel()
	b := newBench(t, untouched, mock.Options{Credentials: mock.Credentials{KeyID: "key", Password: "z2a.cpu.1", Token: "mock-token"}})
	b.replace("resizable: [z2a.cpu.1, ", "resizable: [")
	before := b.types()
	end := b.command("call", "ModifyInstanceType", "--data", `{"instanceId":"ins-000005","instanceType":"z2a.cpu.4"}`)
	assert.Equal(t, 2, end.code, end.out+end.err)
	assert.Contains(t, end.err, "the type or status of instance ins-000005 holds a credential, which the journal must not show")
	assert.Equal(t, before, b.types())
	files, err := filepath.Glob(filepath.Join(b.dir, "reports", "journal-*.jsonl"))
	require.NoError(t, err)
	assert.Empty(t, files)
}
