package main

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/audit"
	"kundenkonto/shared/cancellation"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
)

// notices are the cancellations of the present. A customer's notice is a declaration that was received, and going back must not
// make it one that never came; one that was taken back must not come to life again.
type notices struct {
	packages map[string]table.Item // of the present, by key: what a cancellation puts there, the end that the operator named
	owners   map[string]customer.Profile
	instant  map[string]bool // packages of the instant, by key
}

func newNotices() notices {
	return notices{packages: map[string]table.Item{}, owners: map[string]customer.Profile{}, instant: map[string]bool{}}
}

// cancellationEvents are the effects of a cancellation, and the events of the audit.
var (
	cancellationEffects = []string{outbox.ContractCancelled, outbox.NoticeWithdrawn, outbox.NoticeTakenUp, outbox.CancellationDeclared, outbox.OwnerOfDeclared}
	cancellationEvents  = []string{audit.ContractCancelled, audit.NoticeWithdrawn, audit.NoticeTakenUp, audit.CancellationDeclared, audit.CancellationSettled}
)

// present takes up a package or a profile of the present.
func (n notices) present(pk, sk string, item table.Item) error {
	switch {
	case sk == table.SKProfile:
		var p customer.Profile
		if err := table.Unmarshal(item, &p); err != nil {
			return err
		}
		n.owners[pk] = p
	case strings.HasPrefix(sk, table.PrefixPackage):
		of := table.Item{"id": item["id"], "number": item["number"], "endedAt": item["endedAt"]}
		for _, name := range customer.CancellationAttributes {
			of[name] = item[name]
		}
		n.packages[pk+" "+sk] = of
	}
	return nil
}

// back gives a package of the instant with the cancellation that it has in the present. One that the operator's data ended since
// stays as it was: the next import ends it again.
func (n notices) back(pk, sk string, item table.Item) (table.Item, []noted) {
	now, there := n.packages[pk+" "+sk]
	if !there { // lost, and what a restore is for
		return item, nil
	}
	then, given := item["cancellation"], now["cancellation"]
	if given == nil && (then == nil || now["endedAt"] != nil) {
		return item, nil
	}
	next := table.With(nil, item)
	for _, name := range customer.CancellationAttributes {
		delete(next, name)
		if now[name] != nil {
			next[name] = now[name]
		}
	}
	said := noted{What: "cancellation.stays", Number: table.String(item, "number"), Key: table.String(item, "id")}
	switch {
	case given == nil:
		said.What = "cancellation.stays-taken-back"
	case then != nil && cancellationID(then) == cancellationID(given) && (item[table.AttrNoticeKey] == nil) == (now[table.AttrNoticeKey] == nil):
		return next, nil
	}
	return next, []noted{said}
}

func cancellationID(of types.AttributeValue) string {
	if m, is := of.(*types.AttributeValueMemberM); is {
		return table.String(m.Value, "id")
	}
	return ""
}

// lost are the cancellations of packages that the instant does not have. The next import brings such a package without its
// cancellation, so that it is laid before the service team like one that came without a sign-in.
func (n notices) lost() (all []table.Item, told []noted, err error) {
	for key, item := range n.packages {
		if n.instant[key] || item["cancellation"] == nil || item["endedAt"] != nil {
			continue
		}
		var p customer.Package
		if err := table.Unmarshal(item, &p); err != nil {
			return nil, nil, err
		}
		owner, c := n.owners[table.Customer(p.Number)], *p.Cancellation
		w := cancellation.Waiting{Key: "restored-" + c.ID, ID: c.ID, ReceivedAt: c.ReceivedAt, Owner: p.Number, Package: p.ID,
			Stated: cancellation.Stated{Kind: c.Kind, Reason: c.Reason, Name: owner.DisplayName(), Number: c.By, Contract: p.ID, Wished: c.Wished, Email: owner.Email}}
		all = append(all, cancellation.Lay(table.Names{}, w).Put.Item)
		told = append(told, noted{What: "cancellation.laid-before-the-team", Number: p.Number, Key: p.ID})
	}
	return all, told, nil
}

// ofCancellation says whether an item of audit, outbox or MergeOrders of the present tells of a cancellation.
func ofCancellation(of, pk string, item table.Item) bool {
	switch of {
	case "Audit":
		return slices.Contains(cancellationEvents, table.String(item, "action"))
	case "Outbox":
		return slices.Contains(cancellationEffects, table.String(item, "event"))
	case "MergeOrders":
		return strings.HasPrefix(pk, table.String(table.Declared(""), table.AttrPK))
	}
	return false
}
