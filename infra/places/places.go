// Package places fills the places of a document that a command writes: what stands between <!-- name --> and <!-- end -->.
package places

import (
	"fmt"
	"strings"
)

// Fill is the document with the text of each place put in anew.
func Fill(document string, texts map[string]string) (string, error) {
	for name, text := range texts {
		begin, end := "<!-- "+name+" -->\n", "<!-- end -->"
		at := strings.Index(document, begin)
		if at < 0 {
			return "", fmt.Errorf("the document has no place for %s", name)
		}
		at += len(begin)
		stop := strings.Index(document[at:], end)
		if stop < 0 {
			return "", fmt.Errorf("the place for %s has no end", name)
		}
		document = document[:at] + text + document[at+stop:]
	}
	return document, nil
}
