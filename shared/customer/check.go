package customer

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"kundenkonto/shared/typed"
)

var (
	numberPattern    = regexp.MustCompile(`^[1-9][0-9]{5,11}$`)
	packageIDPattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)
)

// ValidNumber says whether s is a customer number: 6 to 12 digits, the first not 0.
func ValidNumber(s string) bool { return numberPattern.MatchString(s) }

// ReadNumber is a customer number without what people put between its digits, to be checked by ValidNumber. Every page and
// command that takes a number reads it so; an import does not, since a number in its file is written by a program.
func ReadNumber(entered string) string { return typed.Plain(entered) }

// ReadPackageID are the ids that somebody may mean by what was entered, the likeliest first: ids tell capitals from small
// letters, people do not.
func ReadPackageID(entered string) []string {
	id := typed.Name(entered)
	if upper := strings.ToUpper(id); upper != id && !strings.Contains(id, ".") {
		return []string{id, upper}
	}
	return []string{id}
}

// ValidPackageID says whether s may name a package.
func ValidPackageID(s string) bool { return packageIDPattern.MatchString(s) }

// errDomain is a text that is no domain name.
var errDomain = errors.New("not a domain name")

// FoldDomain gives the form in which a domain is stored and looked up: lower case, IDNA in ASCII, without the dot at the
// end. "www." stays, it is a name of its own.
func FoldDomain(s string) (string, error) {
	s = strings.TrimRight(typed.Name(s), ". ")
	if s == "" || len(s) > 1000 {
		return "", errDomain
	}
	folded, err := typed.Domain(s)
	if err != nil {
		return "", fmt.Errorf("%w: %w", errDomain, err)
	}
	if !strings.Contains(folded, ".") {
		return "", errDomain
	}
	return folded, nil
}
