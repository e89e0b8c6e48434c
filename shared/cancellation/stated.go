package cancellation

import (
	"bytes"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/masterdata"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/web"
)

// Names of the fields that only the form without a sign-in has.
const (
	FieldName     = "name"
	FieldNumber   = "customerNumber"
	FieldContract = "contract"
	FieldEmail    = "email"
)

// Longest of them, in bytes.
const (
	maxName     = 400
	maxContract = 600
	maxEmail    = 254
)

// PublicFields are the fields of the form without a sign-in: those that the law lists (BGB section 312k, paragraph 2).
func PublicFields() []web.Field {
	return append(Fields(),
		web.Field{Name: FieldName, Required: true, Max: maxName, Summary: "who cancels"},
		web.Field{Name: FieldNumber, Max: 40, Summary: "customer number, if it is known"},
		web.Field{Name: FieldContract, Required: true, Max: maxContract, Summary: "which contract: package number, domain, or in words"},
		web.Field{Name: FieldEmail, Required: true, Max: maxEmail, Summary: "where the confirmation goes"})
}

// KindOptions are the choices of a form in a language.
func KindOptions(l lang.Lang) []web.Option {
	return []web.Option{
		{Value: customer.Ordinary, Label: lang.T("Ordentlich, mit der Kündigungsfrist").In(l)},
		{Value: customer.Extraordinary, Label: lang.T("Außerordentlich, aus wichtigem Grund").In(l)},
	}
}

// Stated is what somebody states who cancels without a sign-in. Nobody has looked whether it is true.
type Stated struct {
	Kind     string `dynamodbav:"kind" json:"kind"`
	Reason   string `dynamodbav:"reason,omitempty" json:"reason,omitempty"`
	Name     string `dynamodbav:"name" json:"name"`
	Number   string `dynamodbav:"number,omitempty" json:"customerNumber,omitempty"`
	Contract string `dynamodbav:"contract" json:"contract"`
	Wished   string `dynamodbav:"wished,omitempty" json:"endDate,omitempty"` // YYYY-MM-DD
	Email    string `dynamodbav:"email" json:"email"`
	Entered  string `dynamodbav:"-" json:"-"` // the wished day as it was typed
}

// ReadStated reads the form on a day of package contract, with what is wrong in it.
func ReadStated(f web.Form, today time.Time) (s Stated, wrong []web.FieldError) {
	w, wrong := Read(f, today)
	s = Stated{Kind: w.Kind, Reason: w.Reason, Wished: w.Day(), Entered: f.Text(FieldWished), Name: f.Text(FieldName),
		Number: customer.ReadNumber(f.Get(FieldNumber)), Contract: f.Text(FieldContract), Email: masterdata.CleanEmail(f.Get(FieldEmail))}
	if s.Name == "" {
		wrong = append(wrong, web.Invalid(FieldName, "name_missing", lang.T("Geben Sie Ihren Namen an.")))
	}
	if s.Number != "" && !customer.ValidNumber(s.Number) {
		wrong = append(wrong, web.Invalid(FieldNumber, "invalid_customer_number", lang.T("Eine Kundennummer besteht nur aus 6 bis 12 Ziffern, zum Beispiel 10000017.")))
	}
	if s.Contract == "" {
		wrong = append(wrong, web.Invalid(FieldContract, "contract_missing", lang.T("Geben Sie an, welchen Vertrag Sie kündigen.")))
	}
	if s.Email == "" {
		wrong = append(wrong, web.Invalid(FieldEmail, "email_missing", lang.T("Geben Sie an, wohin wir die Bestätigung schicken.")))
	} else if p := masterdata.CheckEmail(s.Email); p != nil {
		wrong = append(wrong, web.Invalid(FieldEmail, p.Code, p.Words))
	}
	return s, wrong
}

// Declared is a cancellation that was received without a sign-in. Key names it for good, ID is short and for people.
type Declared struct {
	Stated
	ID, Key, Language string
	ReceivedAt        time.Time
}

// Declare is what a form states, received at a time. The same form gives the same one; key is its random name.
func Declare(s Stated, key, language string, now time.Time) (Declared, error) {
	sum := sha512.Sum512([]byte(strings.Join([]string{key, s.Kind, s.Reason, s.Name, s.Number, s.Contract, s.Wished, s.Email}, "\x00")))
	id, err := merge.NewOrderID(bytes.NewReader(sum[:])) // 64 bytes, of which one in 20 is passed over
	if err != nil {
		return Declared{}, fmt.Errorf("cancellation: %w", err)
	}
	return Declared{Stated: s, ID: id, Key: hex.EncodeToString(sum[:16]), Language: language, ReceivedAt: now.UTC()}, nil
}

// Keys of what an outbox item of a declared cancellation holds besides the values of any cancellation.
const (
	valueName, valueNumber     = "statedName", "statedNumber"
	valueContract, valueLocale = "statedContract", "language"
)

// Item is its effect to come: the confirmation to the address that was stated, and all that follows.
func (d Declared) Item() outbox.Item {
	return outbox.Item{Event: outbox.CancellationDeclared, Key: d.Key, CreatedAt: d.ReceivedAt,
		Values: map[string]string{outbox.ValueCancellation: d.ID, outbox.ValueKind: d.Kind, outbox.ValueGrounds: d.Reason, outbox.ValueWished: d.Wished,
			valueName: d.Name, valueNumber: d.Number, valueContract: d.Contract, valueLocale: d.Language},
		Recipients: []outbox.Recipient{{Address: d.Email, Language: d.Language, Name: d.Name}}}
}

// DeclaredIn is the cancellation that an outbox item holds.
func DeclaredIn(item outbox.Item) Declared {
	v := item.Values
	d := Declared{ID: v[outbox.ValueCancellation], Key: item.Key, Language: v[valueLocale], ReceivedAt: item.CreatedAt,
		Stated: Stated{Kind: v[outbox.ValueKind], Reason: v[outbox.ValueGrounds], Wished: v[outbox.ValueWished], Name: v[valueName], Number: v[valueNumber], Contract: v[valueContract]}}
	if len(item.Recipients) > 0 {
		d.Email = item.Recipients[0].Address
	}
	if i := strings.IndexByte(d.Key, '#'); i > 0 { // the mail of a recipient
		d.Key = d.Key[:i]
	}
	return d
}

// Declaration is the cancellation as its sender keeps it.
func (d Declared) Declaration(to string, l lang.Lang) Declaration {
	about := []Fact{{lang.T("Name").In(l), d.Name}}
	if d.Number != "" {
		about = append(about, Fact{lang.T("Kundennummer").In(l), d.Number})
	}
	about = append(about, Fact{lang.T("Vertrag").In(l), d.Contract}, Fact{lang.T("E-Mail-Adresse für die Bestätigung").In(l), d.Email})
	return Declaration{To: to, GivenAt: d.ReceivedAt, About: about,
		Cancellation: customer.Cancellation{ID: d.ID, Kind: d.Kind, Reason: d.Reason, Wished: d.Wished, ReceivedAt: d.ReceivedAt}}
}
