package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"syscall"
	"time"

	"kundenkonto/infra/bench/figure"
	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/infra/meter"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
)

// wrong is a walk that came to nothing.
type wrong struct{ error }

// walker ends a walk by a panic, which walk turns into an error.
type walker struct{ ctx context.Context }

func (w walker) Helper()                  {}
func (w walker) Context() context.Context { return w.ctx }
func (w walker) Fatal(a ...any)           { panic(wrong{fmt.Errorf("%s", fmt.Sprint(a...))}) }
func (w walker) Fatalf(f string, a ...any) {
	panic(wrong{fmt.Errorf(f, a...)})
}

// walk goes through a house, in which time passes only when somebody sleeps.
func (b bench) walk(through func(*meter.House)) (err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case wrong:
			err = r
		default:
			panic(r)
		}
	}()
	now := time.Now().UTC()
	through(meter.NewHouse(walker{b.ctx}, meter.Clock{Now: func() time.Time { return now }, Sleep: func(d time.Duration) { now = now.Add(d) }}))
	return nil
}

// signedIn is a house in which Anna has signed in; her password's hash is up to date.
func signedIn(h *meter.House) {
	h.Import(meter.Line(meter.Anna, 0))
	signIn(h)
}

// signIn is a sign-in by a browser that was never here.
func signIn(h *meter.House) {
	h.Cookies = map[string]*http.Cookie{}
	h.Send("POST", "/login", "customerNumber", meter.Anna, "password", meter.Password)
}

// staffIn signs somebody of the service team in; away takes the customer's cookies back.
func staffIn(h *meter.House) (away func()) {
	value, err := session.StaffStore{Store: h.Store}.Create(h.Context(), rand.Reader, session.StaffSession{Sub: "sub", User: "jana", Name: "Jana", Groups: []string{session.StaffGroup}}, h.Now())
	h.Must(err)
	customers := h.Cookies
	c := session.NewStaffCookie(value)
	h.Cookies = map[string]*http.Cookie{c.Name: c}
	return func() { h.Cookies = customers }
}

// stub gives the house a site whose tables answer from memory: what remains is the program's own work, with the SDK's.
func stub(h *meter.House) {
	site, err := meter.SiteOn(table.Store{DB: h.Meter.Fake.Client(&tablefake.Memory{Next: h.Meter.Fake}), Names: h.Store.Names}, slog.New(slog.DiscardHandler), h.Now, h)
	h.Must(err)
	h.Site = site
}

// spent is what something took.
type spent struct{ cpu, wall, bytes, allocs float64 } // milliseconds, once

// spend does something several times and says what it took once. Garbage collection and all goroutines are included.
func spend(times int, do func()) spent {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	used, begun := cpu(), time.Now()
	for range times {
		do()
	}
	n := float64(times)
	s := spent{cpu: float64(cpu()-used) / n / 1e6, wall: float64(time.Since(begun)) / n / 1e6}
	runtime.ReadMemStats(&after)
	s.bytes, s.allocs = float64(after.TotalAlloc-before.TotalAlloc)/n, float64(after.Mallocs-before.Mallocs)/n
	return s
}

// cpu is what the process has used so far.
func cpu() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		panic(err) // it fails for arguments that do not exist
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// series are the samples of several units of one thing.
type series map[string][]float64

func (s series) add(unit string, sample float64) { s[unit] = append(s[unit], sample) }

// take adds what was spent.
func (s series) take(x spent) {
	s.add("cpu-ms/op", x.cpu)
	s.add("ms/op", x.wall)
	s.add("B/op", x.bytes)
	s.add("allocs/op", x.allocs)
}

// figures are those of the series under one name, its units in the order given.
func (s series) figures(name string, units ...string) (all []figure.Figure) {
	for _, unit := range units {
		all = append(all, figure.Of(name, unit, s[unit]...))
	}
	return all
}

// counted are the figures of what the meter counted.
func counted(name string, t meter.Taken) []figure.Figure {
	return []figure.Figure{figure.Of(name, "requests", float64(t.Requests)), figure.Of(name, "rounds", float64(t.Rounds)),
		figure.Of(name, "read-units", t.Reads), figure.Of(name, "write-units", t.Writes), figure.Of(name, "items-written", float64(t.Items))}
}
