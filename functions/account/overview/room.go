// Package overview is the first page after the sign-in, with all packages of all numbers, and the page of a package with its settings.
package overview

import (
	"embed"
	"net/http"
	"slices"

	"kundenkonto/functions/account/area"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/newpassword"
	"kundenkonto/shared/reauth"
	"kundenkonto/shared/web"
)

//go:embed pages/*.html
var Pages embed.FS

// Room shows packages, and what stands beside them on the first page.
type Room struct{ area.Deps }

// Routes lists its routes.
func (d Room) Routes() []web.Route {
	query := func(name, summary string, max int, enum ...string) web.Field {
		return web.Field{Name: name, In: web.InQuery, Summary: summary, Max: max, Enum: enum}
	}
	return append([]web.Route{
		{Method: http.MethodGet, Pattern: "/account", Access: web.Customer, Handle: d.Signed(d.overview),
			Summary: "Overview: running merges, master data, all packages of all numbers", Fields: []web.Field{
				query("q", "part of a domain, package number or display name", maxSearch),
				query("product", "kind of package", 0, customer.Products...),
				query("sort", "order of the packages", 0, customer.Sorts...),
				query("after", "end of the page before: its next", 0),
			}},
		{Method: http.MethodGet, Pattern: "/account/packages/{id}", Access: web.Customer, Handle: d.Signed(d.packagePage),
			Summary: "A package: its contract and its settings", Fields: []web.Field{packageID}},
		{Method: http.MethodPost, Pattern: "/account/packages/{id}/settings", Access: web.Customer, Handle: d.Signed(d.saveSettings),
			Summary: "Change what a package is set to; a setting that is not sent stays as it is", Fields: d.settingFields(), FormPage: "/account/packages/{id}"},
		{Method: http.MethodPost, Pattern: "/account/packages/{id}/password", Access: web.Customer, Handle: d.Signed(d.setPackagePassword),
			Summary: "Set the password of a package, which proves a merge", Fields: []web.Field{packageID,
				{Name: reauth.Field, Required: true, Secret: true, Summary: "customer password"},
				{Name: newpassword.Field, Required: true, Secret: true, Summary: "15 to 256 characters"}}},
	}, slices.Concat(d.cancelRoutes(), d.calendarRoutes(), d.domainRoutes())...)
}

// packageID is the package in the address.
var packageID = web.Field{Name: "id", In: web.InPath, Required: true, Summary: "package number"}
