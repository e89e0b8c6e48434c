// Package login signs customers in and out, and serves what has no slice of its own: the start page, the health check,
// the assets, the OpenAPI document, the schemas of events and the accessibility statement.
package login

import (
	"embed"
	"io"
	"net/http"

	"kundenkonto/shared/event"
	"kundenkonto/shared/passkey"
	"kundenkonto/shared/table"
	"kundenkonto/shared/web"
)

//go:embed pages
var pages embed.FS

// openAPIDocument is written by infra/openapi from the routes of all slices and held against them by a test there, since no
// slice may import another.
//
//go:embed openapi.json
var openAPIDocument []byte

// Deps is what the slice needs from outside.
type Deps struct {
	Store    table.Store
	Rand     io.Reader // cookies and salts
	Passkeys passkey.Site
}

// Routes are the addresses of the slice. What it does not know, web answers with 404.
func Routes(d Deps) []web.Route {
	next := web.Field{Name: "next", In: web.InQuery, Max: web.MaxPath, Summary: "own path to go to after the sign-in"}
	return append(append(passkeyRoutes(d), stopRoutes(d)...), []web.Route{
		{Method: http.MethodGet, Pattern: "/{$}", Summary: "Start", Handle: start},
		{Method: http.MethodGet, Pattern: "/login", Summary: "Form of the sign-in", Handle: d.showSignIn, Fields: []web.Field{next}},
		{Method: http.MethodPost, Pattern: "/login", Summary: "Sign in", Handle: d.signIn, Fields: []web.Field{
			{Name: "customerNumber", Required: true, Summary: "6 to 12 digits"},
			{Name: "password", Required: true, Secret: true},
			{Name: "next", Max: web.MaxPath, Summary: "own path to go to"},
		}},
		{Method: http.MethodGet, Pattern: secondStepPath, Summary: "Second step of a sign-in under way", Handle: d.showSecondStep},
		{Method: http.MethodPost, Pattern: secondStepPath, Summary: "Finish a sign-in by a code of the app or a recovery code", Handle: d.takeSecondStep,
			Fields: []web.Field{
				{Name: fieldCode, Secret: true, Max: 256, Summary: "six digits"},
				{Name: fieldRecoveryCode, Secret: true, Max: 256, Summary: "instead of code"},
			}},
		{Method: http.MethodPost, Pattern: "/logout", Summary: "Sign out", Handle: d.signOut},
		{Method: http.MethodGet, Pattern: "/health", Summary: "Whether the site is up", Handle: health},
		{Method: http.MethodGet, Pattern: "/openapi.json", Summary: "This document", Handle: openAPI, Kinds: []string{"application/json"}},
		{Method: http.MethodGet, Pattern: event.SchemaPath + "{file}", Summary: "JSON Schema of an event for the operator's other systems", Handle: schema, Kinds: []string{"application/schema+json"},
			Fields: []web.Field{{Name: "file", In: web.InPath, Required: true, Max: 100, Summary: "kind and version, such as merge.executed.1.json"}}},
		{Method: http.MethodGet, Pattern: "/assets/{path...}", Summary: "Stylesheet, script, logo", Handle: web.Assets, Kinds: []string{"text/css", "text/javascript", "image/svg+xml"},
			Fields: []web.Field{{Name: "path", In: web.InPath, Required: true}}},
		{Method: http.MethodGet, Pattern: "/accessibility", Summary: "Accessibility statement", Handle: accessibility},
	}...)
}

func start(*web.Request) (web.Response, error) { return web.SeeOther(afterSignIn), nil }

func health(*web.Request) (web.Response, error) {
	return web.JSON(200, map[string]string{"status": "ok"}), nil
}

// schema serves what the dataschema of an event leads to.
func schema(r *web.Request) (web.Response, error) {
	found := event.Schema(r.PathValue("file"))
	if found == nil {
		return nil, web.NotFound()
	}
	return web.Raw(200, "application/schema+json", found), nil
}

func accessibility(*web.Request) (web.Response, error) {
	return web.Page("accessibility", struct{}{}), nil
}

func openAPI(*web.Request) (web.Response, error) {
	return web.Raw(http.StatusOK, "application/json", openAPIDocument), nil
}
