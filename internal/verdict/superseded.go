package verdict

// Superseded is a pair that only an older edition of a document lists (O). It is never one
// of the documented pairs; an endpoint may still answer with it where its reason can hold.
type Superseded struct {
	Pair
	Holds Condition
}

// Condition says when the reason of a superseded pair can hold. Each of them takes an
// instance that exists.
type Condition string

// The conditions of superseded pairs.
const (
	HoldsForInstance Condition = "instance"  // nothing that a read shows speaks against it
	HoldsForType     Condition = "type"      // only for an instance type that exists
	HoldsForSameType Condition = "same-type" // only for the type that the instance has
	HoldsRecycled    Condition = "recycled"  // only for an instance in the recycle bin
)
