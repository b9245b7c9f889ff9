package language

import "strings"

// textsOfRestoring are about instances that are being restored.
var textsOfRestoring = []Phrase{
	{"DAMAGED", "已损坏"},
	{"restored", "已恢复"},
	{"NOT RESTORED", "未恢复原状"},
	{"forgotten", "已移除"},
	{"nothing to restore at {0} ({1})", "{0} 没有需要恢复的实例（{1}）"},
	{"{0} {1} {2}", "{0} {1}，{2}"},
	{"{0}: run {1} first", "{0}：请先执行 {1}"},
	{"an earlier run did not restore {0}", "之前的运行未恢复 {0}"},

	// What is taken out of the journal.
	{"the endpoint shows it with {0} {1}, {2}", "端点显示其 {0} 为 {1}，状态为 {2}"},
	{"it could not be looked at: {0}", "未能查看其现状：{0}"},
	{"interrupted: {0} {1} was not forgotten", "已中断：{0} {1} 未从恢复记录中移除"},
	{"{0} {1} had {2} {3} before a run changed it; {4}. It is forgotten now: no run and no cleanup gives it that {2} again",
		"{0} {1} 在运行变更之前 {2} 为 {3}；{4}。现已从恢复记录中移除：此后的运行和 cleanup 都不会恢复该 {2}"},
	{"--forget {0}: no journal of this target names the {1}", "--forget {0}：该测试目标的恢复记录中没有此 {1}"},
	{"{0} damaged line: do what they say, then run {1} again|{0} damaged lines: do what they say, then run {1} again", "有 {0} 行已损坏：请按上文所述处理，然后重新执行 {1}"},
	{"not restored: {0} {3}: fix the cause, then run {1} again; for {4} that is no more: {2}",
		"有 {0} 个 {3} 未恢复：请排除原因，然后重新执行 {1}；如果 {4} 已不存在，请执行 {2}"},
}

// textsInTheWay are the reasons why something is not restored. Reports contain the English text, which
// Read converts. A text that contains another one as a placeholder comes before it.
var textsInTheWay = []Phrase{
	{"{0} {1} is to have {2} {3} again: {4}", "{0} {1} 应恢复为 {2} {3}：{4}"},
	{"nobody has seen it with that {0} since it was changed", "变更之后没有再观察到该 {0}"},
	{"{0}; restoring was given up", "{0}；已放弃恢复"},
	{"{0}; the time allowed for restoring ({1}) is over", "{0}；恢复的时限（{1}）已过"},
	{"{0}; nothing has changed since the time allowed for the change was over", "{0}；变更超时之后没有任何变化"},
	{"{0}; the endpoint accepted each change back", "{0}；端点接受了每一次恢复请求"},
	{"{0}; the change back was not answered: {1}", "{0}；恢复请求没有得到响应：{1}"},
	{"{0}; {1} named it as failed", "{0}；{1} 将其列为失败"},
	{"{0}; the change back was answered with {1} {2}", "{0}；恢复请求返回 {1} {2}"},
	{"its {0} was {1} until {2} was called, which asks for none", "在调用 {2} 之前其 {0} 为 {1}，而该接口并不指定此值"},
	{"{0}; the row with its {1} shows {2}", "{0}；列出其 {1} 的行显示 {2}"},
	{"{0}: whether it is as it was cannot be seen", "{0}：无法得知其是否已恢复原状"},
	{"the endpoint has not shown it for {0}: {1}", "端点已有 {0} 未能显示该实例：{1}"},
	{"its {0} is not known", "其 {0} 未知"},
	{"it is still {0}; it was {1}; no allowed action leads back", "其状态仍为 {0}，变更前为 {1}；没有获准的接口能使其恢复"},
	{"it is still {0}; it was {1}", "其状态仍为 {0}，变更前为 {1}"},
	{"it still has {0} {1} and is {2}; it had {3} {4} and was {5}", "其 {0} 仍为 {1}，状态为 {2}，变更前的 {3} 为 {4}，状态为 {5}"},
	{"it still has {0} {1} and is {2}; it had {3} {4}", "其 {0} 仍为 {1}，状态为 {2}，变更前的 {3} 为 {4}"},
	{"it still has {0} {1}; it had {2} {3}", "其 {0} 仍为 {1}，变更前的 {2} 为 {3}"},
	{"it has {0} {1} and is {2}, from where no allowed action leads to {3}", "其 {0} 为 {1}，状态为 {2}，且没有获准的接口能使其回到 {3}"},
	{"it has {0} {1} and is {2}, as before", "其 {0} 为 {1}，状态为 {2}，与变更前相同"},
	{"it has {0} {1} and is {2}", "其 {0} 为 {1}，状态为 {2}"},
	{"it is {0}, and {1}", "其状态为 {0}，且 {1}"},
	{"it is {0}", "其状态为 {0}"},
	{"{0} shows no {1} of it", "{0} 未显示其 {1}"},
	{"the endpoint shows it as {0}", "端点显示其状态为 {0}"},
}

// Unlike returns the reason why something was not restored, in the form that follows its name: "is still
// BUSY; it was IDLE". whole is false if the reason does not state both the current and the original
// state, so that the caller has to add the original one.
func Unlike(reason Phrase) (is Phrase, whole bool) {
	is = Phrase{strings.TrimPrefix(reason[0], "it "), reason[1]}
	still := strings.HasPrefix(is[0], "still ") || strings.HasPrefix(is[0], "is still ")
	return is, still || is[0] != reason[0] && strings.Contains(is[0], ", as before")
}
