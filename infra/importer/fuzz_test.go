package importer

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"
)

// says is what a refusal begins with: the line as a whole, or the field that it is about.
var says = regexp.MustCompile(`^(line 1 is not |more than one JSON object on the line|not valid JSON|unknown field "|field [^ ]|[a-zA-Z]+(\[[0-9]+\]\.[a-zA-Z]+|\[[0-9]+\])?: )`)

// A line is refused with its place or the field's name, or it means the same when it is written again: nothing is lost and
// nothing guessed on the way in.
func FuzzLine(f *testing.F) {
	for _, seed := range []string{line("", ""), line(`"contractStart"`, `"renewal":12,"priceCents":499,"billingMonths":3,"endedAt":"2026-01-31","contractStart"`),
		line(`"company":"","firstName":"Anna","lastName":"Schäfer"`, `"company":"3M","firstName":"","lastName":""`), line(`"street"`, `"Street"`), line(`"DE"`, `"de"`),
		line("anna@example.com", "anna@müller.example"), line(`"balanceCents":0`, `"balanceCents":-0`), line("Berlin", `Ber\u200blin`), line("Berlin", `\ud83d\ude00`), line("Berlin", `\ud83d`),
		strings.Split(line("", ""), `"packages"`)[0] + `"packages":[]}`, `{}`, `{"packages":[{}]}`, `{"customerNumber":"10000017"}{}`, "\xff", "{\"street\":\"\xff\"}", `[]`, `{"packages":{"a":[1]}}`, `{"":"\ud800"}`, `["\ud800"]`, `{"packages":["\ud800",["\ud800"]]}`} {
		f.Add([]byte(seed))
	}
	c := Checker{Now: func() time.Time { return time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC) }}
	f.Fuzz(func(t *testing.T, text []byte) {
		for raw := range Memory("f", text).lines() {
			if raw.at.Line != 1 {
				return
			}
			l, wrong, _ := c.line(raw)
			for _, reason := range wrong {
				if raw.wrong == "" && !says.MatchString(reason) {
					t.Errorf("refused without a place: %q", reason)
				}
			}
			if len(wrong) == 0 {
				meansTheSame(t, c, l)
			}
		}
	})
}

// meansTheSame writes a line that was taken and reads it again.
func meansTheSame(t *testing.T, c Checker, l Line) {
	t.Helper()
	written, err := json.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	for raw := range Memory("f", written).lines() {
		again, wrong, _ := c.line(raw)
		if got, err := json.Marshal(again); len(wrong) > 0 || err != nil || !bytes.Equal(got, written) {
			t.Errorf("%s\nis taken, then %q\n%s", written, wrong, got)
		}
	}
}
