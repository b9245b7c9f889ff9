package verdict

// Superseded is a pair that only an older edition of a document lists (O). It is never one of the
// documented pairs, but an endpoint may still answer with it if its reason can apply.
type Superseded struct {
	Pair
	Holds Condition
}

// Condition says when the reason of a superseded pair can apply. Every condition requires an
// existing instance.
type Condition string

// The conditions of superseded pairs.
const (
	HoldsForInstance Condition = "instance"  // unless something that a read shows rules it out
	HoldsForType     Condition = "type"      // only for an instance type that exists
	HoldsForSameType Condition = "same-type" // only for the type that the instance has
	HoldsRecycled    Condition = "recycled"  // only for an instance in the recycle bin
)
