package site

import (
	"encoding/json"
	"regexp"
	"strings"

	"kundenkonto/infra/localtest/tablefake"
)

// passing is what differs between two runs of the same request: times, random values.
var passing = regexp.MustCompile(`(?:DUE|[A-Z]{4,})#[0-9]{1,2}\b|#[0-9]{12,13}\b|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z(#[0-9a-f]{8})?|argon2id[^"]*|\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b|[A-Za-z0-9_-]{16,}|"(ttl|nextTry|notBefore|draftAt|step|n|last|since|prev)":\{"N":"[0-9]+"\}`)

// draftVersion goes up when a draft is saved twice, with the same content: once more because an answer was lost.
var draftVersion = regexp.MustCompile(`"version":\{"N":"[0-9]+"\}\}$`)

// durable are the tables that a request must leave whole: all but those of counters, sessions and links, which end by
// themselves.
var durable = map[string]bool{"Customers": true, "Credentials": true, "MergeOrders": true, "Audit": true, "Outbox": true}

// ofProof is what tells of a good proof. It is written before anything of the other number is shown, and stays when what comes
// next meets an outage: the proof was given all the same, and somebody may have read the answer.
var ofProof = regexp.MustCompile(`"(action|event)":\{"S":"(proof\.given|number\.proven)"\}`)

// main is what was written to and deleted from the durable tables since the state was gone back to, without what differs
// by itself.
func (w *world) main() []string {
	var all []string
	note := func(what string) func(string, tablefake.Item) {
		return func(name string, item tablefake.Item) {
			raw, err := json.Marshal(item)
			w.must(err)
			if !durable[name] || ofProof.Match(raw) {
				return
			}
			line := passing.ReplaceAllString(string(raw), "*")
			if strings.Contains(line, `"DRAFT"`) {
				line = draftVersion.ReplaceAllString(line, "")
			}
			line = strings.ReplaceAll(line, `"new":{"M":{"failed":{"S":"1"}}}`, `"new":{"M":{}}`) // a sign-in that met an outage is a try, too
			all = append(all, what+" "+name+" "+line)
		}
	}
	w.wire.fake.Changed(w.saved, note("has"), note("lost"))
	return all
}

// missing are the lines of one state that the other does not have.
func missing(from, in []string) string {
	left := map[string]int{}
	for _, line := range in {
		left[line]++
	}
	var out []string
	for _, line := range from {
		if left[line]--; left[line] < 0 {
			out = append(out, line)
		}
	}
	return strings.Join(out, "\n")
}

// text is an attribute as it is on the wire.
func text(v tablefake.Value) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // our own maps
	}
	return string(raw)
}
