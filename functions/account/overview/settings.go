package overview

import (
	"slices"

	"kundenkonto/shared/changes"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/product"
	"kundenkonto/shared/web"
)

// settingsView is the form of a package's settings. Values are what holds, with the defaults of what was never set.
type settingsView struct {
	Fields  []settingField    `json:"-"`
	Values  map[string]string `json:"settings"`
	Version int64             `json:"settingsVersion"` // of the settings shown
}

// settingField is one setting as the form shows it.
type settingField struct {
	Name, Value string
	Label, Hint lang.Text
	Max         int
	Choices     []product.Choice
}

// settingsOf is the form with the stored values.
func (d Room) settingsOf(p customer.Package) settingsView {
	form := settingsView{Values: map[string]string{}, Version: p.SettingsVersion}
	for _, s := range d.Products.Of(p.Product) {
		value := s.Of(p.Settings)
		form.Values[s.Name] = value
		form.Fields = append(form.Fields, fieldOf(s, value))
	}
	return form
}

func fieldOf(s product.Setting, value string) settingField {
	return settingField{Name: s.Name, Value: value, Label: (s.Label), Hint: (s.Hint), Max: s.Max, Choices: s.Choices}
}

// with is the form with what was entered, to be mended.
func (s settingsView) with(entered map[string]string) settingsView {
	s.Fields = slices.Clone(s.Fields)
	for i, f := range s.Fields {
		if v, sent := entered[f.Name]; sent {
			s.Fields[i].Value = v
		}
	}
	return s
}

// Few says that the choices are few enough to stand below each other; more are a list to unfold.
func (f settingField) Few() bool { return len(f.Choices) > 0 && len(f.Choices) <= 3 }

// Options are the choices in a language.
func (f settingField) Options(l lang.Lang) []web.Option {
	var list []web.Option
	for _, c := range f.Choices {
		list = append(list, web.Option{Value: c.Value, Label: c.Words.In(l)})
	}
	return list
}

// Shown is a value as people read it.
func (f settingField) Shown(l lang.Lang, value string) string { return f.said(value).In(l) }

func (f settingField) said(value string) lang.Text { return changes.Shown(f.Choices, value) }

// settingFields are the fields of the route: the settings of all products.
func (d Room) settingFields() []web.Field {
	fields := []web.Field{packageID, {Name: settingsVersion, Summary: "settingsVersion of the settings that were shown; 409 when they changed since. Without it the change holds for what is stored."}}
	for _, s := range d.Products.All() {
		fields = append(fields, web.Field{Name: s.Name, Enum: s.Values(), Max: 4 * s.Max, Summary: s.Label.In(lang.EN)}) // UTF-8 takes up to four bytes a character
	}
	return fields
}
