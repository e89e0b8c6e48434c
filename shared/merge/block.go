package merge

import (
	"strings"
	"unicode"
)

// Limits of a merge. They keep the execution within one DynamoDB transaction of 100 items.
const (
	MaxOrderNumbers    = 20 // numbers that end in one order, the sources' own earlier numbers counted
	MaxCustomerNumbers = 50 // numbers a customer has after the merge, the surviving one counted
)

// Reason is why a merge cannot go on: a stable code and a sentence that says what to do next. It names no data of the other number.
type Reason struct {
	Code string `json:"code"`
	DE   string `json:"de"`
	EN   string `json:"en"`
}

// Words returns the sentence in both languages.
func (r Reason) Words() Words { return Words{r.DE, r.EN} }

// In returns the sentence in the language.
func (r Reason) In(lang string) string { return r.Words().In(lang) }

// The reasons that do not depend on a side.
var (
	Self = Reason{"self", "Das ist die Kundennummer, mit der Sie angemeldet sind. Geben Sie die andere Kundennummer an, die Sie aufnehmen möchten.",
		"This is the customer number you are signed in with. Enter the other customer number that you want to add."}
	LimitOrder = Reason{"limit", "Ein Auftrag kann höchstens 20 Kundennummern aufnehmen. Schicken Sie diesen Auftrag ab und fassen Sie die weiteren Nummern danach zusammen.",
		"An order can take in up to 20 customer numbers. Submit this order and merge the other numbers afterwards."}
	LimitCustomer = Reason{"limit", "Unter einer Kundennummer können höchstens 50 Nummern zusammengefasst sein. Wenn Sie mehr brauchen, schreiben Sie uns.",
		"Up to 50 numbers can be merged under one customer number. If you need more, please write to us."}
	ProofFailed = Reason{"proof_failed", "Kundennummer, Domain und Paketpasswort passen nicht zusammen. Prüfen Sie alle drei Angaben.",
		"Customer number, domain and package password do not match. Check all three of them."}
	NameDiffers = Reason{"name_differs", "Diese Kundennummer läuft auf einen anderen Namen oder eine andere Firma. Zusammenfassen geht nur bei gleichem Namen. Hat sich Ihr Name geändert, schreiben Sie uns, damit wir ihn berichtigen.",
		"This customer number is registered to another name or company. Only numbers with the same name can be merged. If your name has changed, write to us so that we can correct it."}
	AlreadyMerged = Reason{"already_merged", "Diese Kundennummer ist schon mit einer anderen zusammengefasst. Melden Sie sich mit ihr an, um zu sehen, zu welcher Nummer sie jetzt gehört.",
		"This customer number has been merged with another one already. Sign in with it to see which number it belongs to now."}
	AlreadyMergedHere = Reason{"already_merged", "Diese Kundennummer gehört schon zu Ihrer. Ihre Pakete stehen in Ihrer Übersicht.",
		"This customer number belongs to yours already. Its packages are in your overview."}
	OpenMergeOwn = Reason{"open_merge", "Ihre Kundennummer gehört schon zu einem laufenden Auftrag. Warten Sie, bis er erledigt ist, oder ziehen Sie ihn zurück.",
		"Your customer number is part of a running merge order already. Wait until it is done, or withdraw it."}
	OpenMergeOther = Reason{"open_merge", "Diese Kundennummer gehört schon zu einem laufenden Auftrag. Warten Sie, bis er erledigt ist, oder ziehen Sie ihn mit ihr zurück.",
		"This customer number is part of a running merge order already. Wait until it is done, or withdraw it with that number."}
	OpenBalanceOwn = Reason{"open_balance", "Zu Ihrer Kundennummer ist noch ein Betrag offen. Begleichen Sie ihn zuerst, danach geht das Zusammenfassen. Zahlungen sind nach etwa zwei Werktagen verbucht.",
		"An amount is still due for your customer number. Pay it first, then you can merge. Payments are booked after about two working days."}
	OpenBalanceOther = Reason{"open_balance", "Zu dieser Kundennummer ist noch ein Betrag offen. Begleichen Sie ihn zuerst, danach geht das Zusammenfassen. Zahlungen sind nach etwa zwei Werktagen verbucht.",
		"An amount is still due for this customer number. Pay it first, then you can merge. Payments are booked after about two working days."}
	OpenBalanceOwnMember = Reason{"open_balance", "Zu einer der Kundennummern, die zu Ihrer gehören, ist noch ein Betrag offen. Zu welcher, steht in Ihrer Übersicht. Begleichen Sie ihn zuerst, danach geht das Zusammenfassen. Zahlungen sind nach etwa zwei Werktagen verbucht.",
		"An amount is still due for one of the customer numbers that belong to yours. Your overview shows for which. Pay it first, then you can merge. Payments are booked after about two working days."}
	OpenBalanceOtherMember = Reason{"open_balance", "Zu dieser Kundennummer gehört eine weitere, zu der noch ein Betrag offen ist. Melden Sie sich mit dieser Kundennummer an, um zu sehen, welche es ist. Begleichen Sie den Betrag zuerst, danach geht das Zusammenfassen. Zahlungen sind nach etwa zwei Werktagen verbucht.",
		"Another number belongs to this customer number, and an amount is still due for it. Sign in with this customer number to see which it is. Pay the amount first, then you can merge. Payments are booked after about two working days."}
	LockedOwn = Reason{"locked", "Ihre Kundennummer kann zurzeit nicht zusammengefasst werden. Schreiben Sie uns, wir sagen Ihnen, woran es liegt. Ihre Pakete und die Anmeldung sind nicht betroffen.",
		"Your customer number cannot be merged at the moment. Write to us and we will tell you why. Your packages and signing in are not affected."}
	LockedOther = Reason{"locked", "Diese Kundennummer kann zurzeit nicht zusammengefasst werden. Schreiben Sie uns, wir sagen Ihnen, woran es liegt. Die Pakete und die Anmeldung sind nicht betroffen.",
		"This customer number cannot be merged at the moment. Write to us and we will tell you why. Its packages and signing in are not affected."}
	Barred = Reason{"barred", "Zwischen diesen beiden Kundennummern wurde schon einmal eine Zusammenfassung gestoppt. Schreiben Sie uns, wenn Sie sie trotzdem zusammenfassen möchten.",
		"A merge of these two customer numbers has been stopped before. Write to us if you want to merge them all the same."}
	NotAdopted = Reason{"not_adopted", "Für eine Kundennummer fehlt noch der Vergleich. Übernehmen Sie die Daten, bevor Sie den Auftrag abschicken.",
		"The comparison of a customer number is not finished. Adopt its data before you submit the order."}
	NothingToSubmit = Reason{"not_adopted", "Ihre Zusammenstellung ist leer. Geben Sie zuerst die Kundennummer an, die Sie aufnehmen möchten.",
		"Your selection is empty. First enter the customer number that you want to add."}
	ProofExpired = Reason{"proof_expired", "Die Prüfung einer Kundennummer liegt mehr als 30 Minuten zurück. Geben Sie ihr Paketpasswort noch einmal ein. Ihre Auswahl bleibt erhalten.",
		"A customer number was checked more than 30 minutes ago. Enter its package password once more. Your choices are kept."}
	ProofGone = Reason{"proof_expired", "Das Paketpasswort, mit dem Sie eine Kundennummer bestätigt haben, gilt nicht mehr. Geben Sie ihr jetziges Paketpasswort ein. Ihre Auswahl bleibt erhalten.",
		"The package password with which you confirmed a customer number is no longer valid. Enter its present package password. Your choices are kept."}
	ProofOwnChanged = Reason{"proof_expired", "Ihre eigenen Daten haben sich seit der Prüfung geändert. Geben Sie das Paketpasswort der anderen Kundennummer noch einmal ein, dann vergleichen wir neu. Ihre Auswahl bleibt erhalten.",
		"Your own data have changed since the check. Enter the package password of the other customer number once more, then we compare again. Your choices are kept."}
	ProofLost = Reason{"proof_expired", "Das Paketpasswort, mit dem Sie eine Kundennummer bestätigt haben, gilt nicht mehr. Ziehen Sie den Auftrag zurück und beginnen Sie mit ihrem jetzigen Paketpasswort neu.",
		"The package password with which you confirmed a customer number is no longer valid. Withdraw the order and begin anew with its present package password."}
)

// Facts is what decides whether a number may take part in a merge.
type Facts struct {
	Record       Record
	MergedInto   string   // the number that replaced this one; empty for a living one
	Members      []string // earlier numbers merged into this one
	OpenMerge    bool     // locked by another running order
	BalanceCents int64    // of the number alone; more than 0 is owed
	MemberOwes   bool     // an amount is due for one of Members, whatever credit stands with another
	Locked       bool     // for merging, by the operator
	Barred       bool     // an earlier veto stands between the two numbers; set on either side
}

// Block returns why the two numbers cannot be merged, nil when they can. It is asked only after a good proof, but for Self, which tells nothing.
func Block(sp Speller, own, other Facts) *Reason {
	switch {
	case own.Record.Number == other.Record.Number:
		return &Self
	case other.MergedInto != "" && other.MergedInto == own.Record.Number:
		return &AlreadyMergedHere
	case own.MergedInto != "" || other.MergedInto != "":
		return &AlreadyMerged
	case own.Barred || other.Barred:
		return &Barred
	case nameless(sp, own.Record) || !sameNames(sp, own.Record, other.Record):
		return &NameDiffers
	}
	if reason := BlockOwn(own); reason != nil {
		return reason
	}
	switch {
	case other.Locked:
		return &LockedOther
	case other.OpenMerge:
		return &OpenMergeOther
	case Owes(other.BalanceCents):
		return &OpenBalanceOther
	case other.MemberOwes:
		return &OpenBalanceOtherMember
	}
	return nil
}

// BlockOwn returns why the own number cannot take part in any merge, nil when it can. It may be told at any time.
func BlockOwn(own Facts) *Reason {
	switch {
	case own.Locked:
		return &LockedOwn
	case own.OpenMerge:
		return &OpenMergeOwn
	case Owes(own.BalanceCents):
		return &OpenBalanceOwn
	case own.MemberOwes:
		return &OpenBalanceOwnMember
	}
	return nil
}

// Limit returns why these numbers are too many for one order or one customer, nil when they are not.
func Limit(own Facts, sources []Facts) *Reason {
	ending := len(sources)
	for _, s := range sources {
		ending += len(s.Members)
	}
	switch {
	case ending > MaxOrderNumbers:
		return &LimitOrder
	case 1+len(own.Members)+ending > MaxCustomerNumbers:
		return &LimitCustomer
	}
	return nil
}

func sameNames(sp Speller, own, other Record) bool {
	_, same := compareNames(sp, own, other)
	return same
}

// nameless reports a record that nobody can be recognised by: equal emptiness is no equal name, and neither are question marks that a data carrier made of
// all letters of a foreign script.
func nameless(sp Speller, r Record) bool {
	for _, f := range names {
		if strings.ContainsFunc(meant(sp, f, r), func(c rune) bool { return unicode.IsLetter(c) || unicode.IsNumber(c) }) {
			return false
		}
	}
	return true
}
