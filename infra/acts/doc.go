// Package acts is a set of tests: what happens when two acts on the same account meet, in either order. Each protection
// is tested where it stands; here a thief, an owner, the service team and the operator act on one account through the
// real handlers, one after the other and at the same moment, until the mails that dispatch sends lead the owner back in,
// and then the thief tries all that was ever in their hands. docs/security.md has the matrix.
package acts
