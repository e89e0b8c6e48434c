// Package order keeps merge drafts and merge orders: what a customer chose, what was shown, what was approved and
// what was done. Each change of state is one DynamoDB transaction that writes the order together with its locks,
// audit events and outbox items, so that none of them can be missing (M1, M2, M9).
//
// The rules themselves (which state may follow which, what blocks a merge, what the result is) are in shared/merge.
// This package enforces them.
package order
