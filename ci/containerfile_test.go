package ci_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// instruction is one line of the Containerfile; it has none that is continued.
type instruction struct{ word, rest string }

func containerfile() ([]instruction, error) {
	text, err := os.ReadFile(filepath.Join(root, "Containerfile"))
	if err != nil {
		return nil, err
	}
	var list []instruction
	for _, line := range lines(string(text)) {
		if line != "" && !strings.HasPrefix(line, "#") {
			word, rest, _ := strings.Cut(line, " ")
			list = append(list, instruction{word, rest})
		}
	}
	return list, nil
}

// buildAsTheImageDoes runs the line that builds the program, with dir in the place of /out.
func buildAsTheImageDoes(dir string) (string, error) {
	list, err := containerfile()
	if err != nil {
		return "", err
	}
	for _, in := range list {
		if in.word != "RUN" || !strings.Contains(in.rest, "go build") {
			continue
		}
		cmd := exec.Command("sh", "-c", strings.ReplaceAll(in.rest, "/out/", dir+"/"))
		cmd.Dir = root
		if said, err := cmd.CombinedOutput(); err != nil {
			return "", fmt.Errorf("%s: %w: %s", in.rest, err, said)
		}
		return filepath.Join(dir, "conformance"), nil
	}
	return "", fmt.Errorf("no line of the Containerfile builds the program")
}
