package web

import (
	"testing"
	"time"
)

func TestAPauseSaysWhenItEndsAndStandsAtItsField(t *testing.T) {
	now := time.Date(2026, 11, 23, 13, 0, 20, 0, time.UTC) // 14:00:20 in Berlin
	err := Paused(T("Zu viele falsche Codes.", "Too many wrong codes."), 15*time.Minute, now, "code")
	want := T("Zu viele falsche Codes. Ab 14:16 Uhr können Sie es wieder versuchen.", "Too many wrong codes. You can try again from "+Clock(EN, now.Add(15*time.Minute+40*time.Second))+".")
	if err.Message != want || err.Status != 429 || err.RetryAfter != 15*time.Minute {
		t.Errorf("%+v", err)
	}
	if len(err.Fields) != 1 || err.Fields[0] != Invalid("code", "too_many_requests", want) {
		t.Errorf("at the field: %+v", err.Fields)
	}
	if free := Paused(TooManyTries, time.Minute, now); free.Fields != nil {
		t.Errorf("without a field: %+v", free.Fields)
	}
}
