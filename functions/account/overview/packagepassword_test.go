package overview_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"kundenkonto/infra/localtest"
	"kundenkonto/infra/localtest/visitor"
	"kundenkonto/infra/localtest/world"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
)

func TestAPackagePasswordIsAskedForAndTold(t *testing.T) {
	for _, c := range []struct {
		name, id, current, entered string
		status                     int
		says                       string
	}{
		{"everything is right", "P-1001", visitor.Password, visitor.PackagePassword, 303, ""},
		{"of an earlier number's package", "P-1002", visitor.Password, visitor.PackagePassword, 303, ""},
		{"the customer password is missing or wrong", "P-1001", "falsch", visitor.PackagePassword, 422, "stimmt nicht"},
		{"nothing was entered", "P-1001", visitor.Password, "", 422, "Geben Sie ein neues Paketpasswort ein"},
		{"too short", "P-1001", visitor.Password, "kurz", 422, "mindestens 15 Zeichen"},
		{"made of the own domain", "P-1001", visitor.Password, "schaefer.example1", 422, "Angaben über Sie"},
		{"the customer password again", "P-1001", visitor.Password, visitor.Password, 422, "Das ist Ihr Kundenpasswort"},
		{"an ended package", "P-1003", visitor.Password, visitor.PackagePassword, 409, "beendet"},
		{"another customer's package", "P-9999", visitor.Password, visitor.PackagePassword, 404, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := visitor.Anna(t)
			a := w.Post("/account/packages/"+c.id+"/password", url.Values{"currentPassword": {c.current}, "newPassword": {c.entered}})
			if a.Status != c.status || !strings.Contains(a.Text(".error-summary"), c.says) {
				t.Fatalf("status %d, says %q (S5, S7, S11)", a.Status, a.Text(".error-summary"))
			}
			if (w.Writes() == 1) != (c.status == http.StatusSeeOther) {
				t.Errorf("%d writes", w.Writes())
			}
			if c.entered != "" && strings.Contains(a.Body, c.entered) && c.entered != "schaefer.example1" {
				t.Error("the page shows a password")
			}
		})
	}
}

func TestAPackagePasswordIsWrittenWithAuditAndMail(t *testing.T) {
	w := visitor.Anna(t)
	w.Put(credential.SetPassword(w.Store.Names, credential.Credential{Subject: table.PackageSubject("P-1002"), Version: 2}, "", false, world.Noon)) // by a veto
	if got := w.Get("/account/packages/P-1002").Text("section[aria-labelledby=paketpasswort]"); !strings.Contains(got, "Zurzeit ist keines festgelegt") {
		t.Errorf("the page says %q", got)
	}
	a := w.Post("/account/packages/P-1002/password", url.Values{"currentPassword": {visitor.Password}, "newPassword": {visitor.PackagePassword}})
	if a.Location != "/account/packages/P-1002?done=package-password" || w.Writes() != 1 {
		t.Fatalf("%d to %q", a.Status, a.Location)
	}
	if p := w.Own(); !p.PackagePasswordChangedAt.Equal(world.Noon) || p.Version != 7 {
		t.Errorf("the profile says changed at %s, version %d (a package password makes no order stale)", p.PackagePasswordChangedAt, p.Version)
	}
	if ok, _, err := credential.Verify(w.Credential(table.PackageSubject("P-1002")).Hash, visitor.PackagePassword); err != nil || !ok {
		t.Errorf("the password is not the package's: %v", err)
	}
	if events := w.Events(); len(events) != 1 || events[0].Action != "package-password.changed" || strings.Contains(w.Effects(), visitor.PackagePassword) {
		t.Errorf("the audit events are %v (S20)", events)
	}
	told := w.Told()[outbox.PackagePassword]
	if told.ID != "package-password.changed#P-1002#4" || told.Recipients[0].Address != "anna@schaefer.example" {
		t.Errorf("the mail is %+v (S7)", told)
	}
	if got := w.Get("/account/packages/P-1002?done=package-password").Text(".notice"); !strings.Contains(got, "Das Paketpasswort ist geändert. Eine Bestätigung geht an anna@schaefer.example.") {
		t.Errorf("the page says %q", got)
	}
	w.Is(func(p *customer.Profile) { p.Email = "anna@xn--mller-post-9db.example" })
	w.Get("/account/packages/P-1002?done=package-password").Has(".notice", "Eine Bestätigung geht an anna@müller-post.example.")
}

func TestAPackagePasswordIsSetByWhomThePackageStillBelongsTo(t *testing.T) { // S12
	for name, disturb := range map[string]func(w *visitor.Visitor){
		"its number went its way": func(w *visitor.Visitor) { w.Is(func(p *customer.Profile) { p.Members = nil }) },
		"the session was ended":   func(w *visitor.Visitor) { w.Is(func(p *customer.Profile) { p.Epoch++ }) },
	} {
		w := visitor.Anna(t)
		w.Meanwhile(visitor.Saves, func() { disturb(w) })
		a := w.Post("/account/packages/P-1002/password", url.Values{"currentPassword": {visitor.Password}, "newPassword": {visitor.PackagePassword}})
		if hash := w.Credential(table.PackageSubject("P-1002")).Hash; hash != "" || len(w.Events())+len(w.Outbox()) != 0 {
			t.Errorf("%s: %d to %q, and it was set", name, a.Status, a.Location)
		}
	}
}

func TestOnTheCloudAPackagePasswordThatAVetoVoidedIsSetAnew(t *testing.T) {
	v := visitor.OnCloud(t)
	id := v.HasPackages()["hosting"]
	set := func(entered string) world.Page {
		return v.Post("/account/packages/"+id+"/password", url.Values{"currentPassword": {visitor.Password}, "newPassword": {entered}})
	}
	proves := func(entered string) bool {
		c, err := credential.Store{Store: v.Store}.Get(t.Context(), table.PackageSubject(id))
		if err != nil {
			t.Fatal(err)
		}
		ok, _, _ := credential.Verify(c.Hash, entered)
		return ok
	}
	if a := set(visitor.PackagePassword); a.Status != http.StatusSeeOther || !proves(visitor.PackagePassword) {
		t.Fatalf("the first: %d %s", a.Status, a.Text("main"))
	}
	localtest.Put(t, credential.Void(v.Store.Names, table.PackageSubject(id)))
	if proves(visitor.PackagePassword) {
		t.Error("a voided password still proves")
	}
	if got := v.Get("/account/packages/" + id).Text("section[aria-labelledby=paketpasswort]"); !strings.Contains(got, "keines festgelegt") {
		t.Errorf("the page says %q", got)
	}
	if a := set("zehn ziegen auf dem leuchtturm"); a.Status != http.StatusSeeOther || !proves("zehn ziegen auf dem leuchtturm") {
		t.Errorf("the new one: %d %s", a.Status, a.Text("main"))
	}
	was := v.Own()
	voided := was
	voided.PackagePasswordsVoidAt = time.Now().Add(time.Minute) // by an undo after an objection
	localtest.Put(t, customer.Update(v.Store.Names, was, voided))
	if got := v.Get("/account/packages/" + id).Text("section[aria-labelledby=paketpasswort]"); !strings.Contains(got, "keines festgelegt") {
		t.Errorf("with all passwords of the number voided the page says %q", got)
	}
	p := v.Own()
	if time.Since(p.PackagePasswordChangedAt) > time.Hour || p.Version != 1 || p.Epoch != 0 {
		t.Errorf("the profile is %+v", p)
	}
	for _, key := range []string{"#1", "#3"} {
		item, err := v.Store.Get(t.Context(), v.Store.Names.Outbox, table.Outbox(table.OutboxID(outbox.PackagePassword, id+key)))
		if err != nil || item == nil {
			t.Errorf("no mail %s: %v (S7)", key, err)
		}
	}
}
