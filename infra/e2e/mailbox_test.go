package e2e

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"kundenkonto/infra/local/cloud"
	"kundenkonto/infra/localtest"
)

// mailTime is how long a mail may take: the outbox is read in a second, on a busy machine in several. What a killed dispatch had
// claimed comes back when its claim is over, with the next round of the schedule: that is two minutes.
var mailTime = func() time.Duration {
	if os.Getenv(ownCloud) != "" {
		return 4 * time.Minute
	}
	return 90 * time.Second
}()

// mailbox returns the mails to an address, newest first.
func mailbox(t *testing.T, address string) []cloud.Mail {
	t.Helper()
	res, err := http.Get(localtest.Cloud(t).Mailbox + "/messages.json?to=" + url.QueryEscape(address))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var mails []cloud.Mail
	if err := json.NewDecoder(res.Body).Decode(&mails); err != nil {
		t.Fatal(err)
	}
	return mails
}

// mailTo waits for a mail to the address whose subject has all these words.
func mailTo(t *testing.T, address string, words ...string) cloud.Mail {
	t.Helper()
	var found cloud.Mail
	await(t, mailTime, "a mail to "+address+" about "+strings.Join(words, ", "), func() bool {
		for _, m := range mailbox(t, address) {
			if all(m.Subject, words) {
				found = m
				return true
			}
		}
		return false
	})
	if found.HTML == "" || found.Text == "" {
		t.Errorf("the mail %q has no HTML or no text", found.Subject)
	}
	return found
}

func all(text string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// linkIn returns the link of a mail that leads to a path.
func linkIn(t *testing.T, m cloud.Mail, path string) string {
	t.Helper()
	for _, l := range m.Links {
		if strings.HasPrefix(l, localtest.Cloud(t).URL+path) {
			return l
		}
	}
	t.Fatalf("the mail %q has no link to %s but %v", m.Subject, path, m.Links)
	return ""
}

// await looks again and again until it is true, and fails the test when that takes too long.
func await(t *testing.T, limit time.Duration, what string, true func() bool) {
	t.Helper()
	again := time.NewTicker(100 * time.Millisecond)
	defer again.Stop()
	over := time.After(limit)
	for !true() {
		select {
		case <-again.C:
		case <-over:
			t.Fatalf("waited %s in vain for %s", limit, what)
		}
	}
}
