// Package calendar writes days to remember as a file that calendar programs read (iCalendar, RFC 5545). Why it is
// our own stands in ARCHITECTURE.md, "Dependencies".
package calendar

import (
	"bytes"
	"strings"
	"time"
	"unicode/utf8"
)

// Day is a whole day to remember. A program that reads a later file takes the day with the same UID for the same one.
type Day struct {
	UID         string // of the whole world
	On          time.Time
	Summary     string
	Description string
	URL         string
}

// Type is the media type of a file.
const Type = "text/calendar; charset=utf-8"

// reminder is a week before the day, at nine in the morning: 6 days and 15 hours before its midnight.
const reminder = "-P6DT15H"

// File is a file of days, which must be one at least (RFC 5545, 3.6). At is when it was made, and product what made it.
func File(product string, at time.Time, days []Day) []byte {
	var b bytes.Buffer
	property(&b, "BEGIN", "VCALENDAR")
	property(&b, "VERSION", "2.0")
	property(&b, "PRODID", text(product))
	for _, d := range days {
		property(&b, "BEGIN", "VEVENT")
		property(&b, "UID", text(d.UID))
		property(&b, "DTSTAMP", at.UTC().Format("20060102T150405Z"))
		property(&b, "DTSTART;VALUE=DATE", d.On.Format("20060102")) // without an end, it lasts one day
		property(&b, "SUMMARY", text(d.Summary))
		property(&b, "DESCRIPTION", text(d.Description))
		property(&b, "URL", strings.Map(graphic, d.URL))
		property(&b, "TRANSP", "TRANSPARENT") // who looks for free time finds the day free
		property(&b, "BEGIN", "VALARM")
		property(&b, "ACTION", "DISPLAY")
		property(&b, "TRIGGER", reminder)
		property(&b, "DESCRIPTION", text(d.Summary))
		property(&b, "END", "VALARM")
		property(&b, "END", "VEVENT")
	}
	property(&b, "END", "VCALENDAR")
	return b.Bytes()
}

// longestLine is what a line has at most, in bytes without its end (RFC 5545, 3.1).
const longestLine = 75

// property writes a name and its value, folded into lines between two characters.
func property(b *bytes.Buffer, name, value string) {
	line := name + ":" + value
	for len(line) > longestLine {
		end := longestLine
		for !utf8.RuneStart(line[end]) {
			end--
		}
		b.WriteString(line[:end] + "\r\n")
		line = " " + line[end:]
	}
	b.WriteString(line + "\r\n")
}

var escaped = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`)

// text is a value as its kind TEXT has it (RFC 5545, 3.3.11). Control characters have no place there.
func text(s string) string {
	return strings.Map(graphic, escaped.Replace(strings.ToValidUTF8(s, "\ufffd")))
}

func graphic(r rune) rune {
	if r < ' ' || r == 0x7f {
		return -1
	}
	return r
}
