// Package wire holds the values that travel between the harness and an endpoint:
// the operation a request names, the request a step forms, the exchange that came
// of it, and the envelope in an answer's body.
//
// It decides nothing: it neither sends, nor judges, nor knows which operations,
// codes or parameters the contract documents.
package wire

// Operation is the key that routing, judging, mock and coverage share. All actions
// of a product live on one path; the header X-ZC-Action tells them apart (S, M).
type Operation struct {
	Path    string `json:"path"`    // the path on the wire, without fragment (M)
	Action  string `json:"action"`  // X-ZC-Action (S)
	Version string `json:"version"` // X-ZC-Version, a date (S)
}

// String returns the action, the name by which people know an operation.
func (o Operation) String() string { return o.Action }
