package mergesubmit

import (
	"fmt"
	"strings"
	"time"

	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/web"
)

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
		t = executedText(o, now)
	case merge.Expired:
		t = expiredText(o)
	case merge.Rejected:
		t = web.T("Es hat sich nichts geändert. Warum wir den Auftrag abgelehnt haben, steht unten.", "Nothing has changed. See below why we declined the order.")
	case merge.Withdrawn:
		t = web.T("Es hat sich nichts geändert. Unten können Sie mit denselben Kundennummern neu beginnen.",
			"Nothing has changed. You can begin anew with the same customer numbers below.")
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

// executedText names every number that the customer can still sign in with, those of earlier merges too (M6).
func executedText(o order.Order, now time.Time) web.Text {
	var old []string
	for _, source := range o.Sources {
		old = append(append(old, source.Record.Number), source.Members...)
	}
	de, en := "der alten Nummer", "the old number"
	if len(old) > 1 {
		de, en = "den alten Nummern", "the old numbers"
	}
	t := web.T("Alle Pakete stehen jetzt unter Ihrer Kundennummer. Mit "+de+" ("+strings.Join(old, ", ")+") können Sie sich weiter anmelden, mit Ihrem Kundenpasswort.",
		"All packages are under your customer number now. You can still sign in with "+en+" ("+strings.Join(old, ", ")+"), using your customer password.")
	if until := o.ExecutedAt.Add(order.UndoPeriod); now.Before(until) {
		t.DE += " Stimmt etwas nicht? Schreiben Sie uns bis " + web.Date("de", until) + ": So lange können wir die Zusammenfassung rückgängig machen."
		t.EN += " Something is wrong? Write to us by " + web.Date("en", until) + ": until then we can undo the merge."
	}
	return t
}

func objectedText(o order.Order) web.Text {
	return web.T("Von der anderen Kundennummer kam ein Einspruch gegen die Zusammenfassung. Unser Serviceteam prüft ihn und schreibt Ihnen. Bis dahin können Sie mit "+o.Customer+" keine weiteren Nummern zusammenfassen, die E-Mail-Adresse nicht ändern und Ihre Daten nicht herunterladen. Ihre Pakete und die Anmeldung sind nicht betroffen.",
		"The owner of the other customer number has objected. Our service team reviews the objection and writes to you. Until then you cannot merge more numbers with "+o.Customer+", change the e-mail address or download your data. Your packages and signing in are not affected.")
}

func reviewText(o order.Order, now time.Time) web.Text {
	if now.After(o.EscalateAt) {
		return web.T("Die Prüfung dauert länger als angekündigt. Wir haben sie vorgezogen. Sie müssen nichts tun.",
			"The review takes longer than announced. We have moved it up. There is nothing you need to do.")
	}
	if o.Stopped() {
		return web.T("Unsere Nachricht an die andere Kundennummer ist nicht angekommen. Deshalb läuft die Widerspruchsfrist noch nicht. Wir melden uns dort auf anderem Weg, bevor wir entscheiden, spätestens am "+web.DateTime("de", o.EscalateAt)+". Sie müssen nichts tun.",
			"Our message to the other customer number did not arrive. That is why the time for objections does not run yet. We get in touch there by another way before we decide, by "+web.DateTime("en", o.EscalateAt)+" at the latest. There is nothing you need to do.")
	}
	return web.T("Wir prüfen bis spätestens "+web.DateTime("de", o.EscalateAt)+" und schreiben Ihnen dann eine E-Mail. Sie müssen nichts tun.",
		"We will review it by "+web.DateTime("en", o.EscalateAt)+" at the latest and then send you an e-mail. There is nothing you need to do.")
}

func approvedText(o order.Order, now time.Time) web.Text {
	end, known := o.VetoUntil()
	if o.Stopped() {
		return web.T("Die Zusammenfassung ist genehmigt, aber unsere Nachricht an die andere Kundennummer ist nicht angekommen. Deshalb steht die Widerspruchsfrist still. Wir melden uns dort auf anderem Weg. Danach beginnt die Frist, und wir schreiben Ihnen, wann wir die Zusammenfassung ausführen. Sie müssen nichts tun."+until(web.DE, o, " Erreichen wir dort bis %s niemanden, läuft der Auftrag ab, und alles bleibt, wie es ist."),
			"The merge is approved, but our message to the other customer number did not arrive. That is why the time for objections stands still. We get in touch there by another way. Then the time begins, and we write to you when we carry the merge out. There is nothing you need to do."+until(web.EN, o, " If we reach nobody there by %s, the order expires, and everything stays as it is."))
	}
	if !known {
		return web.T("Die Zusammenfassung ist genehmigt. Sobald die andere Seite benachrichtigt ist, beginnt die Widerspruchsfrist.",
			"The merge is approved. The time for objections begins as soon as the other side has been told.")
	}
	if !now.Before(end) {
		return web.T("Die Zusammenfassung ist genehmigt und wird jetzt ausgeführt.", "The merge is approved and is being carried out now.")
	}
	return web.T("Genehmigt, wird am "+web.DateTime("de", end)+" ausgeführt. Bis dahin kann widersprochen werden.",
		"Approved, will be carried out on "+web.DateTime("en", end)+". Until then it can be objected to.")
}
