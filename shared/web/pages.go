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

// Pages are the templates of a slice. Each is parsed at its first use in a language, since a function's start counts and
// most starts show one page.
type Pages struct {
	sources  map[string]string
	partials []fs.FS

	mu     sync.Mutex
	layout *template.Template // nil before the first page
	ready  map[pageKey]*template.Template
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

// ParsePages takes the shared layout and pages/*.html of a slice, to be parsed when they are used. The pages
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
	return pagesOf(sources, partials...), nil
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

func pagesOf(sources map[string]string, partials ...fs.FS) *Pages {
	all := builtinSources()
	maps.Copy(all, sources)
	return &Pages{sources: all, partials: partials, ready: map[pageKey]*template.Template{}}
}

// parseLayout parses what is around every page. The functions are there for their names; in takes those of the language.
func (p *Pages) parseLayout() (*template.Template, error) {
	layout, err := template.New("layout").Funcs(funcs(lang.DE)).ParseFS(layoutFiles, "layout/layout.html", "layout/partials.html")
	if err != nil {
		return nil, fmt.Errorf("parse layout: %w", err)
	}
	for _, fsys := range p.partials {
		if layout, err = layout.ParseFS(fsys, "partials/*.html"); err != nil {
			return nil, fmt.Errorf("parse partials: %w", err)
		}
	}
	return layout, nil
}

// in returns a page within the layout, in a language.
func (p *Pages) in(l lang.Lang, name string) (*template.Template, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	key := pageKey{name, l}
	if t, ok := p.ready[key]; ok {
		return t, nil
	}
	source, ok := p.sources[name]
	if !ok {
		return nil, fmt.Errorf("there is no page %q", name)
	}
	if p.layout == nil {
		layout, err := p.parseLayout()
		if err != nil {
			return nil, err
		}
		p.layout = layout
	}
	t, err := p.layout.Clone()
	if err != nil {
		return nil, fmt.Errorf("copy layout: %w", err)
	}
	t.Funcs(funcs(l))
	if _, err := t.New(name).Parse(source); err != nil {
		return nil, fmt.Errorf("parse page %s: %w", name, err)
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
var builtin = sync.OnceValue(func() *Pages { return pagesOf(nil) })

// Names lists the pages, for tests that render each one.
func (p *Pages) Names() []string { return slices.Sorted(maps.Keys(p.sources)) }

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
