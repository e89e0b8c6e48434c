package table

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Item is one DynamoDB item, Key the part of it that finds it.
type (
	Item = map[string]types.AttributeValue
	Key  = map[string]types.AttributeValue
)

// TimeLayout is RFC 3339 in UTC with all nine digits, so that times sort as strings.
const TimeLayout = "2006-01-02T15:04:05.000000000Z"

// Sort keys of fixed items and prefixes of the others.
const (
	SKProfile     = "PROFILE"
	SKOwner       = "OWNER"
	SKGone        = "GONE"
	PrefixPackage = "P#"
	PrefixDomain  = "D#"
)

// Shards is the number of partitions over which an index key shared by many items is spread (L2).
const Shards = 16

func key(pk string) Key { return Key{AttrPK: S(pk)} }

func key2(pk, sk string) Key { return Key{AttrPK: S(pk), AttrSK: S(sk)} }

// S makes a string attribute.
func S(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

// N makes a number attribute.
func N(n int64) types.AttributeValue { return &types.AttributeValueMemberN{Value: fmt.Sprint(n)} }

// B makes a boolean attribute.
func B(b bool) types.AttributeValue { return &types.AttributeValueMemberBOOL{Value: b} }

// Time makes a time attribute in TimeLayout.
func Time(t time.Time) types.AttributeValue { return S(FormatTime(t)) }

// FormatTime writes t in TimeLayout.
func FormatTime(t time.Time) string { return t.UTC().Format(TimeLayout) }

// Hash is how secrets (cookies, tokens) are kept at rest: hex of SHA-256.
func Hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// Shard spreads id over [0, Shards).
func Shard(id string) int {
	h := fnv.New32a()
	h.Write([]byte(id))
	return int(h.Sum32() % Shards)
}

// Customer is the partition of a customer number in Customers and Audit, and its subject in Credentials.
func Customer(number string) string { return "C#" + number }

// PackageSubject is the subject of a package password in Credentials, and its partition in Customers.
func PackageSubject(id string) string { return "P#" + id }

// Profile is the key of a customer's profile.
func Profile(number string) Key { return key2(Customer(number), SKProfile) }

// Package is the key of a package under the number it was ordered with.
func Package(number, id string) Key { return key2(Customer(number), PrefixPackage+id) }

// Gone is the key of what is left of a customer number that was forgotten, in Customers. It names the number by a hash, so that only who
// has the number finds it.
func Gone(number string) Key { return key2("GONE#"+Hash("forgotten "+number), SKGone) }

// NoticeShard is the partition of index byNotice for a package; NoticeShardOf is one of the Shards partitions.
func NoticeShard(packageID string) string { return NoticeShardOf(Shard(packageID)) }

// NoticeShardOf is one of the Shards partitions of index byNotice.
func NoticeShardOf(shard int) string { return fmt.Sprintf("NOTICE#%d", shard) }

// Domain is the key of a folded domain under a number.
func Domain(number, folded string) Key { return key2(Customer(number), PrefixDomain+folded) }

// Shelf is one of the partitions of Customers that lists and search read, beside the packages of a number. They are apart, so
// that what reads one of them does not come past the others.
type Shelf string

// The shelves.
const (
	SearchShelf      Shelf = "S#" // the beginning of what somebody types, and the package's id
	ProductShelf     Shelf = "I#" // product and id
	EndShelf         Shelf = "E#" // product, end of the contract, and id
	ConsumerEndShelf Shelf = "F#" // likewise, for a contract with a consumer
)

// Shelves are all of them.
var Shelves = []Shelf{SearchShelf, ProductShelf, EndShelf, ConsumerEndShelf}

// Of is the partition of a number.
func (s Shelf) Of(number string) string { return string(s) + number }

// Entry is the key of an entry: a text that sorts and ends with the id of a package, and nothing else.
func (s Shelf) Entry(number, text string) Key { return key2(s.Of(number), text) }

// Owner is the key of the entry that says which number a package belongs to.
func Owner(packageID string) Key { return key2(PackageSubject(packageID), SKOwner) }

// Credential is the key of a credential; subject is made by Customer or PackageSubject.
func Credential(subject string) Key { return key(subject) }

// SecondFactor is the key of what a number has set up beside its password, in Credentials.
func SecondFactor(number string) Key { return key("F#" + number) }

// PasskeyHandle is the key of the entry that says which number a user handle of WebAuthn belongs to, in Credentials.
func PasskeyHandle(handle string) Key { return key("H#" + handle) }

// Token is the key of a one-time token.
func Token(secret string) Key { return TokenByHash(Hash(secret)) }

// TokenByHash is the key of a one-time token whose hash is known.
func TokenByHash(hash string) Key { return key("T#" + hash) }

// Throttle is the key of a counter.
func Throttle(kind, value string) Key { return key(kind + "#" + value) }

// Session is the key of a session; id is the hash of its cookie value. It serves Sessions and StaffSessions.
func Session(id string) Key { return key("S#" + id) }

// Kept is the key of a form's input that waits for a sign-in.
func Kept(secret string) Key { return key("K#" + Hash(secret)) }

// SessionID is the id in the key of a session, "" for any other item.
func SessionID(item Item) string {
	id, ok := strings.CutPrefix(String(item, AttrPK), "S#")
	if !ok {
		return ""
	}
	return id
}

// SignIn is the key of a customer's sign-in under way, in Sessions.
func SignIn(cookieValue string) Key { return key("L#" + Hash(cookieValue)) }

// Challenge is the key of a WebAuthn challenge that was handed out, in Sessions; holder is who may answer it.
func Challenge(holder string) Key { return key("W#" + Hash(holder)) }

// StaffSignIn is the key of a service team sign-in under way.
func StaffSignIn(state string) Key { return key("L#" + Hash(state)) }

// Order is the key of a merge order.
func Order(id string) Key { return key2("ORDER#"+id, "ORDER") }

// Draft is the key of a customer's draft.
func Draft(number string) Key { return key2("DRAFT#"+number, "DRAFT") }

// Lock is the key of the lock that a number in an open merge holds (M8).
func Lock(number string) Key { return key2("LOCK#"+number, "LOCK") }

// Bar stands between two numbers after a veto, until the service team releases it. The order of the two does not matter.
func Bar(a, b string) Key {
	if b < a {
		a, b = b, a
	}
	return key2("BAR#"+a+"#"+b, "BAR")
}

// Idempotency is the key under which a submission of a customer is remembered (M9).
func Idempotency(number, idempotencyKey string) Key {
	return key2("IDEM#"+number+"#"+idempotencyKey, "IDEM")
}

// Announcement is the key under which the mail of an announcement is known by SES's id of it.
func Announcement(messageID string) Key { return key2("MAIL#"+messageID, "MAIL") }

// Mail is the key under which any mail is known by SES's id of it.
func Mail(messageID string) Key { return key2("MAIL#"+messageID, "SENT") }

// Declared is the key of a cancellation that came without a sign-in, in MergeOrders.
func Declared(key string) Key { return key2("DECLARED#"+key, "DECLARED") }

// DeskShard is the partition of index byState for an order on a desk of the service team.
func DeskShard(desk, orderID string) string { return DeskShardOf(desk, Shard(orderID)) }

// DeskShardOf is one of the Shards partitions of index byState.
func DeskShardOf(desk string, shard int) string { return fmt.Sprintf("%s#%d", desk, shard) }

// Audit is the key of an audit event; nonce tells apart events of the same instant.
func Audit(number string, at time.Time, nonce string) Key {
	return key2(Customer(number), FormatTime(at)+"#"+nonce)
}

// OutboxID is the deterministic id of an outbox item: the same event of the same thing is written once (M9).
func OutboxID(event, eventKey string) string { return event + "#" + eventKey }

// Outbox is the key of an outbox item.
func Outbox(id string) Key { return key(id) }

// DueShard is the partition of index due for an outbox item.
func DueShard(id string) string { return DueShardOf(Shard(id)) }

// GivenUpShard is the partition of index due for an outbox item that was given up on; its nextTry holds when, in
// nanoseconds.
func GivenUpShard(id string) string { return GivenUpShardOf(Shard(id)) }

// GivenUpShardOf is one of the Shards partitions of index due for what was given up on.
func GivenUpShardOf(shard int) string { return fmt.Sprintf("GIVENUP#%d", shard) }

// HeldShard is the partition of index due for an outbox item that is kept back; HeldShardOf is one of the Shards partitions.
func HeldShard(id string) string { return HeldShardOf(Shard(id)) }

// HeldShardOf is one of the Shards partitions of index due for what is kept back.
func HeldShardOf(shard int) string { return fmt.Sprintf("HELD#%d", shard) }

// DueShardOf is one of the Shards partitions of index due.
func DueShardOf(shard int) string { return fmt.Sprintf("DUE#%d", shard) }
