package web

import (
	"testing"
	"time"

	"kundenkonto/shared/lang"
)

func TestAPauseSaysWhenItEndsAndStandsAtItsField(t *testing.T) {
	now := time.Date(2026, 11, 23, 13, 0, 20, 0, time.UTC) // 14:00:20 in Berlin
	err := Paused(lang.T("Zu viele falsche Codes."), 15*time.Minute, now, "code")
	de, en := "Zu viele falsche Codes. Ab 14:16 Uhr können Sie es wieder versuchen.", "Too many wrong codes. You can try again from 14:16."
	if err.Message.In(lang.DE) != de || err.Message.In(lang.EN) != en || err.Status != 429 || err.RetryAfter != 15*time.Minute {
		t.Errorf("%+v", err)
	}
	if len(err.Fields) != 1 || err.Fields[0].Field != "code" || err.Fields[0].Code != "too_many_requests" || err.Fields[0].Message.In(lang.DE) != de {
		t.Errorf("at the field: %+v", err.Fields)
	}
	if free := Paused(TooManyTries, time.Minute, now); free.Fields != nil {
		t.Errorf("without a field: %+v", free.Fields)
	}
}
