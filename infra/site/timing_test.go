package site

import (
	"flag"
	"math"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/infra/localtest/tablefake"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/table"
)

// timed is how often each class is asked; never by default, since a busy machine is no clock.
var timed = flag.Int("timed", 0, "how often each class of answers is timed (make attack)")

// timing is what may not be told apart by how long the answer takes (S1): the first class is compared with the others.
type timing struct {
	path, who string
	classes   map[string][]string // fields by the class's name
	first     string
}

var timings = []timing{
	{"/login", "", map[string][]string{
		"unknown number": {"customerNumber", unheardOf, "password", "nicht das richtige Passwort"}, "wrong password": {"customerNumber", drafted, "password", "nicht das richtige Passwort"},
		"without a password": {"customerNumber", provable, "password", "nicht das richtige Passwort"}, "with a recovery": {"customerNumber", lost, "password", "nicht das richtige Passwort"},
	}, "unknown number"},
	{"/password/forgot", "", map[string][]string{
		"unknown number": {"customerNumber", unheardOf}, "known number": {"customerNumber", drafted}, "without a password": {"customerNumber", provable},
	}, "unknown number"},
	{"/merge/check", anna, map[string][]string{
		"unknown number": {"customerNumber", unheardOf, "domain", "fremd.example", "password", "nicht das richtige Passwort"},
		"foreign domain": {"customerNumber", drafted, "domain", "fremd.example", "password", "nicht das richtige Passwort"},
		"wrong password": {"customerNumber", drafted, "domain", "d" + drafted + ".example", "password", "nicht das richtige Passwort"},
	}, "unknown number"},
}

const unheardOf = "99999998"

// S1: how long sign-in, forgotten password and proof take does not tell whether a number exists, by a rank test of requests
// in random order. What the test finds counts from 2 % or 1 ms on: that much is lost on the way through any network.
func TestTheTimeOfAnAnswerTellsNothing(t *testing.T) {
	if *timed == 0 {
		t.Skip("make attack times answers")
	}
	w := newWorld(t)
	c := w.populate()
	w.slowHashes(t)
	for _, of := range timings {
		took := map[string][]float64{}
		for range *timed {
			for _, class := range shuffled(of.classes) {
				w.again()
				q := request{route: "POST " + of.path, path: of.path, who: of.who, form: fields(of.classes[class]...)}
				begin := time.Now()
				if rec := w.send(t.Context(), c, q); rec.Code >= http.StatusInternalServerError {
					t.Fatalf("%s, %s: %d", of.path, class, rec.Code)
				}
				took[class] = append(took[class], float64(time.Since(begin).Microseconds())/1000)
			}
		}
		first := median(took[of.first])
		for class, times := range took {
			z, differs := rankTest(took[of.first], times), math.Abs(median(times)-first)
			t.Logf("%-18s %-20s median %7.3f ms, z %5.1f", of.path, class, median(times), z)
			if math.Abs(z) > 4 && differs > 1 && differs > 0.02*first {
				t.Errorf("%s: %s takes %.3f ms, %s %.3f ms (S1)", of.path, class, median(times), of.first, first)
			}
		}
	}
}

// slowHashes gives the numbers that are asked about passwords as the program hashes them, or none.
func (w *world) slowHashes(t *testing.T) {
	t.Helper()
	hash, err := (credential.Hasher{Rand: strings.NewReader(strings.Repeat("salt", 100))}).Hash(password)
	w.must(err)
	for subject, h := range map[string]string{table.Customer(drafted): hash, table.Customer(lost): hash, table.Customer(provable): "", table.PackageSubject("P" + drafted): hash} {
		old, err := (credential.Store{Store: w.calm}).Get(t.Context(), subject)
		w.must(err)
		put := credential.SetPassword(tablefake.Names, old, h, false, time.Now())
		w.must(w.calm.Transact(t.Context(), []types.TransactWriteItem{put}, ""))
	}
	w.save()
}

func shuffled(classes map[string][]string) (names []string) {
	for name := range classes {
		names = append(names, name)
	}
	rand.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	return names
}

func median(times []float64) float64 {
	sorted := slices.Sorted(slices.Values(times))
	return sorted[len(sorted)/2]
}

// rankTest is the z of the test of Mann and Whitney: how many standard deviations the ranks of the second sample are away
// from those of one that is drawn from the same. Beyond 4 that is one in 16,000.
func rankTest(a, b []float64) float64 {
	above := 0.0
	for _, x := range a {
		for _, y := range b {
			switch {
			case y > x:
				above++
			case y == x:
				above += 0.5
			}
		}
	}
	n, m := float64(len(a)), float64(len(b))
	return (above - n*m/2) / math.Sqrt(n*m*(n+m+1)/12)
}

func TestTheRankTestTellsSamplesApart(t *testing.T) {
	dice := rand.New(rand.NewPCG(1, 2))
	var a, same, later []float64
	for range 200 {
		a, same, later = append(a, dice.NormFloat64()), append(same, dice.NormFloat64()), append(later, dice.NormFloat64()+0.6)
	}
	if z := rankTest(a, same); math.Abs(z) > 3 {
		t.Errorf("two samples of the same: z %.1f", z)
	}
	if z := rankTest(a, later); z < 4 {
		t.Errorf("one that comes later: z %.1f", z)
	}
}
