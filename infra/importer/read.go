package importer

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
)

// File is a source that can be read twice: once to validate, once to import.
type File struct {
	Name string
	Open func() (io.ReadCloser, error)
}

// Disk is a file by its path.
func Disk(path string) File {
	return File{path, func() (io.ReadCloser, error) { return os.Open(path) }}
}

// Memory is a source that is held in memory, such as an embedded file.
func Memory(name string, content []byte) File {
	return File{name, func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil }}
}

// Place is where a line stands.
type Place struct {
	File string
	Line int
}

func (p Place) String() string { return fmt.Sprintf("%s:%d", p.File, p.Line) }

// Problem is one thing that is wrong with a line.
type Problem struct {
	Place
	Reason string
}

func (p Problem) String() string { return p.Place.String() + ": " + p.Reason }

// longestLine is far more than a customer with the most packages takes.
const longestLine = 16 << 20

// lines yields the lines of a file that are not empty, with their numbers; a byte order mark is skipped.
func (f File) lines() iter.Seq2[Place, []byte] {
	return func(yield func(Place, []byte) bool) {
		r, err := f.Open()
		if err != nil {
			yield(Place{f.Name, 0}, nil)
			return
		}
		defer r.Close()
		s := bufio.NewScanner(r)
		s.Buffer(make([]byte, 64<<10), longestLine)
		n := 0
		for s.Scan() {
			n++
			text := bytes.TrimSpace(s.Bytes())
			if n == 1 {
				text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
			}
			if len(text) > 0 && !yield(Place{f.Name, n}, text) {
				return
			}
		}
		if s.Err() != nil {
			yield(Place{f.Name, n + 1}, nil)
		}
	}
}

// ErrUnreadable is a file that cannot be opened or read to its end.
var ErrUnreadable = errors.New("cannot be read, or has a line of more than 16 MB")

// Checked is the result of validating: how many customers there are and which lines are wrong.
type Checked struct {
	Customers int
	Problems  []Problem
	bad       map[Place]bool
}

// Good is the number of customers that an import can write.
func (c Checked) Good() int { return c.Customers - len(c.bad) }

// Check validates all files, by themselves and against each other, without writing anything.
func Check(files ...File) Checked {
	c := Checked{bad: map[Place]bool{}}
	numbers, packages := map[string]Place{}, map[string]Place{}
	for _, f := range files {
		for at, text := range f.lines() {
			c.Customers++
			l, found := checkLine(text)
			twice(&found, numbers, l.CustomerNumber, "customerNumber", at)
			for _, p := range l.Packages {
				twice(&found, packages, p.ID, "packages", at)
			}
			for _, reason := range found {
				c.Problems = append(c.Problems, Problem{at, reason})
				c.bad[at] = true
			}
		}
	}
	return c
}

func checkLine(text []byte) (Line, findings) {
	if text == nil {
		return Line{}, findings{ErrUnreadable.Error()}
	}
	l, err := parse(text)
	if err != nil {
		return Line{}, findings{err.Error()}
	}
	return l, l.check()
}

// twice notes a number or package id that another line has already.
func twice(f *findings, seen map[string]Place, id, field string, at Place) {
	if first, taken := seen[id]; taken && id != "" && first != at {
		f.add(field, "%s is in %s already", id, first)
		return
	}
	seen[id] = at
}

// good yields the customers of the files that validation did not refuse.
func (c Checked) good(files []File) iter.Seq2[Place, Line] {
	return func(yield func(Place, Line) bool) {
		for _, f := range files {
			for at, text := range f.lines() {
				if c.bad[at] || text == nil {
					continue
				}
				if l, err := parse(text); err == nil && !yield(at, l) {
					return
				}
			}
		}
	}
}

// Lines reads all customers of files, or says what is wrong with the first bad line.
func Lines(files ...File) ([]Line, error) {
	c := Check(files...)
	if len(c.Problems) > 0 {
		return nil, errors.New(c.Problems[0].String())
	}
	var all []Line
	for _, l := range c.good(files) {
		all = append(all, l)
	}
	return all, nil
}
