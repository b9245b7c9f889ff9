package mock

import (
	"slices"

	"github.com/tidwall/gjson"
)

// tagKeys is a filter by the keys of tags: an instance matches that has one of them (C).
func tagKeys() parameter {
	return parameter{
		name: "tagKeys", kind: texts, max: maxTags,
		wrongType: wrongType.because("tagKeys is not an array of strings"),
		above:     exceedLength.because("tagKeys has more than 20 keys"),
		set: func(p *params, v gjson.Result) {
			for _, key := range v.Array() {
				p.tagKeys = append(p.tagKeys, key.Str)
			}
		},
	}
}

// tags is a filter by whole tags: an instance matches that has one of them (C).
func tags() parameter {
	return parameter{
		name: "tags", kind: objects, max: maxTags,
		wrongType: wrongType.because("tags is not an array of objects with key and value"),
		above:     exceedLength.because("tags has more than 20 tags"),
		set: func(p *params, v gjson.Result) {
			for _, tag := range v.Array() {
				p.tags = append(p.tags, Tag{Key: tag.Get("key").String(), Value: tag.Get("value").String()})
			}
		},
	}
}

// Whether an instance needs one of the tags or all of them, no document says.

func hasKey(p *params, in *Instance) bool {
	return slices.ContainsFunc(in.Tags, func(t Tag) bool { return slices.Contains(p.tagKeys, t.Key) })
}

func hasTag(p *params, in *Instance) bool {
	return slices.ContainsFunc(in.Tags, func(t Tag) bool { return slices.Contains(p.tags, t) })
}
