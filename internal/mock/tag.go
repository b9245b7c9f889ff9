package mock

import (
	"slices"

	"github.com/tidwall/gjson"
)

// tagKeys defines a filter by tag keys: an instance matches if it has one of them (C).
func tagKeys() Parameter {
	return Parameter{
		Name: "tagKeys", Kind: texts, Max: maxTags,
		WrongType: WrongType.Because("tagKeys is not an array of strings"),
		Above:     ExceedLength.Because("tagKeys has more than 20 keys"),
		Set: func(p *Params, v gjson.Result) {
			for _, key := range v.Array() {
				p.tagKeys = append(p.tagKeys, key.Str)
			}
		},
	}
}

// tags defines a filter by whole tags: an instance matches if it has one of them (C).
func tags() Parameter {
	return Parameter{
		Name: "tags", Kind: objects, Max: maxTags,
		WrongType: WrongType.Because("tags is not an array of objects with key and value"),
		Above:     ExceedLength.Because("tags has more than 20 tags"),
		Set: func(p *Params, v gjson.Result) {
			for _, tag := range v.Array() {
				p.tags = append(p.tags, Tag{Key: tag.Get("key").String(), Value: tag.Get("value").String()})
			}
		},
	}
}

// No document says whether an instance needs one of the tags or all of them.

func hasKey(p *Params, in *Instance) bool {
	return slices.ContainsFunc(in.Tags, func(t Tag) bool { return slices.Contains(p.tagKeys, t.Key) })
}

func hasTag(p *Params, in *Instance) bool {
	return slices.ContainsFunc(in.Tags, func(t Tag) bool { return slices.Contains(p.tags, t) })
}
