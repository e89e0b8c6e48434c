// Package throttle counts attempts before they are made, each by one conditional write, so that many at once never get
// more than the allowed tries (S2). Buckets are by customer number, client address, known device, merge proof and mails.
package throttle

import (
	"net/netip"
	"strings"
	"time"

	"kundenkonto/shared/table"
)

// Bucket is one counter and its rule.
type Bucket struct {
	Kind, Value string
	rule        rule
}

// rule is either steps (free tries, then growing pauses) or a number of tries in a window.
type rule struct {
	steps  bool
	limit  int64         // tries in a window
	wrong  int64         // of these, how many may turn out wrong; 0 when nobody says so (Failed)
	window time.Duration // of a window; of quiet after which steps begin anew
}

// Rules (design, sign-in).
var (
	stepRule       = rule{steps: true, window: 24 * time.Hour}
	addressRule    = rule{limit: triesAtOnce, wrong: wrongTries, window: 10 * time.Minute}
	askRule        = rule{limit: 100, window: 10 * time.Minute}
	cancelRule     = rule{limit: 20, window: 10 * time.Minute}
	beginRule      = rule{limit: 300, window: 10 * time.Minute}
	mailRule       = rule{limit: 3, window: time.Hour}
	capRule        = rule{limit: MaxWrongCodes, window: 10 * 365 * 24 * time.Hour}
	numberMailRule = rule{limit: 15, window: time.Hour}
	dayRule        = rule{limit: OrdersADay, window: 24 * time.Hour}
	targetRule     = rule{limit: ProofsAnHour, window: time.Hour}
	comparisonRule = rule{limit: ComparisonsADay, window: 24 * time.Hour}
	comparedRule   = rule{limit: 2 * ComparisonsADay, window: 24 * time.Hour}
	noticeRule     = rule{limit: 1, window: NoticeWindow}
	provenRule     = rule{limit: GoodProofsADay, window: 24 * time.Hour}
	inAllRule      = rule{limit: ResetMailsAtOnce, window: 10 * time.Minute}
)

// A whole town or office may share a client address. So only wrong tries use it up: 50 in ten minutes. How a try ends is
// known after it was counted, so that right ones hold a place meanwhile: up to 100 at once, wrong ones among them.
const (
	wrongTries  = 50
	triesAtOnce = 100
)

// ResetMailsAtOnce is how many mails with a link for a new password go out in ten minutes, whomever they are for: the five
// a second that dispatch keeps to, so that they never use up what SES takes.
const ResetMailsAtOnce = 3000

// OrdersADay is how many merge orders a customer may submit a day, and how many may be about one other number.
const OrdersADay = 5

// ComparisonsADay is how often a day one customer may compare other own values with a number: more than correcting typing
// errors takes, and far less than finding out the hidden part of a telephone number.
const ComparisonsADay = 5

// NoticeWindow is how long after a mail about a change of an account further changes of the same kind are collected for one
// more mail.
const NoticeWindow = 10 * time.Minute

// GoodProofsADay is how often a day one customer may prove one number: each proof is told in both histories, which nobody
// shall fill. A proof is good for half an hour, so that this is more than a day of work takes.
const GoodProofsADay = 50

// ProofsAnHour is how many wrong proofs of one number there may be in an hour. One customer comes to 17 before the pauses are
// too long, so that it takes six who work together to make the owner wait.
const ProofsAnHour = 100

// FreeTries come without a pause.
const FreeTries = 5

// MaxPause is the longest one.
const MaxPause = 15 * time.Minute

// lastStep is the count from which on the pause is MaxPause: 5 free, then 1, 2, 4 ... 512 s.
const lastStep = FreeTries + 10

// DeviceLifetime is how long a browser that signed in is known.
const DeviceLifetime = 365 * 24 * time.Hour

// pauseAfter is the pause after n counted tries.
func pauseAfter(n int64) time.Duration {
	switch {
	case n < FreeTries:
		return 0
	case n >= lastStep:
		return MaxPause
	}
	return time.Second << (n - FreeTries)
}

// Login counts sign-ins with a customer number.
func Login(number string) Bucket { return Bucket{"login", number, stepRule} }

// Address counts sign-ins from a client address. Who counts here says how the try ended, by TakeBack or Failed. An IPv6
// client has a /64 to itself.
func Address(a netip.Addr) Bucket { return Bucket{"address", fold(a), addressRule} }

// AddressProofs counts merge proofs from a client address, as Address does: a stranger's wrong sign-ins behind the same
// address keep no customer from a proof.
func AddressProofs(a netip.Addr) Bucket { return Bucket{"address-proofs", fold(a), addressRule} }

// AddressMails counts forgot requests from a client address. None of them is right or wrong; each may be one mail, of
// which a number gets three an hour and all together what ResetMailsAtOnce says.
func AddressMails(a netip.Addr) Bucket { return Bucket{"address-mails", fold(a), askRule} }

// AddressCancellations counts cancellations without a sign-in from a client address: each is one mail to an address that may be
// a stranger's. Nothing else counts them, neither the number nor the address of the mail: somebody could use that up to keep a
// customer from cancelling.
func AddressCancellations(a netip.Addr) Bucket {
	return Bucket{"address-cancellations", fold(a), cancelRule}
}

// DeviceMails counts forgot requests of a browser that is known for a number, when its address may ask for no more.
func DeviceMails(hash, number string) Bucket {
	return Bucket{"device-mails", hash + "#" + number, mailRule}
}

func fold(a netip.Addr) string {
	a = a.Unmap().WithZone("")
	if a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}

// StandIn counts for nobody: a wrong try at a number that was not merged counts here what one at a merged number counts
// at its successor, so that both take as long (S1).
func StandIn(value string) Bucket { return Bucket{"stand-in", value, stepRule} }

// Device counts sign-ins with a customer number from a browser that holds a device cookie, so that strangers who guess
// cannot keep the customer out (S3). hash is table.Hash of the cookie.
func Device(hash, number string) Bucket { return Bucket{"device", hash + "#" + number, stepRule} }

// ProofPair counts merge proofs by who tries and for which number, ProofActor by who tries whatever number. They pause whoever
// guesses, and nobody else: the owner's right proof does not wait for a stranger's wrong ones. None touches anybody's sign-in.
func ProofPair(actor, number string) Bucket {
	return Bucket{"proof-pair", actor + "#" + number, stepRule}
}

// ProofActor counts merge proofs by who tries.
func ProofActor(number string) Bucket { return Bucket{"proof-actor", number, stepRule} }

// ProofTarget counts merge proofs by the number asked for, whoever tries: it bounds what many customers together can guess.
func ProofTarget(number string) Bucket { return Bucket{"proof-target", number, targetRule} }

// GoodProofs counts the good proofs of a number by one customer.
func GoodProofs(own, other string) Bucket {
	return Bucket{"good-proofs", own + "#" + other, provenRule}
}

// Comparisons counts how often a customer compared the own data with a number's, and compared again after changing them: each
// tells whether a masked value was guessed (M3).
func Comparisons(own, other string) Bucket {
	return Bucket{"comparisons", own + "#" + other, comparisonRule}
}

// ComparedWith counts those with a number, whoever makes them: a thief may have several numbers of one name.
func ComparedWith(number string) Bucket { return Bucket{"compared-with", number, comparedRule} }

// Password counts wrong entries of the current password by a signed-in customer (S7).
func Password(number string) Bucket { return Bucket{"password", number, stepRule} }

// MaxWrongCodes is how many wrong codes of an app in a row a number takes from all browsers together (NIST SP 800-63B,
// 5.2.2: no more than 100 consecutive failed attempts). Then no code of the app is taken any more.
const MaxWrongCodes = 100

// SecondFactor counts codes entered as the second step of a sign-in with a number. device is the hash of the cookie of a
// browser that finished a whole sign-in with the number (Verdict.Proven), or "": one who stole the password cannot keep
// the customer's own browser out (S3), and brings no tries along by browsers that only used a mailed link.
func SecondFactor(number, device string) Bucket {
	if device != "" {
		number += "#" + device
	}
	return Bucket{"second-factor", number, stepRule}
}

// WrongCodes counts codes of an app in a row, whatever browser they come from. Only who knows the password gets to it.
func WrongCodes(number string) Bucket { return Bucket{"wrong-codes", number, capRule} }

// AddressPasskeys counts sign-ins with a passkey that are begun from a client address: each is a write, and nothing is
// guessed by it.
func AddressPasskeys(a netip.Addr) Bucket { return Bucket{"address-passkeys", fold(a), beginRule} }

// ResetMails counts mails with a link for a new password to one mailbox of a number: at most three an hour. Whoever gets
// another address into force and asks for links there takes none of the owner's.
func ResetMails(number, address string) Bucket {
	return Bucket{"reset-mails", number + "#" + table.Hash(strings.ToLower(address)), mailRule}
}

// ResetMailsOfNumber counts those of a number whichever address was in force. Three changes of the address an hour
// (EmailChanges) make four mailboxes of three mails each; three are left for the owner who takes the address back.
func ResetMailsOfNumber(number string) Bucket { return Bucket{"reset-mails", number, numberMailRule} }

// AllResetMails counts those of all numbers together: a flood of requests must not use up what SES takes.
func AllResetMails() Bucket { return Bucket{"reset-mails", "all", inAllRule} }

// EmailChanges counts requests for another e-mail address, each of which writes to an address that may be a stranger's:
// at most three an hour.
func EmailChanges(number string) Bucket { return Bucket{"email-changes", number, mailRule} }

// Notices counts the mails to one mailbox about one kind of change of a number: one in a window goes out at once.
func Notices(kind, number, address string) Bucket {
	return Bucket{"notices", NoticesOf(kind, number, address), noticeRule}
}

// NoticesOf names what Notices counts together.
func NoticesOf(kind, number, address string) string {
	return kind + "#" + number + "#" + table.Hash(strings.ToLower(address))[:16]
}

// MergeOrders counts the orders that a customer submits, each of which writes to strangers; MergeTarget those that are
// about a number, whoever submits them.
func MergeOrders(number string) Bucket { return Bucket{"merge-orders", number, dayRule} }

// MergeTarget counts the orders about a number that is to be merged into another.
func MergeTarget(number string) Bucket { return Bucket{"merge-target", number, dayRule} }

func (b Bucket) key() table.Key { return table.Throttle(b.Kind, b.Value) }
