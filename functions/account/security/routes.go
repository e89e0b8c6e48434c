package security

import (
	"net/http"

	"kundenkonto/shared/newpassword"
	"kundenkonto/shared/reauth"
	"kundenkonto/shared/web"
)

// Routes lists its routes.
func (d Room) Routes() []web.Route {
	secret := func(name, summary string) web.Field {
		return web.Field{Name: name, Required: true, Secret: true, Summary: summary}
	}
	return append([]web.Route{
		{Method: http.MethodGet, Pattern: passwordPath, Access: web.Customer, Handle: d.Signed(d.passwordPage),
			Summary: "Form for another customer password"},
		{Method: http.MethodPost, Pattern: passwordPath, Access: web.Customer, Handle: d.Signed(d.changePassword),
			Summary: "Change the customer password; ends all other sessions and sets a new session cookie",
			Fields:  []web.Field{secret(reauth.Field, ""), secret(newpassword.Field, "15 to 256 characters")}},
		{Method: http.MethodGet, Pattern: sessionsPath, Access: web.Customer, Handle: d.Signed(d.sessionsPage),
			Summary: "Where the customer is signed in"},
		{Method: http.MethodGet, Pattern: sessionsPath + "/current", Access: web.Customer, Handle: d.Signed(d.currentSession),
			Summary: "When this session ends; asking for it extends it, up to its absolute end"},
		{Method: http.MethodPost, Pattern: sessionsPath + "/revoke", Access: web.Customer, Handle: d.Signed(d.revokeSession),
			Summary: "End one session or all others; all others also voids mailed reset links and sets a new session cookie",
			Fields:  []web.Field{{Name: "session", Required: true, Summary: "id of a session, or others"}}},
		{Method: http.MethodGet, Pattern: securityPath, Access: web.Customer, Handle: d.Signed(d.securityPage),
			Summary: "How the account is protected; the last sign-ins, failed tries and changes"},
	}, d.factorRoutes()...)
}

// factorRoutes are the routes of the second factor.
func (d Room) factorRoutes() []web.Route {
	password := web.Field{Name: reauth.Field, Required: true, Secret: true, Summary: "asked for again before anything changes"}
	routes := []web.Route{
		{Method: http.MethodGet, Pattern: factorPath, Access: web.Customer, Handle: d.Signed(d.factorPage),
			Summary: "What is set up beside the password: app, recovery codes, passkeys"},
		{Method: http.MethodGet, Pattern: factorPath + "/setup", Access: web.Customer, Handle: d.Signed(d.setupPage),
			Summary: "The secret for the app, until a code confirms it"},
		{Method: http.MethodGet, Pattern: factorPath + "/qr", Access: web.Customer, Handle: d.Signed(d.setupPicture), Kinds: []string{"image/png"},
			Summary: "The secret for the app as a QR code (PNG)"},
		{Method: http.MethodPost, Pattern: factorPath + "/setup", Access: web.Customer, Handle: d.Signed(d.onFactor(d.confirmSetup)),
			Summary: "Put the app in force with a first code; answers with the recovery codes, once",
			Fields:  []web.Field{{Name: fieldCode, Required: true, Secret: true, Max: 256, Summary: "six digits"}}},
	}
	for _, step := range guardedSteps {
		pattern, fields := factorPath+"/"+step.Name, []web.Field{}
		if step.Path != "" {
			pattern, fields = factorPath+"/"+step.Path, []web.Field{{Name: "key", In: web.InPath, Required: true, Summary: "of a passkey"}}
		}
		routes = append(routes,
			web.Route{Method: http.MethodGet, Pattern: pattern, Access: web.Customer, Handle: d.Signed(d.guardPage(step)),
				Summary: "Form with the password: " + step.Summary, Fields: fields},
			web.Route{Method: http.MethodPost, Pattern: pattern, Access: web.Customer, Handle: d.Signed(d.guarded(step)),
				Summary: step.Summary, Fields: append(fields, password)})
	}
	return append(routes, web.Route{Method: http.MethodPost, Pattern: factorPath + "/passkeys", Access: web.Customer, Handle: d.Signed(d.onFactor(d.addPasskey)),
		Summary: "Add the passkey that the browser made", Fields: []web.Field{
			{Name: "response", Required: true, Secret: true, Max: maxAnswer, Summary: "PublicKeyCredential, as JSON"},
			{Name: fieldName, Max: maxPasskeyName, Summary: "what the customer calls it"}}})
}
