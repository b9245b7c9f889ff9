package ci_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// manifest is one document of a Kubernetes file, as far as it is looked at here.
type manifest struct {
	Kind string
	Data map[string]string
	Spec struct {
		CompletionMode       string
		Completions          int
		BackoffLimitPerIndex *int
		Template             struct {
			Spec struct {
				RestartPolicy   string
				SecurityContext struct {
					RunAsNonRoot                   bool
					RunAsUser, RunAsGroup, FSGroup int
				}
				Containers []struct {
					Args            []string
					Env             []struct{ Name, Value string }
					EnvFrom         []struct{ SecretRef struct{ Name string } }
					SecurityContext struct{ ReadOnlyRootFilesystem bool }
					VolumeMounts    []struct {
						MountPath string
						ReadOnly  bool
					}
				}
			}
		}
	}
}

func manifests(t *testing.T, file string) []manifest {
	t.Helper()
	var list []manifest
	for document := range strings.SplitSeq(get(t, file), "\n---\n") {
		var m manifest
		decode(t, document, &m)
		list = append(list, m)
	}
	return list
}

// TestKubernetesRunsAllShards runs the pods of the Job one after the other, each in a
// container that holds the image and what the Job mounts, with the variables it gets,
// and then the Job that merges.
func TestKubernetesRunsAllShards(t *testing.T) {
	shards := manifests(t, "kubernetes.yaml")
	job, merge := shards[len(shards)-1], manifests(t, "kubernetes-merge.yaml")[0]
	im := lastStage(t)
	for _, m := range []manifest{job, merge} {
		pod := m.Spec.Template.Spec
		assert.Equal(t, im.user, strconv.Itoa(pod.SecurityContext.RunAsUser)+":"+strconv.Itoa(pod.SecurityContext.RunAsGroup), "the user of the image")
		assert.True(t, pod.SecurityContext.RunAsNonRoot)
		assert.Equal(t, pod.SecurityContext.RunAsGroup, pod.SecurityContext.FSGroup, "what is mounted can be written to")
		assert.True(t, pod.Containers[0].SecurityContext.ReadOnlyRootFilesystem)
		assert.Equal(t, "Never", pod.RestartPolicy, "a run is not repeated by itself")
	}
	assert.Equal(t, "Indexed", job.Spec.CompletionMode)
	require.NotNil(t, job.Spec.BackoffLimitPerIndex, "else the first shard that fails ends the others")
	assert.Zero(t, *job.Spec.BackoffLimitPerIndex)

	c := newContainer(t, im)
	for _, v := range job.Spec.Template.Spec.Containers[0].VolumeMounts {
		c.mount(t, v.MountPath, !v.ReadOnly)
	}
	configs := divided(t, serve(t, "--resize-time", "50ms"), job.Spec.Completions)
	for index, config := range configs {
		name := strconv.Itoa(index) + ".yaml"
		require.Contains(t, shards[0].Data, name)
		put(t, config, c.folder("/config"), name)
	}
	for index := range job.Spec.Completions {
		env := with(keys(), map[string]string{"JOB_COMPLETION_INDEX": strconv.Itoa(index)})
		for _, v := range job.Spec.Template.Spec.Containers[0].Env {
			env[v.Name] = v.Value
		}
		code, said := c.run(t, expanded(job.Spec.Template.Spec.Containers[0].Args, env), env)
		assert.Contains(t, []int{0, 3}, code, said)
		assert.Contains(t, said, "staging at http://127.0.0.1", said)
	}
	code, said := c.run(t, merge.Spec.Template.Spec.Containers[0].Args, nil)
	whole := recorded(t, c.folder("/reports/all"), "report.json")
	assert.Equal(t, 3, code, said)
	assert.Equal(t, whole.Selection.Available, whole.Summary.Scenarios.Total, "every scenario, in one report")
	assert.Equal(t, []int{0, 0, 0}, []int{whole.Summary.Scenarios.Failed, whole.Summary.Scenarios.Inconclusive, whole.Summary.Scenarios.Broken}, said)
	assert.Greater(t, whole.Summary.Scenarios.Passed, whole.Summary.Scenarios.Skipped, said)
}

// TestKubernetesConfigurationsAreRead shows the program each file of the ConfigMap: plan
// reads it whole and sends nothing.
func TestKubernetesConfigurationsAreRead(t *testing.T) {
	files := manifests(t, "kubernetes.yaml")[0].Data
	dir := t.TempDir()
	listed := map[string]bool{}
	for name, text := range files {
		put(t, text, dir, name)
		code, said := job{dir: dir, env: keys(), args: []string{program, "plan", "--config", name, "--target", "staging"}}.run(t)
		assert.Equal(t, 0, code, said)
		var config struct {
			Targets map[string]struct{ Instances []struct{ ID string } }
		}
		decode(t, text, &config)
		for _, in := range config.Targets["staging"].Instances {
			assert.False(t, listed[in.ID], "%s is listed for two shards", in.ID)
			listed[in.ID] = true
		}
	}
	assert.NotEmpty(t, listed)
}

// expanded puts variables into arguments as the kubelet does.
func expanded(args []string, env map[string]string) []string {
	list := make([]string, len(args))
	for i, arg := range args {
		for name, value := range env {
			arg = strings.ReplaceAll(arg, "$("+name+")", value)
		}
		list[i] = arg
	}
	return list
}
