// Package order holds merge drafts and merge orders: what a customer chose, what
// was shown, approved and done. Each change of state is one DynamoDB transaction
// that carries the order's new form, the locks, the audit events and the outbox
// items that follow from it, so that none of them can be missing (M1, M2, M9).
//
// The rules (which state may follow which, what blocks a merge, what the result
// is) stand in shared/merge; this package makes them stick.
package order
