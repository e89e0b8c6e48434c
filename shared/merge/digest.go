package merge

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"slices"
	"strings"
)

// digestFields are all values that a digest covers, names included: they decide whether the merge is allowed.
var digestFields = append(slices.Concat(names, compared), Country)

// Digest returns the SHA-256, as 64 hex digits, over both sides' values and the choices: what the customer saw, what the reviewer approves and what is executed (M5).
// It is canonical: the order of the sources and choices that mean the same (missing and "own") make no difference. Values count as they are written.
// The salt is a secret of the draft and its order that no page shows: without it, whoever is shown a digest could try all values that a masked one may have (M3).
func Digest(salt string, own Record, sources []Source) string {
	sorted := slices.Clone(sources)
	slices.SortFunc(sorted, func(a, b Source) int { return strings.Compare(a.Record.Number, b.Record.Number) })
	h := sha256.New()
	write(h, "merge-digest-2", salt, own.Number)
	writeRecord(h, own)
	for _, s := range sorted {
		write(h, "source", s.Record.Number)
		writeRecord(h, s.Record)
		for _, g := range Groups() {
			write(h, string(g), string(s.Choices.Of(g)))
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

func writeRecord(h hash.Hash, r Record) {
	for _, f := range digestFields {
		v := r.Get(f)
		if f == Country {
			v = country(r)
		}
		write(h, string(f), v)
	}
}

// write puts each part with its length before it, so that no two lists of parts run together to the same bytes.
func write(h hash.Hash, parts ...string) {
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s,", len(p), p)
	}
}

// maskedFields are those of which the other side sees a part only (MaskOther), and the country, by which some of them are read.
var maskedFields = []Field{Phone, Mobile, Email, AccountNumber, BankCode, IBAN, BIC, Country}

// Fingerprint stands for the own values that masked ones are compared with. While it stays the same, a comparison tells nothing
// more of them than it told before; another one is another guess (M3).
func Fingerprint(own Record) string {
	h := sha256.New()
	write(h, "fingerprint-1", own.Number)
	for _, f := range maskedFields {
		v := own.Get(f)
		if f == Country {
			v = country(own)
		}
		write(h, string(f), v)
	}
	return hex.EncodeToString(h.Sum(nil))
}
