// Package zectest is a mock of Zenlayer Elastic Compute (API 2.0) for the tests of its clients: a
// server based on net/http/httptest that keeps instances, checks signatures, and resizes, starts,
// stops and reboots as the documents of the API say.
//
// A test sets the contents of the account, makes calls fail, changes the course of a change,
// advances the account's time instead of waiting, and examines the received requests. Every server
// is independent, so that parallel tests do not affect each other.
//
// The package follows semantic versioning: exported names change incompatibly only with the major
// version of the module. That does not apply to messages, generated ids and the values of fields
// that are filled in.
package zectest
