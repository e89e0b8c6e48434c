package emailchange

import (
	"testing"
	"time"

	"kundenkonto/shared/customer"
)

// S7: whoever lost the account by a changed address goes on hearing of it at the old one, as long as that can stop the
// change, and not for ever.
func TestTheOwnerIsToldAtTheAddressOfBeforeAsLongAsItCanStopTheChange(t *testing.T) {
	at := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	p := customer.Profile{Number: "10000017", Email: "anna@kunde.example", CreatedAt: at.AddDate(-1, 0, 0)}.EmailReplaced("dieb@fremd.example", at)
	for _, c := range []struct {
		after time.Duration
		want  []string
	}{
		{time.Minute, []string{"dieb@fremd.example", "anna@kunde.example"}},
		{7*24*time.Hour - time.Second, []string{"dieb@fremd.example", "anna@kunde.example"}},
		{7 * 24 * time.Hour, []string{"dieb@fremd.example"}},
	} {
		var got []string
		for _, r := range Owner(p, at.Add(c.after)) {
			if got = append(got, r.Address); !r.Own || len(r.Numbers) != 1 || r.Numbers[0] != p.Number {
				t.Errorf("%+v is not the owner of %s", r, p.Number)
			}
		}
		if len(got) != len(c.want) || got[len(got)-1] != c.want[len(c.want)-1] {
			t.Errorf("after %v: %v, want %v", c.after, got, c.want)
		}
	}
	if got := Owner(customer.Profile{Number: "10000017"}, at); got != nil {
		t.Errorf("nobody to tell: %v", got)
	}
}
