package infra

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// pageWidth is the most characters on a line of a page.
const pageWidth = 160

func TestPagesAreWrittenInLinesThatPeopleRead(t *testing.T) {
	pages := 0
	for _, root := range []string{"../functions", "../shared", "."} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.IsDir() && d.Name() == "testdata" {
				return filepath.SkipDir
			}
			if d.IsDir() || filepath.Ext(path) != ".html" {
				return nil
			}
			pages++
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			for i, line := range strings.Split(string(b), "\n") {
				if n := utf8.RuneCountInString(line); n > pageWidth {
					t.Errorf("%s:%d has %d characters, want at most %d: one element a line, sentences by t and sentences", path, i+1, n, pageWidth)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if pages < 15 {
		t.Errorf("only %d pages found", pages)
	}
}
