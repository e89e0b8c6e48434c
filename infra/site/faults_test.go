package site

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"kundenkonto/infra/localtest/tablefake"
)

// fault is what happens to the calls of a request from the n-th on.
type fault struct {
	name  string
	lasts bool // to the end of the request; otherwise once
	do    func(r *http.Request, on http.RoundTripper) (*http.Response, error)
}

func as(f tablefake.Fault) func(*http.Request, http.RoundTripper) (*http.Response, error) {
	return func(r *http.Request, on http.RoundTripper) (*http.Response, error) {
		return tablefake.Faults{Next: on, Choose: func() tablefake.Fault { return f }}.RoundTrip(r)
	}
}

func brokenServer(r *http.Request, _ http.RoundTripper) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusInternalServerError, Request: r, Header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}},
		Body: http.NoBody}, nil
}

func timeOut(r *http.Request, _ http.RoundTripper) (*http.Response, error) {
	return nil, context.DeadlineExceeded
}

// faults are those of L1, each once and as an outage.
func faults() []fault {
	var all []fault
	for name, do := range map[string]func(*http.Request, http.RoundTripper) (*http.Response, error){
		"throttled": as(tablefake.Throttle), "cut": as(tablefake.Vanish), "lost answer": as(tablefake.LoseReply), "doubled": as(tablefake.Double),
		"500": brokenServer, "time-out": timeOut,
	} {
		all = append(all, fault{name, false, do})
		if name != "doubled" {
			all = append(all, fault{name, true, do})
		}
	}
	return all
}

// anew makes the people of a world again, now, since time passes where calls hang or are waited for.
func (w *world) anew(like request) (*cast, request) {
	w.wire.fake = tablefake.New()
	c := w.populate()
	w.again()
	return c, c.request(w.t, like.route)
}

// request is the good request of a route, with a code of an authenticator app of this moment.
func (c *cast) request(t testing.TB, route string) request {
	t.Helper()
	for _, q := range c.requests() {
		if q.route == route {
			return q
		}
	}
	t.Fatalf("%s is gone", route)
	return request{}
}

// from disturbs the n-th call, and those after it if the fault lasts.
func (w *world) from(n int, f fault) {
	calls := 0
	w.wire.disturb = func(r *http.Request, on http.RoundTripper) (*http.Response, error) {
		w.wire.mu.Lock()
		calls++
		hit := calls == n || f.lasts && calls > n
		w.wire.mu.Unlock()
		if hit {
			return f.do(r, on)
		}
		return on.RoundTrip(r)
	}
}

// Each AWS call of each route goes wrong in each way (L1). The visitor gets the answer as if nothing had happened, or a
// clear 503 that says when to try again; the change is done as a whole or not at all, and can be repeated.
func TestEveryCallOfEveryRouteMayFail(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		runs := 0
		for _, route := range w.populate().requests() {
			c, q := w.anew(route)
			calm := w.send(t.Context(), c, q)
			calls, after := w.wire.requests, w.main()
			for _, n := range w.wire.spots() {
				for _, f := range faults() {
					if !f.lasts && strings.HasPrefix(q.route, "GET") {
						continue // a read that is done again
					}
					w.again()
					w.from(n, f)
					runs++
					a := w.send(t.Context(), c, q)
					w.wire.disturb = nil
					if err := w.whole(a, calm, after); err != nil {
						t.Errorf("%s, call %d of %d %s (lasting %v): %v (L1)", q.route, n, calls, f.name, f.lasts, err)
						continue
					}
					if a.Code != http.StatusServiceUnavailable {
						continue
					}
					done := len(w.main()) > 0
					if again := w.send(t.Context(), c, q); again.Code >= 500 || !done && (again.Code != calm.Code || missing(w.main(), after)+missing(after, w.main()) != "") {
						t.Errorf("%s, call %d of %d %s (lasting %v): repeated, it answers %d, has\n%s\nwithout\n%s (L1)", q.route, n, calls, f.name, f.lasts,
							again.Code, missing(w.main(), after), missing(after, w.main()))
					}
				}
			}
		}
		t.Logf("%d runs", runs)
	})
}

// spots are the calls of a request that are disturbed, by their order: of those of one kind, as a page makes over the shards of
// an index, the first two and the last.
func (w *wire) spots() (some []int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	last, seen := map[string]int{}, map[string]int{}
	for i, kind := range w.kinds {
		last[kind] = i
	}
	for i, kind := range w.kinds {
		if seen[kind]++; seen[kind] <= 2 || last[kind] == i {
			some = append(some, i+1)
		}
	}
	return some
}

// whole says what is wrong with an answer and the state it leaves.
func (w *world) whole(a, calm *httptest.ResponseRecorder, after []string) error {
	now := w.main()
	switch {
	case a.Code == http.StatusServiceUnavailable:
		if a.Header().Get("Retry-After") == "" || !strings.Contains(a.Body.String(), "noch einmal") {
			return errors.New("503 does not say when to try again")
		}
	case a.Code != calm.Code:
		return errors.New(http.StatusText(a.Code) + " instead of " + http.StatusText(calm.Code) + ": " + w.log.String())
	case missing(now, after)+missing(after, now) != "":
		return errors.New("answered as if nothing had happened, but has\n" + missing(now, after) + "\nwithout\n" + missing(after, now))
	}
	if len(now) > 0 && missing(now, after)+missing(after, now) != "" {
		return errors.New("half done: has\n" + strings.Join(now, "\n") + "\nwithout\n" + missing(after, now))
	}
	return nil
}

// A request whose AWS calls hang is answered before Lambda ends the function (L4): the page says when to try again, and what
// was under way is done as a whole or not at all.
func TestEveryRouteAnswersBeforeTheDeadlineWhenACallHangs(t *testing.T) {
	const timeout = 10 * time.Second // of the functions
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		for _, route := range w.populate().requests() {
			c, q := w.anew(route)
			calm := w.send(t.Context(), c, q)
			calls, after := w.wire.requests, w.main()
			for _, n := range w.wire.spots() {
				w.again()
				w.staffSignsIn(c) // the call before took its time to hang
				w.wire.requests, w.wire.kinds = 0, nil
				q = c.request(t, q.route)
				w.from(n, fault{lasts: true, do: func(r *http.Request, _ http.RoundTripper) (*http.Response, error) {
					<-r.Context().Done()
					return nil, r.Context().Err()
				}})
				began := time.Now()
				ctx, cancel := context.WithTimeout(t.Context(), timeout)
				a := w.send(ctx, c, q)
				if ctx.Err() != nil {
					t.Errorf("%s, call %d of %d hangs: the deadline was over, %v (L4)", q.route, n, calls, time.Since(began))
				}
				cancel()
				if err := w.whole(a, calm, after); err != nil {
					t.Errorf("%s, call %d of %d hangs: %v (L4)", q.route, n, calls, err)
				}
			}
		}
	})
}
