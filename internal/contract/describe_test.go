package contract_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/zec-tools/conformance/internal/contract"
	"github.com/zec-tools/conformance/internal/wire"
	"github.com/zec-tools/conformance/spec"
)

// told returns what readers are told of the resize where texts of openapi.yaml are replaced.
func told(t *testing.T, old, replacement string, more ...string) contract.Description {
	t.Helper()
	c, err := contract.Load(documents(t, "openapi.yaml", old, replacement, more...))
	require.NoError(t, err)
	resize, _ := c.Operation("ModifyInstanceType")
	d, known := c.Describe(resize)
	require.True(t, known)
	return d
}

func TestWhatReadersAreToldOfAnOperation(t *testing.T) {
	d := told(t, "", "")
	assert.Contains(t, d.About.En, "Change the type of a stopped instance. Asynchronous: the answer comes at once, before the work is done. The change has", "the summary, then the lines joined by spaces")
	assert.Contains(t, d.About.Zh, "本接口(ModifyInstanceType)用于将", "as it stands")
	assert.Contains(t, d.About.Zh, "变更规格请求发送成功后会立即返回，此时操作并未完成。", "two lines of Chinese, without a space between them")
	assert.Contains(t, d.About.Zh, "由 RESIZING 变为 STOPPED，", "a Latin word after a line of Chinese")

	require.Len(t, d.Headers, 4)
	assert.Equal(t, contract.Header{Name: "X-ZC-Action", Required: true, About: contract.Text{En: "The action.", Zh: "所调用的接口名称。"}, Example: "ModifyInstanceType"}, d.Headers[0])
	assert.Equal(t, "X-ZC-Version", d.Headers[1].Name, "by its reference")
	assert.False(t, d.Headers[2].Required)

	assert.Equal(t, []contract.Example{{Name: "resize", JSON: "{\n  \"instanceId\": \"instanceId\",\n  \"instanceType\": \"z2a.cpu.4\"\n}"}}, d.Examples)
	require.NotEmpty(t, d.Responses)
	assert.Equal(t, 200, d.Responses[0].Status)
	assert.Equal(t, "/paths/~1api~1v2~1zec#ModifyInstanceType/post/responses/200", d.Responses[0].Pointer)
	assert.Equal(t, "变更规格请求发送成功，此时操作并未完成。", d.Responses[0].About.Zh)
	assert.Equal(t, 400, d.Responses[1].Status)
	require.NotEmpty(t, d.Responses[1].Examples)
	assert.NotEmpty(t, d.Responses[1].Examples[0].Code)
}

func TestASummaryIsNotToldTwice(t *testing.T) {
	d := told(t, "summary: Change the type of a stopped instance.", `summary: "Asynchronous: the answer comes at once"`)
	assert.Regexp(t, "^Asynchronous: the answer comes at once, before", d.About.En)
}

func TestTheLinesOfATextAreJoined(t *testing.T) {
	const text = "description: The request or the instance does not allow it."
	for name, row := range map[string]struct{ lines, want string }{
		"English":                    {"one\n            two", "one two"},
		"Chinese":                    {"实例\n            状态", "实例状态"},
		"Chinese after its stop":     {"实例。\n            STOPPED", "实例。STOPPED"},
		"a stop of Chinese":          {"实例\n            。", "实例。"},
		"a Latin word after Chinese": {"实例\n            STOPPED", "实例 STOPPED"},
		"Chinese after a Latin word": {"STOPPED\n            实例", "STOPPED 实例"},
		"an English stop":            {"one.\n            two", "one. two"},
		"an empty line":              {"one\n\n            two", "one two"},
		"a mark of Latin-1":          {"one»\n            two", "one» two"},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, row.want, told(t, text, "description: |-\n            "+row.lines).Responses[1].About.En)
		})
	}
}

// exampleOfResize is the example of a request to resize.
const exampleOfResize = "            examples:\n              resize:\n                summary: Change an instance to z2a.cpu.4.\n" +
	"                value: {instanceId: instanceId, instanceType: z2a.cpu.4}\n"

func TestAnExampleIsShownAsJSONInTheOrderOfTheDocument(t *testing.T) {
	with := func(more string) string {
		return told(t, asked, asked+"                more: {type: object, description: More.}\n",
			"value: {instanceId: instanceId,", "value: {more: {"+more+"}, instanceId: instanceId,").Examples[0].JSON
	}
	shown := with(`z: "1", a: [1, null, true, "x"], m: {}, n: 1.5, e: []`)
	assert.JSONEq(t, `{"more":{"z":"1","a":[1,null,true,"x"],"m":{},"n":1.5,"e":[]},"instanceId":"instanceId","instanceType":"z2a.cpu.4"}`, shown)
	assert.Regexp(t, `(?s)"z".*"a".*"m".*"n".*"e".*"instanceId"`, shown)
	assert.Contains(t, with("a: .inf, b: 2026-11-28"), "\"a\": \".inf\",\n    \"b\": \"2026-11-28T00:00:00Z\"\n", "what JSON has no value for is shown as it is written")
	assert.Empty(t, told(t, exampleOfResize, "").Examples)
}

func TestNothingIsToldOfWhatTheContractDoesNotHave(t *testing.T) {
	c, err := contract.Load(spec.Files)
	require.NoError(t, err)
	unknown := wire.Operation{Path: "/api/v2/zec", Action: "NoSuchAction"}
	_, known := c.Describe(unknown)
	assert.False(t, known)
	_, known = c.Response(unknown, 200)
	assert.False(t, known)
	resize, _ := c.Operation("ModifyInstanceType")
	_, known = c.Response(resize, 418)
	assert.False(t, known)
	answer, known := c.Response(resize, 200)
	assert.True(t, known)
	assert.Equal(t, "object", answer.Type)
	assert.NotEmpty(t, c.Judged(resize, 200))
	assert.NotEqual(t, c.Judged(resize, 200), c.Judged(resize, 418), "an undocumented status is judged by less")
	assert.Equal(t, contract.Text{}, c.Untestable("R-SUCCESS-ENVELOPE"), "it can be seen from outside")
	assert.Equal(t, contract.Text{}, c.Untestable("no-such-clause"))
}
