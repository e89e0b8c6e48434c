// Package sampleorder is a merge order for tests: one source, data that differ and data that are only spelled differently.
package sampleorder

import (
	"time"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
)

// Start is Monday noon, when the queue of the service team is full.
var Start = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// Anna is the order of a customer of that name, in review for two hours.
func Anna() order.Order {
	own := merge.Record{Number: "10000017", FirstName: "Anna", LastName: "Schäfer", Street: "Hauptstr. 5", PostalCode: "10115", City: "Berlin", Country: "DE",
		Phone: "030 1234567", Mobile: "0171 1234567", Email: "anna@schaefer.example", IBAN: "DE89370400440532013000", BIC: "COBADEFFXXX"}
	other := merge.Record{Number: "10000023", FirstName: "Anna", LastName: "Schäfer", Street: "Hauptstraße 5", PostalCode: "10115", City: "Berlin", Country: "DE",
		Phone: "+49 30 1234567", Mobile: "0171 7654321", Email: "anna@alt.example", AccountNumber: "0648489890", BankCode: "50010517"}
	old := Start.Add(-900 * 24 * time.Hour)
	o := order.Order{ID: "K7QX-2M4D", Customer: own.Number, State: merge.InReview, Run: 1,
		Survivor: order.Party{Record: own, Version: 3, EmailChanged: old, CustomerSince: old},
		Sources: []order.Source{{Party: order.Party{Record: other, Version: 7, EmailChanged: old, CustomerSince: old},
			Choices: merge.Choices{merge.EmailGroup: merge.Other}, Package: "P-1002", Domain: "schaefer-foto.example", ProvenAt: Start.Add(-3 * time.Hour)}},
		SubmittedAt: Start.Add(-2 * time.Hour), AnnouncedAt: Start.Add(-2*time.Hour + time.Minute), EscalateAt: Start.Add(46 * time.Hour), ExpireAt: Start.Add(13 * 24 * time.Hour),
		VetoHours: 72,
		History: []order.Step{{At: Start.Add(-2 * time.Hour), State: merge.Submitted, Actor: own.Number},
			{At: Start.Add(-2*time.Hour + time.Minute), State: merge.InReview, Actor: "system"}}}
	o.Digest = merge.Digest("", own, o.Merging())
	return o
}

// Parties are both sides, the surviving one first.
func Parties(o order.Order) []order.Party {
	list := []order.Party{o.Survivor}
	for _, s := range o.Sources {
		list = append(list, s.Party)
	}
	return list
}

// Profiles are the order's customers as they were at its submission.
func Profiles(o order.Order) map[string]customer.Profile {
	all := map[string]customer.Profile{}
	for _, p := range Parties(o) {
		r := p.Record
		all[r.Number] = customer.Profile{Number: r.Number, FirstName: r.FirstName, LastName: r.LastName, Street: r.Street, PostalCode: r.PostalCode,
			City: r.City, Country: r.Country, Phone: r.Phone, Mobile: r.Mobile, Email: r.Email, IBAN: r.IBAN, BIC: r.BIC, AccountNumber: r.AccountNumber,
			BankCode: r.BankCode, Version: p.Version}
	}
	return all
}
