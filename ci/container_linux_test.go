package ci_test

import (
	"debug/elf"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// image is the last stage of the Containerfile: what it holds and how it is started.
type image struct {
	files          map[string]string // in the image, to where the build has them
	owned          map[string]string // the owner of a folder, where it is not root
	env            map[string]string
	user, dir      string
	entry, command []string
}

func lastStage(t *testing.T) image {
	t.Helper()
	list, err := containerfile()
	require.NoError(t, err)
	var im image
	for _, in := range list {
		switch in.word {
		case "FROM":
			im = image{files: map[string]string{}, owned: map[string]string{}, env: map[string]string{}}
		case "COPY":
			words := strings.Fields(in.rest)
			from, to := words[len(words)-2], words[len(words)-1]
			if strings.HasSuffix(to, "/") { // files that are read by nobody but people
				continue
			}
			im.files[to] = from
			for _, w := range words {
				if owner, has := strings.CutPrefix(w, "--chown="); has {
					im.owned[to] = owner
				}
			}
		case "ENV":
			name, value, _ := strings.Cut(in.rest, "=")
			im.env[name] = value
		case "USER":
			im.user = in.rest
		case "WORKDIR":
			im.dir = in.rest
		case "ENTRYPOINT":
			require.NoError(t, json.Unmarshal([]byte(in.rest), &im.entry))
		case "CMD":
			require.NoError(t, json.Unmarshal([]byte(in.rest), &im.command))
		}
	}
	return im
}

// container runs an image as a container does: nothing but its files is there, and
// nothing may be written but to the folders that belong to its user. Without root, what
// is outside is only avoided.
type container struct {
	image image
	root  string
	jail  bool
	ids   [2]int
}

func newContainer(t *testing.T, im image) *container {
	t.Helper()
	c := &container{image: im, root: t.TempDir(), jail: os.Geteuid() == 0}
	user, group, _ := strings.Cut(im.user, ":")
	for i, text := range []string{user, group} {
		id, err := strconv.Atoi(text)
		require.NoError(t, err, "USER is a number, which Kubernetes can tell from root")
		c.ids[i] = id
	}
	require.NoError(t, os.Chmod(c.root, 0o755))
	for parent := filepath.Dir(c.root); parent != os.TempDir() && parent != "/"; parent = filepath.Dir(parent) {
		require.NoError(t, os.Chmod(parent, 0o755)) // the user comes from outside of them
	}
	for to, from := range im.files {
		switch {
		case strings.HasPrefix(from, "/etc/"):
			require.NoError(t, os.MkdirAll(filepath.Dir(c.folder(to)), 0o755))
			if text, err := os.ReadFile(from); err == nil {
				require.NoError(t, os.WriteFile(c.folder(to), text, 0o644))
			}
		case filepath.Base(from) == filepath.Base(program):
			text, err := os.ReadFile(program)
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(c.folder(to), text, 0o755))
		default:
			c.mount(t, to, true)
		}
	}
	return c
}

// folder is where a path of the container really is.
func (c *container) folder(path string) string { return filepath.Join(c.root, path) }

// mount makes a folder in the container, which its user may write to or not.
func (c *container) mount(t *testing.T, path string, writable bool) {
	t.Helper()
	require.NoError(t, os.MkdirAll(c.folder(path), 0o755))
	if writable && c.jail {
		require.NoError(t, os.Chown(c.folder(path), c.ids[0], c.ids[1]))
	}
}

// run runs the entry point with arguments and an environment.
func (c *container) run(t *testing.T, args []string, env map[string]string) (code int, said string) {
	t.Helper()
	j := job{args: append(append([]string{}, c.image.entry...), args...), dir: c.image.dir}
	if !c.jail {
		t.Log("without root the program is run beside the machine's files, not without them")
		j.dir = c.folder(c.image.dir)
		for i, arg := range j.args {
			if at := strings.Index(arg, "/"); at >= 0 && (at == 0 || arg[at-1] == '=') {
				j.args[i] = arg[:at] + c.folder(arg[at:])
			}
		}
	}
	cmd := j.command(t.Context(), t)
	cmd.Env = nil
	for name, value := range with(c.image.env, env) {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	if cmd.Env == nil {
		cmd.Env = []string{}
	}
	if c.jail {
		cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: c.root, Credential: &syscall.Credential{Uid: uint32(c.ids[0]), Gid: uint32(c.ids[1])}}
	}
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		require.NoError(t, err)
	}
	return cmd.ProcessState.ExitCode(), string(out)
}

func TestTheImageHoldsAStaticProgram(t *testing.T) {
	file, err := elf.Open(program)
	require.NoError(t, err)
	defer func() { _ = file.Close() }()
	for _, p := range file.Progs {
		assert.NotEqual(t, elf.PT_INTERP, p.Type, "it asks for a loader, which an empty image does not have")
	}
	libraries, err := file.ImportedLibraries()
	require.NoError(t, err)
	assert.Empty(t, libraries)
}

// TestTheImageRuns starts the image's entry point in a folder that holds what the image
// holds and nothing else, as its user.
func TestTheImageRuns(t *testing.T) {
	im := lastStage(t)
	assert.Equal(t, "/etc/ssl/certs/ca-certificates.crt", im.files["/etc/ssl/certs/ca-certificates.crt"], "an endpoint is reached over TLS")
	assert.NotContains(t, []string{"", "0", "root"}, strings.Split(im.user, ":")[0])
	assert.Equal(t, im.user, im.owned[im.dir], "it writes to the folder it starts in")
	c := newContainer(t, im)
	code, said := c.run(t, im.command, nil)
	assert.Equal(t, 0, code, said)
	assert.Contains(t, said, "conformant  mock at ")
	assert.Equal(t, "conformant", string(recorded(t, c.folder(im.dir), "reports", "report.json").Verdict))
	code, said = c.run(t, []string{"--version"}, nil)
	assert.Equal(t, 0, code)
	assert.Contains(t, said, "conformance version ")
}
