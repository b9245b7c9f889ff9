package defects

import (
	"net/http"
	"slices"
	"strings"

	"github.com/zec-tools/conformance/internal/mock"
)

// statusDefects are wrong answers for an instance in another status.
func (p power) statusDefects() []Defect {
	defects := []Defect{
		p.defect("status-409", "DENIED", "A status that % does not allow is answered with the right code under 409.",
			append(pairStated(), p.own("ONLY-FROM")...), answeringWhen(p.name, p.otherwise, p.otherwise.Under(http.StatusConflict), anyTarget)),
		p.defect("status-code-misspelt", "DENIED", "The code for a status that % does not allow is misspelt.",
			append(pairStated(), p.own("ONLY-FROM")...), answeringWhen(p.name, p.otherwise, p.otherwise.Coded(strings.Replace(p.otherwise.Code, "INSTANCE", "INSTANCES", 1)), anyTarget)),
		p.defect("status-500", "DENIED", "A status that % does not allow brings about an internal error.",
			append(p.own("ONLY-FROM", "BATCH"), everyLock()...), answering(p.name, p.otherwise, mock.InternalError)),
		p.defect("status-as-unknown", "DENIED", "An instance in a status that % does not allow is answered as one that does not exist.",
			p.own("ONLY-FROM", "BATCH"), answering(p.name, p.otherwise, mock.InstanceNotFound)),
		p.defect("recycle-500", "RECYCLED", "% brings about an internal error for an instance in the recycle bin.",
			nil, answeringWhen(p.name, mock.InstanceRecycled, mock.InternalError, inStatus("RECYCLE"))),
		p.defect("recycling-as-unknown", "RECYCLED", "% answers an instance on its way out of the recycle bin as one that does not exist.",
			nil, answeringWhen(p.name, mock.InstanceRecycled, mock.InstanceNotFound, inStatus("RECYCLING"))),
	}
	defects = append(defects, p.defect("gpu-in-any-status", "ONLY-FROM", "% takes a GPU instance whether it runs or is stopped.",
		p.own("DENIED"), exempting(p.name, p.otherwise, func(t mock.Target) bool {
			return t.Found && t.Instance.GPU && slices.Contains([]string{mock.Running, mock.Stopped}, t.Instance.Status)
		})))
	for _, status := range mock.Statuses() {
		switch name := strings.ToLower(strings.ReplaceAll(status, "_", "-")); {
		case status == p.from, slices.Contains(p.either, status):
		case slices.Contains(mock.Recycled(), status):
			defects = append(defects, p.defect(name+"-accepted", "RECYCLED", "% takes an instance that is "+status+" like any other.",
				p.own("ONLY-FROM"), // it is no status to begin in
				together(exempting(p.name, mock.InstanceRecycled, inStatus(status)), exempting(p.name, p.otherwise, inStatus(status)))))
		default:
			defects = append(defects, p.defect(name+"-accepted", "ONLY-FROM", "% takes an instance that is "+status+" like any other.",
				append(p.own("DENIED", "BATCH"), locksShown(status)...), // what is accepted is not refused, nor named
				exempting(p.name, p.otherwise, inStatus(status))))
		}
	}
	return defects
}

// absentDefects are wrong answers for an instance that does not exist.
func (p power) absentDefects() []Defect {
	return []Defect{
		p.defect("unknown-400", "ABSENT", "% answers an instance that does not exist with the right code under 400.",
			pairStated(), answering(p.name, mock.InstanceNotFound, mock.InstanceNotFound.Under(400))),
		p.defect("unknown-as-resource", "ABSENT", "% answers an instance that does not exist with the common code instead of the action's own.",
			nil, answering(p.name, mock.InstanceNotFound, mock.ResourceNotFound)),
		p.defect("unknown-500", "ABSENT", "% fails inside, with 500, where an instance does not exist.",
			append(p.own("BATCH"), "C-OPTIONAL-EMPTY"), // a batch with one that does not exist fails, too
			answering(p.name, mock.InstanceNotFound, mock.InternalError)),
		p.defect("unknown-accepted", "ABSENT", "% takes an instance that does not exist and forgets it.",
			p.own("BATCH", "IDS", "ONLY-NAMED"), // it is not named among the failed, nor are a hundred of them
			exempting(p.name, mock.InstanceNotFound, anyTarget)),
	}
}
