package suite

import (
	"slices"

	"github.com/zec-tools/conformance/steps"
)

// Use is a sentence of the vocabulary and where the features use it.
type Use struct {
	Sentence steps.Sentence
	Count    int      // the number of steps that match it; a step of an outline counts once per row
	Files    []string // in which feature files, in order
}

// Uses returns every sentence of the vocabulary in order, including unused ones.
func (s *Suite) Uses() []Use {
	vocabulary := steps.Vocabulary()
	uses := make([]Use, len(vocabulary))
	place := make(map[string]int, len(vocabulary))
	for i, sentence := range vocabulary {
		uses[i].Sentence, place[sentence.En.String()] = sentence, i
	}
	for _, c := range s.Cases {
		for _, step := range c.Steps {
			use := &uses[place[step.Match.Sentence.En.String()]]
			use.Count++
			if !slices.Contains(use.Files, c.File) {
				use.Files = append(use.Files, c.File)
			}
		}
	}
	return uses
}
