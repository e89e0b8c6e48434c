package customers

import (
	"net/url"
	"time"

	"kundenkonto/functions/review/desk"
	"kundenkonto/functions/review/orders"
	"kundenkonto/shared/audit"
	"kundenkonto/shared/changes"
	"kundenkonto/shared/contract"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/product"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/session"
)

// customerView is one customer as the service team sees them: bank data masked (S13), each list page by page.
type customerView struct {
	Number     string   `json:"customerNumber"`
	MergedInto string   `json:"mergedInto,omitempty"`
	Members    []string `json:"members"`
	Name       string   `json:"name"`
	Company    string   `json:"company"`

	Street       string    `json:"street"`
	PostalCode   string    `json:"postalCode"`
	City         string    `json:"city"`
	Country      string    `json:"country"`
	Phone        string    `json:"phone"`
	Mobile       string    `json:"mobile"`
	Email        string    `json:"email"`
	EmailChanged time.Time `json:"emailChangedAt,omitzero"`
	NewEmail     string    `json:"newEmail,omitempty"` // waits for its confirmation
	IBAN         string    `json:"iban"`
	BIC          string    `json:"bic"`
	Account      string    `json:"accountNumber"`
	BankCode     string    `json:"bankCode"`
	Language     string    `json:"language"`
	BalanceCents int64     `json:"balanceCents"`
	Locked       bool      `json:"locked"`
	Since        time.Time `json:"since,omitzero"`
	LastLogin    time.Time `json:"lastLogin,omitzero"`
	Password     time.Time `json:"passwordChangedAt,omitzero"`
	FailedProofs int64     `json:"failedProofs"`

	Factor     secondfactor.State `json:"secondFactor"`
	MayRecover bool               `json:"mayStartRecovery"`
	Objections []string           `json:"objections,omitempty"` // orders that hold the number
	Bars       []barView          `json:"barred,omitempty"`

	Packages packagesView `json:"packages"`
	Orders   []orders.Row `json:"orders"`
	Events   []eventRow   `json:"events"`

	OrdersNext time.Time `json:"nextOrders,omitzero"`
	EventsNext string    `json:"nextEvents,omitempty"`
	Later      bool      `json:"-"` // a list does not begin at its start

	PausedUntil  time.Time `json:"signInPausedUntil,omitzero"`
	CodesBlocked bool      `json:"appCodesBlocked,omitempty"` // after too many wrong ones in a row

	Revealed *bankView    `json:"revealed,omitempty"` // bank data in full, in the answer to a reveal only
	Actions  []actionForm `json:"-"`
	Done     *lang.Text   `json:"-"` // what was done, after an action

	// What a refused form held: the action, or the other number of a release.
	Refused  string `json:"-"`
	Other    string `json:"-"`
	Reason   string `json:"-"`
	NewInput string `json:"-"` // the address of a correction
}

// packagesView is a page of packages.
type packagesView struct {
	Packages []packageView `json:"packages"`
	Next     string        `json:"next,omitempty"`
	Total    int           `json:"total"`
}

// packageView is a package, and how its contract stands today.
type packageView struct {
	customer.Package
	customer.Contract
}

func packagesOf(found customer.PackagePage, own customer.Profile, now time.Time) packagesView {
	v := packagesView{Packages: []packageView{}, Next: found.Next, Total: found.Total}
	for _, p := range found.Packages {
		v.Packages = append(v.Packages, packageView{p, p.Contract(contract.Day(now), own.Consumer())})
	}
	return v
}

// eventRow is a line of what was done to the number; Times counts the same look one after the other.
type eventRow struct {
	At      time.Time        `json:"at"`
	What    lang.Text        `json:"what"`
	Who     lang.Text        `json:"who"`
	Order   string           `json:"order,omitempty"`
	Detail  string           `json:"detail,omitempty"` // the subject of a mail, the reason of an action
	Times   int              `json:"times"`
	Changes []changes.Change `json:"changes,omitempty"` // before and after, bank data masked
	action  string
	actor   string
}

func profileOf(p customer.Profile, now time.Time) customerView {
	v := customerView{Number: p.Number, MergedInto: p.MergedInto, Members: append([]string{}, p.Members...), Name: desk.NameOf(order.RecordOf(p)), Company: p.Company,
		Street: p.Street, PostalCode: p.PostalCode, City: p.City, Country: p.Country, Phone: p.Phone, Mobile: p.Mobile,
		Email: p.Email, EmailChanged: p.EmailChangedAt, IBAN: desk.MaskOwn(merge.IBAN, p.IBAN), BIC: p.BIC, Account: desk.MaskOwn(merge.AccountNumber, p.AccountNumber), BankCode: p.BankCode,
		Language: p.Language, BalanceCents: p.BalanceCents, Locked: p.Locked, Since: p.CreatedAt, LastLogin: p.LastLogin,
		Password: p.PasswordChangedAt, FailedProofs: p.FailedProofs}
	if w := p.Waiting(now); w != nil {
		v.NewEmail = w.Address
	}
	return v
}

func isLook(action string) bool { return action == audit.CustomerViewed || action == audit.OrderViewed }

// eventRows puts looks of the same person one after the other into one line.
func eventRows(events []audit.Event) []eventRow {
	rows := []eventRow{}
	for _, e := range events {
		if n := len(rows); n > 0 && isLook(e.Action) && rows[n-1].action == e.Action && session.SameStaff(rows[n-1].actor, e.Actor) && rows[n-1].Order == e.Order {
			rows[n-1].Times++
			continue
		}
		rows = append(rows, eventRow{At: e.At, What: audit.Words(e.Action), Who: desk.ActorLabel(desk.First(e.New[audit.KeyAsker], e.Actor)), Order: e.Order, Detail: desk.First(e.New[audit.KeySubject], e.New[audit.KeyReason], e.New[audit.KeyProven]), Times: 1, Changes: changes.Of(product.Settings, e), action: e.Action, actor: e.Actor})
	}
	return rows
}

// Page is the address of a further page of one of the lists.
func (v customerView) Page(list, cursor string) string {
	return desk.CustomersPath + "/" + v.Number + "?" + url.Values{list: {cursor}}.Encode() + "#" + list
}

// NextOrders is the cursor of older orders.
func (v customerView) NextOrders() string {
	if v.OrdersNext.IsZero() {
		return ""
	}
	return v.OrdersNext.UTC().Format(time.RFC3339Nano)
}

// bankView is a customer's bank data in full. Only the answer to a reveal has it.
type bankView struct {
	IBAN     string `json:"iban"`
	BIC      string `json:"bic"`
	Account  string `json:"accountNumber"`
	BankCode string `json:"bankCode"`
}

// barView is a pair of numbers that an earlier veto, or an undo after abuse, keeps apart.
type barView struct {
	Other string `json:"customerNumber"`
	Order string `json:"order"`
}
