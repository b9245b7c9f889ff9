package target

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/zec-tools/conformance/internal/schedule"
	"github.com/zec-tools/conformance/steps"
)

// powered are the actions of instances that are started, stopped and resized.
func powered() ways {
	return ways{
		way("Resize", "STOPPED", "RESIZING", "STOPPED", "kind"),
		way("Start", "STOPPED", "BOOTING", "RUNNING", ""), way("Stop", "RUNNING", "STOPPING", "STOPPED", ""),
	}
}

// lists is an inventory of instances, whose ids begin with the letter of the status in which they are listed.
func lists(ids ...string) Inventory {
	c := Config{reach: powered(), Allow: []string{"Resize", "Start", "Stop"}}
	for _, id := range ids {
		c.Instances = append(c.Instances, Listed{ID: id, Status: map[byte]string{'r': "RUNNING", 's': "STOPPED", 'i': "IMAGING"}[id[0]]})
	}
	return Inventory{config: c}
}

func TestAScenarioGetsTheInstancesThatTakeTheFewestChanges(t *testing.T) {
	stopped, running := standing{status: "STOPPED"}, standing{status: "RUNNING"}
	altered := standing{status: "STOPPED", altered: true}
	values := need("STOPPED")
	values.Resizable = 2
	for name, c := range map[string]struct {
		at     Inventory
		now    map[string]standing
		needs  steps.Needs
		taken  map[string]bool
		ids    []string
		routes []route
	}{
		"as listed":                             {lists("r1", "s1"), nil, need("STOPPED"), nil, []string{"s1"}, []route{isThere}},
		"none is there":                         {lists("r1", "r2"), nil, need("STOPPED"), nil, []string{"r1"}, []route{isBrought}},
		"one was brought there before":          {lists("r1", "r2"), map[string]standing{"r2": stopped}, need("STOPPED"), nil, []string{"r2"}, []route{isThere}},
		"another one is as listed":              {lists("r1", "r2"), map[string]standing{"r1": stopped}, need("RUNNING"), nil, []string{"r2"}, []route{isThere}},
		"one comes home":                        {lists("r1", "s1"), map[string]standing{"r1": stopped}, need("RUNNING"), nil, []string{"r1"}, []route{isHome}},
		"one was brought, another is brought":   {lists("r1", "r2", "r3"), map[string]standing{"r2": stopped}, need("STOPPED", "STOPPED", "RUNNING"), nil, []string{"r2", "r3", "r1"}, []route{isThere, isBrought, isThere}},
		"both come to where the other is":       {lists("r1", "s1"), map[string]standing{"r1": stopped, "s1": running}, need("STOPPED", "RUNNING"), nil, []string{"r1", "s1"}, []route{isThere, isThere}},
		"a value is changed where it was":       {lists("s1", "s2"), map[string]standing{"s2": altered}, values, nil, []string{"s2"}, []route{isThere}},
		"else one with its own value":           {lists("s1", "s2"), map[string]standing{"s1": altered}, need("STOPPED"), nil, []string{"s2"}, []route{isThere}},
		"what is moved rather than what is not": {lists("s1", "r1"), map[string]standing{"r1": stopped}, need("STOPPED"), nil, []string{"r1"}, []route{isThere}},
		"others are lent":                       {lists("r1", "r2"), map[string]standing{"r1": stopped}, need("STOPPED"), map[string]bool{"r1": true}, []string{"r2"}, []route{isBrought}},
		"all are lent":                          {lists("r1"), nil, need("STOPPED"), map[string]bool{"r1": true}, nil, nil},
		"no action leads there":                 {lists("r1"), nil, need("IMAGING"), nil, nil, nil},
		"no action leads from there":            {lists("i1"), nil, need("STOPPED"), nil, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			stands := func(in Listed) candidate {
				now, moved := c.now[in.ID]
				if !moved {
					now = standing{status: in.Status}
				}
				return candidate{now, now.altered}
			}
			var ids []string
			var routes []route
			for at, one := range c.at.choose(c.needs, stands, c.taken) {
				ids, routes = append(ids, one.ID), append(routes, one.route)
				assert.Equal(t, c.needs.Instances[at].Status, one.Status, "as the scenario gets it")
			}
			assert.Equal(t, c.ids, ids)
			assert.Equal(t, c.routes, routes)
		})
	}
}

// TestACourseCountsWhatARunDoes plays scenarios one after another at instances that are all RUNNING.
func TestACourseCountsWhatARunDoes(t *testing.T) {
	c := lists("r1", "r2", "r3").Course()
	read, stopped := []schedule.Leaving{{Status: "STOPPED"}}, need("STOPPED")
	assert.Equal(t, []string{"Stop"}, c.Cost(stopped).Brought)
	assert.Equal(t, []string{"Stop"}, c.Cost(stopped).Brought, "to ask changes nothing")
	assert.Equal(t, schedule.Range{}, c.Back())
	assert.Equal(t, []string{"Stop"}, c.Play(stopped, read).Brought)
	assert.Empty(t, c.Play(stopped, read), "it is left there")
	assert.Equal(t, schedule.Range{Least: 1, Most: 1}, c.Back())

	assert.Empty(t, c.Play(stopped, []schedule.Leaving{{Status: "STOPPED", Values: 3}}))
	assert.Equal(t, schedule.Range{Least: 1, Most: 2}, c.Back(), "the value it has now is not known")
	assert.Empty(t, c.Play(need("RUNNING", "RUNNING"), []schedule.Leaving{{Status: "RUNNING"}, {Status: "RUNNING"}}))
	home := c.Play(need("RUNNING", "RUNNING", "RUNNING"), nil)
	assert.Equal(t, schedule.Cost{Back: schedule.Range{Least: 1, Most: 2}}, home, "no other one is there")
	assert.Equal(t, schedule.Range{}, c.Back())

	c.Play(need("RUNNING"), []schedule.Leaving{{Status: "STOPPED"}})
	assert.Empty(t, c.Cost(stopped), "a scenario has brought it there")
	assert.Equal(t, 3, c.Longest(), "another status, the value, the old status")
}
