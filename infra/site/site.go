// Package site knows the routes of all slices. Its tests hold what must be true of every page: who may open it, what it
// takes, what it answers when AWS lets it down.
package site

import (
	"kundenkonto/functions/account"
	"kundenkonto/functions/cancel"
	"kundenkonto/functions/login"
	"kundenkonto/functions/mergediff"
	"kundenkonto/functions/mergesubmit"
	"kundenkonto/functions/passwordreset"
	"kundenkonto/functions/review"
	"kundenkonto/shared/web"
)

// Slices are the routes of every slice with pages, as metadata: their handlers
// have nothing to work with. The names are those of the integrations in
// template.yaml.
func Slices() map[string][]web.Route {
	return map[string][]web.Route{
		"Login":         login.Routes(login.Deps{}),
		"PasswordReset": passwordreset.Routes(passwordreset.Deps{}),
		"Cancel":        cancel.Routes(cancel.Deps{}),
		"Account":       account.Routes(),
		"MergeDiff":     mergediff.Routes(mergediff.Deps{}),
		"MergeSubmit":   mergesubmit.Routes(mergesubmit.Deps{}),
		"Review":        review.Routes(),
	}
}

// Routes are those of all slices.
func Routes() []web.Route {
	var all []web.Route
	for _, routes := range Slices() {
		all = append(all, routes...)
	}
	return all
}
