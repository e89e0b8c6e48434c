package customers

import (
	"fmt"

	"kundenkonto/functions/review/desk"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

func bankOf(p customer.Profile) bankView {
	return bankView{IBAN: p.IBAN, BIC: p.BIC, Account: p.AccountNumber, BankCode: p.BankCode}
}

// revealBank shows the bank data of a number in full, once. Who saw it and why is written down before; without that
// nothing is shown (S13).
func (d Room) revealBank(r *web.Request, staff session.StaffSession, form web.Form, p customer.Profile) (web.Response, error) {
	bank, a := bankOf(p), actOf(r, staff, form, p)
	if refusal := revealRefused(bank, a.reason); refusal != nil {
		return d.notDone(r, a, actionReveal, refusal)
	}
	e := audit.Event{Number: p.Number, Action: audit.BankDataRevealed, Actor: staff.Actor(), At: r.Now, New: map[string]string{audit.KeyReason: a.reason}}
	if err := d.Events.Note(r.Context(), e, d.Rand, true); err != nil {
		return nil, fmt.Errorf("reveal bank data: %w", err)
	}
	view, err := d.customerOf(r, p)
	if err != nil {
		return nil, err
	}
	r.Note("security_event", "sensitive_read")
	view.Revealed = &bank
	return customerPage(view), nil
}

func revealRefused(bank bankView, reason string) *web.Error {
	if bank.IBAN == "" && bank.Account == "" {
		return web.Conflict("no_bank_data", lang.T("Für diesen Kunden ist keine Bankverbindung hinterlegt."))
	}
	if reason == "" {
		return desk.ReasonMissing()
	}
	return nil
}
