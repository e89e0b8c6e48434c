package web

import (
	"strings"
	"testing"
)

// marked lists the links with their aria-current, and "menu" when the page lies in the menu.
func marked(items []navItem) string {
	var marks []string
	for _, i := range items {
		switch {
		case i.Groups != nil && i.Current != "":
			marks = append(marks, "menu")
		case i.Groups == nil && i.Current != "":
			marks = append(marks, i.Path+"="+i.Current)
		}
		for _, g := range i.Groups {
			if m := marked(g.Items); m != "" {
				marks = append(marks, m)
			}
		}
	}
	return strings.Join(marks, " ")
}

func TestTheNavigationMarksWhereTheReaderIs(t *testing.T) {
	for _, c := range []struct {
		staff      bool
		path, want string
	}{
		{false, "/account", "/account=page"},
		{false, "/account/packages/P-1", "/account=true"},
		{false, "/account/master-data", "menu /account/master-data=page"},
		{false, "/account/domains", "menu /account/domains=page"},
		{false, "/merge", "menu /merge=page"},
		{false, "/merge/draft", "menu /merge=true"},
		{false, "/merge/orders", "menu /merge=true /merge/orders=page"},
		{false, "/merge/orders/K7QX-2M4D", "menu /merge=true /merge/orders=page"},
		{false, "/account/security", "/account/security=page"},
		{false, "/account/password", "/account/security=true"},
		{false, "/account/second-factor/setup", "/account/security=true"},
		{false, "/accounting", ""},
		{true, "/service", "/service=page"},
		{true, "/service/orders/K7QX-2M4D", "/service=page"},
		{true, "/service/customers/10000017", "/service/customers=page"},
		{true, "/service/mails", "/service/mails=page"},
	} {
		d := &PageData{Path: c.path, Account: &AccountHeader{Staff: c.staff}}
		if got := marked(d.Navigation()); got != c.want {
			t.Errorf("%s is marked %q, want %q", c.path, got, c.want)
		}
	}
	if nav := (&PageData{Path: "/account"}).Navigation(); nav != nil {
		t.Errorf("who is not signed in sees %v", nav)
	}
}

func TestWhereTheBrandAndAnErrorLead(t *testing.T) {
	for _, c := range []struct {
		account     *AccountHeader
		brand, home string
	}{
		{nil, "/", "/login"},
		{&AccountHeader{Number: "10000017"}, "/account", "/account"},
		{&AccountHeader{Staff: true}, "/service", "/service"},
	} {
		d := &PageData{Account: c.account}
		if d.BrandPath() != c.brand || d.Home().Path != c.home {
			t.Errorf("%+v: %s and %s", c.account, d.BrandPath(), d.Home().Path)
		}
	}
}
