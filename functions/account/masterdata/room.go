// Package masterdata changes the master data, and the e-mail address by links that are mailed.
package masterdata

import (
	"embed"

	"kundenkonto/functions/account/area"
	"kundenkonto/shared/reauth"
	"kundenkonto/shared/web"
)

//go:embed pages/*.html
var Pages embed.FS

// Room changes the master data.
type Room struct{ area.Deps }

// tokenField is the token of a mailed link.
func tokenField(in string) web.Field {
	return web.Field{Name: "token", In: in, Required: true, Secret: true, Summary: "of the mailed link"}
}

func masterDataFields() []web.Field {
	field := func(name, summary string) web.Field { return web.Field{Name: name, Summary: summary} }
	return []web.Field{
		field("street", "street and house number"), field("postalCode", "postal code"), field("city", "town"),
		field("country", "ISO 3166-1, two letters"), field("phone", "with its area code"), field("mobile", "with its code"),
		{Name: "email", Summary: "a new one holds only after it was confirmed by the link mailed to it"},
		field("iban", "IBAN"), field("bic", "BIC"), field("accountNumber", "at most ten digits"), field("bankCode", "eight digits in Germany"),
		{Name: "version", Required: true, Summary: "of the data that were shown; 409 when they changed since"},
		{Name: reauth.Field, Secret: true, Summary: "when e-mail address or bank data change"},
		field("return", "own path to go to after saving"),
	}
}
