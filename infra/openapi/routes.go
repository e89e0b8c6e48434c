package main

import (
	"kundenkonto/functions/login"
	"kundenkonto/functions/mergediff"
	"kundenkonto/functions/mergesubmit"
	"kundenkonto/functions/passwordreset"
	"kundenkonto/functions/review"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

// Routes are those of every slice with pages, as metadata: their handlers have
// nothing to work with.
func Routes() []web.Route {
	var all []web.Route
	for _, routes := range [][]web.Route{
		login.Routes(login.Deps{}),
		passwordreset.Routes(passwordreset.Deps{}),
		mergediff.Routes(mergediff.Deps{Signed: nobody}),
		mergesubmit.Routes(mergesubmit.Deps{}),
		review.Routes(review.Deps{}),
	} {
		all = append(all, routes...)
	}
	return all
}

func nobody(func(*web.Request, session.Signed) (web.Response, error)) web.HandlerFunc {
	return func(*web.Request) (web.Response, error) { return nil, web.Unauthorized() }
}
