// Package mock is the stateful mock of the endpoint. It keeps every documented fact about the
// actions that change instances and the two that read them, so that the harness can be run without
// an endpoint, tried out, and measured by what it detects.
//
// It is written from the public documents; the marks M, S, R, E, K, C and A show which of them
// states what. It must not know the contract that the harness judges by, nor the scenarios, because
// one misreading must not hide in both. Where the documents allow several answers, it gives one of
// them and says so.
//
// A request passes through stages, each of which is a field of [Behaviour]:
//
//	call → admit → authenticate → dispatch → parse → perform → wrap → encode → deliver
//
// These fields are the only places where a mock can be altered. To make a mock that violates a
// documented fact, pass [Options] a function that replaces a stage; this package contains none. The
// other exported types are the values that the stages pass on.
//
// All changing actions use the same mechanism: a [Work] holds the rules and statuses of an action,
// and a [Transition] is the change of one instance. Every mock has its own copy of the stages.
// Nothing runs in the background: the state of an instance follows from the time at which it is
// read.
package mock
