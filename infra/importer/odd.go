package importer

import (
	"fmt"
	"regexp"
	"strings"

	"kundenkonto/shared/contract"
	"kundenkonto/shared/customer"
)

// Texts that are valid JSON but look like a mistake of the export. They are imported, since each could be somebody's
// name, and reported, since a merge or a letter would go wrong with them.
var (
	entity   = regexp.MustCompile(`&(?:[A-Za-z][A-Za-z0-9]{1,30}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});`)
	twice    = regexp.MustCompile("[ÃÂ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€|ï»¿")
	lost     = regexp.MustCompile(`\pL\?\pL|=[C-F][0-9A-F](?:\pL|=[89AB][0-9A-F])|%C3%[89AB][0-9A-F]|\\u00[0-9a-fA-F]{2}|=\?(?i:utf-8|iso-8859-1)\?`)
	markup   = regexp.MustCompile(`</?[A-Za-z][A-Za-z0-9]{0,9} ?/?>`)
	stuffing = regexp.MustCompile(`(?i)^(?:null|[(\[<]null[)\]>]|\\n|nil|none|n/?a|#(?:n/a|nv|name\?|ref!|wert!|value!)|k\.? ?a\.?|keine angabe|undefined|unknown|unbekannt|nicht (?:bekannt|vorhanden|angegeben)|keine?|xxx+|-+|\?+|0+)$`)
)

// odd says what somebody should look at, although the line is good.
func (l Line) odd() findings {
	var f findings
	l.texts(func(field, text string, _ int) {
		switch {
		case entity.MatchString(text):
			f.add(field, "has an HTML entity such as &amp; in it: export the character itself")
		case twice.MatchString(text):
			f.add(field, "looks as if UTF-8 was read as Latin-1 on the way (Ã¼ for ü): export it anew")
		case lost.MatchString(text):
			f.add(field, "looks as if a letter was lost or written in a code on the way (M?ller, M%%C3%%BCller): export it anew")
		case markup.MatchString(text):
			f.add(field, "has an HTML tag in it: export the text alone")
		case stuffing.MatchString(strings.TrimSpace(text)) && field != "customerNumber" && !strings.HasSuffix(field, ".id"):
			f.add(field, `looks like a word for "nothing": leave it empty if there is none`)
		}
	})
	for i, p := range l.Packages {
		if p.EndedAt != "" && p.ContractStart != "" && p.EndedAt < p.ContractStart {
			f.add(fmt.Sprintf("packages[%d].endedAt", i), "is before contractStart")
		}
		start, _ := contract.ParseDay(p.ContractStart) // a date that is none has been refused
		agreed := contract.Agreement{Start: start, Months: p.TermMonths, NoticeMonths: p.NoticePeriodMonths, Renewal: p.Renewal, Consumer: customer.Profile{Company: l.Company}.Consumer()}
		for _, field := range agreed.Beyond() {
			f.add(fmt.Sprintf("packages[%d].%s", i, field), "is more than a consumer can be bound to (BGB section 309, number 9): the pages show what holds")
		}
	}
	return f
}
