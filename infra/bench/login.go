package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/argon2"

	"kundenkonto/infra/bench/figure"
	"kundenkonto/infra/meter"
)

// bare is the hash that a sign-in cannot do without, with the parameters of shared/credential.
func bare() { argon2.IDKey([]byte(meter.Password), []byte("saltsaltsaltsalt"), 2, 19456, 1, 32) }

// login compares the CPU of a sign-in with that of the bare hash.
func (b bench) login() (all []figure.Figure, err error) {
	const atOnce = 5 // of each in one sample, since a collection falls into one of several
	err = b.walk(func(h *meter.House) {
		signedIn(h)
		stub(h)
		do := func() { signIn(h) }
		do()
		bare()
		login, hash := series{}, series{}
		for range b.runs {
			login.take(spend(atOnce, do))
			hash.take(spend(atOnce, bare))
		}
		all = append(login.figures("Login/of=sign-in", "cpu-ms/op", "B/op", "allocs/op"), hash.figures("Login/of=argon2id", "cpu-ms/op", "B/op")...)
		all = append(all, figure.Of("Login/of=sign-in", "cpu-ratio", figure.Ratios(login["cpu-ms/op"], hash["cpu-ms/op"])...))
	})
	return all, err
}

// signedInFor is what one process tells of signing in for a while.
type signedInFor struct {
	Logins  int
	Seconds float64
	Memory  float64 // MB at most
}

// parallel signs in several at a time, each number in a process of its own, whose memory is measured.
func (b bench) parallel() (all []figure.Figure, err error) {
	own, err := os.Executable()
	if err != nil {
		return nil, err
	}
	const turns = 3
	found := map[int]series{}
	levels := []int{1, 2, 8, 32}
	for range turns {
		for _, n := range levels {
			cmd := exec.CommandContext(b.ctx, own, "-logins", strconv.Itoa(n), "-for", "2s")
			cmd.Stderr = os.Stderr
			out, err := cmd.Output()
			if err != nil {
				return nil, fmt.Errorf("%d at a time: %w", n, err)
			}
			var told signedInFor
			if err := json.Unmarshal(out, &told); err != nil {
				return nil, err
			}
			if found[n] == nil {
				found[n] = series{}
			}
			found[n].add("logins/s", float64(told.Logins)/told.Seconds)
			found[n].add("MB", told.Memory)
		}
	}
	for _, n := range levels {
		all = append(all, found[n].figures(fmt.Sprintf("Parallel/logins=%d", n), "logins/s", "MB")...)
	}
	return all, nil
}

// signInFor signs in for a while, so many at a time, and prints how often.
func (b bench) signInFor(parallel int, long time.Duration) error {
	var done atomic.Int64
	var took time.Duration
	err := b.walk(func(h *meter.House) {
		signedIn(h)
		stub(h)
		signIn(h)
		begun := time.Now()
		var group sync.WaitGroup
		for range parallel {
			group.Go(func() {
				own := h.Visitor()
				for time.Since(begun) < long {
					signIn(own)
					done.Add(1)
				}
			})
		}
		group.Wait()
		took = time.Since(begun)
	})
	if err != nil {
		return err
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return err
	}
	memory, err := mostMemory(string(status))
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(signedInFor{int(done.Load()), took.Seconds(), memory})
}

// mostMemory is what a process held at most, in MB. What getrusage says would be that of the one that started it, if that is more.
func mostMemory(status string) (float64, error) {
	_, after, _ := strings.Cut(status, "VmHWM:")
	kilobytes, _, found := strings.Cut(after, "kB")
	n, err := strconv.Atoi(strings.TrimSpace(kilobytes))
	if !found || err != nil {
		return 0, errors.New("this system does not tell how much memory a process held")
	}
	return float64(n) * 1024 / 1e6, nil
}
