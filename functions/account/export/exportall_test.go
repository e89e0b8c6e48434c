package export

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

var noon = time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC)

// bookkeeping are fields of a profile that say nothing about its customer: how it is written and found.
var bookkeeping = map[string]string{
	"Epoch": "counts what ends all sessions", "EmailStops": "times of links, told as events", "EarlierEmails": "told as events", "StoppedEmails": "told as events", "EmailKey": "the e-mail address once more",
	"FailedBy":      "customer numbers of others; the sum is exported",
	"PackageCounts": "the packages themselves are there",
	"MergedBy":      "the order stands among the orders and events",
}

// Whoever adds a field to the profile says whether its customer gets it with the export (S21).
func TestTheExportLeavesNoFieldOfTheProfileOut(t *testing.T) {
	exported := func(p customer.Profile) string {
		x := exporter{r: &web.Request{Now: noon}, s: session.Visitor{Profile: p}, page: &Page{}}
		if _, err := x.profile(t.Context(), ""); err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(x.page.Profile)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	nothing, fields := exported(customer.Profile{}), reflect.TypeFor[customer.Profile]()
	for i := range fields.NumField() {
		var p customer.Profile
		something(t, reflect.ValueOf(&p).Elem().Field(i))
		name := fields.Field(i).Name
		if is, want := exported(p) != nothing, bookkeeping[name] == ""; is != want {
			t.Errorf("%s is exported: %v", name, is)
		}
	}
}

// something puts a value other than none into a field.
func something(t *testing.T, v reflect.Value) {
	t.Helper()
	switch into := v.Addr().Interface().(type) {
	case *string:
		*into = "x"
	case *int64:
		*into = 7
	case *bool:
		*into = true
	case *map[string]int:
		*into = map[string]int{"shop": 1}
	case *[]string:
		*into = []string{"x"}
	case *time.Time:
		*into = noon
	case **customer.PendingEmail:
		*into = &customer.PendingEmail{Address: "neu@schaefer.example", Until: noon.Add(time.Hour)}
	case *map[string]int64:
		*into = map[string]int64{"10000031": 1}
	case *[]customer.HeldEmail:
		*into = make([]customer.HeldEmail, 1)
	case *[]customer.VoidSpan:
		*into = []customer.VoidSpan{{From: noon, To: noon}}
	case *[]customer.StoppedEmail:
		*into = make([]customer.StoppedEmail, 1)
	case *[]customer.StopSpan:
		*into = make([]customer.StopSpan, 1)
	default:
		t.Fatalf("what is a %T?", into)
	}
}
