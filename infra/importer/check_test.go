package importer

import (
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
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

// without is the good line without one field.
func without(t *testing.T, field string) string {
	t.Helper()
	pattern := regexp.MustCompile(`"` + field + `":("[^"]*"|[0-9]+|false|\["[^"]*"\]),?`)
	text := line("", "")
	at := pattern.FindStringIndex(text)
	if at == nil {
		t.Fatalf("%s is not in the line", field)
	}
	return strings.ReplaceAll(text[:at[0]]+text[at[1]:], ",}", "}")
}

func TestFieldsThatMayBeMissing(t *testing.T) {
	for _, field := range []string{"country", "language", "locked", "bic", "termMonths", "passwordHash", "password"} {
		if c := Check(Memory("f", []byte(without(t, field)))); len(c.Problems) != 0 {
			t.Errorf("without %s: %v", field, c.Problems)
		}
	}
	short := line(`"country":"DE",`, "")
	all, err := Lines(Memory("f", []byte(strings.Replace(short, `"language":"de",`, "", 1))))
	if err != nil || all[0].Country != "DE" || all[0].Language != "de" {
		t.Errorf("%+v %v", all, err)
	}
}

// A missing field never means empty: it would make "nothing owed" of a debt.
func TestAnyOtherMissingFieldRefusesTheLine(t *testing.T) {
	for _, field := range []string{"customerNumber", "company", "firstName", "lastName", "street", "postalCode", "city", "phone", "mobile", "email",
		"iban", "accountNumber", "bankCode", "balanceCents", "id", "product", "tariff", "domains", "contractStart", "noticePeriodMonths"} {
		c := Check(Memory("f", []byte(without(t, field))))
		if len(c.Problems) != 1 || !strings.Contains(c.Problems[0].Reason, field+" is missing") {
			t.Errorf("without %s: %v", field, c.Problems)
		}
	}
	text := line("", "")
	c := Check(Memory("f", []byte(text[:strings.Index(text, `,"packages"`)]+"}")))
	if len(c.Problems) != 1 || !strings.Contains(c.Problems[0].Reason, "field packages is missing") {
		t.Errorf("without packages: %v", c.Problems)
	}
}

func TestEachBadLineIsNamedWithItsReason(t *testing.T) {
	deep := strings.Repeat(`{"a":`, 20000) + "1" + strings.Repeat("}", 20000)
	for _, c := range []struct{ name, text, want string }{
		{"a number that begins with 0", line("10000017", "01000017"), "customerNumber: must be 6 to 12 digits"},
		{"a number of 13 digits", line("10000017", "1000000000017"), "customerNumber: must be"},
		{"a number with a blank", line("10000017", " 10000017"), "customerNumber: must be"},
		{"a number that is a number in JSON", line(`"10000017"`, `10000017`), "customerNumber must be a string, not a number"},
		{"nobody's name", line(`"Anna","lastName":"Schäfer"`, `"","lastName":" "`), "needs a name or a company"},
		{"a name that nobody sees", line(`"Anna","lastName":"Schäfer"`, `"\u200b","lastName":"\u3164"`), "needs a name or a company"},
		{"a name of dots", line(`"Schäfer"`, `"..."`), "lastName: A name has at least one letter"},
		{"a misspelt field", line(`"street"`, `"strasse"`), `unknown field "strasse"`},
		{"a field in capitals beside the right one", line(`"email"`, `"EMAIL":"x@x.example","email"`), `unknown field "EMAIL": it is written email`},
		{"a field in capitals", line(`"balanceCents"`, `"BalanceCents"`), `it is written balanceCents`},
		{"an unknown field with much in it", line(`"street"`, `"extra":{"a":[1,{"b":null}]},"street"`), `unknown field "extra"`},
		{"an unknown field of a package", line(`"tariff"`, `"Tariff"`), `unknown field "packages[0].Tariff"`},
		{"a balance twice", line(`"balanceCents":0`, `"balanceCents":5000,"balanceCents":0`), "field balanceCents is there twice"},
		{"a customer number twice", line(`"company"`, `"customerNumber":"10000018","company"`), "field customerNumber is there twice"},
		{"a field twice by an escape", line(`"company"`, `"\u0065mail":"x@x.example","company"`), "field email is there twice"},
		{"packages twice", line(`"packages"`, `"packages":[],"packages"`), "field packages is there twice"},
		{"a package's field twice", line(`"tariff"`, `"product":"shop","tariff"`), "field packages[0].product is there twice"},
		{"null", line(`"company":""`, `"company":null`), "field company must be a string, not null"},
		{"no packages by null", line(`"company"`, `"packages":null,"company"`), "field packages must be a list, not null"},
		{"a balance in quotes", line(`"balanceCents":0`, `"balanceCents":"50"`), "field balanceCents must be a number, not a string"},
		{"a balance in euros", line(`"balanceCents":0`, `"balanceCents":12.50`), "balanceCents must be a whole number"},
		{"a balance with a point", line(`"balanceCents":0`, `"balanceCents":12.0`), "balanceCents must be a whole number"},
		{"a balance with an exponent", line(`"balanceCents":0`, `"balanceCents":1e3`), "balanceCents must be a whole number"},
		{"a balance beyond all bounds", line(`"balanceCents":0`, `"balanceCents":123456789012345678901234567890`), "balanceCents: must be -"},
		{"a balance of no number", line(`"balanceCents":0`, `"balanceCents":NaN`), "not valid JSON"},
		{"a lock in words", line(`"locked":false`, `"locked":"false"`), "field locked must be true or false, not a string"},
		{"a lock in figures", line(`"locked":false`, `"locked":0`), "field locked must be true or false, not a number"},
		{"a package instead of a list", line(`"domains":["schaefer.example"]`, `"domains":"schaefer.example"`), "field packages[0].domains must be a list, not a string"},
		{"a term in quotes", line(`"termMonths":12`, `"termMonths":"12"`), "field packages[0].termMonths must be a number, not a string"},
		{"a term of a thousand months", line(`"termMonths":12`, `"termMonths":1000`), "packages[0].termMonths: must be 0 to 120"},
		{"half a line", line(good[len(good)-20:], ""), "not valid JSON: the line ends too early"},
		{"half a pretty line", "{", "the line ends too early"},
		{"two customers on a line", line("", "") + line("", ""), "more than one JSON object"},
		{"a list around the customers", "[" + line("", "") + "]", "not a JSON object"},
		{"a table with tabs", "10000017\tAnna\tSchäfer", "not a JSON object"},
		{"a list of a thousand levels", line(`"company":""`, `"x":`+deep), "not valid JSON"},
		{"NUL", line("Anna", "An\x00na"), "not valid JSON: invalid character '\\x00'"},
		{"NUL as an escape", line("Anna", `An\u0000na`), "firstName: has a control character"},
		{"a lost letter", line("Schäfer", "Sch\ufffdfer"), "lastName: has the character U+FFFD"},
		{"half a surrogate pair", line("Schäfer", `Berg\ud83d`), "field lastName has half a character in it"},
		{"the wrong half first", line("Schäfer", `Berg\ude00\ud83d`), "field lastName has half a character in it"},
		{"half a pair and another escape", line("Schäfer", `Berg\ud83d\u0041`), "field lastName has half a character in it"},
		{"half a pair in a domain", line("schaefer.example", `schaefer\udc00.example`), "field packages[0].domains[0] has half a character in it"},
		{"a country in words", line(`"DE"`, `"Deutschland"`), "country: must be two letters"},
		{"a country that is none", line(`"DE"`, `"XX"`), "country: must be two letters"},
		{"an empty country", line(`"DE"`, `""`), "country: must be two letters such as DE; leave the field out"},
		{"a language we do not speak", line(`"de"`, `"fr"`), "language: must be one of de en nl"},
		{"an address with a name", line("anna@example.com", "Anna <anna@example.com>"), "email: is not"},
		{"two addresses", line("anna@example.com", "anna@example.com;b@example.com"), "email: is not"},
		{"an address with an umlaut before the @", line("anna@example.com", "jürgen@example.com"), "email: is not"},
		{"an address without a domain", line("anna@example.com", "anna@localhost"), "email: is not"},
		{"an address by number", line("anna@example.com", "anna@[192.0.2.1]"), "email: is not"},
		{"an address with an underscore", line("anna@example.com", "anna@my_host.example"), "email: is not"},
		{"an address with a hyphen in front", line("anna@example.com", "anna@-berg.example"), "email: is not"},
		{"an IBAN with two digits swapped", line(`"iban":""`, `"iban":"DE98 3704 0044 0532 0130 00"`), "iban: is not an IBAN"},
		{"an IBAN with check digits that are never given out", line(`"iban":""`, `"iban":"GB00ZFQR17960914000019"`), "iban: is not an IBAN"},
		{"an IBAN that breaks off", line(`"iban":""`, `"iban":"DE8937040044053201300"`), "iban: is not an IBAN"},
		{"an IBAN of another account", line(`"iban":""`, `"iban":"DE02120300000000202051"`), "iban: The IBAN belongs to a different account"},
		{"a BIC of seven letters", line(`"bic":""`, `"bic":"COBADEF"`), "bic: is not a BIC"},
		{"letters in the bank code", line("37040044", "COBADE"), "bankCode: is not a bank code"},
		{"a phone number without its area code", line("030 1234567", "1234567"), "phone: "},
		{"a postal code of four digits", line("10115", "1011"), "postalCode: "},
		{"a line break in a name", line("Schäfer", `Schä\nfer`), "lastName: has a control character"},
		{"a name of 300 characters", line("Schäfer", strings.Repeat("ä", 300)), "lastName: is longer than"},
		{"an unknown product", line(`"server"`, `"cloud"`), "packages[0].product: must be one of hosting, server, shop"},
		{"a domain that is none", line("schaefer.example", "schaefer example"), `packages[0].domains: "schaefer example" is not`},
		{"a German date", line("2019-05-01", "01.05.2019"), "contractStart: must be a date"},
		{"a date of zeros", line("2019-05-01", "0000-00-00"), "contractStart: must be a date"},
		{"a day that is none", line("2019-05-01", "2019-02-30"), "contractStart: must be a date"},
		{"the beginning of time", line("2019-05-01", "1970-01-01"), "contractStart: must be a date from 1990-01-01"},
		{"never", line("2019-05-01", "9999-12-31"), "contractStart: must be a date from 1990-01-01"},
		{"an end that is never", line(`"contractStart"`, `"endedAt":"9999-12-31","contractStart"`), "endedAt: must be a date from 1990-01-01"},
		{"a renewal in words", line(`"termMonths"`, `"renewal":"yearly","termMonths"`), `packages[0].renewal must be a number of 1 to 120 months or "indefinite"`},
		{"a renewal by no months", line(`"termMonths"`, `"renewal":0,"termMonths"`), `packages[0].renewal must be a number of 1 to 120 months or "indefinite"`},
		{"a renewal of nothing", line(`"termMonths"`, `"renewal":"","termMonths"`), `packages[0].renewal must be a number`},
		{"a package id with a blank", line("P-1001", "P 1001"), "packages[0].id: must be"},
		{"a price below nothing", line(`"contractStart"`, `"priceCents":-1,"contractStart"`), "packages[0].priceCents: must be 0 to"},
		{"a price that nobody pays", line(`"contractStart"`, `"priceCents":1000000000000,"contractStart"`), "packages[0].priceCents: must be 0 to"},
		{"a price with a part of a cent", line(`"contractStart"`, `"priceCents":1.5,"contractStart"`), "packages[0].priceCents"},
		{"a price in words", line(`"contractStart"`, `"priceCents":"12,00","contractStart"`), "packages[0].priceCents"},
		{"a billing period of part of a month", line(`"contractStart"`, `"billingMonths":0.5,"contractStart"`), "packages[0].billingMonths"},
		{"a billing period beyond all contracts", line(`"contractStart"`, `"billingMonths":121,"contractStart"`), "packages[0].billingMonths: must be 1 to"},
		{"a billing period of no month", line(`"contractStart"`, `"billingMonths":0,"contractStart"`), "packages[0].billingMonths: must be 1 to"},
		{"a package password and its hash", line(`"contractStart"`, `"passwordHash":"$2a$10$x","contractStart"`), "not both"},
		{"a hash we cannot verify", line(`"passwordHash":""`, `"passwordHash":"5f4dcc3b5aa765d61d8327deb882cf99"`), "passwordHash: is neither"},
		{"a hash that would take a minute", line(`"passwordHash":""`, `"passwordHash":"$argon2id$v=19$m=9999999,t=99,p=1$AAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA"`), "passwordHash: is neither"},
		{"Latin-1", line("Schäfer", "Sch\xe4fer"), "line 2 is not valid UTF-8 (byte 77, after lastName)"},
		{"an overlong encoding", line("Anna", "An\xc0\xafna"), "not valid UTF-8"},
		{"half a pair in bytes", line("Anna", "An\xed\xa0\xbdna"), "not valid UTF-8"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Check(Memory("kunden.jsonl", []byte("\n"+c.text)))
			if len(got.Problems) == 0 || !strings.HasPrefix(got.Problems[0].String(), "kunden.jsonl:2: ") || !strings.Contains(reasons(got.Problems), c.want) {
				t.Errorf("%v, want %q", got.Problems, c.want)
			}
			if got.Good() != 0 {
				t.Errorf("%d good lines", got.Good())
			}
		})
	}
}

func reasons(problems []Problem) string {
	var all []string
	for _, p := range problems {
		all = append(all, p.Reason)
	}
	return strings.Join(all, "|")
}

// S20: what is wrong is told by field and byte; of what stands there only domains and ids are.
func TestAProblemTellsNoValue(t *testing.T) {
	for _, text := range []string{line("anna@example.com", "anna-canary"), line(`"iban":""`, `"iban":"DE89370400440532CANARY"`), line("geheimes Paketpasswort", "canary\x01"),
		line("geheimes Paketpasswort", strings.Repeat("canary", 100)), line(`"passwordHash":""`, `"passwordHash":"canary"`), line("Schäfer", "canary\xff")} {
		c := Check(Memory("f", []byte(text)))
		if all := strings.ToLower(reasons(c.Problems)); len(c.Problems) == 0 || strings.Contains(all, "canary") {
			t.Errorf("%v", c.Problems)
		}
	}
}

func TestWhatIsStoredIsCleanedAsInTheForm(t *testing.T) {
	text := line("Schäfer", `\u202eScha\u0308fer\u202c `)
	for old, next := range map[string]string{"030 1234567": `\u202a030  1234567\u202c`, "anna@example.com": `\u00a0anna@Müller-Post.example\u200b`, `"DE"`: `"at"`,
		"Hauptstr. 5": `  Hauptstr.\u00a05`, `"iban":""`: `"iban":"at61 1904 3002 3457 3201"`, "10115": "A-1010", "0532013000": "", "37040044": "", "geheimes": `\u200egeheimes`} {
		text = strings.Replace(text, old, next, 1)
	}
	all, err := Lines(Memory("f", []byte(text)))
	if err != nil {
		t.Fatal(err)
	}
	l := all[0]
	got := []string{l.LastName, l.Phone, l.Email, l.Country, l.Street, l.IBAN, l.PostalCode, l.Packages[0].Password}
	want := []string{"Schäfer", "030 1234567", "anna@xn--mller-post-9db.example", "AT", "Hauptstr. 5", "AT611904300234573201", "1010", "geheimes Paketpasswort"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestWhatLooksLikeAMistakeIsAWarning(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"an HTML entity", line(`"company":""`, `"company":"Bäcker &amp; Sohn GmbH"`), "company: has an HTML entity"},
		{"an entity by number", line("Schäfer", "Sch&#228;fer"), "lastName: has an HTML entity"},
		{"UTF-8 read as Latin-1", line("Schäfer", "MÃ¼ller"), "lastName: looks as if UTF-8"},
		{"a dash read as Latin-1", line("Root Server M", "Server â€“ M"), "packages[0].tariff: looks as if UTF-8"},
		{"a word for nothing", line("Berlin", "NULL"), `city: looks like a word for "nothing"`},
		{"a letter that became a question mark", line("Schäfer", "Sch?fer"), "lastName: looks as if a letter was lost"},
		{"quoted-printable", line("Schäfer", "Sch=C3=A4fer"), "lastName: looks as if a letter was lost"},
		{"quoted-printable of Latin-1", line("Schäfer", "Sch=E4fer"), "lastName: looks as if a letter was lost"},
		{"a letter in the code of addresses", line("Schäfer", "Sch%C3%A4fer"), "lastName: looks as if a letter was lost"},
		{"a letter escaped twice", line("Schäfer", `Sch\\u00e4fer`), "lastName: looks as if a letter was lost"},
		{"a word of a mail's header", line("Schäfer", "=?utf-8?Q?Sch?="), "lastName: looks as if a letter was lost"},
		{"an HTML tag", line("Hauptstr. 5", "Hauptstr. 5<br>"), "street: has an HTML tag"},
		{"a database's word for nothing", line("Berlin", "(null)"), `city: looks like a word for "nothing"`},
		{"a spreadsheet's word for nothing", line("Berlin", "#NAME?"), `city: looks like a word for "nothing"`},
		{"two words for nothing", line("Berlin", "nicht bekannt"), `city: looks like a word for "nothing"`},
		{"a dash for nothing", line("Root Server M", "-"), `packages[0].tariff: looks like a word for "nothing"`},
		{"a renewal that no consumer has since March 2022", line(`"contractStart":"2019-05-01"`, `"renewal":12,"contractStart":"2023-05-01"`), "packages[0].renewal: is more than a consumer can be bound to"},
		{"an end before the start", line(`"contractStart"`, `"endedAt":"2018-01-01","contractStart"`), "packages[0].endedAt: is before"},
	} {
		got := Check(Memory("f", []byte(c.text)))
		if len(got.Problems) > 0 || len(got.Warnings) != 1 || !strings.HasPrefix(got.Warnings[0].String(), "f:1: "+c.want) {
			t.Errorf("%s: %v %v", c.name, got.Problems, got.Warnings)
		}
	}
	for _, text := range []string{line("", ""), line(`"company":""`, `"company":"AT&T; Bäcker & Sohn"`), line("Schäfer", "Ãgueda"), line("Schäfer", "Noneman"), line(`"company":""`, `"company":"Was? Wo? GmbH"`), line(`"company":""`, `"company":"A=B <3 Bau 100% GmbH"`)} {
		if got := Check(Memory("f", []byte(text))); len(got.Warnings) > 0 || len(got.Problems) > 0 {
			t.Errorf("%v %v", got.Warnings, got.Problems)
		}
	}
}

func TestFilesThatAreNoLinesOfTextAreNamed(t *testing.T) {
	utf16 := []byte{0xff, 0xfe}
	for _, c := range line("", "") {
		utf16 = append(utf16, byte(c), byte(c>>8))
	}
	for name, c := range map[string]struct {
		content []byte
		want    string
	}{
		"UTF-16": {utf16, "is in UTF-16"}, "UTF-16 without a mark": {utf16[2:], "is in UTF-16"}, "gzip": {[]byte("\x1f\x8b\x08\x00aaaa"), "is packed with gzip"},
		"zip": {[]byte("PK\x03\x04aaaa"), "is packed with zip"},
	} {
		got := Check(Memory("f", c.content))
		if len(got.Problems) != 1 || got.Problems[0].Line != 0 || !strings.Contains(got.Problems[0].Reason, c.want) || got.Good() != 0 {
			t.Errorf("%s: %v", name, got.Problems)
		}
	}
}

func TestALineThatIsTooLongIsRefusedAndTheNextOneRead(t *testing.T) {
	long := line(`"company":""`, `"company":"`+strings.Repeat("a", longestLine)+`"`)
	got := Check(Memory("f", []byte(long+"\n"+line("", ""))))
	if got.Customers != 2 || got.Good() != 1 || len(got.Problems) != 1 || got.Problems[0].Line != 1 || !strings.Contains(got.Problems[0].Reason, "longer than") {
		t.Errorf("%d %v", got.Customers, got.Problems)
	}
	ten := line(`"company":""`, `"company":"`+strings.Repeat("a", 10<<20)+`"`)
	if got := Check(Memory("f", []byte(ten))); len(got.Problems) != 1 || !strings.Contains(got.Problems[0].Reason, "company: is longer than") {
		t.Errorf("%v", reasons(got.Problems))
	}
}

func TestAnEmptyFileIsTold(t *testing.T) {
	for _, content := range []string{"", "\n \r\n\n", "\xef\xbb\xbf"} {
		if got := Check(Memory("f", []byte(content))); got.Customers != 0 || !slices.Equal(got.Empty, []string{"f"}) {
			t.Errorf("%q: %+v", content, got)
		}
	}
}

func TestAFileWrongInEveryLineIsNotKeptInMemory(t *testing.T) {
	told := 0
	got := Checker{Now: time.Now, Problem: func(Problem) { told++ }}.Check(Memory("f", []byte(strings.Repeat("x\n", 5000))))
	if told != 5000 || len(got.Problems) != mostProblems || got.More != 4000 || got.Good() != 0 {
		t.Errorf("told %d, kept %d, more %d", told, len(got.Problems), got.More)
	}
}

func TestAFileThatChangesWhileItIsReadIsLeft(t *testing.T) {
	first, second := line("", ""), strings.NewReplacer("10000017", "10000018", "P-1001", "P-1002").Replace(line("", ""))
	for name, later := range map[string]string{
		"another name": strings.Replace(first, "Anna", "Eva", 1) + "\n" + second, "a line less": first, "a line more": first + "\n" + second + "\n" + second,
		"none": "", "a line between": first + "\n\n" + second[:50] + "\n" + second,
	} {
		content := first + "\n" + second
		file := File{"f", func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(content)), nil }}
		checked := Check(file)
		content = later
		var failed error
		for p, err := range checked.good([]File{file}) {
			if failed = err; err == nil && p.line.FirstName != "Anna" {
				t.Errorf("%s: a line that was not checked is taken", name)
			}
		}
		if !errors.Is(failed, ErrChanged) {
			t.Errorf("%s: %v", name, failed)
		}
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
	twice := strings.Replace(line("schaefer.example", "Bücher.example"), `"packages":[`,
		`"packages":[{"id":"P-1","product":"shop","tariff":"","domains":["xn--bcher-kva.EXAMPLE"],"contractStart":"","noticePeriodMonths":0},`, 1)
	c = Check(Memory("a", []byte(twice)))
	if len(c.Problems) != 1 || !strings.Contains(c.Problems[0].Reason, "is in package P-1 already") {
		t.Errorf("%v", c.Problems)
	}
}

func TestAFileThatIsNotThereIsAProblem(t *testing.T) {
	if c := Check(Disk("no/such/file")); len(c.Problems) != 1 || c.Problems[0].Line != 0 {
		t.Errorf("%v", c.Problems)
	}
}
