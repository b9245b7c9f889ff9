// Package mock is the stateful double of the endpoint: it keeps every documented
// fact about the actions that change instances and the two that read them, so that the
// harness can be run alone, tried out, and measured by what it catches.
//
// It is written from the public documents (the marks M, S, R, E, K, C, A stand beside
// what each of them states) and must not know the contract that the harness judges by,
// nor the scenarios: one misreading must not hide in both. Where the documents allow
// several answers it takes one of them, and says so where it does.
//
// A request passes through stages, each a field of [Behaviour]:
//
//	call → admit → authenticate → dispatch → parse → perform → wrap → encode → deliver
//
// These fields are the seams at which a mock can be altered, and there are no others. Who wants
// one that breaks a documented fact gives [Options] a function that replaces a stage; this
// package knows none. What is exported besides are the values that the stages hand on.
//
// One mechanism serves every action that changes instances: a [Work] holds its rules and
// statuses, a [Transition] is one instance under way. A mock holds its own copy of the
// stages; nothing runs in the background, and an instance is seen to move only because the
// clock has moved when somebody looks.
package mock
