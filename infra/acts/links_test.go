package acts

import (
	"slices"
	"testing"
	"time"
)

// linkPaths are where mailed links lead.
var linkPaths = []string{"/password/reset", "/account/email/confirm", "/account/email/stop", "/login/stop-recovery", "/merge/veto"}

// linksTo has one link to each of these paths in the owner's mailboxes.
func linksTo(t *testing.T, w *world, paths []string) []link {
	t.Helper()
	w.thief.into(theirs)
	w.thief.order(theirs, mine)
	w.owner.into(mine)
	w.owner.setUpApp(mine)
	if slices.Contains(paths, "/login/stop-recovery") {
		w.help(mine, "start-recovery")
	}
	w.owner.askEmail(mine, w.owner.mailboxes[2])
	w.owner.askReset(mine)
	var all []link
	for _, path := range paths {
		found := w.mails.links(path, w.owner.mailboxes...)
		if len(found) != 1 {
			t.Fatalf("%d links to %s, want 1", len(found), path)
		}
		all = append(all, found...)
	}
	return all
}

// A link does what its mail says and nothing else, whatever page its secret is sent to, and nothing at all by being opened.
func TestALinkIsGoodForItsOwnPageOnly(t *testing.T) {
	alone(t, func(t *testing.T, w *world) {
		stranger, before := newBrowser(w, "stranger"), ""
		for _, l := range linksTo(t, w, linkPaths) {
			before = w.state()
			for _, path := range linkPaths {
				stranger.get(path + "?token=" + l.token)
				if path != l.path {
					stranger.post(path, "token", l.token, "newPassword", "Lampe Wiese Fahrrad fremd")
				}
				w.settle()
				if now := w.state(); now != before {
					t.Errorf("the link to %s acts at %s:\n%s\n%s", l.path, path, before, now)
				}
			}
		}
	})
}

// M9: a link that is used again, or twice at once, has no second effect, and writes to nobody.
func TestALinkUsedAgainHasNoSecondEffect(t *testing.T) {
	for i, path := range linkPaths {
		t.Run(path, func(t *testing.T) {
			alone(t, func(t *testing.T, w *world) {
				paths := linkPaths
				if path == "/account/email/confirm" { // held while a recovery runs
					paths = linkPaths[:i+1]
				}
				l := linksTo(t, w, paths)[i]
				use := func() answer {
					a := newBrowser(w, "anybody").post(l.path, "token", l.token, "newPassword", "Lampe Wiese Fahrrad Garten")
					w.settle()
					return a
				}
				before := w.state()
				w.wire.beforeWrite(1, func() { use() })
				if a := use(); a.code >= 500 {
					t.Errorf("at once: %d", a.code)
				}
				once, mails := w.state(), w.mails.count()
				if once == before && path != "/merge/veto" {
					t.Fatalf("it has no effect at all: %s", once)
				}
				time.Sleep(time.Minute)
				use()
				if again := w.state(); again != once || w.mails.count() != mails {
					t.Errorf("again, it acts: %d mails more\n%s\n%s", w.mails.count()-mails, once, again)
				}
				subjects := map[string]int{}
				for _, letter := range w.mails.of(slices.Concat(w.owner.mailboxes, w.thief.mailboxes)...) {
					subjects[letter.to+" "+letter.subject]++
				}
				for subject, n := range subjects {
					if n > 1 {
						t.Errorf("%d mails: %s", n, subject)
					}
				}
			})
		})
	}
}
