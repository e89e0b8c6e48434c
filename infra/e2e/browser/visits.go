package browser

import (
	"net/url"
	"regexp"
	"slices"
	"sync"
)

// Seen is a page that was answered and checked in this test process.
type Seen struct {
	Lang   string // of the page
	Method string
	Path   string
	Status int
}

var visited = struct {
	sync.Mutex
	set map[Seen]bool
}{set: map[Seen]bool{}}

// variable are the parts of a path that name an object.
var variable = regexp.MustCompile(`/(P-[^/]+|[A-Z0-9]{4}-[A-Z0-9]{4}|[0-9]{6,12})`)

// Visited lists the pages that were looked at.
func Visited() []Seen {
	visited.Lock()
	defer visited.Unlock()
	return slices.Collect(func(yield func(Seen) bool) {
		for v := range visited.set {
			if !yield(v) {
				return
			}
		}
	})
}

// remember notes that the visitor looked at a page.
func (v *Visitor) remember() {
	v.t.Helper()
	lang, err := evaluate[string](v, "document.documentElement.lang")
	v.must("read the language", err)
	u, err := url.Parse(v.Address())
	v.must("read the address", err)
	v.mu.Lock()
	visit := Seen{Lang: lang, Method: v.method, Path: u.Path, Status: v.status}
	v.mu.Unlock()
	visited.Lock()
	defer visited.Unlock()
	visited.set[visit] = true
}
