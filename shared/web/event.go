package web

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"time"

	"kundenkonto/shared/metrics"
)

// event is the one structured log line of a request (S20).
type event struct {
	started time.Time
	status  int
	outcome string
	cause   error
	notes   []slog.Attr
}

// secretKeys are parts of note keys whose values are never logged (S20).
var secretKeys = []string{"password", "token", "secret", "cookie", "iban", "account_number", "accountnumber", "hash", "authorization"}

func (e *event) note(k string, v any) {
	lower := strings.ToLower(k)
	for _, s := range secretKeys {
		if strings.Contains(lower, s) {
			return
		}
	}
	if k == "outcome" {
		e.outcome, _ = v.(string)
		return
	}
	e.notes = append(e.notes, slog.Any(k, v))
}

// noted says whether a key has a value.
func (e *event) noted(k string) bool {
	return slices.ContainsFunc(e.notes, func(a slog.Attr) bool { return a.Key == k })
}

// refused remembers why a request was not done.
func (e *event) refused(err *Error) {
	if e.outcome == "" {
		e.outcome = err.Code
	}
	e.cause = err.Cause
	if err.Alarm != "" {
		e.note("alarm", err.Alarm)
	}
}

func (e *event) log(logger *slog.Logger, meter metrics.Meter, r *Request, now time.Time) {
	if e.outcome == "" {
		e.outcome = "ok"
	}
	attrs := []slog.Attr{
		slog.String("request_id", r.ID), slog.String("route", r.Route()), slog.String("method", r.Method),
		slog.Int("status", e.status), slog.Float64("ms", float64(now.Sub(e.started).Microseconds())/1000),
		slog.String("lang", string(r.Lang)), slog.String("outcome", e.outcome),
	}
	attrs = append(attrs, e.notes...)
	attrs = append(attrs, meter.Attrs(now, e.counts(r.Route())...)...)
	level := slog.LevelInfo
	if e.cause != nil {
		attrs = append(attrs, slog.String("cause", e.cause.Error()))
	}
	if e.status >= 500 {
		level = slog.LevelError
	}
	logger.LogAttrs(context.WithoutCancel(r.Context()), level, "request", attrs...)
}

// MaskNumber keeps the first and the last two digits of a customer number,
// enough to follow a case and too little to name a customer.
func MaskNumber(n string) string {
	if len(n) <= 4 {
		return strings.Repeat("•", len(n))
	}
	return n[:2] + strings.Repeat("•", len(n)-4) + n[len(n)-2:]
}
