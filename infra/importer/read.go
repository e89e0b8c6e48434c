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

// File is a source that can be read several times: to validate, to look ahead, to import.
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

// Problem is one thing that is wrong with a line, or that somebody should look at.
type Problem struct {
	Place
	Number string // the customer number, where it could be read
	Reason string
}

func (p Problem) String() string { return p.Place.String() + ": " + p.Reason }

// longestLine is more than a customer with the most packages takes. It bounds what is held of a file at a time.
const longestLine = 16 << 20

// rawLine is one line that is not empty. Wrong says why it cannot be read.
type rawLine struct {
	at    Place
	text  []byte // without the blanks around it; good until the next line is read
	skip  int    // bytes before the text
	wrong string
}

// lines yields the lines of a file that are not empty; a byte order mark is skipped.
func (f File) lines() iter.Seq[rawLine] {
	return func(yield func(rawLine) bool) {
		r, err := f.Open()
		if err != nil {
			yield(rawLine{at: Place{f.Name, 0}, wrong: unreadable(err)})
			return
		}
		defer r.Close()
		b := bufio.NewReaderSize(r, 64<<10)
		if kind := foreign(b); kind != "" {
			yield(rawLine{at: Place{f.Name, 0}, wrong: kind})
			return
		}
		for n := 1; ; n++ {
			text, tooLong, err := readLine(b)
			whole := len(text)
			if n == 1 {
				text = bytes.TrimPrefix(text, []byte(byteOrderMark))
			}
			text = bytes.TrimLeft(text, " \t")
			l := rawLine{at: Place{f.Name, n}, skip: whole - len(text), text: bytes.TrimRight(text, " \t\r\n")}
			switch {
			case tooLong:
				l = rawLine{at: l.at, wrong: fmt.Sprintf("the line is longer than %d MB", longestLine>>20)}
			case err != nil && !errors.Is(err, io.EOF):
				l = rawLine{at: l.at, wrong: unreadable(err)}
			}
			if (len(l.text) > 0 || l.wrong != "") && !yield(l) {
				return
			}
			if err != nil {
				return
			}
		}
	}
}

// readLine reads to the end of a line. Of one that is too long it keeps nothing, and the next one can be read.
func readLine(b *bufio.Reader) (line []byte, tooLong bool, err error) {
	for {
		part, err := b.ReadSlice('\n')
		if len(line)+len(part) > longestLine {
			tooLong, line = true, nil
		}
		if !tooLong {
			line = append(line, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, tooLong, err
		}
	}
}

func unreadable(err error) string {
	var path *os.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return fmt.Sprintf("cannot be read: %v", err)
}

const byteOrderMark = "\xef\xbb\xbf"

// beginnings tell files that are no text of lines in UTF-8.
var beginnings = []struct{ bytes, kind string }{
	{"\xff\xfe", "is in UTF-16"}, {"\xfe\xff", "is in UTF-16"}, {"{\x00", "is in UTF-16"}, {"\x00{", "is in UTF-16"}, {"\x00\x00", "is in UTF-32"},
	{"\x1f\x8b", "is packed with gzip"}, {"PK\x03\x04", "is packed with zip"}, {"BZh", "is packed with bzip2"},
	{"\xfd7zXZ", "is packed with xz"}, {"\x28\xb5\x2f\xfd", "is packed with zstd"},
}

// foreign says what a file is that cannot be read at all, "" for one that may be good.
func foreign(b *bufio.Reader) string {
	head, _ := b.Peek(8)
	for _, k := range beginnings {
		if bytes.HasPrefix(head, []byte(k.bytes)) {
			return "the file " + k.kind + ": give it as plain text in UTF-8, one customer a line"
		}
	}
	return ""
}
