package mergesubmit

import (
	"strings"
	"time"

	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
)

// whatNext says what happens next and until when, in the customer's words.
func whatNext(o order.Order, now time.Time) *lang.Text {
	var t lang.Text
	switch o.State {
	case merge.Submitted, merge.InReview:
		t = reviewText(o, now)
	case merge.Approved:
		t = approvedText(o, now)
	case merge.Stale:
		t = lang.T("Seit dem Abschicken haben sich Daten geändert. Wir führen den Auftrag erst aus, wenn Sie die neuen Daten bestätigt haben. Sehen Sie sich unten an, was anders ist. Wenn Sie es bestätigen, prüfen wir den Auftrag mit den neuen Daten.")
		if at, ok := o.Deadline(); ok {
			t = t.And(lang.T("Dafür haben Sie bis %s Zeit, danach läuft der Auftrag ab.", lang.Moment(at)))
		}
	case merge.Failed:
		t = lang.T("Bei der Ausführung ist bei uns etwas schiefgegangen. Es hat sich nichts geändert. Unser Serviceteam kümmert sich darum und meldet sich bei Ihnen.")
	case merge.Executed:
		if o.Objected() {
			t = objectedText(o)
			break
		}
		t = executedText(o, now)
	case merge.Expired:
		t = expiredText(o)
	case merge.Rejected:
		t = lang.T("Es hat sich nichts geändert. Warum wir den Auftrag abgelehnt haben, steht unten.")
	case merge.Withdrawn:
		t = lang.T("Es hat sich nichts geändert. Unten können Sie mit denselben Kundennummern neu beginnen.")
	case merge.Vetoed:
		t = lang.T("Über den Link in der E-Mail an die andere Kundennummer wurde die Zusammenfassung gestoppt. Es hat sich nichts geändert. Gehören Ihnen beide Kundennummern, schreiben Sie uns, bevor Sie es noch einmal versuchen.")
	case merge.Undone:
		t = lang.T("Wir haben die Zusammenfassung rückgängig gemacht. Die Kundennummern sind wieder getrennt, jede mit ihrem eigenen Kundenpasswort und ihren Paketen. Was Sie seither geändert haben, bleibt.")
	default:
		t = lang.T("Es hat sich nichts geändert.")
	}
	return &t
}

func expiredText(o order.Order) lang.Text {
	switch o.CameFrom() {
	case merge.Stale:
		return lang.T("Die geänderten Daten wurden nicht rechtzeitig bestätigt. Deshalb ist der Auftrag abgelaufen, und alles bleibt, wie es ist. Unten können Sie mit denselben Kundennummern neu beginnen.")
	case merge.Approved:
		return lang.T("Wir konnten nicht alle benachrichtigen, auch nicht auf anderem Weg. Deshalb ist der Auftrag abgelaufen, und alles bleibt, wie es ist. Prüfen Sie, ob bei allen Kundennummern eine gültige E-Mail-Adresse steht. Dann können Sie unten neu beginnen.")
	}
	return lang.T("Wir haben den Auftrag nicht rechtzeitig geprüft. Das lag an uns. Es hat sich nichts geändert. Unten können Sie mit denselben Kundennummern neu beginnen.")
}

// executedText names every number that the customer can still sign in with, those of earlier merges too (M6).
func executedText(o order.Order, now time.Time) lang.Text {
	var old []string
	for _, source := range o.Sources {
		old = append(append(old, source.Record.Number), source.Members...)
	}
	numbers := strings.Join(old, ", ")
	t := lang.T("Alle Pakete stehen jetzt unter Ihrer Kundennummer. Mit den alten Nummern (%s) können Sie sich weiter anmelden, mit Ihrem Kundenpasswort.", numbers)
	if len(old) == 1 {
		t = lang.T("Alle Pakete stehen jetzt unter Ihrer Kundennummer. Mit der alten Nummer (%s) können Sie sich weiter anmelden, mit Ihrem Kundenpasswort.", numbers)
	}
	if until := o.ExecutedAt.Add(order.UndoPeriod); now.Before(until) {
		t = t.And(lang.T("Stimmt etwas nicht? Schreiben Sie uns bis %s: So lange können wir die Zusammenfassung rückgängig machen.", lang.Day(until)))
	}
	return t
}

func objectedText(o order.Order) lang.Text {
	return lang.T("Gegen die Zusammenfassung wurde für die andere Kundennummer Einspruch eingelegt. Unser Serviceteam prüft ihn und schreibt Ihnen. Bis dahin können Sie mit %s keine weiteren Nummern zusammenfassen, die E-Mail-Adresse nicht ändern und Ihre Daten nicht herunterladen. Ihre Pakete und die Anmeldung sind nicht betroffen.", o.Customer)
}

func reviewText(o order.Order, now time.Time) lang.Text {
	if now.After(o.EscalateAt) {
		return lang.T("Die Prüfung dauert länger als angekündigt. Wir bearbeiten sie jetzt vorrangig. Sie müssen nichts tun.")
	}
	if o.Stopped() {
		return lang.T("Unsere Nachricht an die andere Kundennummer ist nicht angekommen. Deshalb läuft die Widerspruchsfrist noch nicht. Wir melden uns dort auf anderem Weg, bevor wir entscheiden, spätestens am %s. Sie müssen nichts tun.", lang.Moment(o.EscalateAt))
	}
	return lang.T("Wir prüfen bis spätestens %s und schreiben Ihnen dann eine E-Mail. Sie müssen nichts tun.", lang.Moment(o.EscalateAt))
}

func approvedText(o order.Order, now time.Time) lang.Text {
	end, known := o.VetoUntil()
	if o.Stopped() {
		t := lang.T("Die Zusammenfassung ist genehmigt, aber unsere Nachricht an die andere Kundennummer ist nicht angekommen. Deshalb ruht die Widerspruchsfrist. Wir melden uns dort auf anderem Weg. Danach beginnt die Frist, und wir schreiben Ihnen, wann wir die Zusammenfassung ausführen. Sie müssen nichts tun.")
		if at, ok := o.Deadline(); ok {
			t = t.And(lang.T("Erreichen wir dort bis %s niemanden, läuft der Auftrag ab, und alles bleibt, wie es ist.", lang.Moment(at)))
		}
		return t
	}
	if !known {
		return lang.T("Die Zusammenfassung ist genehmigt. Sobald die andere Kundennummer benachrichtigt ist, beginnt die Widerspruchsfrist.")
	}
	if !now.Before(end) {
		return lang.T("Die Zusammenfassung ist genehmigt und wird jetzt ausgeführt.")
	}
	return lang.T("Genehmigt, wird am %s ausgeführt. Bis dahin lässt sich die Zusammenfassung stoppen.", lang.Moment(end))
}
