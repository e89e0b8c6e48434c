package credential

import (
	_ "embed"
	"strings"
	"sync"
)

// What passwords are commonly made of. At 15 characters a common password is mostly not one word but two or three of them
// with digits, a saying, or one of a list that leaks again and again. Words and phrases are written for this project, German
// and English; the list is of SecLists, see commonlong.LICENSE: those of its passwords that the length lets through, as
// fold makes them, sorted.
var (
	//go:embed common.txt
	commonText string
	//go:embed phrases.txt
	phraseText string
	//go:embed commonlong.txt
	longText string
)

// shortestListed is the length from which on a piece is looked for in the list.
const shortestListed = 10

// commonly says whether a piece is a common word, a known phrase or a common password. The words are read when the first
// password is set, since most requests set none.
func commonly(piece string) bool {
	dictionary.once.Do(func() { dictionary.words = words(append(strings.Fields(commonText), phrases()...)) })
	return dictionary.words[piece] || len(piece) >= shortestListed && listed(piece)
}

// dictionary is filled once. It has no initial value, so that a function that sets no passwords does not carry the lists.
var dictionary struct {
	once  sync.Once
	words map[string]bool
}

// shortestPhrase is how much of a phrase is one by itself.
const shortestPhrase = 11

// phrases are the phrases and their beginnings of several words.
func phrases() []string {
	var all []string
	for line := range strings.Lines(phraseText) {
		words := strings.Fields(line)
		for n := 2; n <= len(words); n++ {
			if part := strings.Join(words[:n], ""); n == len(words) || len(part) >= shortestPhrase {
				all = append(all, part)
			}
		}
	}
	return all
}

// listed looks for a line in the sorted list, which stays as it is in the program: reading it in would cost each start.
func listed(line string) bool {
	from, to := 0, len(longText)
	for from < to {
		middle := (from + to) / 2
		start := strings.LastIndexByte(longText[:middle], '\n') + 1
		end := start + strings.IndexByte(longText[start:], '\n')
		switch c := strings.Compare(longText[start:end], line); {
		case c == 0:
			return true
		case c < 0:
			from = end + 1
		default:
			to = start
		}
	}
	return false
}
