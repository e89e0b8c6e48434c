package browser

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"github.com/chromedp/chromedp"
)

// shots asks for pictures of every kind of page: make test PKG=./infra/e2e ARGS=-shots
var shots = flag.Bool("shots", false, "take pictures of every page, at 375 and 1280 px, light and dark, into build/screenshots")

// Shot takes pictures of what no loading of a page leads to: a menu that is open, a warning that came up; or gives
// pictures a name to find them by.
func (v *Visitor) Shot(name string) {
	v.t.Helper()
	if v.Shots != "" {
		v.picture(v.Shots + "-" + name)
	}
}

var (
	noName = regexp.MustCompile(`[^a-z0-9]+`)
	taken  = struct {
		sync.Mutex
		names map[string]int
	}{names: map[string]int{}}
)

// picture takes pictures of the page; without a name it is called after language, path and status.
func (v *Visitor) picture(name string) {
	v.t.Helper()
	if !*shots {
		return
	}
	if name == "" {
		path := variable.ReplaceAllString(v.where(), "/one")
		name = fmt.Sprintf("all-%s-%s-%d", v.Lang, strings.Trim(noName.ReplaceAllString(path, "-"), "-"), v.status)
		taken.Lock()
		taken.names[name]++
		name = fmt.Sprintf("%s-%d", name, taken.names[name])
		taken.Unlock()
	}
	folder := filepath.Join(running.root, "build", "screenshots")
	v.must("make the folder of the screenshots", os.MkdirAll(folder, 0o755))
	for _, width := range []int64{375, deskWidth} {
		for _, scheme := range []string{"light", "dark"} {
			v.look(width, scheme)
			picture, err := chromedp.Run(v.ctx, chromedp.FullScreenshot(100))
			v.must("take a screenshot", err)
			file := fmt.Sprintf("%s-%d-%s.png", name, width, scheme)
			v.must("write a screenshot", os.WriteFile(filepath.Join(folder, file), picture, 0o644))
		}
	}
	v.look(deskWidth, "light")
}
