package merge

import (
	"strings"
	"unicode"

	"kundenkonto/shared/lang"
)

// Limits of a merge. They keep the execution within one DynamoDB transaction of 100 items.
const (
	MaxOrderNumbers    = 20 // numbers that end in one order, the sources' own earlier numbers counted
	MaxCustomerNumbers = 50 // numbers a customer has after the merge, the surviving one counted
)

// Reason is why a merge cannot go on: a stable code and a sentence that says what to do next. It names no data of the other number.
type Reason struct {
	Code string `json:"code"`
	Text lang.Text
}

// Is tells whether both are the same reason: codes are shared by reasons that differ in what to do next.
func (r Reason) Is(other Reason) bool {
	return r.Code == other.Code && r.Text.Key() == other.Text.Key()
}

// Owing is a reason with the amount that is owed.
func (r Reason) Owing(cents int64) *Reason {
	r.Text = r.Text.Map(func(any) any { return lang.Cents(cents) })
	return &r
}

// The reasons that do not depend on a side.
var (
	Self                   = Reason{"self", lang.T("Das ist die Kundennummer, mit der Sie angemeldet sind. Geben Sie die andere Kundennummer an, die Sie hinzufügen möchten.")}
	LimitOrder             = Reason{"limit", lang.T("Ein Auftrag kann höchstens 20 Kundennummern enthalten. Schicken Sie diesen Auftrag ab und fassen Sie die weiteren Nummern danach zusammen.")}
	LimitCustomer          = Reason{"limit", lang.T("Unter einer Kundennummer können höchstens 50 Nummern zusammengefasst sein. Wenn Sie mehr brauchen, schreiben Sie uns.")}
	ProofFailed            = Reason{"proof_failed", lang.T("Kundennummer, Domain und Paketpasswort passen nicht zusammen. Prüfen Sie alle drei Angaben.")}
	NameDiffers            = Reason{"name_differs", lang.T("Diese Kundennummer läuft auf einen anderen Namen oder eine andere Firma. Zusammenfassen geht nur bei gleichem Namen. Hat sich Ihr Name geändert, schreiben Sie uns, damit wir ihn berichtigen.")}
	AlreadyMerged          = Reason{"already_merged", lang.T("Diese Kundennummer ist schon mit einer anderen zusammengefasst. Melden Sie sich mit ihr an, um zu sehen, zu welcher Nummer sie jetzt gehört.")}
	AlreadyMergedHere      = Reason{"already_merged", lang.T("Diese Kundennummer gehört schon zu Ihrer. Die Pakete stehen in Ihrer Übersicht.")}
	OpenMergeOwn           = Reason{"open_merge", lang.T("Ihre Kundennummer gehört schon zu einem laufenden Auftrag. Warten Sie, bis er erledigt ist, oder ziehen Sie ihn zurück.")}
	OpenMergeOther         = Reason{"open_merge", lang.T("Diese Kundennummer gehört schon zu einem laufenden Auftrag. Warten Sie, bis er erledigt ist, oder melden Sie sich mit ihr an und ziehen Sie ihn zurück.")}
	OpenBalanceOwn         = Reason{"open_balance", lang.T("Zu Ihrer Kundennummer sind noch %s offen. Begleichen Sie den Betrag zuerst. Danach können Sie die Nummern zusammenfassen. Zahlungen sind nach etwa zwei Werktagen verbucht.", lang.Cents(0))}
	OpenBalanceOther       = Reason{"open_balance", lang.T("Zu dieser Kundennummer sind noch %s offen. Begleichen Sie den Betrag zuerst. Danach können Sie die Nummern zusammenfassen. Zahlungen sind nach etwa zwei Werktagen verbucht.", lang.Cents(0))}
	OpenBalanceOwnMember   = Reason{"open_balance", lang.T("Zu einer der Kundennummern, die zu Ihrer gehören, ist noch ein Betrag offen. Zu welcher, steht in Ihrer Übersicht. Begleichen Sie ihn zuerst. Danach können Sie die Nummern zusammenfassen. Zahlungen sind nach etwa zwei Werktagen verbucht.")}
	OpenBalanceOtherMember = Reason{"open_balance", lang.T("Zu dieser Kundennummer gehört eine weitere, zu der noch ein Betrag offen ist. Melden Sie sich mit dieser Kundennummer an, um zu sehen, welche es ist. Begleichen Sie den Betrag zuerst. Danach können Sie die Nummern zusammenfassen. Zahlungen sind nach etwa zwei Werktagen verbucht.")}
	LockedOwn              = Reason{"locked", lang.T("Ihre Kundennummer kann zurzeit nicht zusammengefasst werden. Schreiben Sie uns, wir sagen Ihnen, woran es liegt. Ihre Pakete und die Anmeldung sind nicht betroffen.")}
	LockedOther            = Reason{"locked", lang.T("Diese Kundennummer kann zurzeit nicht zusammengefasst werden. Schreiben Sie uns, wir sagen Ihnen, woran es liegt. Die Pakete und die Anmeldung sind nicht betroffen.")}
	Barred                 = Reason{"barred", lang.T("Zwischen diesen beiden Kundennummern wurde schon einmal eine Zusammenfassung gestoppt. Schreiben Sie uns, wenn Sie sie trotzdem zusammenfassen möchten.")}
	NotAdopted             = Reason{"not_adopted", lang.T("Für eine Kundennummer fehlt noch der Vergleich. Übernehmen Sie die Daten, bevor Sie den Auftrag abschicken.")}
	NothingToSubmit        = Reason{"not_adopted", lang.T("Ihr Auftrag enthält noch keine Kundennummer. Geben Sie zuerst die Kundennummer an, die Sie hinzufügen möchten.")}
	ProofExpired           = Reason{"proof_expired", lang.T("Die Prüfung einer Kundennummer liegt mehr als 30 Minuten zurück. Geben Sie das Paketpasswort noch einmal ein. Ihre Auswahl bleibt erhalten.")}
	ProofGone              = Reason{"proof_expired", lang.T("Das Paketpasswort, das für eine Kundennummer als Nachweis diente, gilt nicht mehr. Geben Sie das jetzige Paketpasswort ein. Ihre Auswahl bleibt erhalten.")}
	ProofOwnChanged        = Reason{"proof_expired", lang.T("Ihre eigenen Daten haben sich seit der Prüfung geändert. Geben Sie das Paketpasswort der anderen Kundennummer noch einmal ein, dann vergleichen wir neu. Ihre Auswahl bleibt erhalten.")}
	ProofLost              = Reason{"proof_expired", lang.T("Das Paketpasswort, das für eine Kundennummer als Nachweis diente, gilt nicht mehr. Ziehen Sie den Auftrag zurück und beginnen Sie mit dem jetzigen Paketpasswort neu.")}
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
		return OpenBalanceOther.Owing(other.BalanceCents)
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
		return OpenBalanceOwn.Owing(own.BalanceCents)
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
