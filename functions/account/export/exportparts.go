package export

import (
	"context"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"kundenkonto/functions/account/history"
	"kundenkonto/functions/account/security"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/contract"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/masterdata/form"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/table"
)

// Sizes of one read of each kind.
const (
	exportPackages = 1000
	exportOrders   = 50
	exportEvents   = 100
)

// exportedProfile is the profile with what pages do not show.
type exportedProfile struct {
	customer.Profile
	EmailChangedAt           time.Time           `json:"emailChangedAt,omitzero"`
	PasswordChangedAt        time.Time           `json:"passwordChangedAt,omitzero"`
	PackagePasswordChangedAt time.Time           `json:"packagePasswordChangedAt,omitzero"`
	PackagePasswordsVoidAt   time.Time           `json:"packagePasswordsVoidAt,omitzero"`
	PackagePasswordVoids     []customer.VoidSpan `json:"packagePasswordsVoid,omitempty"` // those set in these times
	LastLogin                time.Time           `json:"lastSignIn,omitzero"`
	FailedProofs             int64               `json:"failedMergeProofs,omitempty"` // wrong proofs of this number by others
	NoProposals              bool                `json:"noProposals,omitempty"`       // hints at other numbers switched off
	Pending                  *form.Pending       `json:"pendingEmail,omitempty"`
}

// exportedPackage is a package as stored, and how its contract stands today.
type exportedPackage struct {
	customer.Package
	customer.Contract
}

// exportedSecurity is what stands on the pages about the sign-in.
type exportedSecurity struct {
	SecondFactor security.FactorView   `json:"secondFactor"`
	Sessions     []security.SessionRow `json:"sessions"`
}

func (x exporter) profile(context.Context, string) (string, error) {
	p := exportedProfileOf(x.s.Profile)
	p.Pending = form.PendingOf(x.s.Profile, x.r.Now)
	x.page.Profile = &p
	return "", x.count(p)
}

func exportedProfileOf(p customer.Profile) exportedProfile {
	return exportedProfile{Profile: p, EmailChangedAt: p.EmailChangedAt, PasswordChangedAt: p.PasswordChangedAt,
		PackagePasswordChangedAt: p.PackagePasswordChangedAt, PackagePasswordsVoidAt: p.PackagePasswordsVoidAt,
		PackagePasswordVoids: p.PackagePasswordVoids, LastLogin: p.LastLogin, FailedProofs: p.FailedProofs, NoProposals: p.NoProposals}
}

// members are the profiles of the numbers that were merged into the own one, as they were when that happened.
func (x exporter) members(ctx context.Context, _ string) (string, error) {
	found := make([]customer.Profile, len(x.s.Profile.Members))
	group, ctx := errgroup.WithContext(ctx)
	for i, number := range x.s.Profile.Members {
		group.Go(func() (err error) { found[i], err = x.d.Customers.Profile(ctx, number); return err })
	}
	if err := group.Wait(); err != nil {
		return "", err
	}
	for _, p := range found {
		x.page.Members = append(x.page.Members, exportedProfileOf(p))
	}
	return "", x.count(x.page.Members)
}

// security is how the account is looked after: neither secrets nor codes, which are kept as hashes or not shown again.
func (x exporter) security(ctx context.Context, _ string) (string, error) {
	f, err := (secondfactor.Store{Store: x.d.Store}).Get(ctx, x.s.Profile.Number)
	if err != nil {
		return "", err
	}
	found, err := x.d.Sessions.List(ctx, x.s.Profile.Number, x.s.Profile.Epoch, x.r.Now)
	if err != nil {
		return "", err
	}
	x.page.Security = &exportedSecurity{SecondFactor: security.FactorOf(f, x.r.Now), Sessions: []security.SessionRow{}}
	for _, one := range found {
		x.page.Security.Sessions = append(x.page.Security.Sessions, security.SessionOf(one, x.s))
	}
	return "", x.count(x.page.Security)
}

// draft is the merge that was not submitted yet: what was entered and chosen, nothing of the other numbers.
func (x exporter) draft(ctx context.Context, _ string) (string, error) {
	draft, err := x.d.Orders.Draft(ctx, x.s.Profile.Number)
	if err != nil {
		return "", err
	}
	for _, s := range draft.Sources {
		x.page.Draft = append(x.page.Draft, exportedSourceOf(s.Number, s.Domain, s.Choices))
	}
	return "", x.count(x.page.Draft)
}

// position is a place in what is read number by number, the own one first: where to go on with one of the numbers, "" at its
// beginning.
type position struct {
	numbers []string
	at      int
	after   string
}

// position reads a cursor. One that names none of the customer's numbers begins anew.
func (x exporter) position(cursor string) position {
	number, after, _ := strings.Cut(cursor, "@")
	p := position{numbers: x.s.Profile.Numbers(), after: after}
	if p.at = slices.Index(p.numbers, number); p.at < 0 {
		p.at, p.after = 0, ""
	}
	return p
}

func (p position) number() string { return p.numbers[p.at] }

// cursor is where to go on behind a part of the number; "" is its end, and goes on with the next number, if there is one.
func (p position) cursor(next string) string {
	switch {
	case next != "":
		return p.number() + "@" + next
	case p.at+1 < len(p.numbers):
		return p.numbers[p.at+1] + "@"
	}
	return ""
}

// packages are those of the own number, then those of each merged one, so that a part reads no more than it has.
func (x exporter) packages(ctx context.Context, cursor string) (string, error) {
	p := x.position(cursor)
	found, next, err := x.d.Customers.PackagesOf(ctx, p.number(), p.after, exportPackages)
	if err != nil {
		return "", err
	}
	for _, one := range found {
		exported := exportedPackage{one, one.Contract(contract.Day(x.r.Now), x.s.Profile.Consumer())}
		x.page.Packages = append(x.page.Packages, exported)
		if err := x.count(exported); err != nil || x.full() {
			return p.cursor(one.ID), err
		}
	}
	return p.cursor(next), nil
}

// orders are those of the own number, then those that the numbers merged into it had ordered before.
func (x exporter) orders(ctx context.Context, cursor string) (string, error) {
	p := x.position(cursor)
	found, next, err := x.d.Orders.ByCustomer(ctx, p.number(), p.after, exportOrders)
	if err != nil {
		return "", err
	}
	for _, o := range found {
		own := exportedOrderOf(o, x.s.Profile)
		x.page.Orders = append(x.page.Orders, own)
		if err := x.count(own); err != nil || x.full() {
			return p.cursor(table.FormatTime(o.SubmittedAt)), err
		}
	}
	return p.cursor(next), nil
}

// events are all that the audit holds about the own number and those merged into it, without mails. Who of the service
// team it was is not told.
func (x exporter) events(ctx context.Context, after string) (string, error) {
	return x.audit(ctx, after, audit.NotMail, func(e audit.Event) any {
		row := history.RowOf(x.d.Products, e, x.s.Profile)
		x.page.Events = append(x.page.Events, row)
		return row
	})
}

// mails are those of the last 90 days.
func (x exporter) mails(ctx context.Context, after string) (string, error) {
	returned, err := history.ReturnedMails(ctx, x.d.Audit(), x.s.Profile.Numbers(), x.r.Now)
	if err != nil {
		return "", err
	}
	return x.audit(ctx, after, func(e audit.Event) bool { return history.ListsMail(e, x.r.Now) }, func(e audit.Event) any {
		row := history.MailOf(e, returned)
		x.page.Mails = append(x.page.Mails, row)
		return row
	})
}

// audit adds one read of events. It is small beside the budget, and is not cut: a cursor lies between two instants.
func (x exporter) audit(ctx context.Context, after string, keep func(audit.Event) bool, add func(audit.Event) any) (string, error) {
	found, next, err := x.d.Audit().ChooseOf(ctx, x.s.Profile.Numbers(), after, exportEvents, keep)
	for _, e := range found {
		if err := x.count(add(e)); err != nil {
			return "", err
		}
	}
	return next, err
}
