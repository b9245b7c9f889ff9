// Package zectest is a stand-in for Zenlayer Elastic Compute (API 2.0) for the tests of its
// clients: a server over net/http/httptest that keeps instances, checks signatures, resizes,
// starts, stops and reboots as the API's documents say.
//
// A test says what the account holds, how the next calls fail and how a change goes, moves
// the account's time on instead of waiting, and looks at the requests that came. Each server
// is one of its own: parallel tests do not meet.
//
// The package follows semantic versioning: what is exported here changes incompatibly only
// with the major version of the module. Messages, generated ids and the values that are
// filled in for members left out are no part of that promise.
package zectest
