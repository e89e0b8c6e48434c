package importer

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"
)

const schemaFile = "../import/customer.schema.json"

// published is the schema that the README points to.
func published(t *testing.T) *jsonschema.Schema {
	t.Helper()
	schema, err := jsonschema.NewCompiler().Compile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// allows says whether the schema allows a line.
func allows(t interface{ Fatal(...any) }, schema *jsonschema.Schema, text string) bool {
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err, text)
	}
	return schema.Validate(value) == nil
}

func takes(text string) bool { return len(Check(Memory("f", []byte(text))).Problems) == 0 }

// verdict is what schema and importer say of a line.
type verdict int

const (
	both         verdict = iota // take it
	neither                     // takes it
	importerOnly                // refuses it alone: the schema cannot say so
)

func TestSchemaAndImporterAgreeOnLines(t *testing.T) {
	schema := published(t)
	for _, c := range []struct {
		name, text string
		want       verdict
	}{
		{"the line of the README", line("", ""), both},
		{"a company", line(`"company":"","firstName":"Anna","lastName":"Schäfer"`, `"company":"3M","firstName":"","lastName":""`), both},
		{"without what may be missing", strings.NewReplacer(`"country":"DE",`, "", `"language":"de",`, "", `"bic":"",`, "", `"locked":false,`, "", `"termMonths":12,`, "",
			`"passwordHash":"",`, "", `"password":"geheimes Paketpasswort",`, "").Replace(line("", "")), both},
		{"with all there is", line(`"contractStart"`, `"renewal":12,"priceCents":499,"billingMonths":3,"endedAt":"2026-01-31","contractStart"`), both},
		{"a renewal for ever", line(`"contractStart"`, `"renewal":"indefinite","contractStart"`), both},
		{"no packages", line("", "")[:strings.Index(line("", ""), `"packages"`)] + `"packages":[]}`, both},
		{"a credit", line(`"balanceCents":0`, `"balanceCents":-2500`), both},
		{"minus nothing", line(`"balanceCents":0`, `"balanceCents":-0`), both},
		{"a country in small letters", line(`"DE"`, `"de"`), both},
		{"an unknown start", line("2019-05-01", ""), both},
		{"an umlaut in a domain", line("anna@example.com", "anna@müller.example"), both},

		{"an unknown key", line(`"street"`, `"fax":"","street"`), neither},
		{"a key in another case", line(`"street"`, `"Street"`), neither},
		{"null", line(`"company":""`, `"company":null`), neither},
		{"a number in quotes", line(`"balanceCents":0`, `"balanceCents":"0"`), neither},
		{"half a cent", line(`"balanceCents":0`, `"balanceCents":12.5`), neither},
		{"a sum beyond bounds", line(`"balanceCents":0`, `"balanceCents":10000000001`), neither},
		{"a customer number with letters", line("10000017", "K1000017"), neither},
		{"no name", line(`"Anna","lastName":"Schäfer"`, `"","lastName":" "`), neither},
		{"a name of dots", line("Schäfer", "..."), neither},
		{"a line break", line("Berlin", `Ber\nlin`), neither},
		{"a long street", line("Hauptstr. 5", strings.Repeat("a", 201)), neither},
		{"a country in words", line(`"DE"`, `"Deutschland"`), neither},
		{"an empty country", line(`"DE"`, `""`), neither},
		{"Dutch", line(`"de"`, `"nl"`), both},
		{"a language in words", line(`"de"`, `"Deutsch!"`), neither},
		{"the beginning of time", line("2019-05-01", "1970-01-01"), neither},
		{"never", line("2019-05-01", "9999-12-31"), neither},
		{"a German date", line("2019-05-01", "01.05.2019"), neither},
		{"a cloud", line(`"server"`, `"cloud"`), neither},
		{"a domain instead of a list", line(`["schaefer.example"]`, `"schaefer.example"`), neither},
		{"an id with a blank", line("P-1001", "P 1001"), neither},
		{"a renewal of nothing", line(`"contractStart"`, `"renewal":0,"contractStart"`), neither},
		{"a term of ten years and a month", line(`"termMonths":12`, `"termMonths":121`), neither},
		{"two passwords", line(`"passwordHash":""`, `"password":"a","passwordHash":"$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy"`), neither},
		{"MD5", line(`"passwordHash":""`, `"passwordHash":"5f4dcc3b5aa765d61d8327deb882cf99"`), neither},

		{"a key twice", line(`"street"`, `"city":"","street"`), importerOnly},
		{"a whole number with a point", line(`"balanceCents":0`, `"balanceCents":12.0`), importerOnly},
		{"a whole number with an exponent", line(`"balanceCents":0`, `"balanceCents":1e3`), importerOnly},
		{"half a character", line("Schäfer", `Berg\ud83d`), neither},
		{"a language that there is not", line(`"de"`, `"fr"`), importerOnly},
		{"a country that is none", line(`"DE"`, `"XX"`), importerOnly},
		{"wrong check digits", line(`"iban":""`, `"iban":"DE88370400440532013000"`), importerOnly},
		{"an address that no mail reaches", line("anna@example.com", "anna@localhost"), importerOnly},
		{"a start in a hundred years", line("2019-05-01", "2099-05-01"), importerOnly},
		{"a package twice", line(`"packages":[`, `"packages":[{"id":"P-1001","product":"shop","tariff":"","domains":[],"contractStart":"","noticePeriodMonths":0},`), importerOnly},
	} {
		t.Run(c.name, func(t *testing.T) {
			bySchema, byImporter := allows(t, schema, c.text), takes(c.text)
			if bySchema != (c.want != neither) || byImporter != (c.want == both) {
				t.Errorf("the schema says %v, the importer %v (%v)", bySchema, byImporter, Check(Memory("f", []byte(c.text))).Problems)
			}
		})
	}
}

// The schema names the fields that the importer reads, and demands those that it demands.
func TestTheSchemaHasTheFieldsOfTheImporter(t *testing.T) {
	var schema struct {
		described
		Defs struct {
			Package described `json:"package"`
		} `json:"$defs"`
	}
	text, err := os.ReadFile(schemaFile)
	if err == nil {
		err = json.Unmarshal(text, &schema)
	}
	if err != nil {
		t.Fatal(err)
	}
	holds(t, schema.described, lineFields)
	holds(t, schema.Defs.Package, packageFields)
}

type described struct {
	Properties map[string]any `json:"properties"`
	Required   []string       `json:"required"`
}

func holds[T any](t *testing.T, o described, fields []field[T]) {
	t.Helper()
	var all, needed []string
	for _, f := range fields {
		all = append(all, f.name)
		if !f.optional {
			needed = append(needed, f.name)
		}
	}
	slices.Sort(all)
	slices.Sort(needed)
	slices.Sort(o.Required)
	if got := slices.Sorted(maps.Keys(o.Properties)); !slices.Equal(got, all) || !slices.Equal(o.Required, needed) {
		t.Errorf("the schema has %v and demands %v; the importer has %v and demands %v", got, o.Required, all, needed)
	}
}

// Whatever is done to a line, what the schema refuses the importer does not take; and a field that is missing or of another kind
// is the same to both.
func TestTheImporterTakesNothingThatTheSchemaRefuses(t *testing.T) {
	schema := published(t)
	rapid.Check(t, func(t *rapid.T) {
		var customer map[string]any
		if err := json.Unmarshal([]byte(line(`"contractStart"`, `"renewal":12,"priceCents":499,"billingMonths":3,"endedAt":"","contractStart"`)), &customer); err != nil {
			t.Fatal(err)
		}
		of, shape := customer, true
		if rapid.Bool().Draw(t, "package") {
			of = customer["packages"].([]any)[0].(map[string]any)
		}
		key := rapid.SampledFrom(slices.Sorted(maps.Keys(of))).Draw(t, "key")
		switch rapid.IntRange(0, 2).Draw(t, "what") {
		case 0:
			delete(of, key)
		case 1:
			of[key] = rapid.SampledFrom([]any{nil, true, 1.5, []any{}, []any{1}, map[string]any{}, map[string]any{"a": 1}}).Draw(t, "value")
		default:
			shape = false
			of[key] = rapid.OneOf(rapid.Just[any](int64(rapid.IntRange(-2, 200).Draw(t, "number"))), rapid.Map(rapid.String(), func(s string) any { return s }),
				rapid.Map(rapid.SampledFrom([]string{"", " ", "de", "DE", "2020-02-30", "2019-12-31", "indefinite", "P-7", "server", "$2a$10$x", "\u200b", "\u202e \u034f", "\ufffd"}), func(s string) any { return s })).Draw(t, "value")
		}
		text, err := json.Marshal(customer)
		if err != nil {
			t.Fatal(err)
		}
		bySchema, byImporter := allows(t, schema, string(text)), takes(string(text))
		if byImporter && !bySchema || shape && byImporter != bySchema {
			t.Fatalf("the schema says %v, the importer %v: %s", bySchema, byImporter, text)
		}
	})
}
