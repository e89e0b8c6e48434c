package web

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"testing"
)

// formOf reads a body as a route does that knows some fields.
func formOf(kind string, body []byte) (Form, error) {
	route := &Route{Fields: []Field{{Name: "note", Multiline: true}, {Name: "password", Secret: true}, {Name: "code", Max: 6}}}
	return (&Request{Request: &http.Request{Header: http.Header{"Content-Type": {kind}}}, route: route, body: body}).Form()
}

// Whatever is sent, a form holds readable text only, within the limits of its fields; what is refused is refused as a mistake
// of the sender that names the field; and what is taken is the same when it is sent again, as a form or as JSON.
func FuzzForm(f *testing.F) {
	for _, body := range []string{"city=Bonn&note=a%0D%0Ab%09c", "a=1&a=2", "city=%ff", "city=\xe2\x80\xae1", "password=%E2%80%8Bx%09", "code=1234567", "a=%zz", "=&&=", "note=%00&city=%07", "city=%e2%80%8f%9f", "city+x=1"} {
		f.Add(false, []byte(body))
	}
	for _, body := range []string{`{"city":"Bonn","note":"a\nb","n":1e400,"b":true,"z":null}`, `{"city":{}}`, `{"a":"1","a":"2"}`, `{"a":"\ud800"}`, `{"city":"\u0000"}`, `[1]`, `{"a":"b"}{}`, `{"":""}`} {
		f.Add(true, []byte(body))
	}
	f.Fuzz(func(t *testing.T, object bool, body []byte) {
		kind := map[bool]string{false: asForm, true: asJSON}[object]
		got, err := formOf(kind, body)
		if err != nil {
			refusedAsMistake(t, got, err)
			return
		}
		if len(got.values) > maxFields {
			t.Errorf("%d fields", len(got.values))
		}
		again := url.Values{}
		for name, value := range got.values {
			limit := map[string]int{"note": maxField, "password": maxField, "code": 6}[name]
			if limit == 0 {
				limit = maxValue
			}
			if textProblem(name, false) != "" || textProblem(value, name == "note") != "" || len(value) > limit {
				t.Errorf("%q has %q (%d bytes)", name, value, len(value))
			}
			again.Set(name, value)
		}
		flat, err := json.Marshal(got.values)
		if err != nil {
			t.Fatal(err)
		}
		for kind, body := range map[string][]byte{asForm: []byte(again.Encode()), asJSON: flat} {
			if sent, err := formOf(kind, body); err != nil || !maps.Equal(sent.values, got.values) {
				t.Errorf("sent again as %s: %q, %v; want %q", kind, sent.values, err, got.values)
			}
		}
	})
}

func refusedAsMistake(t *testing.T, got Form, err error) {
	t.Helper()
	var refused *Error
	if !errors.As(err, &refused) || refused.Status < 400 || refused.Status >= 500 || refused.Code == "" {
		t.Fatalf("%v", err)
	}
	if refused.Status == http.StatusUnprocessableEntity && len(refused.Fields) == 0 {
		t.Errorf("%s names no field", refused.Code)
	}
	for _, field := range refused.Fields {
		if refused.Status == http.StatusUnprocessableEntity && !got.Has(field.Field) {
			t.Errorf("%s is said of %q, which was not sent", refused.Code, field.Field)
		}
	}
	for name, value := range got.values { // is shown again
		if textProblem(name, false) != "" || textProblem(value, name == "note") != "" {
			t.Errorf("%q would be shown as %q", name, value)
		}
	}
}
