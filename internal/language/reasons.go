package language

import (
	"regexp"
	"strconv"
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

// Read converts an English text to a phrase: one from the catalogue of reasons, with its
// placeholders filled, if the text matches it, otherwise the text itself.
func Read(said string) Phrase {
	for i, pattern := range reading() {
		if found := pattern.FindStringSubmatch(said); found != nil {
			args := make([]any, len(found)-1)
			for place := range args {
				args[place] = Word(found[place+1])
				if nested := Read(found[place+1]); nested[0] != nested[1] {
					args[place] = nested
				}
			}
			return Phrase{said, textsOfReasons[i].In(Chinese, args...)}
		}
	}
	return Quoted(said)
}

// reading returns the patterns of the reasons.
var reading = sync.OnceValue(func() []*regexp.Regexp {
	var all []*regexp.Regexp
	for _, t := range textsOfReasons {
		pattern := regexp.QuoteMeta(t[0])
		for place := range strings.Count(t[0], "{") {
			pattern = strings.Replace(pattern, regexp.QuoteMeta("{"+strconv.Itoa(place)+"}"), "(.+?)", 1)
		}
		all = append(all, regexp.MustCompile("^"+pattern+"$"))
	}
	return all
})
