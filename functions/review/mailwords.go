package review

import (
	"kundenkonto/shared/audit"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/web"
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
func eventText(event string) web.Text {
	switch event {
	case outbox.EmailConfirm:
		return web.T("Link zur Bestätigung einer neuen E-Mail-Adresse", "Link that confirms a new e-mail address")
	case outbox.OrderEscalated:
		return web.T("Prüfung ist überfällig (an das Serviceteam)", "Review is overdue (to the service team)")
	case outbox.FactorRecoveryDue:
		return web.T("Ende der Wartezeit vor dem Aufheben der zweiten Stufe", "End of the waiting time before the second step is removed")
	}
	if action, ok := orderEvents[event]; ok {
		event = action
	}
	return web.T(audit.Words(event))
}

// whyGivenUp puts the kind of the last error into words. Its text was never kept (S20).
func whyGivenUp(class string) web.Text {
	switch class {
	case "address":
		return web.T("Die Adresse ist keine gültige E-Mail-Adresse.", "The address is not a valid e-mail address.")
	case "order-not-found":
		return web.T("Den Auftrag gibt es nicht.", "There is no such order.")
	case "MessageRejected":
		return web.T("Der Mailversand hat die E-Mail abgelehnt.", "The mail service refused the e-mail.")
	case "Throttling", "ThrottlingException", "flood":
		return web.T("Der Mailversand war überlastet.", "The mail service was overloaded.")
	case "AccountSendingPaused", "AccountSendingPausedException":
		return web.T("Der Mailversand war angehalten.", "Sending of mails was paused.")
	case "unreachable", "timeout", "network":
		return web.T("Der Dienst war nicht zu erreichen.", "The service could not be reached.")
	case "", "other":
		return web.T("Unbekannter Fehler", "Unknown error")
	}
	return web.T("Fehler: "+class, "Error: "+class)
}
