// Package spec holds the contract's two documents: openapi.yaml, the description
// of the operations, and clauses.yaml, every statement that binds an endpoint. It
// only carries them; reading and judging are internal/contract's.
package spec

import "embed"

// Files holds openapi.yaml and clauses.yaml.
//
//go:embed openapi.yaml clauses.yaml
var Files embed.FS
