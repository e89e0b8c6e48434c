package account

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"kundenkonto/infra/localtest"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
)

const packageSecret = "neun nilpferde ohne fahrkarte"

func TestAPackagePasswordIsAskedForAndTold(t *testing.T) {
	for _, c := range []struct {
		name, id, current, entered string
		status                     int
		says                       string
	}{
		{"everything is right", "P-1001", "richtiges Passwort", packageSecret, 303, ""},
		{"of an earlier number's package", "P-1002", "richtiges Passwort", packageSecret, 303, ""},
		{"the customer password is missing or wrong", "P-1001", "falsch", packageSecret, 422, "stimmt nicht"},
		{"nothing was entered", "P-1001", "richtiges Passwort", "", 422, "Geben Sie ein neues Paketpasswort ein"},
		{"too short", "P-1001", "richtiges Passwort", "kurz", 422, "mindestens 15 Zeichen"},
		{"made of the own domain", "P-1001", "richtiges Passwort", "schaefer.example1", 422, "Angaben über Sie"},
		{"the customer password again", "P-1001", "richtiges Passwort", "richtiges Passwort", 422, "Das ist Ihr Kundenpasswort"},
		{"an ended package", "P-1003", "richtiges Passwort", packageSecret, 409, "beendet"},
		{"another customer's package", "P-9999", "richtiges Passwort", packageSecret, 404, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := anna(t)
			a := w.postTo(t, "/account/packages/"+c.id+"/password", url.Values{"currentPassword": {c.current}, "newPassword": {c.entered}})
			if a.Code != c.status || !strings.Contains(a.text(".error-summary"), c.says) {
				t.Fatalf("status %d, says %q (S5, S7, S11)", a.Code, a.text(".error-summary"))
			}
			if (w.writes() == 1) != (c.status == http.StatusSeeOther) {
				t.Errorf("%d writes", w.writes())
			}
			if c.entered != "" && strings.Contains(a.Body.String(), c.entered) && c.entered != "schaefer.example1" {
				t.Error("the page shows a password")
			}
		})
	}
}

func TestAPackagePasswordIsWrittenWithAuditAndMail(t *testing.T) {
	w := anna(t)
	w.Put(credential.SetPassword(w.Store.Names, credential.Credential{Subject: table.PackageSubject("P-1002"), Version: 2}, "", false, noon)) // by a veto
	if got := w.get(t, "/account/packages/P-1002").text("section[aria-labelledby=paketpasswort]"); !strings.Contains(got, "Zurzeit ist keines festgelegt") {
		t.Errorf("the page says %q", got)
	}
	a := w.postTo(t, "/account/packages/P-1002/password", url.Values{"currentPassword": {w.password}, "newPassword": {packageSecret}})
	if a.Header().Get("Location") != "/account/packages/P-1002?done=package-password" || w.writes() != 1 {
		t.Fatalf("%d to %q", a.Code, a.Header().Get("Location"))
	}
	if p := w.own(); !p.PackagePasswordChangedAt.Equal(noon) || p.Version != 7 {
		t.Errorf("the profile says changed at %s, version %d (a package password makes no order stale)", p.PackagePasswordChangedAt, p.Version)
	}
	if ok, _, err := credential.Verify(w.Credential(table.PackageSubject("P-1002")).Hash, packageSecret); err != nil || !ok {
		t.Errorf("the password is not the package's: %v", err)
	}
	if events := w.Events(); len(events) != 1 || events[0].Action != "package-password.changed" || strings.Contains(w.effects(), packageSecret) {
		t.Errorf("the audit events are %v (S20)", events)
	}
	told := w.told()[outbox.PackagePassword]
	if told.ID != "package-password.changed#P-1002#4" || told.Recipients[0].Address != "anna@schaefer.example" {
		t.Errorf("the mail is %+v (S7)", told)
	}
	if got := w.get(t, "/account/packages/P-1002?done=package-password").text(".notice"); !strings.Contains(got, "Das Paketpasswort ist geändert. Eine Bestätigung geht an anna@schaefer.example.") {
		t.Errorf("the page says %q", got)
	}
}

func TestAPackagePasswordIsSetByWhomThePackageStillBelongsTo(t *testing.T) { // S12
	for name, disturb := range map[string]func(w *account){
		"its number went its way": func(w *account) { w.is(func(p *customer.Profile) { p.Members = nil }) },
		"the session was ended":   func(w *account) { w.is(func(p *customer.Profile) { p.Epoch++ }) },
	} {
		w := anna(t)
		w.Meanwhile(saves, func() { disturb(w) })
		a := w.postTo(t, "/account/packages/P-1002/password", url.Values{"currentPassword": {w.password}, "newPassword": {packageSecret}})
		if hash := w.Credential(table.PackageSubject("P-1002")).Hash; hash != "" || len(w.Events())+len(w.Outbox()) != 0 {
			t.Errorf("%s: %d to %q, and it was set", name, a.Code, a.Header().Get("Location"))
		}
	}
}

func TestOnTheCloudAPackagePasswordThatAVetoVoidedIsSetAnew(t *testing.T) {
	v := visit(t)
	id := v.hasPackages()["hosting"]
	set := func(entered string) answer {
		return v.send("POST", packagePath(id)+"/password", url.Values{"currentPassword": {password}, "newPassword": {entered}})
	}
	proves := func(entered string) bool {
		c, err := credential.Store{Store: v.admin}.Get(t.Context(), table.PackageSubject(id))
		if err != nil {
			t.Fatal(err)
		}
		ok, _, _ := credential.Verify(c.Hash, entered)
		return ok
	}
	if a := set(packageSecret); a.Code != http.StatusSeeOther || !proves(packageSecret) {
		t.Fatalf("the first: %d %s", a.Code, a.text("main"))
	}
	localtest.Put(t, credential.Void(v.admin.Names, table.PackageSubject(id)))
	if proves(packageSecret) {
		t.Error("a voided password still proves")
	}
	if got := v.send("GET", packagePath(id), nil).text("section[aria-labelledby=paketpasswort]"); !strings.Contains(got, "keines festgelegt") {
		t.Errorf("the page says %q", got)
	}
	if a := set("zehn ziegen auf dem leuchtturm"); a.Code != http.StatusSeeOther || !proves("zehn ziegen auf dem leuchtturm") {
		t.Errorf("the new one: %d %s", a.Code, a.text("main"))
	}
	was := v.profile()
	voided := was
	voided.PackagePasswordsVoidAt = time.Now().Add(time.Minute) // by an undo after an objection
	localtest.Put(t, customer.Update(v.admin.Names, was, voided))
	if got := v.send("GET", packagePath(id), nil).text("section[aria-labelledby=paketpasswort]"); !strings.Contains(got, "keines festgelegt") {
		t.Errorf("with all passwords of the number voided the page says %q", got)
	}
	p := v.profile()
	if time.Since(p.PackagePasswordChangedAt) > time.Hour || p.Version != 1 || p.Epoch != 0 {
		t.Errorf("the profile is %+v", p)
	}
	for _, key := range []string{"#1", "#3"} {
		item, err := v.admin.Get(t.Context(), v.admin.Names.Outbox, table.Outbox(table.OutboxID(outbox.PackagePassword, id+key)))
		if err != nil || item == nil {
			t.Errorf("no mail %s: %v (S7)", key, err)
		}
	}
}
