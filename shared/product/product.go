// Package product declares what the packages of each product can be set to. The table Settings is the only place: pages,
// validation, JSON and the OpenAPI document are made from it, so that another setting is one more line. It reads and
// writes nothing.
package product

import (
	"maps"
	"slices"

	"kundenkonto/shared/lang"
)

// The kinds of packages there are.
const (
	Hosting = "hosting"
	Server  = "server"
	Shop    = "shop"
)

// Choice is one of the values that a setting can have.
type Choice struct {
	Value string
	Words lang.Text
}

// Setting is one thing that a customer sets. Name is the name of the form field, in JSON and in the tables. A setting
// with Choices takes one of them; any other is text of at most Max characters that Check has nothing against.
type Setting struct {
	Name    string
	Label   lang.Text
	Hint    lang.Text
	Choices []Choice
	Default string
	Max     int
	Check   func(value string) *Problem
}

// Table is the settings of each product, in the order of the page. Those under "" are for all of them.
type Table map[string][]Setting

// Settings is the table in force.
var Settings = Table{
	"": {
		{Name: DisplayName, Label: lang.T("Anzeigename"), Hint: lang.T("So heißt das Paket in Ihrer Übersicht. Ohne Namen steht dort die erste Domain."), Max: 60},
	},
	Hosting: {
		{Name: "phpVersion", Label: lang.T("PHP-Version"), Hint: lang.T("Gilt für alle Domains des Pakets."), Choices: same("8.2", "8.3", "8.4", "8.5"), Default: "8.4"},
		{Name: "httpsRedirect", Label: lang.T("Aufrufe auf HTTPS umleiten"), Choices: onOff, Default: On},
	},
	Server: {
		{Name: "reverseDns", Label: lang.T("Name für Reverse DNS"), Hint: lang.T("Zum Beispiel server1.beispiel.example. Der Name muss auf die Adresse des Servers zeigen."), Max: 253, Check: hostName},
		{Name: "backupNotification", Label: lang.T("E-Mail nach der Datensicherung"), Choices: backupMails, Default: "failed"},
	},
	Shop: {
		{Name: "language", Label: lang.T("Sprache des Shops"), Choices: languages, Default: "de"},
		{Name: "maintenanceMode", Label: lang.T("Wartungsmodus"), Hint: lang.T("Besucher sehen dann nur einen Hinweis und können nichts bestellen."), Choices: onOff, Default: Off},
	},
}

// DisplayName is the setting that names a package in lists.
const DisplayName = "displayName"

// What a switch can be set to. A switch is a choice, so that one that was not sent can be told from one that is off.
const (
	On  = "true"
	Off = "false"
)

var (
	onOff       = []Choice{{On, lang.T("An")}, {Off, lang.T("Aus")}}
	languages   = []Choice{{"de", lang.T("Deutsch")}, {"en", lang.T("Englisch")}, {"fr", lang.T("Französisch")}, {"it", lang.T("Italienisch")}}
	backupMails = []Choice{{"always", lang.T("Immer")}, {"failed", lang.T("Nur wenn sie fehlschlägt")}, {"never", lang.T("Nie")}}
)

func same(values ...string) []Choice {
	var list []Choice
	for _, v := range values {
		list = append(list, Choice{v, lang.Raw(v)})
	}
	return list
}

// Of is what a package of the product can be set to: first what all can.
func (t Table) Of(product string) []Setting {
	if product == "" {
		return slices.Clone(t[""])
	}
	return slices.Concat(t[""], t[product])
}

// All is every setting of every product.
func (t Table) All() []Setting {
	var all []Setting
	for _, product := range slices.Sorted(maps.Keys(t)) {
		all = append(all, t[product]...)
	}
	return all
}

// Names are the names of all settings.
func (t Table) Names() []string {
	var names []string
	for _, s := range t.All() {
		names = append(names, s.Name)
	}
	return names
}

// Values are the allowed values, nil for a text.
func (s Setting) Values() []string {
	var values []string
	for _, c := range s.Choices {
		values = append(values, c.Value)
	}
	return values
}

// Of is the value that holds: what is stored, else the default.
func (s Setting) Of(stored map[string]string) string {
	if v, ok := stored[s.Name]; ok {
		return v
	}
	return s.Default
}
