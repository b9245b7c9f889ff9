package language

import (
	"regexp"
	"slices"
	"strings"
	"sync"
)

// textsOfReasons are the reasons why scenarios were skipped. They are recorded in English, and
// matched again when they are displayed. If several match, the first one counts.
var textsOfReasons = []Phrase{
	{"the target lists too few GPU {0} that are {1}", "测试目标所列的 {1} 状态的 GPU {0} 不足"},
	{"the target lists too few {0} that are {1}", "测试目标所列的 {1} 状态的 {0} 不足"},
	{"{0} that was {1} could not be restored, so it is not used again", "原为 {1} 状态的 {0} 未能恢复，不再使用"},
	{"{0} is not in the target's allow list", "{0} 不在测试目标的 allow 列表中"},
	{"the target lists {0}: list each {1} under a target of its own", "测试目标列出的是 {0}：{1} 请在单独的测试目标中列出"},
	{"nothing undoes {0}, so it may not change a listed {1}", "{0} 没有可恢复原状的操作，因此不得更改所列的 {1}"},
	{"no allowed action leads {0} back to {1} after {2}", "执行 {2} 之后，没有允许的操作能使 {0} 回到 {1} 状态"},
	{"the target lists {0} resizable {1}, the scenario needs {2}", "测试目标列出了 {0} 个可变更的 {1}，该场景需要 {2} 个"},
	{"generate is not set for the target: generated requests are many", "测试目标未设置 generate：生成的请求数量很多"},
	{"the target lists no unsupported {0}", "测试目标没有列出不支持的 {0}"},
	{"the target lists {0} types for GPU instances, the scenario needs {1}: list them as instanceTypes.gpu", "测试目标列出了 {0} 个 GPU 规格，该场景需要 {1} 个：请列在 instanceTypes.gpu 中"},
	{"the target has no bearer token: name its variable with tokenEnv", "测试目标没有 bearer 令牌：请用 tokenEnv 指定其环境变量"},
	{"the target has no signing key", "测试目标没有签名密钥"},
	{"maxChanges {0} leaves no room for its {1} change: other scenarios prove more with them", "maxChanges 为 {0}，容不下该场景的 {1} 次变更：其他场景能用它验证更多条款"},
	{"maxChanges {0} leaves no room for its {1} changes: other scenarios prove more with them", "maxChanges 为 {0}，容不下该场景的 {1} 次变更：其他场景能用它们验证更多条款"},
	{"maxChanges {0}: {1} are made, and the next call could make {2} more: raise maxChanges to run the scenario", "maxChanges 为 {0}：已变更 {1} 次，下一次调用可能再变更 {2} 次：如需执行该场景，请调高 maxChanges"},
	{"not started: the run was to end {0}", "未启动：按要求，{0} 结束运行"},
	{"at its first finding", "出现第一项不符合项时"},
	{"after {0} different findings", "出现 {0} 项不同的不符合项后"},
	{"not started: {0} of {1} did not end within {2} in {3}, and another {4} would be given up in the same way", "未启动：在 {3} 中，对 {1} 的 {0} 未在 {2} 内完成，换一个 {4} 也会同样超时"},
	{"not started: {0} of {1} did not end within {2}, and another {3} would be given up in the same way", "未启动：对 {1} 的 {0} 未在 {2} 内完成，换一个 {3} 也会同样超时"},
}

// Read converts an English text to a phrase: one from the catalogues of reasons, with its
// placeholders filled, if the text matches it. Several texts, joined by semicolons, are converted one
// by one. A text that matches nothing stays as it is.
func Read(said string) Phrase {
	if found, is := readOne(said); is {
		return found
	}
	if found, is := readList(said); is {
		return found
	}
	return Quoted(said)
}

// readPreflight converts the reason of a failed preflight: the failed check, and what it found.
func readPreflight(said string) (Phrase, bool) {
	check, is := strings.CutPrefix(said, "preflight: ")
	name, found, both := strings.Cut(check, ": ")
	if !is || !both {
		return Phrase{}, false
	}
	cause, text := "", found
	if led := leading.FindStringSubmatch(found); led != nil {
		cause, text = led[1], led[2]
	}
	shown, known := readAs(text, readingDoctor())
	if !known {
		shown = Read(text)
	}
	zh := "运行前检查：" + Word(name).In(Chinese) + "："
	if cause != "" {
		zh += cause + "："
	}
	return Phrase{said, zh + shown.In(Chinese)}, true
}

// leading matches a text that begins with the name of a cause, such as "connection-lost: ". The name is
// the same in every language.
var leading = regexp.MustCompile(`(?s)^([a-z]+(?:-[a-z0-9]+)*): (.+)$`)

// readCause converts a text that begins with the name of a cause.
func readCause(said string) (Phrase, bool) {
	led := leading.FindStringSubmatch(said)
	if led == nil {
		return Phrase{}, false
	}
	text := Read(led[2])
	return Phrase{said, led[1] + "：" + text.In(Chinese)}, text[0] != text[1]
}

// left matches what is not restored of a named instance.
var left = regexp.MustCompile(`^(\S+) (\S+) ((?:is still|still has|has) .+)$`)

// readName converts what is not restored of a named instance.
func readName(said string) (Phrase, bool) {
	found := left.FindStringSubmatch(said)
	if found == nil {
		return Phrase{}, false
	}
	text := Read("it " + found[3])
	return Phrase{said, Said("{0} {1} {2}", Word(found[1]), found[2], text).In(Chinese)}, text[0] != text[1]
}

// Limits of a list of texts. A text can contain semicolons itself, so several parts are tried together.
const (
	mostTexts = 100
	mostParts = 4
)

// readList converts texts that are joined by semicolons, if at least one of them is known.
func readList(said string) (Phrase, bool) {
	parts := strings.Split(said, "; ")
	if len(parts) == 1 || len(parts) > mostTexts {
		return Phrase{}, false
	}
	var list []Phrase
	known := false
	for len(parts) > 0 {
		text, taken := Quoted(parts[0]), 1
		for n := min(mostParts, len(parts)); n > 0; n-- {
			if found, is := readOne(strings.Join(parts[:n], "; ")); is {
				text, taken, known = found, n, true
				break
			}
		}
		list, parts = append(list, text), parts[taken:]
	}
	return Phrase{said, List(list).In(Chinese)}, known
}

// readOne converts a single text.
func readOne(said string) (Phrase, bool) {
	if found, is := readPreflight(said); is {
		return found, true
	}
	if leading.MatchString(said) {
		return readCause(said)
	}
	if found, is := readAs(said, reading()); is {
		return found, true
	}
	return readName(said)
}

// readAs converts a text by the first pattern that it matches.
func readAs(said string, patterns []pattern) (Phrase, bool) {
	for _, p := range patterns {
		found := p.reads.FindStringSubmatch(said)
		if found == nil {
			continue
		}
		args := make([]any, len(found)-1)
		for i, place := range p.places {
			text := found[i+1]
			args[place] = Word(text)
			if nested, is := readAs(text, patterns); is {
				args[place] = nested
			} else if nested := Read(text); nested[0] != nested[1] {
				args[place] = nested
			}
		}
		return Phrase{said, p.says.In(Chinese, args...)}, true
	}
	return Phrase{}, false
}

// pattern matches an English text of a catalogue.
type pattern struct {
	says   Phrase
	reads  *regexp.Regexp
	places []int // the placeholder of each group
}

// reading returns the patterns of the reasons.
var reading = sync.OnceValue(func() []pattern {
	return patternsOf(textsOfReasons, textsInTheWay, textsOfUnjudged, textsOfTheWay)
})

// readingDoctor returns the patterns of what doctor finds, the longest first. Some are so short that
// they would match other reasons, so they are only used for a preflight.
var readingDoctor = sync.OnceValue(func() []pattern {
	all := patternsOf(textsOfDoctor)
	slices.SortStableFunc(all, func(a, b pattern) int { return len(b.says[0]) - len(a.says[0]) })
	return all
})

// patternsOf returns the patterns of the texts of several catalogues.
func patternsOf(catalogues ...[]Phrase) (all []pattern) {
	for _, t := range slices.Concat(catalogues...) {
		for form := range strings.SplitSeq(t[0], "|") {
			p, text := pattern{says: t}, "(?s)^"
			Parts(form, strings.Count(form, "{"), func(words string, place int) {
				if text += regexp.QuoteMeta(words); place >= 0 {
					p.places, text = append(p.places, place), text+"(.+?)"
				}
			})
			p.reads = regexp.MustCompile(text + "$")
			all = append(all, p)
		}
	}
	return all
}
