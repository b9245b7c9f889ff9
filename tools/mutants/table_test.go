package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestTheTableTellsWhatIsNotDetected counts a mutant that is explained among none of those that break a
// documented fact, names one that is not explained, and writes both between the marks of a page.
func TestTheTableTellsWhatIsNotDetected(t *testing.T) {
	file := filepath.Join(t.TempDir(), "explained.yaml")
	if err := os.WriteFile(file, []byte("- match: 'a\\.go f constant 1'\n  why: nobody says so\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	explained, err := readReasons(file)
	if err != nil {
		t.Fatal(err)
	}
	mutated := func(text string, differ int, outcome string) result {
		return result{mutant{File: "a.go", Func: "f", Kind: "constant", Text: text}, differ, outcome}
	}
	s := sum([]result{
		mutated("1", 2, "survived"), mutated("2", 3, "survived"), mutated("3", 9, "detected"), mutated("4", 1, "detected"), mutated("5", 0, "the same answers"), mutated("6", -1, "no endpoint"),
	}, explained, 10)
	page := filepath.Join(t.TempDir(), "page.md")
	if err := os.WriteFile(page, []byte("before\n"+begins+"old\n"+ends+"after\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.write(page); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"before\n" + begins, ends + "after\n", "| all | 4 | 1 | 2 | 66.7 % |", "| narrow | 3 | 1 | 1 | 50.0 % |",
		"Not detected, and not explained: a.go, f: constant `2` (3 answers differ; survived).", "| nobody says so | a.go, f: constant `1` |",
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the page lacks %q:\n%s", want, text)
		}
	}
	if strings.Contains(string(text), "old") {
		t.Error("the old table is still there")
	}
	if s.all.reaches(goal) || s.narrow.reaches(goalNarrow) {
		t.Error("two of three are no 98 %, one of two no 95 %")
	}
	if err := s.write(file); err == nil {
		t.Error("a page without marks is taken")
	}
}
