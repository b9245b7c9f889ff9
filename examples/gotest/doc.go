// Package gotest shows how a module of one's own uses zectest and conformancetest.
package gotest
