package desk

import (
	"testing"

	"kundenkonto/shared/lang"
	"kundenkonto/shared/session"
)

// Two people of one user name, one after the other, are two; one person of two names is one.
func TestStaffAreKnownBySubAndCalledByName(t *testing.T) {
	petra := session.StaffSession{Sub: "7f1c", User: "petra", Name: "Petra Lindner"}
	married, successor := petra, session.StaffSession{Sub: "9a2b", User: "petra", Name: "Petra Lindner"}
	married.Name = "Petra Weber"
	if !session.SameStaff(petra.Actor(), married.Actor()) || session.SameStaff(petra.Actor(), successor.Actor()) || session.SameStaff("", "") || session.SameStaff("10000017", "10000017") {
		t.Error("not known by sub")
	}
	for actor, want := range map[string]string{petra.Actor(): "Petra Lindner", "staff:petra": "petra", "staff:7f1c|": "7f1c", session.StaffActor + "7f1c|A|B": "A|B"} {
		if got := ActorLabel(actor); got.In(lang.DE) != want || got.In(lang.EN) != want {
			t.Errorf("%s is called %q, want %q", actor, got.In(lang.DE), want)
		}
	}
}
