package report

import (
	"github.com/zec-tools/conformance/internal/language"
	"github.com/zec-tools/conformance/internal/verdict"
)

// phrase is a text in every language.
type phrase = language.Phrase

// This file contains all texts of the reports for people, in every language. Texts from scenarios,
// endpoints or contracts are quoted and not listed here.

// The page as a whole.
var (
	textReport   = phrase{"Conformance report", "接口符合性测试报告"}
	textSkip     = language.Said("To the results")
	textSections = language.Said("Sections")
	textLanguage = phrase{"Language", "语言"}
	textFindings = phrase{"Findings", "不符合项"}
	textWaivers  = phrase{"Waivers", "豁免"}
	textUnjudged = phrase{"Not judged", "未能判定"}
	textCoverage = phrase{"Coverage", "覆盖情况"}
	textClauses  = phrase{"Clauses", "条款"}
	textCases    = phrase{"Scenarios", "场景"}
	textLatency  = phrase{"Latency", "响应时间"}
	textThisRun  = phrase{"This run", "本次运行"}
	textPageName = phrase{"{0}: {1}, {2}", "{0}：{1}，{2}"}
)

// The first screen of the page.
var (
	textTarget      = phrase{"Target", "测试目标"}
	textBuiltIn     = phrase{"(built-in mock)", "（内置模拟服务）"}
	textWhen        = phrase{"When", "时间"}
	textDay         = phrase{"2 January 2006", "2006年1月2日"} // a layout for package time
	textEvidence    = phrase{"Evidence", "测试依据"}
	textExchanges   = phrase{"{0} exchange|{0} exchanges", "{0} 次请求"}
	textTook        = phrase{"in {0}", "用时 {0}"}
	textContract    = phrase{"Contract", "契约"}
	textAllProved   = phrase{"Every clause that can be tested from outside was proved.", "可从外部验证的条款均已验证。"}
	textSomeProved  = phrase{"{0} of the {1} clauses that can be tested from outside were proved.", "可从外部验证的条款共 {1} 项，已验证 {0} 项。"}
	textAllSelected = phrase{"Every scenario of the features was selected.", "已选中特性文件中的全部场景。"}
	textByOperation = phrase{"Each holds the recorded exchanges of one operation.", "每个场景包含一个接口的录制请求。"}
	textSelected    = phrase{"{0} of the {1} scenarios of the features were selected.", "特性文件共有 {1} 个场景，选中 {0} 个。"}
	textSomeWaived  = phrase{" {0} of those that failed is waived.| {0} of those that failed are waived.", "失败的场景中有 {0} 个已豁免。"}

	textMoreViolated = phrase{"{0} more violated clause|{0} more violated clauses", "另有 {0} 项条款不符合"}
	textMoreReasons  = phrase{"{0} more reason|{0} more reasons", "另有 {0} 个原因"}
	textReasonOf     = phrase{"{0} scenario: {1}|{0} scenarios: {1}", "{0} 个场景：{1}"}
	textWaivedOf     = phrase{"{0} of {1} scenarios that failed", "失败场景 {1} 个，其中 {0} 个已豁免"}
	textWaiversNot   = phrase{"{0} waiver does not hold, which fails the run|{0} waivers do not hold, which fails the run", "{0} 项豁免失效，本次运行因此不通过"}
	textUnrestored   = phrase{"Not restored: {0} instance|Not restored: {0} instances", "未恢复原状的实例：{0} 个"}
	textIsUnlike     = phrase{"{0} {2}", "{0}：{2}"}
	textIsToHave     = phrase{"{0} is to have type {1} again: {2}", "{0} 应恢复为规格 {1}：{2}"}
	textValueIsToBe  = phrase{"{0} is to have {3} {1} again: {2}", "{0} 的 {3} 应恢复为 {1}：{2}"}
	textFinish       = phrase{"Finish with {0}", "请用以下命令恢复：{0}"}
	textKindsLeft    = phrase{"Not restored: {0} of kind {1}", "未恢复原状的 {1}：{0} 个"}
	textLeft         = phrase{"NOT RESTORED: {4} {0} {2}", "未恢复原状：{4} {0}，{2}"}
	textNotRestored  = phrase{"NOT RESTORED: instance {0} is to have type {1} again: {2}", "未恢复原状：实例 {0} 应恢复为规格 {1}：{2}"}
	textKindLeft     = phrase{"NOT RESTORED: {4} {0} is to have {3} {1} again: {2}", "未恢复原状：{4} {0} 的 {3} 应恢复为 {1}：{2}"}
)

// What is wrong, and what was not judged.
var (
	textOfKinds      = phrase{"{1} of {0} kind|{1} of {0} kinds", "{1} 项，归为 {0} 类"}
	textNoFinding    = phrase{"No clause was found violated.", "未发现违反条款的情况。"}
	textMoreFindings = phrase{"{0} more, of other kinds, stand with their scenarios below.", "另有 {0} 项属于其他类别，见下文各场景。"}
	textShould       = phrase{"should", "应当"}
	textWaived       = phrase{"waived", "已豁免"}
	textFingerprint  = phrase{"fingerprint", "指纹"}
	textWaivedFor    = phrase{"Waived: {0}", "豁免理由：{0}"}
	textWhere        = phrase{"where", "位置"}
	textWant         = phrase{"want", "预期"}
	textGot          = phrase{"got", "实际"}
	textPlaces       = phrase{"{0} place|{0} places", "{0} 处"}
	textTheFirst     = phrase{"the first: {0}", "第一处：{0}"}
	textExchange     = phrase{"exchange {0}", "请求 {0}"}
	textExchangesTo  = phrase{"exchanges {0}–{1}", "请求 {0}–{1}"}
	textRequestID    = phrase{"request id", "请求 ID"}
	textAndMore      = language.Said("and {0} more")
	textMoreUnjudged = phrase{"{0} more, for other reasons, stand below.", "另有 {0} 个场景因其他原因未能判定，见下文。"}

	textWaiversOf    = phrase{"Waivers of this target", "该测试目标的豁免"}
	textState        = phrase{"State", "状态"}
	textWhat         = phrase{"What", "对象"}
	textWhy          = phrase{"Why", "理由"}
	textOwner        = phrase{"Owner", "负责人"}
	textUntil        = phrase{"Until", "有效期至"}
	textNow          = phrase{", now ", "，现为 "}
	textWaives       = phrase{", waives {0} finding|, waives {0} findings", "，豁免 {0} 项不符合项"}
	textWaiverRotten = phrase{"A waiver that waives nothing, has ended, or meets another cause fails the run: remove or renew it.",
		"豁免如果没有对应的不符合项、已经过期，或者遇到的是其他原因，本次运行即不通过：请删除或更新该豁免。"}
)

// The clauses and the documents that state them.
var (
	textCoverageOf    = phrase{"clauses proved, of those that can be tested", "可验证的条款中已验证的数量"}
	textCoverageTable = phrase{"Clauses proved, by operation and document", "各接口、各文档中已验证的条款数"}
	textOperation     = phrase{"Operation", "接口"}
	textAllOperations = phrase{"all operations", "所有接口"}
	textProvedOf      = language.Said("{0} of {1}")
	textViolatedN     = phrase{"{0} violated", "{0} 项不符合"}
	textKindN         = phrase{"{0} {1}", "{1} {0}"}
	textByDocument    = phrase{"by the document that states them", "按所依据的文档列出"}
	textClausesOf     = phrase{"Clauses of: {0}", "{0} 中的条款"}
	textStatus        = phrase{"Status", "状态"}
	textClause        = language.Said("Clause")
	textProof         = phrase{"Proof", "验证依据"}
	textNotTestable   = phrase{"Not testable: {0}.", "不可验证：{0}。"}
	textScenarios     = phrase{"{0} scenario|{0} scenarios", "{0} 个场景"}
	textSource        = phrase{"Source:", "依据："}
	textReadAt        = phrase{"read {0}", "查阅日期 {0}"}
	textInterval      = phrase{"{0} to {1}", "{0} 至 {1}"}
	textManual        = phrase{"Documentation", "条款说明"}

	textSourceM = phrase{"The action's API page", "该接口的文档"}
	textSourceS = phrase{"Signature method v2", "签名方法 v2"}
	textSourceR = phrase{"Request and response structure, data types", "请求结构、响应结构、数据类型"}
	textSourceE = phrase{"Common error codes", "公共错误码"}
	textSourceK = phrase{"The official SDKs", "官方 SDK"}
	textSourceC = phrase{"The official command line's API definitions", "官方命令行工具的接口定义"}
	textSourceD = phrase{"The API pages of the read actions", "查询类接口的文档"}
	textSourceA = phrase{"The API pages of StartInstances, StopInstances and RebootInstances", "StartInstances、StopInstances、RebootInstances 的接口文档"}
	textSourceO = phrase{"Older editions of the action's API page", "该接口文档的旧版"}

	textBriefM = phrase{"API page", "接口文档"}
	textBriefS = phrase{"Signature", "签名方法"}
	textBriefR = phrase{"Structure", "结构与类型"}
	textBriefE = phrase{"Errors", "公共错误码"}
	textBriefK = phrase{"SDKs", "SDK"}
	textBriefC = phrase{"Command line", "命令行工具"}
	textBriefD = phrase{"Reads", "查询接口"}
	textBriefA = phrase{"Power", "开关机接口"}
	textBriefO = phrase{"Superseded", "旧版文档"}
)

// The scenarios with their evidence.
var (
	textShow          = phrase{"Show ", "显示："}
	textAll           = language.Said("all")
	textOpen          = phrase{"not passed", "未通过"}
	textFind          = phrase{"Find", "查找"}
	textFindBy        = phrase{"word, id, clause, code", "词语、标识、条款、错误码"}
	textFoundOf       = phrase{"{0} of {1}", "{0}/{1}"}
	textUnfold        = phrase{"Unfold all", "全部展开"}
	textFold          = phrase{"Fold all", "全部折叠"}
	textCopy          = phrase{"Copy", "复制"}
	textCopied        = phrase{"Copied", "已复制"}
	textNoCopy        = phrase{"Not here", "无法复制"}
	textFaultOf       = phrase{"A fault of the {0}.", "责任方：{0}。"}
	textSharedChanges = phrase{"Judged by the changes that {0} made: its exchanges are the evidence.", "依据场景 {0} 所作的变更进行判定，测试依据见该场景的请求。"}
	textSharedSteps   = phrase{"Not played again: {0} has all of its steps.", "未重复执行：场景 {0} 已包含其全部步骤。"}
	textSharedState   = phrase{"How the instances were before is what {0} read last.", "实例变更前的状态取自场景 {0} 的最后一次读取。"}
	textBears         = phrase{"Bears", "涉及条款："}
	textRepeatWith    = phrase{"Repeat with", "重新执行："}
	textChose         = phrase{"Where the documents leave a choice, the endpoint chose:", "文档未作唯一规定之处，被测端点的做法是："}
	textFromTo        = phrase{"from {0} to {1}", "由 {0} 变为 {1}"}
	textTimeline      = phrase{"Timeline", "时间线"}
	textReadings      = phrase{"{0} reading|{0} readings", "{0} 次读取"}
	textReadingsOf    = phrase{"Readings of the status", "状态读取记录"}
	textAsked         = phrase{"asked", "请求时刻"}
	textSeen          = phrase{"seen", "返回时刻"}
	textStatusSeen    = phrase{"status", "状态"}
	textCalledAt      = phrase{"{0}: called at {1}, answered at {2}.", "{0}：{1} 发出请求，{2} 收到响应。"}
	textStatusFor     = phrase{" {0} seen from {1} to {2}.", "{1} 至 {2} 状态为 {0}。"}
	textCall          = phrase{"call {0}", "请求 {0}"}
	textAnswer        = phrase{"answer {0}", "响应 {0}"}

	textHistory     = phrase{"Evidence", "请求记录"}
	textAttempt     = phrase{"attempt {0}", "第 {0} 次尝试"}
	textSaysNothing = phrase{"Says nothing about conformance:", "不能说明是否符合契约："}
	textSent        = phrase{"sent", "发送于"}
	textFirstByte   = phrase{"first byte after", "首字节用时"}
	textEnded       = phrase{"ended after", "总用时"}
	textRequest     = phrase{"Request", "请求"}
	textResponse    = phrase{"Response", "响应"}
	textNoAnswer    = phrase{"no answer", "无响应"}
	textNoneWhole   = phrase{"None arrived whole.", "未收到完整的响应。"}
	textSendAgain   = phrase{"Send it again:", "重新发送："}
)

// Latency, and how the run was made.
var (
	textLatencyOf   = phrase{"from sending to the last byte of the answer", "从发送请求到收到响应的最后一个字节"}
	textNoLatency   = phrase{"No answer arrived.", "没有收到响应。"}
	textLatencyBy   = phrase{"How long answers took, by operation", "各接口的响应时间"}
	textAnswers     = phrase{"Answers", "响应数"}
	textMedian      = language.Said("Median")
	textP95         = language.Said("95 %")
	textLongest     = phrase{"Longest", "最长"}
	textSpread      = phrase{"How many took how long", "响应时间分布"}
	textHalfWithin  = phrase{"{0}: half of {1} answers within {2}, 95 % within {3}", "{0}：共 {1} 个响应，50% 在 {2} 以内，95% 在 {3} 以内"}
	textHarness     = phrase{"Harness", "测试工具"}
	textCommit      = phrase{"commit", "提交"}
	textSelection   = phrase{"Selection", "所选场景"}
	textOfScenarios = phrase{"{0} of {1} scenarios", "{1} 个场景中的 {0} 个"}
	textTags        = phrase{"tags", "标签"}
	textOrder       = phrase{"Order", "执行顺序"}
	textSeed        = phrase{"seed {0}, {1} at once", "随机种子 {0}，并发 {1}"}
	textContractSum = phrase{"Contract, SHA-256", "契约的 SHA-256"}
	textFeaturesSum = phrase{"Features, SHA-256", "特性文件的 SHA-256"}
	textRepeatIt    = phrase{"Repeat it", "重新运行"}
	textRunAgain    = phrase{"Run it again", "再次运行"}
	textRejudge     = phrase{"Judge these exchanges again, offline", "离线重新判定这些请求"}
	textDiff        = phrase{"Compare it with another run", "与另一次运行比较"}
	textSecrets     = phrase{"Secrets were removed before anything was recorded. All times are UTC; the same run for programs is report.json.",
		"密钥等敏感信息在记录之前均已移除。时间均为 UTC；供程序读取的同一份结果见 report.json。"}
)

// The job summary.
var (
	mdTitle         = phrase{"{0}: {1}", "{0}：{1}"}
	mdWhen          = phrase{"{0}, {1}, took {2}.", "{0}，{1}，用时 {2}。"}
	mdTotal         = phrase{"total", "总数"}
	mdScenarios     = phrase{"scenarios", "场景"}
	mdClauses       = phrase{"clauses", "条款"}
	mdClause        = phrase{"clause", "条款"}
	mdOutcome       = phrase{"outcome", "结果"}
	mdReason        = phrase{"why", "原因"}
	mdViolated      = phrase{"Violated clauses", "不符合的条款"}
	mdUnproved      = phrase{"Clauses without proof", "未验证的条款"}
	mdSkipped       = phrase{"Skipped", "跳过的场景"}
	mdRepeat        = phrase{"Repeat", "重新执行"}
	mdHeading       = phrase{"{0} ({1})", "{0}（{1}）"}
	mdQualified     = phrase{"{0} ({1})", "{0}（{1}）"}
	mdMoreScenarios = phrase{"and {0} more", "等，另有 {0} 个"}
	mdLeftOut       = phrase{"{0} more are left out here to keep this page small: report.json and report.html have them all.", "为控制篇幅，此处省略 {0} 项，完整内容见 report.json 和 report.html。"}
	mdMadeBy        = phrase{"{0} {1}, contract {2} {3} ({4}), features {5}, {6} of {7} scenarios selected, seed {8}.",
		"{0} {1}，契约 {2} {3}（{4}），特性文件 {5}，选中 {7} 个场景中的 {6} 个，随机种子 {8}。"}
	mdComma    = phrase{", ", "，"}
	mdBrackets = phrase{" ({0})", "（{0}）"}
)

// The end of a run on a terminal.
var (
	ttyMoreFindings = phrase{"and {0} finding more (--verbose lists them)|and {0} findings more (--verbose lists them)", "另有 {0} 项不符合项（用 --verbose 全部列出）"}
	ttyMoreCases    = phrase{"and {0} scenario more: {1}|and {0} scenarios more: {1}", "另有 {0} 个场景：{1}"}
	ttyRequestID    = phrase{"request id {0}, fingerprint {1}", "请求 ID {0}，指纹 {1}"}
	ttyNone         = phrase{"none", "无"}
	ttyAgain        = phrase{"{0}   again: {1}", "{0}   重新执行：{1}"}
	ttyMoreReasons  = phrase{"{0} scenario more, for other reasons (--verbose lists them)|{0} scenarios more, for other reasons (--verbose lists them)", "另有 {0} 个场景，原因不同（用 --verbose 全部列出）"}
	ttyBecause      = phrase{"{0}: {1}", "{0}：{1}"}
	ttyAt           = phrase{"{0}  {1} at {2}", "{0}  {1}（{2}）"}
	ttyNowhere      = phrase{"{0}  {1}", "{0}  {1}"}
	ttyNothingSaid  = phrase{"no entry could be judged, so nothing is said of the endpoint", "没有可判定的记录，因此不能说明端点是否符合契约"}
	ttyInAll        = phrase{"{0} in all", "共 {0}"}
	ttyComma        = phrase{", ", "，"}
	ttySelected     = phrase{"selected", "选中"}
	ttySelectedSays = phrase{"{0} of {1} scenarios; {2} of {3} testable clauses are not proved: this does not make the endpoint conformant", "{1} 个场景中的 {0} 个；可验证的 {3} 项条款中有 {2} 项未验证：不能据此认定该端点符合契约"}
	ttyResumed      = phrase{"resumed", "续跑"}
	ttyResumedSays  = phrase{"{0} scenario was taken over, as it ended in the run that was interrupted|{0} scenarios were taken over, as they ended in the run that was interrupted", "沿用中断的那次运行中已结束的 {0} 个场景"}
	ttyEnded        = phrase{"ended", "提前结束"}
	ttyEndedSays    = phrase{"{0}, as it was told to: other scenarios were not started", "按要求提前结束（{0}）：其余场景未启动"}
	ttyScenarios    = phrase{"scenarios", "场景"}
	ttyClauses      = phrase{"clauses", "条款"}
	ttyExchanges    = phrase{"exchanges", "请求"}
	ttyExchangesIn  = phrase{"{0} in {1}", "{0} 次，用时 {1}"}
	ttyReports      = phrase{"reports", "报告"}
	ttyEntries      = phrase{"entries", "记录"}
	ttyJudged       = phrase{"judged", "已判定"}
	ttyOthers       = phrase{"of other paths, actions or versions", "属于其他路径、接口或版本"}
	ttyTwice        = phrase{"recorded twice", "重复记录"}
	ttySayNothing   = phrase{"{0} say nothing: {1}", "{0} 条不能作为依据：{1}"}
	ttyUnreadable   = phrase{"unreadable", "无法读取"}
	ttyNotShown     = phrase{"not shown", "未体现"}
	ttyKept         = phrase{"judged by the traffic and kept", "经流量判定为符合"}
	ttyNotAsked     = phrase{"not asked", "未涉及"}
	ttyRead         = phrase{"read", "查看"}
	ttyFix          = phrase{"fix", "处理"}
	ttyRepeat       = phrase{"repeat", "重现"}
	ttyOpen         = phrase{"open", "打开"}
	ttyNoWord       = phrase{"no word about the endpoint: docs/faults.md says what it means", "不能说明该端点是否符合契约：含义见 docs/faults.md"}
	ttyLacks        = phrase{"what the target lacks stands above, behind skipped; conformance plan says what to configure", "测试目标缺少的条件见上文“跳过”各行；conformance plan 会列出应作的配置"}
	ttyFinding      = phrase{"{0} ({1}): {2}: want {3}, got {4}", "{0}（{1}）：{2}：预期 {3}，实际 {4}"}
	ttyNotRestored  = phrase{"NOT RESTORED", "未恢复原状"}
	ttyLeft         = phrase{"{4} {0} {2}", "{4} {0}，{2}"}
	ttyIsToHave     = phrase{"instance {0} is to have type {1} again: {2}", "实例 {0} 应恢复为规格 {1}：{2}"}
	ttyKindIsToHave = phrase{"{4} {0} is to have {3} {1} again: {2}", "{4} {0} 的 {3} 应恢复为 {1}：{2}"}
	ttyFinish       = phrase{"finish with: {0}", "用以下命令恢复：{0}"}
	ttyReadClause   = phrase{"{0}: {1}", "{0}：{1}"}
)

// wordOf returns the display name of an outcome or clause status. Unknown words are shown
// unchanged.
func wordOf(kind string) phrase {
	switch kind {
	case string(verdict.Passed):
		return phrase{"passed", "通过"}
	case string(verdict.Failed):
		return phrase{"failed", "失败"}
	case string(verdict.Inconclusive):
		return phrase{"inconclusive", "无法判定"}
	case string(verdict.Skipped):
		return phrase{"skipped", "跳过"}
	case string(verdict.Broken):
		return phrase{"broken", "出错"}
	case string(verdict.NotReached):
		return phrase{"not reached", "未执行"}
	case string(verdict.Proved):
		return phrase{"proved", "已验证"}
	case verdict.Violated.String():
		return phrase{"violated", "不符合"}
	case string(verdict.Unproved):
		return phrase{"unproved", "未验证"}
	case string(verdict.Untestable):
		return phrase{"untestable", "不可验证"}
	case string(verdict.WaiverApplied):
		return phrase{"applied", "生效"}
	case string(verdict.WaiverUnmatched):
		return phrase{"unmatched", "无对应项"}
	case string(verdict.WaiverExpired):
		return phrase{"expired", "已过期"}
	case string(verdict.WaiverChanged):
		return phrase{"changed", "原因已变"}
	case string(verdict.WaiverNotMet):
		return phrase{"not met", "本次未出现"}
	case string(waivedLabel):
		return textWaived
	case string(shouldLabel):
		return textShould
	case string(verdict.FaultSuite):
		return phrase{"suite", "测试套件"}
	case string(verdict.FaultHarness):
		return phrase{"harness", "测试工具"}
	}
	return phrase{kind, kind}
}

// titleOf returns a verdict as a heading.
func titleOf(v verdict.Verdict) phrase {
	switch v {
	case verdict.Conformant:
		return phrase{"Conformant", "符合"}
	case verdict.SelectedPassed:
		return phrase{"Selected passed", "所选场景通过"}
	case verdict.NothingWrong:
		return phrase{"Nothing wrong seen", "未发现问题"}
	case verdict.NonConformant:
		return phrase{"Not conformant", "不符合"}
	case verdict.Partial:
		return phrase{"Partly proved", "部分验证"}
	case verdict.InconclusiveVerdict:
		return phrase{"Inconclusive", "无法判定"}
	case verdict.BrokenVerdict:
		return phrase{"Broken run", "运行出错"}
	}
	return phrase{string(v), string(v)}
}

// meaningOf explains a verdict in one sentence.
func meaningOf(v verdict.Verdict) phrase {
	switch v {
	case verdict.Conformant:
		return phrase{"Every scenario passed: the endpoint kept each clause that was put to it.", "全部场景均已通过：被测端点遵守了所验证的每一项条款。"}
	case verdict.SelectedPassed:
		return phrase{"Every selected scenario passed. That does not make the endpoint conformant: the rest of the contract was not put to it.",
			"所选场景均已通过，但不能据此认定被测端点符合契约：契约的其余部分未经验证。"}
	case verdict.NothingWrong:
		return phrase{"No recorded answer breaks the contract. That does not make the endpoint conformant: it was not asked what the traffic did not ask.",
			"所记录的响应均未违反契约，但不能据此认定被测端点符合契约：流量未涉及的内容未经验证。"}
	case verdict.NonConformant:
		return phrase{"The endpoint violated at least one clause of the contract.", "被测端点至少违反了契约中的一项条款。"}
	case verdict.Partial:
		return phrase{"No clause was found violated, but scenarios were skipped: some clauses were not put to the endpoint.",
			"未发现违反条款的情况，但有场景被跳过：部分条款未对被测端点进行验证。"}
	case verdict.InconclusiveVerdict:
		return phrase{"The endpoint could not be judged in full: some exchanges say nothing about conformance.",
			"未能对被测端点作出完整的判定：部分请求的结果不能说明其是否符合契约。"}
	case verdict.BrokenVerdict:
		return phrase{"The harness or its suite failed, so the run says nothing reliable about the endpoint.",
			"测试工具或测试套件自身出错，本次运行的结果不能作为判定被测端点的依据。"}
	}
	return phrase{"", ""}
}
