// Package conformancetest runs the conformance suite of Zenlayer's ModifyInstanceType inside go
// test, for services, mocks and gateways written in Go.
//
// Run runs the scenarios against an endpoint and reports each as a subtest named by the scenario's
// id, so that -run, -skip, -v, -json and tools that read their output work as usual. A finding
// fails its subtest. A scenario is skipped if the target lacks something that it needs. A scenario
// that could not be judged fails as inconclusive, which is not a finding.
//
// The instances of a real endpoint are protected: a run names only those of the Target, changes
// them only by the actions that it allows, and restores their type and status. If a test is killed,
// a journal in the report folder records what it left changed. The next run of the test restores
// that first, and so does "conformance cleanup".
//
// The package follows semantic versioning: exported names change incompatibly only with the major
// version of the module. That does not apply to the scenarios, their ids and the wording of
// messages.
package conformancetest
