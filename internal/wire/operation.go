// Package wire holds the values that are exchanged between the harness and an endpoint: the
// operation that a request names, the request that a step builds, the resulting exchange, and the
// envelope in an answer's body.
//
// It decides nothing: it neither sends nor judges, and does not know which operations, codes or
// parameters the contract documents.
package wire

// Operation is the key that routing, judging, the mock and the coverage share. All actions of a
// product are on one path and are distinguished by the header X-ZC-Action (S, M).
type Operation struct {
	Path    string `json:"path"`    // the path as sent, without fragment (M)
	Action  string `json:"action"`  // X-ZC-Action (S)
	Version string `json:"version"` // X-ZC-Version, a date (S)
}

// String returns the action, which is the display name of an operation.
func (o Operation) String() string { return o.Action }
