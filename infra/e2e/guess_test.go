package e2e

import (
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kundenkonto/infra/localtest"
	"kundenkonto/shared/lang"
)

// S2: counted before hashing; 50 guesses at once get no more tries than five.
func TestParallelGuessesGetNoMoreThanTheAllowedTries(t *testing.T) {
	localtest.Cloud(t)
	t.Parallel()
	l := person(t, lang.DE, 1)
	l.Password = secret
	importAll(t, l)
	for name, number := range map[string]string{"of a customer": l.CustomerNumber, "of an unknown number": localtest.Number(t)} {
		t.Run(name, func(t *testing.T) {
			answers := make([]answer, 50)
			var all sync.WaitGroup
			var unanswered atomic.Int32 // by a machine that is busy with the others; perhaps compared all the same
			began := time.Now()
			for i := range answers {
				all.Go(func() {
					p := newProgram(t)
					for range 5 {
						answers[i] = p.post("/login", map[string]string{"customerNumber": number, "password": "geraten"})
						if answers[i].status != http.StatusServiceUnavailable {
							break
						}
						unanswered.Add(1)
					}
				})
			}
			all.Wait()
			tries := 0
			for _, a := range answers {
				switch a.status {
				case http.StatusUnprocessableEntity:
					tries++
				case http.StatusTooManyRequests:
					if a.retry == "" {
						t.Error("a refused try does not say when the next one is allowed")
					}
				default:
					t.Errorf("status %d: %v", a.status, a.body)
				}
			}
			allowed := 5
			for pause := time.Second; pause <= time.Since(began); pause *= 2 { // then one after 1, 2, 4 ... s more
				began = began.Add(pause)
				allowed++
			}
			if tries+int(unanswered.Load()) < 5 || tries > allowed {
				t.Errorf("%d of 50 parallel guesses were tried, want 5 to %d", tries, allowed)
			}
		})
	}
	// Nobody else's guesses keep the customer from a new password (S3).
	newProgram(t).post("/password/forgot", map[string]string{"customerNumber": l.CustomerNumber}).is(t, http.StatusOK, "")
	mailTo(t, l.Email, l.CustomerNumber)
}
