package mails

import (
	"kundenkonto/shared/audit"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/outbox"
)

// orderEvents are the audit's words for what the mails of orders are about.
var orderEvents = map[string]string{
	outbox.OrderSubmitted: audit.MergeSubmitted, outbox.OrderAnnounced: audit.MergeSubmitted, outbox.OrderApproved: audit.MergeApproved,
	outbox.OrderRejected: audit.MergeRejected, outbox.OrderWithdrawn: audit.MergeWithdrawn, outbox.OrderVetoed: audit.MergeVetoed,
	outbox.OrderExecuted: audit.MergeExecuted, outbox.OrderFailed: audit.MergeFailed, outbox.OrderExpired: audit.MergeExpired,
	outbox.OrderStale: audit.MergeStale, outbox.OrderConfirmed: audit.MergeConfirmed, outbox.OrderObjected: audit.MergeObjected,
	outbox.OrderObjectionDismissed: audit.MergeObjectionDismissed, outbox.OrderUndone: audit.MergeUndone, outbox.OrderRestarted: audit.MergeRetried,
}

// eventText says what a mail is about.
func eventText(event string) lang.Text {
	switch event {
	case outbox.EmailConfirm:
		return lang.T("Link zur Bestätigung einer neuen E-Mail-Adresse")
	case outbox.OrderEscalated:
		return lang.T("Prüfung ist überfällig (an das Serviceteam)")
	case outbox.FactorRecoveryDue:
		return lang.T("Ende der Wartezeit vor dem Abschalten der zweiten Stufe")
	}
	if action, ok := orderEvents[event]; ok {
		event = action
	}
	return audit.Words(event)
}

// whyGivenUp puts the kind of the last error into words. Its text was never kept (S20).
func whyGivenUp(class string) lang.Text {
	switch class {
	case "address":
		return lang.T("Die Adresse ist keine gültige E-Mail-Adresse.")
	case "order-not-found":
		return lang.T("Den Auftrag gibt es nicht.")
	case "MessageRejected":
		return lang.T("Der Mailversand hat die E-Mail abgelehnt.")
	case "Throttling", "ThrottlingException", "flood":
		return lang.T("Der Mailversand war überlastet.")
	case "AccountSendingPaused", "AccountSendingPausedException":
		return lang.T("Der Mailversand war angehalten.")
	case "unreachable", "timeout", "network":
		return lang.T("Der Dienst war nicht zu erreichen.")
	case "", "other":
		return lang.T("Unbekannter Fehler")
	}
	return lang.T("Fehler: %s", class)
}
