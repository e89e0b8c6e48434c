package web

import (
	"fmt"
	"strings"
)

// Option is one choice of a select or a group of radios.
type Option struct{ Value, Label, Hint string }

// fieldView is what the partials field, select, radios, textarea and checkbox show.
type fieldView struct {
	ID, Name, Label, Error                 string
	Type, Value, Hint, Autocomplete        string
	Inputmode, Width, Maxlength, Rows      string
	Required, Optional, Checked, Autofocus bool
	Options                                []Option
}

// newField is the template function field: the page's data, the field's name,
// its label, then pairs of an option's name and value. The error comes from the
// page's Error; an unknown option is a mistake in the page.
func newField(d *PageData, name, label string, kv ...any) (fieldView, error) {
	f := fieldView{ID: FieldID(name), Name: name, Label: label, Error: d.FieldError(name), Type: "text"}
	if len(kv)%2 != 0 {
		return f, fmt.Errorf("field %s: options come in pairs", name)
	}
	for i := 0; i < len(kv); i += 2 {
		if err := f.set(fmt.Sprint(kv[i]), kv[i+1]); err != nil {
			return f, fmt.Errorf("field %s: %w", name, err)
		}
	}
	if v, ok := d.kept[name]; ok && f.Type != "password" {
		f.Value, f.Checked = v, true
	}
	return f, nil
}

// FieldID is the id of a field's input, which the error summary links to.
func FieldID(name string) string { return "f-" + strings.ReplaceAll(name, ".", "-") }

func (f *fieldView) set(option string, v any) error {
	text := map[string]*string{"id": &f.ID, "type": &f.Type, "value": &f.Value, "hint": &f.Hint, "error": &f.Error,
		"autocomplete": &f.Autocomplete, "inputmode": &f.Inputmode, "width": &f.Width, "maxlength": &f.Maxlength,
		"rows": &f.Rows}
	flags := map[string]*bool{"required": &f.Required, "optional": &f.Optional, "checked": &f.Checked, "autofocus": &f.Autofocus}
	if p, ok := text[option]; ok {
		*p = fmt.Sprint(v)
		return nil
	}
	if p, ok := flags[option]; ok {
		b, isBool := v.(bool)
		*p = b
		if !isBool {
			return fmt.Errorf("%s must be true or false", option)
		}
		return nil
	}
	if o, ok := v.([]Option); ok && option == "options" {
		f.Options = o
		return nil
	}
	return fmt.Errorf("there is no option %q", option)
}

// DescribedBy lists the ids of hint and error for aria-describedby.
func (f fieldView) DescribedBy() string {
	var ids []string
	if f.Hint != "" {
		ids = append(ids, f.ID+"-hint")
	}
	if f.Error != "" {
		ids = append(ids, f.ID+"-error")
	}
	return strings.Join(ids, " ")
}

// buttonView is what the partial button shows.
type buttonView struct{ Label, Kind, Name, Value string }

// newButton is the template function button: label, then kind (primary,
// secondary, danger, link), name and value if needed.
func newButton(label string, more ...string) buttonView {
	b := buttonView{Label: label, Kind: "primary"}
	for i, p := range []*string{&b.Kind, &b.Name, &b.Value} {
		if i < len(more) {
			*p = more[i]
		}
	}
	return b
}
