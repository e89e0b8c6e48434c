// Package workflow holds the tests of merge orders in their workflow: on the local cloud, with its real state machine
// and functions, which they kill, delay and repeat.
package workflow
