package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"kundenkonto/shared/web"
)

type object = map[string]any

// documentOf is the OpenAPI 3.1 document of routes, with the brand as its title.
func documentOf(brand string, routes []web.Route) ([]byte, error) {
	paths := map[string]object{}
	for _, r := range routes {
		p := openAPIPath(r.Pattern)
		if p == "" {
			continue
		}
		if paths[p] == nil {
			paths[p] = object{}
		}
		paths[p][strings.ToLower(r.Method)] = operation(r)
	}
	doc := object{
		"openapi": "3.1.0",
		"info": object{"title": brand, "version": "1", "description": "Each route answers HTML, or JSON to Accept: application/json. " +
			"Bodies are forms or flat JSON objects with the same names. State-changing requests need an Origin header with the public address of the site (or the Sec-Fetch-Site of a browser)."},
		"paths":      paths,
		"components": object{"schemas": object{"Problem": problemSchema()}, "responses": object{"Problem": problemResponse()}, "securitySchemes": securitySchemes()},
	}
	b, err := json.MarshalIndent(doc, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("encode OpenAPI document: %w", err)
	}
	return append(b, '\n'), nil
}

// openAPIPath turns a pattern of net/http into a path template; "" for the
// catch-all, which is no address of its own.
func openAPIPath(pattern string) string {
	if pattern == "/" {
		return ""
	}
	return strings.ReplaceAll(strings.TrimSuffix(pattern, "{$}"), "...}", "}")
}

func operation(r web.Route) object {
	op := object{"summary": r.Summary, "operationId": operationID(r), "responses": responses(r)}
	if params := parameters(r); len(params) > 0 {
		op["parameters"] = params
	}
	if body := requestBody(r); body != nil {
		op["requestBody"] = body
	}
	switch r.Access {
	case web.Customer:
		op["security"] = []object{{"customer": []string{}}}
	case web.Staff:
		op["security"] = []object{{"staff": []string{}}}
	}
	return op
}

func operationID(r web.Route) string {
	words := strings.FieldsFunc(r.Pattern, func(c rune) bool { return strings.ContainsRune("/{}.$-", c) })
	id := strings.ToLower(r.Method)
	for _, w := range words {
		id += strings.ToUpper(w[:1]) + w[1:]
	}
	return id
}

func parameters(r web.Route) []object {
	var params []object
	declared := map[string]bool{}
	for _, f := range r.Fields {
		if f.In != "" && f.In != web.InBody {
			declared[f.Name] = true
			params = append(params, object{"name": f.Name, "in": f.In, "required": f.Required || f.In == web.InPath, "description": f.Summary, "schema": schema(f)})
		}
	}
	for _, name := range pathNames(r.Pattern) {
		if !declared[name] {
			params = append(params, object{"name": name, "in": web.InPath, "required": true, "schema": object{"type": "string"}})
		}
	}
	return params
}

func pathNames(pattern string) []string {
	var names []string
	for part := range strings.SplitSeq(pattern, "/") {
		if name, ok := strings.CutPrefix(part, "{"); ok && name != "$}" {
			names = append(names, strings.TrimSuffix(strings.TrimSuffix(name, "}"), "..."))
		}
	}
	return names
}

func requestBody(r web.Route) object {
	properties, required := object{}, []string{}
	for _, f := range r.Fields {
		if f.In != "" && f.In != web.InBody {
			continue
		}
		properties[f.Name] = schema(f)
		if f.Required {
			required = append(required, f.Name)
		}
	}
	if len(properties) == 0 {
		return nil
	}
	s := object{"type": "object", "properties": properties}
	if len(required) > 0 {
		s["required"] = required
	}
	media := object{"schema": s}
	return object{"required": len(required) > 0, "content": object{"application/x-www-form-urlencoded": media, "application/json": media}}
}

func schema(f web.Field) object {
	s := object{"type": "string", "maxLength": f.Limit()}
	if f.Secret {
		s["format"] = "password"
	}
	if f.Summary != "" {
		s["description"] = f.Summary
	}
	if len(f.Enum) > 0 {
		s["enum"] = f.Enum
	}
	return s
}

func responses(r web.Route) object {
	moved := "Done; Location names the page that shows the result"
	if r.Method == http.MethodGet {
		moved = "Location names the page to go on with, the sign-in for instance"
	}
	good := object{"description": "The page, or its data as JSON", "content": object{"text/html": object{}, "application/json": object{}}}
	if len(r.Kinds) > 0 {
		content := object{}
		for _, kind := range r.Kinds {
			content[kind] = object{}
		}
		good = object{"description": "The file", "content": content}
	}
	return object{
		"200":     good,
		"303":     object{"description": moved, "headers": object{"Location": object{"schema": object{"type": "string"}}}},
		"default": object{"$ref": "#/components/responses/Problem"},
	}
}

func problemResponse() object {
	return object{"description": "Refused or failed, as RFC 9457 says; code is stable",
		"content": object{"application/problem+json": object{"schema": object{"$ref": "#/components/schemas/Problem"}}, "text/html": object{}}}
}

func problemSchema() object {
	text, number := object{"type": "string"}, object{"type": "integer"}
	return object{"type": "object", "required": []string{"type", "title", "status", "code", "detail"}, "properties": object{
		"type": text, "title": text, "status": number, "code": text, "detail": text, "requestId": text,
		"fields": object{"type": "array", "items": object{"type": "object", "properties": object{"field": text, "code": text, "detail": text}}},
	}}
}

func securitySchemes() object {
	cookie := func(name string) object { return object{"type": "apiKey", "in": "cookie", "name": name} }
	return object{"customer": cookie("__Host-session"), "staff": cookie("__Host-staff")}
}
