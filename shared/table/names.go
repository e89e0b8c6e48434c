// Package table knows every DynamoDB table of the customer area: its name, its keys, the client that reads it and the
// transaction that writes it. No other package builds a key.
//
// There is one table per trust level, so that IAM can tell the functions apart (S14). All keys are strings, named pk and
// sk. Times are written as [TimeLayout], except ttl and nextTry, which are Unix seconds as DynamoDB wants them.
//
//	Customers     C#<number>            PROFILE           profile: see customer.Profile
//	              C#<number>            P#<package id>    package: see customer.Package
//	              C#<number>            D#<folded domain> packageId
//	              S#, I#, E#, F#<number> <text>           entries of packages that lists and search read, see Shelf
//	              P#<package id>        OWNER             number
//	              GONE#<sha256>         GONE              at: the number was forgotten, see infra/forgotten
//	Credentials   C#<number>|P#<id>     -                 hash, version, epoch, retired, changedAt
//	              F#<number>            -                 see secondfactor.Factor
//	              H#<user handle>       -                 number
//	Tokens        T#<sha256 of token>   -                 purpose, subject, epoch, expires, values, ttl
//	Throttle      <kind>#<value>        -                 n, last, prev, since, ttl
//	Sessions      S#<sha256 of cookie>  -                 number, via, epoch, createdAt, lastUsed, expires, userAgent, ttl
//	              L#<sha256 of cookie>  -                 see session.Pending; ttl
//	              W#<sha256 of holder>  -                 data, expires, ttl
//	              K#<sha256 of secret>  -                 box (sealed input of a form), expires, ttl
//	StaffSessions S#<sha256 of cookie>  -                 user, name, email, groups, createdAt, lastUsed, expires, ttl
//	              L#<sha256 of state>   -                 verifier, nonce, next, expires, ttl
//	MergeOrders   ORDER#<id>            ORDER             see order; statePk (open ones only), submittedAt, customer are index keys
//	              DRAFT#<number>        DRAFT             ttl
//	              LOCK#<number>         LOCK              order
//	              IDEM#<number>#<key>   IDEM              order, ttl
//	              DECLARED#<hash>       DECLARED            see cancellation.Waiting; statePk, submittedAt while it waits
//	Audit         C#<number>            <time>#<8 hex>    action, actor, at, order, old, new, ttl
//	Outbox        <event>#<key>         -                 see outbox.Item; due, nextTry are index keys; ttl
package table

import (
	"os"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Names holds the names of the tables as CloudFormation gave them. A function knows only those it may use; the others
// are empty.
type Names struct {
	Customers, Credentials, Tokens, Throttle, Sessions, StaffSessions, MergeOrders, Audit, Outbox string

	Kept Retention
}

// Retention is how long is kept what nothing waits for any more; 0 for good. Sessions, tokens and counters need none: they
// are kept until their own end.
type Retention struct {
	Audit  time.Duration // events but those by which the orders of a number are found
	Outbox time.Duration // effects that are done or given up on
	Drafts time.Duration // untouched drafts; only choices are lost with one
}

// Until is the ttl of what is to be kept from a time on; nil for good.
func Until(from time.Time, kept time.Duration) types.AttributeValue {
	if kept <= 0 {
		return nil
	}
	return N(from.Add(kept).Unix())
}

// NamesFromEnv reads the names from the environment (CUSTOMERS_TABLE and so on).
func NamesFromEnv() Names {
	return Names{
		Customers:     os.Getenv("CUSTOMERS_TABLE"),
		Credentials:   os.Getenv("CREDENTIALS_TABLE"),
		Tokens:        os.Getenv("TOKENS_TABLE"),
		Throttle:      os.Getenv("THROTTLE_TABLE"),
		Sessions:      os.Getenv("SESSIONS_TABLE"),
		StaffSessions: os.Getenv("STAFF_SESSIONS_TABLE"),
		MergeOrders:   os.Getenv("MERGE_ORDERS_TABLE"),
		Audit:         os.Getenv("AUDIT_TABLE"),
		Outbox:        os.Getenv("OUTBOX_TABLE"),

		Kept: Retention{Audit: Days(os.Getenv("AUDIT_DAYS")), Outbox: Days(os.Getenv("OUTBOX_DAYS")), Drafts: Days(os.Getenv("DRAFT_DAYS"))},
	}
}

// Days reads a whole number of days. What is no number keeps for good: better too long than lost.
func Days(text string) time.Duration {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0
	}
	return time.Duration(n) * 24 * time.Hour
}

// Names of the indexes.
const (
	IndexByEmail    = "byEmail"    // Customers: emailKey of profiles, pk; keys only
	IndexByDomain   = "byDomain"   // Customers: domainKey of domains, pk; keys only
	IndexByName     = "byName"     // Customers: pk, nameKey of packages; keys only; serves the list of packages only
	IndexNotices    = "byNotice"   // Customers: noticeKey of packages whose notice waits for the operator, noticeAt; keys only
	IndexByNumber   = "byNumber"   // Sessions: number, createdAt; serves the list of sessions only
	IndexByState    = "byState"    // MergeOrders: statePk, submittedAt
	IndexByCustomer = "byCustomer" // MergeOrders: customer, submittedAt
	IndexDue        = "due"        // Outbox: due, nextTry

	IndexByOrderEvent = "byOrderEvent" // Audit: orderEvent, sk; which orders a number was part of
)

// Attribute names that DynamoDB itself reads.
const (
	AttrPK  = "pk"
	AttrSK  = "sk"
	AttrTTL = "ttl" // Unix seconds

	AttrDomainKey = "domainKey" // of a domain under a number: the folded domain
	AttrNoticeKey = "noticeKey" // of a package: its shard among those whose notice waits for the operator
	AttrNoticeAt  = "noticeAt"  // when that notice came, in TimeLayout

	AttrOrderEvent = "orderEvent" // of an audit event by which orders are found: number and action

	AttrEmailKey = "emailKey" // of a profile: its e-mail address as the index byEmail compares it
)
