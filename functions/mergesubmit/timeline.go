package mergesubmit

import (
	"fmt"
	"time"

	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/web"
)

// Point is one point of an order's timeline.
type Point struct {
	Status string    `json:"status"` // done, now, open or failed
	What   web.Text  `json:"what"`
	At     time.Time `json:"at,omitzero"`
	Next   *web.Text `json:"next,omitempty"` // what happens there, and until when
}

// road is the way of an order on which nothing goes wrong.
var road = []merge.State{merge.Submitted, merge.InReview, merge.Approved, merge.Executed}

// timeline shows what happened, and of the straight road what still comes.
func timeline(o order.Order, now time.Time) []Point {
	var points []Point
	steps := o.Told()
	for i, step := range steps {
		p := Point{Status: "done", What: stepText(step), At: step.At}
		if i == len(steps)-1 {
			p.Status, p.Next = lastStatus(o), whatNext(o, now)
		}
		points = append(points, p)
	}
	if o.State.Final() {
		return points
	}
	for _, s := range ahead(o.State) {
		points = append(points, Point{Status: "open", What: stateText(s)})
	}
	return points
}

// stepText names a step: an event within a state, a return to a state, or the state.
func stepText(step order.Step) web.Text {
	switch step.Event {
	case order.Objection:
		return web.T("Einspruch gegen die Zusammenfassung", "Objection to the merge")
	case order.ProofGone:
		return web.T("Das Paketpasswort, mit dem eine Kundennummer bestätigt war, gilt nicht mehr", "The package password that confirmed a customer number is no longer valid")
	case order.ObjectionDismissed:
		return web.T("Einspruch geprüft: Die Zusammenfassung bleibt", "Objection reviewed: the merge stays")
	}
	return stateText(step.State)
}

func lastStatus(o order.Order) string {
	switch o.State {
	case merge.Executed:
		if o.Objected() {
			return "now"
		}
		return "done"
	case merge.Rejected, merge.Expired, merge.Withdrawn, merge.Vetoed, merge.Undone:
		return "failed"
	}
	return "now"
}

// ahead lists what comes after a state. A stale or failed order returns to review.
func ahead(s merge.State) []merge.State {
	for i, on := range road {
		if on == s {
			return road[i+1:]
		}
	}
	return road[1:]
}

func stateText(s merge.State) web.Text {
	words := s.Words()
	return web.T(words.DE, words.EN)
}

// tone is the colour of a state's badge; the word beside it says the same.
func tone(s merge.State) string {
	switch s {
	case merge.Executed:
		return "success"
	case merge.Submitted, merge.InReview, merge.Approved:
		return "info"
	case merge.Stale, merge.Failed:
		return "warning"
	}
	return ""
}

// whatNext says what happens next and until when, in the customer's words.
func whatNext(o order.Order, now time.Time) *web.Text {
	var t web.Text
	switch o.State {
	case merge.Submitted, merge.InReview:
		t = reviewText(o, now)
	case merge.Approved:
		t = approvedText(o, now)
	case merge.Stale:
		t = web.T("Seit dem Abschicken haben sich Daten geändert. So, wie Sie den Auftrag gesehen haben, führen wir ihn nicht aus. Sehen Sie sich unten an, was anders ist. Wenn Sie es bestätigen, prüfen wir den Auftrag mit den neuen Daten."+until(web.DE, o, " Dafür haben Sie bis %s Zeit, danach läuft der Auftrag ab."),
			"Data have changed since you submitted the order. We will not carry it out other than you saw it. See below what is different. If you confirm it, we review the order with the new data."+until(web.EN, o, " You have until %s to do so, then the order expires."))
	case merge.Failed:
		t = web.T("Bei der Ausführung ist bei uns etwas schiefgegangen. Es hat sich nichts geändert. Unser Serviceteam kümmert sich darum und meldet sich bei Ihnen.",
			"Something went wrong on our side while carrying the order out. Nothing has changed. Our service team takes care of it and will get back to you.")
	case merge.Executed:
		if o.Objected() {
			t = objectedText(o)
			break
		}
		t = web.T("Alle Pakete stehen jetzt unter Ihrer Kundennummer. Mit den alten Nummern können Sie sich weiter anmelden, mit Ihrem Kundenpasswort.",
			"All packages are under your customer number now. You can still sign in with the old numbers, using your customer password.")
	case merge.Expired:
		t = expiredText(o)
	case merge.Vetoed:
		t = web.T("Über den Link in der E-Mail an die andere Kundennummer wurde die Zusammenfassung gestoppt. Es hat sich nichts geändert. Gehören Ihnen beide Kundennummern, schreiben Sie uns, bevor Sie es noch einmal versuchen.",
			"The merge was stopped with the link in the e-mail to the other customer number. Nothing has changed. If both customer numbers are yours, write to us before you try again.")
	case merge.Undone:
		t = web.T("Wir haben die Zusammenfassung rückgängig gemacht. Die Kundennummern sind wieder getrennt, jede mit ihrem eigenen Kundenpasswort und ihren Paketen. Was Sie seither geändert haben, bleibt.",
			"We have undone the merge. The customer numbers are apart again, each with its own customer password and packages. What you have changed since stays.")
	default:
		t = web.T("Es hat sich nichts geändert.", "Nothing has changed.")
	}
	return &t
}

// until names the deadline of an order, in a sentence of its own.
func until(lang web.Lang, o order.Order, sentence string) string {
	at, ok := o.Deadline()
	if !ok {
		return ""
	}
	return fmt.Sprintf(sentence, web.DateTime(lang, at))
}

func expiredText(o order.Order) web.Text {
	switch o.CameFrom() {
	case merge.Stale:
		return web.T("Die geänderten Daten wurden nicht rechtzeitig bestätigt. Deshalb ist der Auftrag abgelaufen, und alles bleibt, wie es ist. Unten können Sie mit denselben Kundennummern neu beginnen.",
			"The changed data were not confirmed in time. So the order has expired, and everything stays as it is. You can begin anew with the same customer numbers below.")
	case merge.Approved:
		return web.T("Wir konnten nicht alle Seiten benachrichtigen, auch nicht auf anderem Weg. Deshalb ist der Auftrag abgelaufen, und alles bleibt, wie es ist. Prüfen Sie, ob bei allen Kundennummern eine gültige E-Mail-Adresse steht. Dann können Sie unten neu beginnen.",
			"We could not tell every side, nor reach it by another way. So the order has expired, and everything stays as it is. Check that all customer numbers have a valid e-mail address. Then you can begin anew below.")
	}
	return web.T("Wir haben den Auftrag nicht rechtzeitig geprüft. Das lag an uns. Es hat sich nichts geändert. Unten können Sie mit denselben Kundennummern neu beginnen.",
		"We did not review the order in time. That was our delay. Nothing has changed. You can begin anew with the same customer numbers below.")
}

func objectedText(o order.Order) web.Text {
	return web.T("Wer zu der anderen Kundennummer gehört, hat Einspruch eingelegt. Unser Serviceteam prüft ihn und schreibt Ihnen. Bis dahin können Sie mit "+o.Customer+" keine weiteren Nummern zusammenfassen, die E-Mail-Adresse nicht ändern und Ihre Daten nicht herunterladen. Ihre Pakete und die Anmeldung sind nicht betroffen.",
		"The owner of the other customer number has objected. Our service team reviews the objection and writes to you. Until then you cannot merge more numbers with "+o.Customer+", change the e-mail address or download your data. Your packages and signing in are not affected.")
}

func reviewText(o order.Order, now time.Time) web.Text {
	if now.After(o.EscalateAt) {
		return web.T("Die Prüfung dauert länger als angekündigt. Wir haben sie vorgezogen. Sie müssen nichts tun.",
			"The review takes longer than announced. We have moved it up. There is nothing you need to do.")
	}
	return web.T("Wir prüfen bis spätestens "+web.DateTime("de", o.EscalateAt)+" und schreiben Ihnen dann eine E-Mail. Sie müssen nichts tun.",
		"We will review it by "+web.DateTime("en", o.EscalateAt)+" at the latest and then send you an e-mail. There is nothing you need to do.")
}

func approvedText(o order.Order, now time.Time) web.Text {
	end, known := o.VetoUntil()
	if !known {
		return web.T("Die Zusammenfassung ist genehmigt. Sobald die andere Seite benachrichtigt ist, beginnt die Widerspruchsfrist."+until(web.DE, o, " Gelingt das bis %s nicht, läuft der Auftrag ab."),
			"The merge is approved. The time for objections begins as soon as the other side has been told."+until(web.EN, o, " If that is not done by %s, the order expires."))
	}
	if !now.Before(end) {
		return web.T("Die Zusammenfassung ist genehmigt und wird jetzt ausgeführt.", "The merge is approved and is being carried out now.")
	}
	return web.T("Genehmigt, wird am "+web.DateTime("de", end)+" ausgeführt. Bis dahin kann widersprochen werden.",
		"Approved, will be carried out on "+web.DateTime("en", end)+". Until then it can be objected to.")
}
