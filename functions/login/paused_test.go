package login

import (
	"testing"
	"time"

	"kundenkonto/shared/lang"
)

func TestAPauseNamesItsEnd(t *testing.T) {
	now := time.Date(2026, 11, 23, 13, 0, 20, 0, time.UTC) // 14:00:20 in Berlin
	for after, want := range map[time.Duration]string{
		time.Second:            "Zu viele Versuche. In einer Sekunde können Sie es wieder versuchen. „Passwort vergessen“ geht jederzeit.",
		900 * time.Millisecond: "Zu viele Versuche. In einer Sekunde können Sie es wieder versuchen. „Passwort vergessen“ geht jederzeit.",
		16 * time.Second:       "Zu viele Versuche. In 16 Sekunden können Sie es wieder versuchen. „Passwort vergessen“ geht jederzeit.",
		15 * time.Minute:       "Zu viele Versuche. Ab 14:16 Uhr können Sie es wieder versuchen. „Passwort vergessen“ geht jederzeit.", // never too early
	} {
		err := paused(after, now)
		if got := err.Message.In(lang.DE); got != want || err.Status != 429 || err.RetryAfter != after {
			t.Errorf("%v: %q", after, got)
		}
	}
}
