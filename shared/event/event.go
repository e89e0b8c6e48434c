// Package event is what the operator's other systems hear of a change: the detail of an event on the bus, as a CloudEvent
// 1.0 in its JSON format, and the JSON Schemas that it keeps to. An event names what changed and never a value; whoever
// needs it reads it. docs/events.md is for who receives them.
//
// https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md
package event

import (
	"embed"
	"slices"
	"strings"
	"time"

	"kundenkonto/shared/outbox"
)

// BusSource names this system on the bus, in the envelope that EventBridge's rules match.
const BusSource = "kundenkonto"

// Kinds are all kinds of events there are: the detail-type of the envelope and the type of the CloudEvent.
var Kinds = []string{outbox.MasterDataChanged, outbox.PackageChanged, outbox.ContractCancelled, outbox.NoticeWithdrawn,
	outbox.MergeExecuted, outbox.MergeUndone}

// KindOf is the kind of event that an item of the outbox becomes ("merge.executed" of "order.executed"), "" for none.
func KindOf(outboxEvent string) string {
	switch outboxEvent {
	case outbox.OrderExecuted:
		return outbox.MergeExecuted
	case outbox.OrderUndone:
		return outbox.MergeUndone
	}
	if slices.Contains(Kinds, outboxEvent) {
		return outboxEvent
	}
	return ""
}

// Event is the detail of an event on the bus.
type Event struct {
	SpecVersion     string    `json:"specversion"`
	ID              string    `json:"id"`      // the same each time the event is delivered; see ID
	Source          string    `json:"source"`  // the public address of the installation: ids are unique within it
	Type            string    `json:"type"`    // one of Kinds
	Subject         string    `json:"subject"` // the customer number
	Time            time.Time `json:"time"`    // of the change, not of the delivery
	DataContentType string    `json:"datacontenttype"`
	DataSchema      string    `json:"dataschema"`
	Data            Data      `json:"data"`
}

// Data says what changed. Which fields a kind has is in its schema.
type Data struct {
	CustomerNumber string   `json:"customerNumber"`
	Version        int64    `json:"version,omitempty"` // of the customer, or of the package's settings; 0: not known
	Package        string   `json:"package,omitempty"`
	Order          string   `json:"order,omitempty"`
	Cancellation   string   `json:"cancellation,omitempty"` // the id of a customer's notice
	MergedNumbers  []string `json:"mergedNumbers,omitempty"`
	EarlierNumbers []string `json:"earlierNumbers,omitempty"` // merged into one of MergedNumbers before
	Changed        []string `json:"changed,omitzero"`
}

// SchemaPath is where the site serves the schemas.
const SchemaPath = "/schemas/"

//go:embed schemas/*.json
var schemas embed.FS

// Schema returns the schema in a file ("merge.undone.1.json"), of the whole detail; nil when there is none.
func Schema(file string) []byte {
	if strings.ContainsAny(file, "/\\") {
		return nil
	}
	b, err := schemas.ReadFile("schemas/" + file)
	if err != nil {
		return nil
	}
	return b
}

// SchemaFile names the schema of a kind. The number is its version: what a reader of version 1 could not understand gets
// another one.
func SchemaFile(kind string) string { return kind + ".1.json" }

// ID is the id of the event that an item of the outbox becomes. The time is part of it, since tables that came back
// after a total loss count the versions in an item's id once more.
func ID(item outbox.Item) string {
	return item.ID + "@" + item.CreatedAt.UTC().Format(time.RFC3339Nano)
}

// New makes the event that an item of the outbox becomes, with the public address of the installation
// ("https://kunden.example.com").
func New(item outbox.Item, publicURL string, data Data) Event {
	kind := KindOf(item.Event)
	return Event{
		SpecVersion: "1.0", ID: ID(item), Source: publicURL, Type: kind, Subject: data.CustomerNumber, Time: item.CreatedAt.UTC(),
		DataContentType: "application/json", DataSchema: publicURL + SchemaPath + SchemaFile(kind) + "#/$defs/data", Data: data,
	}
}
