// Package takeover holds the journeys of somebody who has got hold of a part of a customer's account, and of the owner who
// takes it back: through all pages, the mails that go out and the links in them, on tables in memory.
package takeover
