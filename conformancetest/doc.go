// Package conformancetest runs the conformance suite of Zenlayer's ModifyInstanceType inside
// go test, for services, doubles and gateways that are written in Go.
//
// Run plays the scenarios against an endpoint and reports each as a subtest by the scenario's
// id, so that -run, -skip, -v, -json and what reads them work as with any test: a finding
// fails its subtest, a scenario that the target lacks something for is skipped, and one that
// could not be judged fails as inconclusive, which is no finding.
//
// Instances that the endpoint says are real are treated as such: none is named but those of
// the Target, none is changed but by the actions that it allows, and each gets its old type
// and status back. What a killed test leaves changed stands in a journal, in the report
// folder; the next run of the test restores it first, and so does "conformance cleanup".
//
// The package follows semantic versioning: what is exported here changes incompatibly only
// with the major version of the module. The scenarios, their ids and the wording of messages
// are no part of that promise.
package conformancetest
