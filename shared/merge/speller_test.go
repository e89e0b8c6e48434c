package merge_test

import (
	"strings"

	"kundenkonto/shared/merge"
)

// plain spells by capital letters only: enough to test what merge decides apart from spelling.
type plain struct{}

func (plain) Forms(_ merge.Field, v, _ string) []merge.Form {
	v = strings.TrimSpace(v)
	return []merge.Form{{Reason: merge.ReasonSpacing, Text: v}, {Reason: merge.ReasonCase, Text: strings.ToUpper(v)}}
}

var anna = merge.Record{
	Number: "10000017", FirstName: "Anna", LastName: "Schäfer", Street: "Hauptstr. 5", PostalCode: "10115", City: "Berlin", Country: "DE",
	Phone: "030 1234567", Mobile: "0171 1234567", Email: "anna@schaefer.example", IBAN: "DE89370400440532013000", BIC: "COBADEFFXXX",
}

var oldAnna = merge.Record{
	Number: "10000023", FirstName: "Anna", LastName: "Schäfer", Street: "Lindenweg 9", PostalCode: "20095", City: "Hamburg", Country: "DE",
	Phone: "040 7654321", Email: "anna@alt.example", AccountNumber: "0648489890", BankCode: "50010517",
}
