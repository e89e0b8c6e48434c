package main

import (
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// What a generator of clients would stumble over: the document follows OpenAPI, with its references, paths, schemas, and examples.
func TestTheDocumentIsValidOpenAPI(t *testing.T) {
	raw, err := document()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(raw)
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context(), openapi3.EnableMultiError()); err != nil {
		t.Error(err)
	}
}
