package product

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"kundenkonto/shared/lang"
)

func TestTheTableIsWhole(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range Settings.All() {
		if s.Name == "" || s.Label.In(lang.DE) == "" || s.Label.In(lang.EN) == "" || (s.Hint.In(lang.DE) == "") != (s.Hint.In(lang.EN) == "") {
			t.Errorf("setting %q lacks words", s.Name)
		}
		if seen[s.Name] {
			t.Errorf("%s is declared twice: a form field has one meaning", s.Name)
		}
		seen[s.Name] = true
		if len(s.Choices) > 0 && !slices.Contains(s.Values(), s.Default) {
			t.Errorf("%s has the default %q, which is none of its values", s.Name, s.Default)
		}
		if len(s.Choices) == 0 && s.Max == 0 {
			t.Errorf("%s takes text without a limit (S17)", s.Name)
		}
	}
	for product, want := range map[string]string{
		Hosting: "displayName phpVersion httpsRedirect", Server: "displayName reverseDns backupNotification", Shop: "displayName language maintenanceMode",
	} {
		var names []string
		for _, s := range Settings.Of(product) {
			names = append(names, s.Name)
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%s has %s, want %s", product, got, want)
		}
	}
}

func TestAnotherSettingIsOneLine(t *testing.T) {
	table := maps.Clone(Settings)
	table[Server] = append(slices.Clone(table[Server]), Setting{Name: "rescueMode", Label: lang.Raw("Rettungssystem"), Choices: onOff, Default: Off})
	next, changed, problems := table.Apply(Server, nil, map[string]string{"rescueMode": On})
	if next["rescueMode"] != On || !slices.Equal(changed, []string{"rescueMode"}) || problems != nil || !slices.Contains(table.Names(), "rescueMode") {
		t.Errorf("got %v, %v, %v", next, changed, problems)
	}
	if _, known := Settings.find(Server, "rescueMode"); known {
		t.Error("the table in force was changed")
	}
}

func (t Table) find(product, name string) (Setting, bool) {
	for _, s := range t.Of(product) {
		if s.Name == name {
			return s, true
		}
	}
	return Setting{}, false
}

func TestOnlyWhatDiffersIsAChange(t *testing.T) {
	stored := map[string]string{"displayName": "Laden", "kept": "of an older table"}
	for name, c := range map[string]struct {
		product string
		entered map[string]string
		changed string
	}{
		"nothing was sent":                    {Shop, nil, ""},
		"the default was sent":                {Shop, map[string]string{"language": "de", "maintenanceMode": "false"}, ""},
		"the stored name with blanks":         {Shop, map[string]string{"displayName": "  Laden "}, ""},
		"the name is taken away":              {Shop, map[string]string{"displayName": ""}, "displayName"},
		"two are set":                         {Shop, map[string]string{"maintenanceMode": "true", "language": "fr"}, "language maintenanceMode"},
		"a setting of another product":        {Shop, map[string]string{"phpVersion": "8.3"}, ""},
		"a field that is no setting":          {Shop, map[string]string{"number": "10000099", "kept": "x"}, ""},
		"a product that the table lacks":      {"wiki", map[string]string{"displayName": "Wiki", "language": "fr"}, "displayName"},
		"markup is text":                      {Shop, map[string]string{"displayName": "<b>1'; DROP TABLE x;--"}, "displayName"},
		"a name in another script":            {Shop, map[string]string{"displayName": "магазин 店铺"}, "displayName"},
		"sixty characters of four bytes each": {Shop, map[string]string{"displayName": strings.Repeat("𝔘", 60)}, "displayName"},
	} {
		t.Run(name, func(t *testing.T) {
			next, changed, problems := Settings.Apply(c.product, stored, c.entered)
			if got := strings.Join(changed, " "); got != c.changed || problems != nil {
				t.Errorf("changed %q, problems %v; want %q", got, problems, c.changed)
			}
			if next["kept"] != "of an older table" || len(next) != 2+len(changed)-strings.Count(c.changed, "displayName") {
				t.Errorf("stored would be %v (S11)", next)
			}
		})
	}
	if len(stored) != 2 {
		t.Error("what was stored is changed in place")
	}
}

func TestWrongValuesAreNamed(t *testing.T) {
	for name, c := range map[string]struct{ product, setting, value, code string }{
		"a name too long":              {Hosting, "displayName", strings.Repeat("ä", 61), "too_long"},
		"an old PHP":                   {Hosting, "phpVersion", "5.6", "unknown_value"},
		"no PHP":                       {Hosting, "phpVersion", "", "unknown_value"},
		"a switch between on and off":  {Hosting, "httpsRedirect", "maybe", "unknown_value"},
		"a name without a domain":      {Server, "reverseDns", "server1", "host_name_form"},
		"an address":                   {Server, "reverseDns", "192.0.2.7", "host_name_form"},
		"an umlaut":                    {Server, "reverseDns", "büro.example", "host_name_form"},
		"two names":                    {Server, "reverseDns", "a.example b.example", "host_name_form"},
		"a label that begins with a -": {Server, "reverseDns", "-a.example", "host_name_form"},
		"a name with a port":           {Server, "reverseDns", "a.example:25", "host_name_form"},
		"a very long name":             {Server, "reverseDns", strings.Repeat("a.", 126) + "example", "too_long"},
		"SQL":                          {Shop, "language", "de' OR 1=1", "unknown_value"},
	} {
		t.Run(name, func(t *testing.T) {
			next, changed, problems := Settings.Apply(c.product, nil, map[string]string{c.setting: c.value})
			if len(problems) != 1 || problems[0].Code != c.code || problems[0].Setting != c.setting || problems[0].Words.In(lang.DE) == "" || problems[0].Words.In(lang.EN) == "" {
				t.Errorf("problems are %+v, want %s", problems, c.code)
			}
			if len(next)+len(changed) != 0 {
				t.Errorf("%v would be stored", next)
			}
		})
	}
}
