package security

import (
	"errors"
	"html/template"
	"net/http"

	"rsc.io/qr"

	"kundenkonto/shared/lang"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/session"
	"kundenkonto/shared/throttle"
	"kundenkonto/shared/web"
)

// setupView is the page with the secret for the app.
type setupView struct {
	Number  string       `json:"customerNumber"`
	Secret  string       `json:"secret"`  // base32, in fours
	Address template.URL `json:"address"` // of our making, with a scheme that templates do not know
}

// codesView is the page with the recovery codes, shown once.
type codesView struct {
	Codes []string `json:"recoveryCodes"`
	New   bool     `json:"secondStepNew"` // the app was set up by the same request
}

// Happened says why there are new codes.
func (v codesView) Happened() lang.Text {
	if v.New {
		return lang.T("Die Authenticator-App ist eingerichtet. Ab der nächsten Anmeldung fragen wir nach einem Code. Alle anderen Geräte sind abgemeldet.")
	}
	return lang.T("Das sind Ihre neuen Codes. Die bisherigen gelten nicht mehr. Alle anderen Geräte sind abgemeldet.")
}

func (d Room) setupPage(r *web.Request, s session.Visitor) (web.Response, error) {
	f, err := d.factorOf(r, s)
	if err != nil {
		return nil, err
	}
	if !f.Begun(r.Now) {
		return web.SeeOther(factorPath), nil
	}
	return setupWith(r, f), nil
}

func setupWith(r *web.Request, f secondfactor.Factor) web.Response {
	return web.Page("setup", setupView{Number: f.Number, Secret: secondfactor.Grouped(f.Draft),
		Address: template.URL(secondfactor.Address(f.Draft, r.Config.Brand, f.Number))})
}

// qrScale is the size of a module in pixels; the page shows the picture at half of that, sharp on every screen.
const qrScale = 8

// setupPicture is a route of its own, since the pages allow no inline data (S15). Like every page it is never stored.
func (d Room) setupPicture(r *web.Request, s session.Visitor) (web.Response, error) {
	f, err := d.factorOf(r, s)
	if err != nil {
		return nil, err
	}
	if !f.Begun(r.Now) {
		return nil, web.NotFound()
	}
	code, err := qr.Encode(secondfactor.Address(f.Draft, r.Config.Brand, f.Number), qr.M)
	if err != nil {
		return nil, err
	}
	code.Scale = qrScale
	return web.Raw(http.StatusOK, "image/png", code.PNG()), nil
}

// confirmSetup puts the app in force once a code shows that it works.
func (d Room) confirmSetup(r *web.Request, s session.Visitor, form web.Form, f secondfactor.Factor) (web.Response, error) {
	if !f.Begun(r.Now) {
		return web.SeeOther(factorPath), nil
	}
	codes, hashes, err := secondfactor.NewCodes(d.Rand, f.Number)
	if err != nil {
		return nil, err
	}
	confirmed, err := f.Confirm(form.Get(fieldCode), hashes, r.Now)
	if errors.Is(err, secondfactor.ErrWrong) {
		return setupWith(r, f).WithError(wrongSetupCode()), nil
	}
	cookie, err := d.changeFactor(r, s, f, confirmed, secondfactor.Happened{Event: outbox.SecondFactorSetUp},
		throttle.Clear(d.Names, throttle.WrongCodes(f.Number))) // those were codes of another app
	if err != nil {
		return nil, err
	}
	return web.Page("recoverycodes", codesView{Codes: codes, New: true}).WithCookie(cookie), nil
}

func wrongSetupCode() *web.Error {
	message := lang.T("Dieser Code passt nicht. Geben Sie den Code ein, den die App gerade zeigt, und prüfen Sie die Uhr Ihres Geräts.")
	return web.Unprocessable("code_wrong", message, web.Invalid(fieldCode, "code_wrong", message))
}
