// Package changes tells what an audit event changed, field by field and in words: to the customer in the own history and
// export, and to the service team.
package changes

import (
	"slices"
	"strconv"
	"strings"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/masterdata"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/newpassword"
	"kundenkonto/shared/product"
)

// Change is one field before and after, bank data masked, or one setting of a package.
type Change struct {
	Field string    `json:"field"`
	Label lang.Text `json:"label"`
	Old   string    `json:"old"`
	New   string    `json:"new"`

	setting product.Setting // of a package; the zero one for the customer's data
}

// In is a value as people read it.
func (c Change) In(l lang.Lang, v string) string { return Shown(c.setting.Choices, v).In(l) }

// Shown is a value as people read it: one of the choices by its words.
func Shown(choices []product.Choice, v string) lang.Text {
	for _, c := range choices {
		if c.Value == v {
			return c.Words
		}
	}
	return lang.Raw(v)
}

// labels of what events hold beside the master data.
var labels = map[string]lang.Text{
	"company": lang.T("Firma"), "firstName": lang.T("Vorname"), "lastName": lang.T("Nachname"),
	"email": lang.T("E-Mail-Adresse"), "language": lang.T("Sprache"),
	newpassword.ValuePasskeysGone: lang.T("Entfernte Passkeys"),
	newpassword.ValuePasswordVoid: lang.T("Kundenpasswort"),
	"balanceCents":                lang.T("Kontostand"), "locked": lang.T("Zusammenfassen zurzeit ausgesetzt"),
}

// Of lists the fields of an event in the order of the form, then the others by name. Keys that are no field of the
// customer's data are not shown. Bank data were masked when they were written, and are here again whatever was (S20).
func Of(settings product.Table, e audit.Event) []Change {
	if e.Action == audit.SettingsChanged {
		return settingChanges(settings, e)
	}
	var list []Change
	for _, f := range fieldsOf(e) {
		label, known := labels[f]
		if words := merge.Field(f).Words(); !known && !words.Empty() {
			label, known = (words), true
		}
		if known {
			list = append(list, Change{Field: f, Label: label, Old: shown(f, e.Old[f]), New: shown(f, e.New[f])})
		}
	}
	return list
}

// settingChanges are the settings of a package that an event changed, in the order of the page.
func settingChanges(settings product.Table, e audit.Event) []Change {
	var list []Change
	for _, s := range settings.All() {
		before, was := e.Old[s.Name]
		after, is := e.New[s.Name]
		if was || is {
			list = append(list, Change{Field: s.Name, Label: (s.Label), Old: before, New: after, setting: s})
		}
	}
	return list
}

func fieldsOf(e audit.Event) []string {
	var fields []string
	for _, f := range masterdata.Fields {
		fields = append(fields, string(f))
	}
	var others []string
	for _, side := range []map[string]string{e.Old, e.New} {
		for f := range side {
			if !slices.Contains(fields, f) && !slices.Contains(others, f) {
				others = append(others, f)
			}
		}
	}
	slices.Sort(others)
	return slices.DeleteFunc(append(fields, others...), func(f string) bool {
		_, before := e.Old[f]
		_, after := e.New[f]
		return !before && !after
	})
}

// Cents is the amount of a balance.
func (Change) Cents(v string) int64 {
	cents, err := strconv.ParseInt(v, 10, 64)
	if err != nil {
		return 0
	}
	return cents
}

func shown(field, v string) string {
	if field == newpassword.ValuePasswordVoid && v != "" {
		return "–"
	}
	if merge.GroupOf(merge.Field(field)) == merge.BankGroup && !strings.Contains(v, "•") {
		return merge.MaskOther(merge.Field(field), v)
	}
	return v
}
