// Package schema holds events against their published JSON Schemas, for tests of what is published. Who receives events does not
// refuse what only an old copy of a schema does not know.
package schema

import (
	"bytes"
	"fmt"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"kundenkonto/shared/event"
)

// compiled are the schemas by kind.
var compiled = sync.OnceValues(func() (map[string]*jsonschema.Schema, error) {
	// Where they are in an installation; they refer to nothing outside of themselves.
	const base = "https://kundenkonto.invalid" + event.SchemaPath
	compiler, all := jsonschema.NewCompiler(), map[string]*jsonschema.Schema{}
	compiler.AssertFormat()
	for _, kind := range event.Kinds {
		file := event.SchemaFile(kind)
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(event.Schema(file)))
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", file, err)
		}
		if err := compiler.AddResource(base+file, doc); err != nil {
			return nil, fmt.Errorf("add %s: %w", file, err)
		}
		if all[kind], err = compiler.Compile(base + file); err != nil {
			return nil, fmt.Errorf("compile %s: %w", file, err)
		}
	}
	return all, nil
})

// Check says what is wrong with the detail of an event of a kind.
func Check(kind string, detail []byte) error {
	all, err := compiled()
	if err != nil {
		return err
	}
	schema := all[kind]
	if schema == nil {
		return fmt.Errorf("there is no event %q", kind)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(detail))
	if err != nil {
		return fmt.Errorf("%s is no JSON: %w", kind, err)
	}
	if err := schema.Validate(value); err != nil {
		return fmt.Errorf("%s does not keep to %s: %w", kind, event.SchemaFile(kind), err)
	}
	return nil
}
