package dispatch

import (
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
)

// settle does what the stream and the schedule would: everything that can be claimed now.
func (s *sendings) settle(t *testing.T) {
	t.Helper()
	for done := map[string]bool{}; ; {
		var ids []string
		s.calm.DB.(*fakeTables).Items("Outbox", func(item tablefake.Item) {
			if id := item["pk"]["S"].(string); item["due"] != nil && !done[id] {
				ids = append(ids, id)
			}
		})
		if len(ids) == 0 {
			return
		}
		slices.Sort(ids)
		for _, id := range ids {
			done[id] = true
			s.invoke(t, id)
		}
	}
}

// letters are subject and plain text of the mails to an address.
func (s *sendings) letters(t *testing.T, address string) (all []string) {
	t.Helper()
	for _, raw := range s.SES.(*fakeSES).to(address) {
		m, err := netmail.ReadMessage(strings.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
		if err != nil {
			t.Fatal(err)
		}
		part, err := multipart.NewReader(m.Body, params["boundary"]).NextRawPart()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			t.Fatal(err)
		}
		subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, subject+"\n"+strings.Join(strings.Fields(string(text)), " "))
	}
	return all
}

// change is what account writes when a customer changes a field of the master data.
func (s *sendings) change(t *testing.T, version int, field, before, after string) string {
	t.Helper()
	values := map[string]string{outbox.ValueNumber: "10000025"}
	outbox.SetChange(values, outbox.Change{Field: field, Old: before, New: after})
	return s.put(t, outbox.Item{Event: outbox.MasterDataChanged, Key: fmt.Sprintf("10000025#%d", version), Values: values, Recipients: []outbox.Recipient{toAnna}})
}

func TestManyChangesWithinTenMinutesAreTwoMails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSendings(t)
		for i := range 94 {
			field := []string{"street", "phone", "mobile"}[i%3]
			s.change(t, i+2, field, fmt.Sprintf("%s %d", field, i), fmt.Sprintf("%s %d", field, i+3))
			s.settle(t)
			time.Sleep(600 * time.Millisecond)
		}
		if got := s.letters(t, toAnna.Address); len(got) != 1 || !strings.Contains(got[0], "street 3 (vorher: street 0)") {
			t.Fatalf("at once: %q", got)
		}
		time.Sleep(throttle.NoticeWindow)
		s.settle(t)
		got := s.letters(t, toAnna.Address)
		if len(got) != 2 {
			t.Fatalf("%d mails, want 2: %q", len(got), got)
		}
		for _, want := range []string{"Weitere Änderungen", "street 96 (vorher: street 3), 31-mal geändert", "phone 94 (vorher: phone 1), 31-mal geändert", "mobile 95 (vorher: mobile 2), 31-mal geändert"} {
			if !strings.Contains(got[1], want) {
				t.Errorf("%q is not told: %s", want, got[1])
			}
		}
		if n := len(s.Bus.(*fakeBus).details); n != 94 {
			t.Errorf("the operator's systems hear of %d changes, want all 94", n)
		}
		s.change(t, 200, "street", "street 96", "Weg 1") // the window is over
		if s.settle(t); len(s.letters(t, toAnna.Address)) != 3 {
			t.Error("a change after the window is not told at once")
		}
	})
}

// Who floods to hide the one change that matters, or makes harmless ones first, hides nothing: it is of another kind.
func TestWhatMattersMoreIsToldAtOnceWhateverCameBefore(t *testing.T) {
	event := func(event string, more ...string) outbox.Item {
		item := outbox.Item{Event: event, Key: "10000025#x" + strings.Join(more, ""), Values: map[string]string{outbox.ValueNumber: "10000025"}, Recipients: []outbox.Recipient{toAnna}}
		for i := 0; i+1 < len(more); i += 2 {
			item.Values[more[i]] = more[i+1]
		}
		return item
	}
	kinds := []outbox.Item{
		event(outbox.MasterDataChanged, "old.iban", "••3000", "new.iban", "••2051"), event(outbox.MasterDataChanged, "old.email", "a", "new.email", "b"),
		event(outbox.MasterDataChanged, "old.email", "b", "new.email", "c"), // each of them
		event(outbox.PasswordChanged), event(outbox.PackagePassword, outbox.ValuePackage, "P-1"), event(outbox.SecondFactorSetUp), event(outbox.SecondFactorRemoved),
		event(outbox.RecoveryCodesRenewed), event(outbox.RecoveryCodeUsed), event(outbox.PasskeyAdded), event(outbox.PasskeyRemoved),
		event(outbox.SecondStepFailed), event(outbox.SecondStepFailed, secondfactor.ValueBlocked, "yes"), event(outbox.FactorRecoveryStopped),
		event(outbox.FactorRecovered), event(outbox.NumberProven), event(outbox.EmailConfirm), event(outbox.EmailRequested, outbox.ValueChange, "1"), event(outbox.EmailRequested, outbox.ValueChange, "2"),
	}
	synctest.Test(t, func(t *testing.T) {
		s := newSendings(t)
		s.Tables.Names.Tokens, s.calm.Names.Tokens = "Tokens", "Tokens"
		for i := range 20 {
			s.change(t, i+2, "street", "a", "b")
		}
		s.settle(t)
		for i, item := range kinds {
			before := len(s.letters(t, toAnna.Address))
			s.put(t, item)
			s.settle(t)
			if got := len(s.letters(t, toAnna.Address)); got != before+1 {
				t.Errorf("%d %s waits: %d mails", i, item.Event, got-before)
			}
		}
	})
}

func TestTheSecondMailNamesAllPackagesAndPasskeys(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSendings(t)
		for i, name := range []string{"eins.example", "zwei.example", "drei.example"} {
			id := fmt.Sprintf("P-%d", i+1)
			s.put(t, outbox.Item{Event: outbox.PackagePassword, Key: id + "#1", Recipients: []outbox.Recipient{toAnna},
				Values: map[string]string{outbox.ValueNumber: "10000025", outbox.ValuePackage: id, outbox.ValueName: name}})
			s.put(t, outbox.Item{Event: outbox.PasskeyAdded, Key: id, Recipients: []outbox.Recipient{toAnna},
				Values: map[string]string{outbox.ValueNumber: "10000025", secondfactor.ValueName: "Telefon " + id}})
			s.settle(t)
			time.Sleep(time.Minute)
		}
		time.Sleep(throttle.NoticeWindow)
		s.settle(t)
		all := strings.Join(s.letters(t, toAnna.Address), "\n")
		if n := len(s.letters(t, toAnna.Address)); n != 4 {
			t.Errorf("%d mails, want 4", n)
		}
		for _, want := range []string{"eins.example", "zwei.example (P-2)", "drei.example (P-3)", "Telefon P-1", "Telefon P-2", "Telefon P-3"} {
			if !strings.Contains(all, want) {
				t.Errorf("%q is not told: %s", want, all)
			}
		}
	})
}

func TestOneFurtherChangeIsToldAsItWouldHaveBeenAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSendings(t)
		s.change(t, 2, "street", "Weg 1", "Weg 2")
		s.change(t, 3, "street", "Weg 2", "Weg 3")
		s.settle(t)
		time.Sleep(throttle.NoticeWindow + time.Second)
		s.settle(t)
		got := s.letters(t, toAnna.Address)
		if len(got) != 2 || !strings.HasPrefix(got[1], "Ihre Stammdaten wurden geändert") || !strings.Contains(got[1], "Weg 3 (vorher: Weg 2)") {
			t.Errorf("%q", got)
		}
	})
}

// The address changes within the window: each mailbox is told what was done while it was in force, and no more.
func TestEachMailboxIsToldWhatBelongsToIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSendings(t)
		old, young := toAnna, toAnna
		young.Address = "anna@neu.example"
		for i, to := range [][]outbox.Recipient{{old}, {old}, {young, old}, {young}, {young}} {
			values := map[string]string{outbox.ValueNumber: "10000025"}
			outbox.SetChange(values, outbox.Change{Field: "street", Old: fmt.Sprint("Weg ", i), New: fmt.Sprint("Weg ", i+1)})
			s.put(t, outbox.Item{Event: outbox.MasterDataChanged, Key: fmt.Sprint("10000025#", i), Values: values, Recipients: to})
			s.settle(t)
			time.Sleep(time.Second)
		}
		time.Sleep(throttle.NoticeWindow)
		s.settle(t)
		for address, want := range map[string][2]string{old.Address: {"Weg 1 (vorher: Weg 0)", "Weg 3 (vorher: Weg 1), 2-mal"}, young.Address: {"Weg 3 (vorher: Weg 2)", "Weg 5 (vorher: Weg 3), 2-mal"}} {
			got := s.letters(t, address)
			if len(got) != 2 || !strings.Contains(got[0], want[0]) || !strings.Contains(got[1], want[1]) {
				t.Errorf("%s: %q, want %q", address, got, want)
			}
		}
	})
}

// A crash between the count and the mail, and the same event taken up again at any later time, lose and repeat nothing (M9).
func TestAChangeThatIsPlacedAgainIsToldOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSendings(t)
		var parents []outbox.Item
		for i := range 3 {
			parents = append(parents, s.read(t, s.change(t, i+2, "street", fmt.Sprint("Weg ", i), fmt.Sprint("Weg ", i+1))))
		}
		// The first one was counted, and then the function died.
		name := table.Hash(parents[0].For(toAnna).Key)[:16]
		if _, err := (throttle.Store{Store: s.calm}).TryAllAs(t.Context(), s.Now(), name, throttle.Notices(outbox.MasterDataChanged, "10000025", toAnna.Address)); err != nil {
			t.Fatal(err)
		}
		for range 3 {
			for _, p := range parents {
				if err := s.split(t.Context(), p); err != nil {
					t.Fatal(err)
				}
			}
			s.settle(t)
			time.Sleep(2 * throttle.NoticeWindow)
		}
		got := s.letters(t, toAnna.Address)
		if len(got) != 2 || !strings.Contains(got[0], "Weg 1 (vorher: Weg 0)") || !strings.Contains(got[1], "Weg 3 (vorher: Weg 1), 2-mal") {
			t.Errorf("%q", got)
		}
	})
}

// In any history of changes, faults and repeats each change is told once, and of no kind more than two mails come in a window.
func TestInAnyHistoryEachChangeIsToldOnce(t *testing.T) {
	for seed := range uint64(25) {
		synctest.Test(t, func(t *testing.T) {
			dice := mathrand.New(mathrand.NewPCG(seed, 11))
			s := newSendings(t)
			calm := s.Tables.DB
			faulty := s.calm.DB.(*fakeTables).Client(tablefake.Faults{Next: s.tables(), Choose: func() tablefake.Fault {
				if dice.Float64() < 0.2 {
					return tablefake.Fault(1 + dice.IntN(4))
				}
				return tablefake.Fine
			}})
			var parents []string
			for i := range 12 {
				s.Tables.DB = faulty
				parents = append(parents, s.change(t, i+2, "street", fmt.Sprintf("Weg %d.", i), fmt.Sprintf("Weg %d.", i+1)))
				for range 3 {
					s.invoke(t, parents[dice.IntN(len(parents))])
				}
				time.Sleep(time.Duration(dice.IntN(300)) * time.Second)
			}
			s.Tables.DB = calm
			for range 10 {
				time.Sleep(7 * time.Hour)
				s.settle(t)
			}
			told := map[string]int{}
			for _, letter := range s.letters(t, toAnna.Address) {
				for i := range 12 {
					if strings.Contains(letter, fmt.Sprintf("Weg %d. (vorher: Weg %d.)", i+1, i)) {
						told[fmt.Sprint(i)]++
					}
				}
				told["all"] += changesIn(letter)
			}
			if told["all"] != 12 {
				t.Errorf("seed %d: %d changes told, want 12: %q\n%s", seed, told["all"], s.letters(t, toAnna.Address), s.log)
			}
			for i := range 12 {
				if told[fmt.Sprint(i)] > 1 {
					t.Errorf("seed %d: change %d is told %d times", seed, i, told[fmt.Sprint(i)])
				}
			}
		})
	}
}

// changesIn is how many changes of the street a mail tells.
func changesIn(letter string) int {
	_, after, several := strings.Cut(letter, "), ")
	if times, _, of := strings.Cut(after, "-mal geändert"); several && of {
		n := 0
		_, _ = fmt.Sscan(times, &n)
		return n
	}
	return 1
}

func TestEachCollectedKindHasItsWords(t *testing.T) {
	for _, event := range []string{outbox.PasswordChanged, outbox.PackagePassword, outbox.SecondFactorSetUp, outbox.SecondFactorRemoved, outbox.RecoveryCodesRenewed,
		outbox.RecoveryCodeUsed, outbox.PasskeyAdded, outbox.PasskeyRemoved, outbox.SecondStepFailed} {
		if kindOf(outbox.Item{Event: event}) == "" || furtherWords[event] == "" {
			t.Errorf("%s is not collected, or has no words", event)
		}
	}
}
