package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	"kundenkonto/infra/importer"
)

// progress shows how far a run is: a bar on a terminal, a line every few seconds elsewhere.
type progress struct {
	out         *os.File
	verb        string
	terminal    bool
	total, n    int
	failed      int
	began, last time.Time
	now         func() time.Time
}

const barWidth = 32

func newProgress(out *os.File, verb string, total int, now func() time.Time) *progress {
	info, err := out.Stat()
	terminal := err == nil && info.Mode()&os.ModeCharDevice != 0
	return &progress{out: out, verb: verb, terminal: terminal, total: total, began: now(), last: now(), now: now}
}

func (p *progress) done(r importer.Result) {
	p.n++
	if r.Outcome == importer.Failed {
		p.failed++
	}
	pause := 5 * time.Second
	if p.terminal {
		pause = 100 * time.Millisecond
	}
	if p.now().Sub(p.last) >= pause {
		p.last = p.now()
		p.show()
	}
}

func (p *progress) show() {
	if !p.terminal {
		fmt.Fprintln(p.out, p.words())
		return
	}
	full := barWidth * p.n / max(p.total, 1)
	fmt.Fprintf(p.out, "\r\x1b[K[%s%s] %s", strings.Repeat("#", full), strings.Repeat(".", barWidth-full), p.words())
}

func (p *progress) words() string {
	line := fmt.Sprintf("%d of %d customers %s", p.n, p.total, p.verb)
	if p.failed > 0 {
		line += fmt.Sprintf(", %d failed", p.failed)
	}
	if took := p.now().Sub(p.began).Seconds(); p.n > 0 && took > 0 {
		line += fmt.Sprintf(", %.0f a second", float64(p.n)/took)
	}
	if left := p.left(); left > 0 {
		line += fmt.Sprintf(", about %s left", left)
	}
	return line
}

// left is the time to go at the speed so far.
func (p *progress) left() time.Duration {
	if p.n == 0 {
		return 0
	}
	return (p.now().Sub(p.began) * time.Duration(p.total-p.n) / time.Duration(p.n)).Round(time.Second)
}

// end shows the last count. A run that was over before the first was shown says nothing.
func (p *progress) end() {
	if p.terminal || p.last != p.began {
		p.show()
	}
	if p.terminal {
		fmt.Fprintln(p.out)
	}
}
