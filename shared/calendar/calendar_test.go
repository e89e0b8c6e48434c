package calendar

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"
)

var (
	noon  = time.Date(2026, 11, 23, 12, 0, 0, 0, time.FixedZone("", 3600))
	march = time.Date(2027, 3, 31, 0, 0, 0, 0, time.UTC)
)

func TestAFileOfOneDay(t *testing.T) {
	got := string(File("-//Kundenkonto//Verträge//DE", noon, []Day{{UID: "kuendigung-P-1001@konto.example", On: march, Summary: "Kündigen; schaefer.example, M\\L",
		Description: "Zeile eins\nZeile zwei", URL: "https://konto.example/account/packages/P-1001"}}))
	want := strings.Join([]string{
		"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Kundenkonto//Verträge//DE",
		"BEGIN:VEVENT", "UID:kuendigung-P-1001@konto.example", "DTSTAMP:20261123T110000Z", "DTSTART;VALUE=DATE:20270331",
		`SUMMARY:Kündigen\; schaefer.example\, M\\L`, `DESCRIPTION:Zeile eins\nZeile zwei`, "URL:https://konto.example/account/packages/P-1001", "TRANSP:TRANSPARENT",
		"BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-P6DT15H", `DESCRIPTION:Kündigen\; schaefer.example\, M\\L`, "END:VALARM",
		"END:VEVENT", "END:VCALENDAR", ""}, "\r\n")
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// A text of any characters is read as it was written: lines of at most 75 bytes, none cut within a character, none that a text
// makes up itself.
func TestAnyTextIsReadAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		summary := rapid.OneOf(rapid.String(), rapid.StringOfN(rapid.SampledFrom([]rune("ä€😀 ;,\\\nx")), 0, 200, -1)).Draw(t, "summary")
		file := string(File("x", noon, []Day{{UID: "1", On: march, Summary: summary, URL: summary}}))
		for line := range strings.SplitSeq(strings.TrimSuffix(file, "\r\n"), "\r\n") {
			if len(line) > 75 || !utf8.ValidString(line) || strings.ContainsAny(line, "\r\n") {
				t.Fatalf("%q has %d bytes", line, len(line))
			}
		}
		lines := strings.Split(strings.ReplaceAll(file, "\r\n ", ""), "\r\n")
		if len(lines) != 19 {
			t.Fatalf("%d lines: %q", len(lines), lines)
		}
		got := strings.NewReplacer(`\\`, `\`, `\;`, ";", `\,`, ",", `\n`, "\n").Replace(strings.TrimPrefix(lines[7], "SUMMARY:"))
		want := strings.Map(func(r rune) rune {
			if r == '\n' {
				return r
			}
			return graphic(r)
		}, strings.ReplaceAll(summary, "\r\n", "\n"))
		if got != want {
			t.Fatalf("%q is read as %q", summary, got)
		}
	})
}
