package defects

import (
	"bytes"
	"net/http"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/zec-tools/conformance/internal/mock"
	"github.com/zec-tools/conformance/internal/sign"
)

// The functions below select the calls that may show a variant. A call too many costs only time.

// anyOf selects the calls that one of some functions selects.
func anyOf(selects ...func(c *mock.Call) bool) func(c *mock.Call) bool {
	return func(c *mock.Call) bool {
		return slices.ContainsFunc(selects, func(s func(c *mock.Call) bool) bool { return s(c) })
	}
}

// containing selects calls by the text of their body. Neither null nor an empty string can be
// written in another way.
func containing(text string) func(c *mock.Call) bool {
	return func(c *mock.Call) bool { return bytes.Contains(c.Body, []byte(text)) }
}

// having selects calls by the parameters in their body.
func having(names ...string) func(c *mock.Call) bool {
	return func(c *mock.Call) bool {
		found := false
		gjson.ParseBytes(c.Body).ForEach(func(name, _ gjson.Result) bool {
			found = slices.Contains(names, name.Str)
			return !found
		})
		return found
	}
}

// filtering selects reads with another filter than ids.
func filtering() func(c *mock.Call) bool {
	return having("resourceGroupId", "zoneId", "imageId", "status", "name", "ipv4Address", "ipv6Address")
}

// paging selects reads with a page size or a page number.
func paging() func(c *mock.Call) bool { return having("pageSize", "pageNum") }

// namingNone selects calls with an empty list of ids.
func namingNone(c *mock.Call) bool {
	ids := gjson.GetBytes(c.Body, "instanceIds")
	return ids.IsArray() && len(ids.Array()) == 0
}

// namingMany selects calls with more ids than a page has rows.
func namingMany(c *mock.Call) bool { return named(c) > 20 }

// listingAll selects reads that name no ids.
func listingAll(c *mock.Call) bool { return reading(c) && named(c) == 0 }

// listingSeveral selects reads other than those that name one id.
func listingSeveral(c *mock.Call) bool { return reading(c) && named(c) != 1 }

func reading(c *mock.Call) bool {
	return slices.Contains([]string{mock.DescribeStatus, mock.DescribeInstances}, c.Action())
}

// named returns how many ids a call names in a list.
func named(c *mock.Call) int { return len(gjson.GetBytes(c.Body, "instanceIds").Array()) }

// bodiless selects calls without a body.
func bodiless(c *mock.Call) bool { return len(bytes.TrimSpace(c.Body)) == 0 }

// oddContent selects calls whose body is anything but a JSON object.
func oddContent(c *mock.Call) bool {
	return c.Request.Header.Get("Content-Type") != "application/json" || !gjson.ValidBytes(c.Body) || !gjson.ParseBytes(c.Body).IsObject()
}

// otherKey selects signed calls under another key than the mock's own.
func otherKey(c *mock.Call) bool {
	return strings.HasPrefix(authorization(c), sign.Method) && !strings.Contains(authorization(c), "Credential="+mock.DefaultCredentials().KeyID+",")
}

// outOfTime selects calls whose timestamp is no time near the mock's own.
func outOfTime(c *mock.Call) bool {
	const near = mock.ToleranceSeconds / 2
	return !within(c, -near, near)
}

// oddSeconds selects calls with a timestamp that is no whole number of seconds.
func oddSeconds(c *mock.Call) bool {
	timestamp := c.Request.Header.Get("X-ZC-Timestamp")
	_, whole := mock.WholeSeconds(timestamp)
	return timestamp != "" && !whole
}

// notPosted selects calls by another method than POST.
func notPosted(c *mock.Call) bool { return c.Request.Method != http.MethodPost }

// ofNoAction selects calls of actions that do not exist.
func ofNoAction(c *mock.Call) bool {
	_, exists := mock.Actions()[c.Action()]
	return !exists
}

// withUnknownMembers selects calls with members that the action does not have.
func withUnknownMembers(c *mock.Call) bool {
	return unknownMember(mock.Actions()[c.Action()], c)
}
