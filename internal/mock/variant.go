package mock

// Variant is a freedom that the documents leave, taken otherwise than the mock does.
type Variant struct {
	Name  string
	apply plant
}
