package overview

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/functions/account/area"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/contract"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/product"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
	"kundenkonto/shared/web"
)

// settingsVersion is the field with the version of the settings that the form shows.
const settingsVersion = "version"

// What the forms of a package's page have done.
const (
	doneSettings = "settings"
	doneNothing  = "nothing"
)

// saveSettings changes what a package is set to, without another sign-in. A setting that was not sent stays.
func (d Room) saveSettings(r *web.Request, s session.Visitor) (web.Response, error) {
	f, err := r.Form()
	if err != nil {
		return nil, err
	}
	for range table.Tries(r.Context(), area.Attempts) {
		p, err := d.ownPackage(r, s)
		if err != nil {
			return nil, err
		}
		answer, err := d.trySettings(r, s, p, f)
		if !errors.Is(err, table.ErrCondition) {
			return answer, err
		}
		if ended, err := d.Ended(r, s); err != nil || ended != nil {
			return ended, err
		}
	}
	return nil, web.Unavailable(errors.New("the settings keep changing"))
}

// trySettings saves the settings over p as it was read; table.ErrCondition when somebody was faster.
func (d Room) trySettings(r *web.Request, s session.Visitor, p customer.Package, f web.Form) (web.Response, error) {
	entered := map[string]string{}
	for _, setting := range d.Products.Of(p.Product) {
		if f.Has(setting.Name) {
			entered[setting.Name] = f.Text(setting.Name)
		}
	}
	next, changed, problems := d.Products.Apply(p.Product, p.Settings, entered)
	switch refused := refusedSettings(p, contract.Day(r.Now), f, problems); {
	case refused != nil:
		kept := d.settingsOf(p).with(entered)
		if shown, err := strconv.ParseInt(f.Get(settingsVersion), 10, 64); err == nil {
			kept.Version = shown // a typing error must not make an old form look new
		}
		return d.settingsAgain(r, s, p, kept, refused)
	case len(changed) == 0:
		return web.SeeOther(packagePath(p.ID) + "?" + area.DoneKey + "=" + doneNothing), nil
	case f.Has(settingsVersion) && f.Get(settingsVersion) != strconv.FormatInt(p.SettingsVersion, 10):
		return d.settingsAgain(r, s, p, d.settingsOf(p).with(entered), d.settingsConflict(p, changed))
	}
	held, refused, err := d.heldPackage(r, s.Profile, p)
	if err != nil {
		return nil, err
	}
	if refused != nil {
		return d.settingsAgain(r, s, p, d.settingsOf(p).with(entered), refused)
	}
	if err := d.writeSettings(r, s, p, next, changed, held); err != nil {
		return nil, err
	}
	r.Note("outcome", "package_settings_changed")
	return web.SeeOther(packagePath(p.ID) + "?" + area.DoneKey + "=" + doneSettings), nil
}

// refusedSettings is what is wrong with the entry itself.
func refusedSettings(p customer.Package, today time.Time, f web.Form, problems []product.Problem) *web.Error {
	if p.Ended(today) {
		return packageEnded()
	}
	if f.Has(settingsVersion) {
		if _, err := strconv.ParseInt(f.Get(settingsVersion), 10, 64); err != nil {
			return area.Incomplete()
		}
	}
	var fields []web.FieldError
	for _, problem := range problems {
		fields = append(fields, web.Invalid(problem.Setting, problem.Code, (problem.Words)))
	}
	if fields == nil {
		return nil
	}
	return web.Unprocessable("invalid_settings", area.NothingSaved, fields...)
}

func packageEnded() *web.Error {
	return web.Conflict("package_ended", lang.T("Der Vertrag dieses Pakets ist beendet. Es lässt sich nichts mehr einstellen."))
}

// settingsConflict says at the fields what is stored by now. Nothing was overwritten; saving once more is a decision.
func (d Room) settingsConflict(p customer.Package, changed []string) *web.Error {
	refused := web.Conflict("version_old", lang.T("Die Einstellungen wurden inzwischen geändert, zum Beispiel in einem anderen Fenster. Wir haben nichts überschrieben. Das Formular enthält Ihre Eingabe; wenn Sie noch einmal speichern, ersetzt sie die jetzt gespeicherten Werte."))
	for _, f := range d.settingsOf(p).Fields {
		for _, name := range changed {
			if name == f.Name {
				refused.Fields = append(refused.Fields, web.Invalid(name, "changed_meanwhile", lang.T("%s: jetzt ist „%s“ gespeichert.", f.Label, f.said(f.Value))))
			}
		}
	}
	return refused
}

func (d Room) settingsAgain(r *web.Request, s session.Visitor, p customer.Package, kept settingsView, refused *web.Error) (web.Response, error) {
	page, err := d.showPackage(r, s, p, kept)
	if err != nil {
		return nil, err
	}
	return page.WithError(refused), nil
}

// writeSettings saves the change with its audit event and the event for the operator's systems, on condition that the
// package is still the customer's and as it was read (S12).
func (d Room) writeSettings(r *web.Request, s session.Visitor, p customer.Package, next map[string]string, changed []string, held holding) error {
	before, after := map[string]string{outbox.ValuePackage: p.ID}, map[string]string{outbox.ValuePackage: p.ID}
	values := map[string]string{outbox.ValueNumber: s.Profile.Number, outbox.ValuePackage: p.ID}
	was := d.settingsOf(p).Values
	for _, name := range changed {
		before[name], after[name] = was[name], next[name]
		outbox.SetChange(values, outbox.Change{Field: name, Old: was[name], New: next[name]})
	}
	err := d.Transact(r.Context(), append([]types.TransactWriteItem{
		customer.CheckOwns(d.Names, s.Profile, p.Number),
		customer.PutSettings(d.Names, p, next),
		audit.Put(d.Names, audit.Event{Number: s.Profile.Number, Action: audit.SettingsChanged, Actor: s.Profile.Number, At: r.Now, Old: before, New: after}, d.Rand),
		outbox.Put(d.Names, outbox.Item{Event: outbox.PackageChanged, Key: fmt.Sprintf("%s#%d", p.ID, p.SettingsVersion+1), Values: values, CreatedAt: r.Now}),
	}, d.stillHeld(held)...), "")
	if err != nil {
		return fmt.Errorf("save settings: %w", err)
	}
	return nil
}

// tellPackage adds the notice of what a form of the page has done.
func tellPackage(r *web.Request, page web.Response, email string) web.Response {
	switch r.URL.Query().Get(area.DoneKey) {
	case doneSettings:
		return page.WithNotice("success", lang.T("Die Einstellungen sind gespeichert."))
	case donePackagePassword:
		return page.WithNotice("success", web.ConfirmedTo(lang.T("Das Paketpasswort ist geändert."), email))
	case doneCancelled:
		return page.WithNotice("success", web.ConfirmedTo(lang.T("Ihre Kündigung ist bei uns eingegangen."), email))
	case doneWithdrawn:
		return page.WithNotice("success", lang.T("Die Kündigung ist zurückgezogen. Der Vertrag läuft weiter."))
	case doneNothing:
		return page.WithNotice("info", lang.T("Sie haben nichts geändert."))
	}
	return page
}
