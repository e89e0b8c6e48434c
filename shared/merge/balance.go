package merge

// Balance is what was booked for one customer number when the operator told it last. It stays with its number, also after a merge:
// nothing is offset against what is owed for another one.
type Balance struct {
	Number string `json:"customerNumber"`
	Cents  int64  `json:"balanceCents"` // more than 0 is owed, less than 0 is a credit
}

// Owes reports whether a balance blocks a merge: more than 0 is due, and less than 0 is a credit, which blocks nothing.
func Owes(cents int64) bool { return cents > 0 }

// Credit reports whether money of the customer's is left.
func (b Balance) Credit() bool { return b.Cents < 0 }

// Sums are what is owed for all numbers together, and what credit they have together, both as amounts above 0. The one is not
// taken from the other, since each stands in an account of its own.
func Sums(balances []Balance) (owed, credit int64) {
	for _, b := range balances {
		if b.Credit() {
			credit -= b.Cents
		} else {
			owed += b.Cents
		}
	}
	return owed, credit
}
