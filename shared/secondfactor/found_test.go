package secondfactor

import (
	"crypto/rand"
	"testing"
	"time"

	"kundenkonto/shared/customer"
	"kundenkonto/shared/table"
)

func TestAPasskeyEndsARecoveryUnlessItIsYounger(t *testing.T) {
	p := customer.Profile{Number: "10000017", Email: "anna@schaefer.example"}
	f := Factor{Number: p.Number, Secret: "geheim", Recovery: Recovery{ID: "r1", At: noon, EndAt: noon.Add(72 * time.Hour)}}
	for name, c := range map[string]struct {
		added time.Time
		ends  bool
	}{
		"added before it":           {noon.Add(-time.Hour), true},
		"added at the same moment":  {noon, false},
		"added by a thief since":    {noon.Add(time.Hour), false},
		"of before we wrote it all": {time.Time{}, true},
	} {
		f.Passkeys = []Passkey{{ID: "other", AddedAt: noon.Add(-time.Hour)}, {ID: "used", AddedAt: c.added, LastUsed: noon.Add(2 * time.Hour)}}
		left, items := StopRecoveryOnUse(table.Names{}, p, f, f.LastPasskey(), noon, rand.Reader)
		if left.Recovery.Running() == c.ends || len(items) > 0 != c.ends || left.Secret == "" {
			t.Errorf("%s: running is %v, %d items", name, left.Recovery.Running(), len(items))
		}
	}
	if left, items := StopRecoveryOnUse(table.Names{}, p, Factor{}, nil, noon, rand.Reader); left.Recovery.Running() || items != nil {
		t.Error("something ended that was not there")
	}
}
