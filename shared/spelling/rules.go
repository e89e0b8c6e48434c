package spelling

import (
	"embed"
	"strings"
	"sync"
)

// The rules that are lists of words stand in files of their own, so that whoever knows a language better can extend them: tab-separated, "#" begins a comment.
// They are read when the first value is compared.
//
//go:embed rules
var ruleFiles embed.FS

// readRules returns the lines of a file in rules/, cut at tabs.
func readRules(name string) [][]string {
	raw, err := ruleFiles.ReadFile("rules/" + name)
	if err != nil {
		panic(err) // embedded while building
	}
	var rows [][]string
	for line := range strings.Lines(string(raw)) {
		if line = strings.TrimRight(line, "\r\n"); line != "" && !strings.HasPrefix(line, "#") {
			rows = append(rows, strings.Split(line, "\t"))
		}
	}
	return rows
}

// rules reads a file once and makes what the comparison looks things up in.
func rules[T any](name string, read func(rows [][]string) T) func() T {
	return sync.OnceValue(func() T { return read(readRules(name)) })
}

// column returns the nth cell of a line, empty where the line is shorter.
func column(row []string, n int) string {
	if n < len(row) {
		return row[n]
	}
	return ""
}

// folded is how words stand in the tables: in small letters, umlauts written out, without accents.
func folded(v string) string {
	if ascii(v) {
		return strings.ToLower(v)
	}
	return plainLetters(strings.ToLower(clean(v)))
}
