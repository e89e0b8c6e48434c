package web

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"kundenkonto/shared/lang"
	"kundenkonto/shared/marks"
)

//go:embed layout/*.html
var layoutFiles embed.FS

// Pages are the parsed templates of a slice. What a page becomes in a language
// is put together at its first use, since a function's start counts.
type Pages struct {
	layout *template.Template
	pages  map[string]*template.Template

	mu    sync.Mutex
	ready map[pageKey]*template.Template
}

type pageKey struct {
	name string
	lang lang.Lang
}

// PageData is the dot of every page template. The page's own data is .View.
type PageData struct {
	View      any
	Lang      lang.Lang
	Path      string
	Status    int
	Error     *Error
	Notices   []Notice
	Account   *AccountHeader
	Config    Config
	Now       time.Time
	RequestID string
	Summary   bool // the error summary is shown above the content

	title      *lang.Text
	switchPath string
	kept       map[string]string
}

// SessionLeft is how many seconds the session lasts from now: the clock of a browser may be wrong by any time.
func (d *PageData) SessionLeft() int { return int(d.Account.SessionEnds.Sub(d.Now).Seconds()) }

// ParsePages parses the shared layout and pages/*.html of a slice. The pages
// "error" and "accessibility" are there without files.
// partials hold partials/*.html of a shared package whose form several slices show.
func ParsePages(fsys fs.FS, partials ...fs.FS) (*Pages, error) {
	files, err := fs.Glob(fsys, "pages/*.html")
	if err != nil {
		return nil, fmt.Errorf("list pages: %w", err)
	}
	sources := map[string]string{}
	for _, name := range files {
		b, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("read page: %w", err)
		}
		sources[strings.TrimSuffix(path.Base(name), ".html")] = string(b)
	}
	return parse(sources, partials...)
}

// Join puts the pages of several packages of a slice together, for ParsePages. Two of one name are an error there.
func Join(rooms ...fs.FS) fs.FS { return joined(rooms) }

type joined []fs.FS

// Open opens a file of the first that has it.
func (j joined) Open(name string) (fs.File, error) {
	for _, room := range j {
		if f, err := room.Open(name); !errors.Is(err, fs.ErrNotExist) {
			return f, err //nolint:wrapcheck // a file system says by itself what is wrong
		}
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// Glob lists the files of all.
func (j joined) Glob(pattern string) ([]string, error) {
	var all []string
	for _, room := range j {
		found, err := fs.Glob(room, pattern)
		if err != nil {
			return nil, err //nolint:wrapcheck // as Open
		}
		for _, name := range found {
			if slices.Contains(all, name) {
				return nil, fmt.Errorf("two packages have a %s", name)
			}
		}
		all = append(all, found...)
	}
	return all, nil
}

func parse(sources map[string]string, partials ...fs.FS) (*Pages, error) {
	all := builtinSources()
	maps.Copy(all, sources)
	f := funcs(lang.DE) // for the names only; in takes those of the language
	layout, err := template.New("layout").Funcs(f).ParseFS(layoutFiles, "layout/layout.html", "layout/partials.html")
	if err != nil {
		return nil, fmt.Errorf("parse layout: %w", err)
	}
	for _, fsys := range partials {
		if layout, err = layout.ParseFS(fsys, "partials/*.html"); err != nil {
			return nil, fmt.Errorf("parse partials: %w", err)
		}
	}
	p := &Pages{layout: layout, pages: map[string]*template.Template{}, ready: map[pageKey]*template.Template{}}
	for name, src := range all {
		if p.pages[name], err = template.New(name).Funcs(f).Parse(src); err != nil {
			return nil, fmt.Errorf("parse page %s: %w", name, err)
		}
	}
	return p, nil
}

// in returns a page within the layout, in a language.
func (p *Pages) in(l lang.Lang, name string) (*template.Template, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	key := pageKey{name, l}
	if t, ok := p.ready[key]; ok {
		return t, nil
	}
	page, ok := p.pages[name]
	if !ok {
		return nil, fmt.Errorf("there is no page %q", name)
	}
	t, err := p.layout.Clone()
	if err != nil {
		return nil, fmt.Errorf("copy layout: %w", err)
	}
	t.Funcs(funcs(l))
	for _, part := range page.Templates() {
		if part.Tree == nil { // nothing but definitions
			continue
		}
		if _, err := t.AddParseTree(part.Name(), part.Tree.Copy()); err != nil {
			return nil, fmt.Errorf("add page %s: %w", name, err)
		}
	}
	p.ready[key] = t
	return t, nil
}

// builtinNames are the pages every slice has.
var builtinNames = []string{"error", "accessibility"}

func builtinSources() map[string]string {
	sources := map[string]string{}
	for _, name := range builtinNames {
		b, err := layoutFiles.ReadFile("layout/" + name + ".html")
		if err != nil {
			panic(err) // embedded at build
		}
		sources[name] = string(b)
	}
	return sources
}

// builtin serves an App without pages of its own.
var builtin = sync.OnceValue(func() *Pages {
	p, err := parse(nil)
	if err != nil {
		panic(err) // the embedded layout does not parse: found by every test
	}
	return p
})

// Names lists the pages, for tests that render each one.
func (p *Pages) Names() []string { return slices.Sorted(maps.Keys(p.pages)) }

func (p *Pages) render(b *bytes.Buffer, name string, d *PageData) error {
	t, err := p.in(d.Lang, name)
	if err != nil {
		return err
	}
	if err := t.ExecuteTemplate(b, "layout", d); err != nil {
		return fmt.Errorf("render page %s: %w", name, err)
	}
	dropDirections(b)
	return nil
}

// dropDirections takes marks of direction out of a page: no text of ours has any, and one in a stored value, from before they
// were dropped at the door, would turn around what stands beside it.
func dropDirections(b *bytes.Buffer) {
	if bare := marks.DropDirections(b.String()); len(bare) != b.Len() {
		b.Reset()
		b.WriteString(bare)
	}
}

// TitleText is the title a handler set, "" when the template's own one counts.
func (d *PageData) TitleText() string {
	if d.title == nil {
		return ""
	}
	return d.title.In(d.Lang)
}

// Sentence is a text in the language of the page.
func (d *PageData) Sentence(t lang.Text) string { return t.In(d.Lang) }

// FieldError is what is wrong with a field, "" if nothing is.
func (d *PageData) FieldError(name string) string {
	if d.Error == nil {
		return ""
	}
	for _, f := range d.Error.Fields {
		if f.Field == name {
			return f.Message.In(d.Lang)
		}
	}
	return ""
}

// SaidByField tells whether the error's sentence stands at one of its fields, so that the summary does not say it twice.
func (d *PageData) SaidByField() bool {
	return slices.ContainsFunc(d.Error.Fields, func(f FieldError) bool { return f.Message.In(d.Lang) == d.Error.Message.In(d.Lang) })
}

// SwitchTo is this page's address in another language.
func (d *PageData) SwitchTo(l lang.Lang) string {
	p, query, _ := strings.Cut(d.switchPath, "?")
	var kept []string
	for part := range strings.SplitSeq(query, "&") {
		if part != "" && !strings.HasPrefix(part, "lang=") {
			kept = append(kept, part)
		}
	}
	return p + "?" + strings.Join(append(kept, "lang="+string(l)), "&")
}

// Keep is the value of a hidden field: the one that waited for the sign-in, else the page's own.
func (d *PageData) Keep(name string, own any) string {
	if v, ok := d.kept[name]; ok {
		return v
	}
	return fmt.Sprint(own)
}

// At tells whether the page lies at or below a path, for the navigation.
func (d *PageData) At(prefix string) bool {
	return d.Path == prefix || strings.HasPrefix(d.Path, prefix+"/")
}
