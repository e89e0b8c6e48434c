package review

import (
	"fmt"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

// actionReveal is the last part of the address that shows bank data in full.
const actionReveal = "reveal-iban"

// bankView is a customer's bank data in full. Only the answer to a reveal has it.
type bankView struct {
	IBAN     string `json:"iban"`
	BIC      string `json:"bic"`
	Account  string `json:"accountNumber"`
	BankCode string `json:"bankCode"`
}

func bankOf(p customer.Profile) bankView {
	return bankView{IBAN: p.IBAN, BIC: p.BIC, Account: p.AccountNumber, BankCode: p.BankCode}
}

// revealBank shows the bank data of a number in full, once. Who saw it and why is written down before; without that
// nothing is shown (S13).
func (d Deps) revealBank(r *web.Request, staff session.StaffSession, form web.Form, p customer.Profile) (web.Response, error) {
	bank, reason := bankOf(p), prose(form.Get("reason"))
	if refusal := revealRefused(bank, reason); refusal != nil {
		return d.notDone(r, staff, p, actionReveal, refusal)
	}
	e := audit.Event{Number: p.Number, Action: audit.BankDataRevealed, Actor: staff.Actor(), At: r.Now, New: map[string]string{audit.KeyReason: reason}}
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
		return web.Conflict("no_bank_data", web.T("Für diesen Kunden ist keine Bankverbindung hinterlegt.", "There is no bank account for this customer."))
	}
	if reason == "" {
		return reasonMissing()
	}
	return nil
}

// notDone is the customer's page with why an action was not done. It is a look at the customer, too.
func (d Deps) notDone(r *web.Request, staff session.StaffSession, p customer.Profile, action string, why *web.Error) (web.Response, error) {
	view, err := d.customerOf(r, p)
	if err != nil {
		return nil, err
	}
	view.Action = action
	if err := d.looked(r, staff, view.Number); err != nil {
		return nil, err
	}
	return customerPage(view).WithError(why), nil
}
