// Package spec holds the two documents of the contract: openapi.yaml, the description of the
// operations, and clauses.yaml, every statement that binds an endpoint. It only embeds them;
// internal/contract reads them and judges by them.
package spec

import "embed"

// Files holds openapi.yaml and clauses.yaml.
//
//go:embed openapi.yaml clauses.yaml
var Files embed.FS
