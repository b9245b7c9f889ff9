package mocktest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/mock"
)

func (w *walk) reads() {
	a, b := w.mock.Seed(mock.Instance{Name: "é"}), w.mock.Seed(mock.Instance{Status: mock.Running})
	w.look("one", a)
	w.look("two", a, b)
	w.look("the same twice", a, a)
	for _, status := range mock.Statuses() {
		w.look("of "+status, w.mock.Seed(mock.Instance{Status: status}))
	}
	w.both("unknown id", `{"instanceIds":["ins-none"]}`)
	w.both("unknown and known id", `{"instanceIds":["ins-none",`+Quoted(a.ID)[1:]+`}`)
	w.both("resource group", `{"resourceGroupId":"rg-none"}`)
	w.instances("by name", `{"name":"é"}`)
	w.instances("by status", `{"status":"RUNNING"}`)
	w.instances("by zone", `{"zoneId":"SIN-A"}`)
	w.instances("by the beginning of a zone", `{"zoneId":"HKG-"}`)
	w.instances("by status and unknown name", `{"status":"STOPPED","name":"none"}`)
	gpu := w.mock.Seed(mock.Instance{GPU: true})
	w.look("gpu instance", gpu)
	for name, value := range pairs("imageId", a.ImageID, "ipv4Address", a.IPv4Address, "ipv6Address", a.IPv6Address, "resourceGroupId", a.ResourceGroupID,
		"zoneId", a.ZoneID, "part of name", "name", "later part of name", "name", "no zone", "zoneId") {
		switch name {
		case "part of name":
			w.instances("by part of a name", `{"name":"instance-1"}`)

		case "later part of name":
			w.instances("by a later part of a name", `{"name":"stance-1"}`)
		case "no zone":
			w.instances("by unknown zone", `{"zoneId":"no-such-zone"}`)
		default:
			w.instances("by its "+name, `{"`+name+`":"`+value+`"}`)
			w.instances("by unknown "+name, `{"`+name+`":"none"}`)
		}
	}
	for _, status := range mock.Statuses() {
		w.instances("by status "+status, `{"status":"`+status+`"}`)
	}
	w.both("101 unknown ids", `{"instanceIds":`+Quoted(slices.Repeat([]string{"ins-none"}, 101)...)+`}`)
	w.instances("by long name", `{"name":"`+strings.Repeat("x", 300)+`"}`)
	w.instances("by a wildcard", `{"name":"%"}`)
	w.instances("by name with a backslash", `{"name":"a\\b"}`)
	w.instances("by name with an apostrophe", `{"name":"a'b"}`)
	w.instances("by name with NUL", `{"name":"a\u0000b"}`)
}

func (w *walk) pages() {
	ids := make([]string, 45)
	for i := range ids {
		ids[i] = w.mock.Seed(mock.Instance{ResourceGroupID: "rg-paged"}).ID
	}
	named := `"instanceIds":` + Quoted(ids[:30]...)
	w.both("default page", `{}`)
	w.both("default page of named", `{`+named+`}`)
	w.both("default page of group", `{"resourceGroupId":"rg-paged"}`)
	for page := 1; page <= 4; page++ {
		w.both(fmt.Sprint("page ", page, " of named"), fmt.Sprintf(`{%s,"pageSize":10,"pageNum":%d}`, named, page))
		w.both(fmt.Sprint("page ", page, " of group"), fmt.Sprintf(`{"resourceGroupId":"rg-paged","pageSize":20,"pageNum":%d}`, page))
	}
	w.both("one row", `{`+named+`,"pageSize":1}`)
	w.both("greatest page", `{`+named+`,"pageSize":1000}`)
	many := make([]string, 101)
	for i := range many {
		many[i] = w.mock.Seed(mock.Instance{ResourceGroupID: "rg-many"}).ID
	}
	w.both("100 ids", `{"pageSize":1000,"instanceIds":`+Quoted(many[:100]...)+`}`)
	w.both("51 ids", `{"pageSize":1000,"instanceIds":`+Quoted(many[:51]...)+`}`)
	w.both("101 ids", `{"pageSize":1000,"instanceIds":`+Quoted(many...)+`}`)
	w.both("page above 1000", `{"pageSize":1001}`)
}

func (w *walk) parametersOfReads() {
	a := w.mock.Seed(mock.Instance{})
	w.both("empty body", ``)
	w.both("empty object", `{}`)
	for name, value := range pairs(
		"null ids", `"instanceIds":null`, "empty ids", `"instanceIds":[]`, "an empty id", `"instanceIds":[""]`, "ids as text", `"instanceIds":"`+a.ID+`"`,
		"ids as numbers", `"instanceIds":[1,2]`, "ids as object", `"instanceIds":{}`,
		"null page size", `"pageSize":null`, "page size as text", `"pageSize":"10"`, "page size with fraction", `"pageSize":1.5`,
		"null page number", `"pageNum":null`, "page number as text", `"pageNum":"1"`, "page number as array", `"pageNum":[1]`,
		"null group", `"resourceGroupId":null`, "empty group", `"resourceGroupId":""`, "group as number", `"resourceGroupId":7`,
		"unknown member", `"further":true`, "nul in id", `"instanceIds":["\u0000"]`,
	) {
		w.both(name, `{`+value+`}`)
	}
	for _, filter := range []string{"zoneId", "imageId", "status", "name", "ipv4Address", "ipv6Address"} {
		w.instances("null "+filter, `{"`+filter+`":null}`)
		w.instances("empty "+filter, `{"`+filter+`":""}`)
		w.instances("empty "+filter+" of one", `{"instanceIds":`+Quoted(a.ID)+`,"`+filter+`":""}`)
		w.instances(filter+" as number", `{"`+filter+`":7}`)
		w.instances("unknown "+filter+" beside an id", `{"instanceIds":`+Quoted(a.ID)+`,"`+filter+`":"no-such-value"}`)
	}
	w.both("unknown group beside an id", `{"instanceIds":`+Quoted(a.ID)+`,"resourceGroupId":"no-such-value"}`)
	w.instances("more than an image beside an id", `{"instanceIds":`+Quoted(a.ID)+`,"imageId":"`+a.ImageID+`-and-more"}`)
	w.both("a running GPU instance", `{"instanceIds":`+Quoted(w.mock.Seed(mock.Instance{Status: mock.Running, GPU: true}).ID)+`}`)
	w.instances("zone beside an id", `{"instanceIds":`+Quoted(a.ID)+`,"zoneId":`+strings.Trim(Quoted(a.ZoneID), "[]")+`}`)
}

// pairs yields its arguments two by two.
func pairs(list ...string) func(yield func(a, b string) bool) {
	return func(yield func(a, b string) bool) {
		for i := 0; i < len(list); i += 2 {
			if !yield(list[i], list[i+1]) {
				return
			}
		}
	}
}

// nearlyAnother asks for things that lie beside those of the other scenes: a name or an id that is a little
// longer or shorter, the type that an instance has, a page that is exactly full.
func (w *walk) nearlyAnother() {
	stopped, running := w.mock.Seed(mock.Instance{}), w.mock.Seed(mock.Instance{Status: mock.Running})
	gpu := w.mock.Seed(mock.Instance{GPU: true})
	body := func(id, to string) string { return `{"instanceId":"` + id + `","instanceType":"` + to + `"}` }
	w.ask("action cut off", Message{Action: mock.DescribeStatus[:len(mock.DescribeStatus)-2], Body: `{"instanceIds":` + Quoted(stopped.ID) + `}`})
	w.ask("resize of a longer id", Message{Action: mock.ModifyType, Body: body(stopped.ID+"0000", "z2a.cpu.2")})
	w.ask("resize of a running one to its own type", Message{Action: mock.ModifyType, Body: body(running.ID, running.Type)})
	w.ask("resize of a GPU instance to its own type", Message{Action: mock.ModifyType, Body: body(gpu.ID, gpu.Type)})
	w.ask("resize with a charset", Message{Action: mock.ModifyType, Media: "application/json; charset=utf-8", Body: body("ins-none", "z2a.cpu.2")})
	named := `"instanceIds":` + Quoted(stopped.ID, running.ID, gpu.ID)
	w.both("a page that is full", `{`+named+`,"pageSize":3}`)
	w.both("second page of one", `{`+named+`,"pageSize":1,"pageNum":2}`)
	w.both("second page without a size", `{`+named+`,"pageNum":2}`)
	w.both("a longer id", `{"instanceIds":`+Quoted(stopped.ID+"0000")+`}`)
	w.instances("a text that is longer than a name", `{"name":"`+stopped.Name+`-and-more"}`)
	w.ask("resize before a start", Message{Action: mock.ModifyType, Body: body(stopped.ID, "z2a.cpu.4")})
	w.clock.Advance(3 * w.mock.Takes)
	w.power("start after a resize", mock.StartName, stopped.ID)
	w.clock.Advance(3 * w.mock.Takes)
	w.look("started after a resize", stopped)
	w.resize("resize once it is started", stopped.ID, "z2a.cpu.8")
	w.power("stop after a start", mock.StopName, stopped.ID)
	w.clock.Advance(3 * w.mock.Takes)
	w.look("stopped after a start", stopped)
}
