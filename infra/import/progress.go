package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	"kundenkonto/infra/importer"
)

// progress shows how far the import is: a bar on a terminal, a line every few seconds elsewhere.
type progress struct {
	out         *os.File
	terminal    bool
	total, n    int
	failed      int
	began, last time.Time
	now         func() time.Time
}

const barWidth = 32

func newProgress(out *os.File, total int, now func() time.Time) *progress {
	info, err := out.Stat()
	terminal := err == nil && info.Mode()&os.ModeCharDevice != 0
	return &progress{out: out, terminal: terminal, total: total, began: now(), last: now(), now: now}
}

func (p *progress) done(_ importer.Place, outcome importer.Outcome, _ error) {
	p.n++
	if outcome == importer.Failed {
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
	line := fmt.Sprintf("%d of %d customers", p.n, p.total)
	if p.failed > 0 {
		line += fmt.Sprintf(", %d failed", p.failed)
	}
	if left := p.left(); left > 0 {
		line += fmt.Sprintf(", about %s left", left)
	}
	if !p.terminal {
		fmt.Fprintln(p.out, line)
		return
	}
	full := barWidth * p.n / max(p.total, 1)
	fmt.Fprintf(p.out, "\r\x1b[K[%s%s] %s", strings.Repeat("#", full), strings.Repeat(".", barWidth-full), line)
}

// left is the time to go at the speed so far.
func (p *progress) left() time.Duration {
	if p.n == 0 {
		return 0
	}
	return (p.now().Sub(p.began) * time.Duration(p.total-p.n) / time.Duration(p.n)).Round(time.Second)
}

func (p *progress) end() {
	p.show()
	if p.terminal {
		fmt.Fprintln(p.out)
	}
}
