package ci_test

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestWhatIsFetchedIsPinned holds actions and images to a full commit or a digest with the
// version beside it. What is not pinned is this project's own, and docs/ci.md lists it.
func TestWhatIsFetchedIsPinned(t *testing.T) {
	own := regexp.MustCompile(`uses: zec-tools/conformance@main$`)
	pinned := regexp.MustCompile(`uses: [\w-]+(/[\w-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+$`)
	uses := 0
	for _, file := range []string{"github.yml", filepath.Join(root, "action.yml")} {
		for _, line := range regexp.MustCompile(`(?m)uses: .*$`).FindAllString(get(t, file), -1) {
			assert.True(t, pinned.MatchString(line) || own.MatchString(line), "%s: %s", file, line)
			uses++
		}
	}
	assert.GreaterOrEqual(t, uses, 6)
	image := regexp.MustCompile(`golang:\d+\.\d+\.\d+@sha256:[0-9a-f]{64}`)
	inImage, inPipeline := image.FindString(get(t, root, "Containerfile")), image.FindString(get(t, "gitlab.yml"))
	assert.NotEmpty(t, inImage)
	assert.Equal(t, inImage, inPipeline)
	for _, name := range []string{"zec-tools/conformance@main", "CONFORMANCE_VERSION"} {
		assert.Contains(t, get(t, root, "docs", "ci.md"), name, "what is not pinned is listed")
	}
}

// TestNoPullRequestGetsTheSecrets holds the ready workflow to events and branches whose
// configuration has been reviewed.
func TestNoPullRequestGetsTheSecrets(t *testing.T) {
	var workflow struct {
		On   map[string]any
		Jobs map[string]struct {
			If          string
			Environment string
		}
	}
	decode(t, get(t, "github.yml"), &workflow)
	assert.NotContains(t, workflow.On, "pull_request")
	assert.NotContains(t, workflow.On, "pull_request_target")
	require.NotEmpty(t, workflow.Jobs)
	for name, job := range workflow.Jobs {
		assert.Equal(t, "staging", job.Environment, name)
		assert.Contains(t, job.If, "default_branch", name)
	}
}

// TestTheNoticesAreThoseOfWhatIsLinked holds THIRD_PARTY_NOTICES against the modules that
// are linked, and the image to carrying it.
func TestTheNoticesAreThoseOfWhatIsLinked(t *testing.T) {
	want, err := exec.CommandContext(t.Context(), filepath.Join(root, "scripts", "notices")).Output()
	require.NoError(t, err)
	assert.Equal(t, string(want), get(t, root, "THIRD_PARTY_NOTICES"), "write it anew with scripts/notices >THIRD_PARTY_NOTICES")
	assert.Contains(t, string(want), "github.com/hashicorp/go-memdb ")
	assert.Contains(t, string(want), "Mozilla Public License")
	assert.Contains(t, get(t, root, "Containerfile"), "COPY --from=build /src/LICENSE /src/THIRD_PARTY_NOTICES /\n")
}
