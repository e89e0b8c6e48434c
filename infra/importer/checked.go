package importer

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"hash/maphash"
	"iter"
	"time"
)

// Checked is the result of validating: how many customers there are and which lines are wrong.
type Checked struct {
	Customers int
	Problems  []Problem // the first mostProblems
	Warnings  []Problem // likewise
	More      int       // problems and warnings that are not kept
	Empty     []string  // files with no customer in them

	bad  map[Place]bool
	seed maphash.Seed
	sums map[string][]uint64 // of each line of a file, in order
}

// mostProblems is how many problems, and warnings, are kept: a file in the wrong encoding has one in each line.
const mostProblems = 1000

// Good is the number of customers that an import can write.
func (c Checked) Good() int { return c.Customers - len(c.bad) }

// Checker validates files without writing anything.
type Checker struct {
	Now     func() time.Time
	Problem func(Problem) // called for each problem as it is found; may be nil
	Warning func(Problem) // likewise
}

// Check validates all files, by themselves and against each other.
func Check(files ...File) Checked { return Checker{Now: time.Now}.Check(files...) }

// Check validates all files, by themselves and against each other. Of each line it keeps a few bytes: a sum, and where
// customer number and packages stand, to find what is there twice.
func (c Checker) Check(files ...File) Checked {
	result := Checked{bad: map[Place]bool{}, seed: maphash.MakeSeed(), sums: map[string][]uint64{}}
	numbers, packages := seen{}, seen{}
	names := map[string]bool{}
	for i, f := range files {
		if names[f.Name] {
			c.note(&result, Problem{Place: Place{f.Name, 0}, Reason: "the file is named twice on the command line"})
			continue
		}
		names[f.Name] = true
		before := result.Customers
		for raw := range f.lines() {
			result.Customers++
			result.sums[f.Name] = append(result.sums[f.Name], maphash.Bytes(result.seed, raw.text))
			l, found, odd := c.line(raw)
			at := spot{i, raw.at.Line}
			numbers.twice(&found, l.CustomerNumber, "customerNumber", at, files)
			for _, p := range l.Packages {
				packages.twice(&found, p.ID, "packages", at, files)
			}
			for _, reason := range found {
				c.note(&result, Problem{raw.at, l.known(), reason})
			}
			for _, reason := range odd {
				c.warn(&result, Problem{raw.at, l.known(), reason})
			}
		}
		if result.Customers == before {
			result.Empty = append(result.Empty, f.Name)
		}
	}
	return result
}

// line reads and checks one line by itself.
func (c Checker) line(raw rawLine) (l Line, wrong, odd findings) {
	if raw.wrong != "" {
		return Line{}, findings{raw.wrong}, nil
	}
	if what := broken(raw.text, raw.skip); what != "" {
		return Line{}, findings{fmt.Sprintf("line %d is %s", raw.at.Line, what)}, nil
	}
	l, wrong = parse(raw.text)
	if len(wrong) == 0 {
		wrong = l.broken()
	}
	if len(wrong) > 0 {
		return l, wrong, nil
	}
	odd = l.odd()
	l = l.cleaned()
	return l, l.check(c.Now()), odd
}

// known is the customer number for a report, "" when it could not be read.
func (l Line) known() string {
	if len(l.CustomerNumber) > longestText {
		return ""
	}
	return l.CustomerNumber
}

func (c Checker) note(result *Checked, p Problem) {
	result.bad[p.Place] = true
	keep(&result.Problems, &result.More, p)
	if c.Problem != nil {
		c.Problem(p)
	}
}

func (c Checker) warn(result *Checked, p Problem) {
	keep(&result.Warnings, &result.More, p)
	if c.Warning != nil {
		c.Warning(p)
	}
}

func keep(list *[]Problem, more *int, p Problem) {
	if len(*list) < mostProblems {
		*list = append(*list, p)
	} else {
		*more++
	}
}

// spot is a place in the files, small enough to be kept for each customer and package.
type spot struct{ file, line int }

// seen are customer numbers or package ids and their places. An id is kept as half of its SHA-256, so that long ones
// take no more memory than short ones.
type seen map[[16]byte]spot

// twice notes a number or package id that another line has already.
func (s seen) twice(f *findings, id, field string, at spot, files []File) {
	if id == "" {
		return
	}
	sum := sha256.Sum256([]byte(id))
	key := [16]byte(sum[:])
	if first, taken := s[key]; taken && first != at {
		f.add(field, "%s is in %s already", id, Place{files[first.file].Name, first.line})
		return
	}
	s[key] = at
}

// ErrChanged is a file that is not as it was when it was validated.
var ErrChanged = errors.New("was changed while it was read: start the import again")

// changedError names the file, and where it differs.
type changedError struct{ at Place }

func (e changedError) Error() string { return e.at.File + " " + ErrChanged.Error() }
func (e changedError) Unwrap() error { return ErrChanged }

// good yields the customers of the files that validation did not refuse. It ends with an error, and no customer, at the
// first line that is another one than the line that was validated.
func (c Checked) good(files []File) iter.Seq2[placed, error] {
	return func(yield func(placed, error) bool) {
		done := map[string]bool{}
		for _, f := range files {
			if done[f.Name] {
				continue
			}
			done[f.Name] = true
			sums := c.sums[f.Name]
			for raw := range f.lines() {
				if len(sums) == 0 || maphash.Bytes(c.seed, raw.text) != sums[0] {
					yield(placed{}, changedError{raw.at})
					return
				}
				sums = sums[1:]
				if c.bad[raw.at] || raw.wrong != "" {
					continue
				}
				l, _ := parse(raw.text) // was good before, and is the same
				if !yield(placed{raw.at, l.cleaned()}, nil) {
					return
				}
			}
			if len(sums) > 0 {
				yield(placed{}, changedError{Place{f.Name, 0}})
				return
			}
		}
	}
}

// placed is a customer and where it stands.
type placed struct {
	at   Place
	line Line
}

// Lines reads all customers of files, or says what is wrong with the first bad line.
func Lines(files ...File) ([]Line, error) {
	c := Check(files...)
	if len(c.Problems) > 0 {
		return nil, errors.New(c.Problems[0].String())
	}
	var all []Line
	for p, err := range c.good(files) {
		if err != nil {
			return nil, err
		}
		all = append(all, p.line)
	}
	return all, nil
}
