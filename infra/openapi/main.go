// Command openapi writes functions/login/openapi.json, the OpenAPI document of the
// whole site, from the routes of all slices: go run ./infra/openapi. A test
// beside it fails when the file and the routes differ.
package main

import (
	"fmt"
	"os"

	"kundenkonto/infra/site"
	"kundenkonto/shared/web"
)

// file is where the document is embedded from, seen from the module's root.
const file = "functions/login/openapi.json"

func main() {
	doc, err := document()
	if err == nil {
		err = os.WriteFile(file, doc, 0o644) //nolint:gosec // a source file
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "openapi:", err)
		os.Exit(1)
	}
}

// document names the default brand: the embedded file is the same everywhere.
func document() ([]byte, error) {
	return documentOf(web.DefaultBrand, site.Routes())
}
