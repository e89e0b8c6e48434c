package credential

import (
	"strings"

	"kundenkonto/shared/lang"
)

// PolicyContext is what a password must not consist of: the customer's numbers, names, domains, and the brand (S5).
type PolicyContext struct {
	Words []string
}

// Violation is why a password is refused, with a stable code.
type Violation struct {
	Code string // too_short, too_long, common, context
	Text lang.Text
}

// Bounds of a password, in characters.
const (
	MinLength = 15
	MaxLength = 256
)

// A password may contain common words and the customer's name; it must not be nothing else. Counted in characters that
// belong to none of them.
const (
	freshBesideCommon  = 4
	freshBesideContext = 6
	distinctCommon     = 3 // so many different words make a passphrase
)

// CheckPolicy refuses a new password for its length, for being common, or for consisting of what everybody knows about
// the customer; nil when it is good. There are no rules about composition (NIST SP 800-63B-4).
func CheckPolicy(password string, ctx PolicyContext) *Violation {
	switch n := Length(password); {
	case n < MinLength:
		return &Violation{Code: "too_short",
			Text: lang.T("Das Passwort braucht mindestens 15 Zeichen. Am leichtesten merken Sie sich mehrere Wörter hintereinander.")}
	case n > MaxLength:
		return &Violation{Code: "too_long",
			Text: lang.T("Das Passwort darf höchstens 256 Zeichen haben.")}
	}
	plain, context := fold(Normal(password)), contextWords(ctx)
	bare := strings.Trim(plain, padding)
	for _, text := range []string{plain, unleet(plain), unleet(bare), squeeze(plain)} {
		if v := consists(text, context); v != nil {
			return v
		}
	}
	return nil
}

// consists refuses a folded text that has next to nothing but known words, sequences and repetitions.
func consists(text string, context map[string]bool) *Violation {
	if listed(text) || repeats(text) || repeats(strings.Trim(text, padding)) {
		return common()
	}
	c := cover(text, context)
	switch {
	case len(c.context) > 0 && c.fresh < freshBesideContext && len(c.common) < distinctCommon:
		return &Violation{Code: "context",
			Text: lang.T("Dieses Passwort besteht aus Angaben über Sie, die auch andere kennen. Nehmen Sie mehrere Wörter, die nichts miteinander zu tun haben.")}
	case c.fresh < freshBesideCommon && len(c.common) < distinctCommon:
		return common()
	}
	return nil
}

func common() *Violation {
	return &Violation{Code: "common",
		Text: lang.T("Dieses Passwort ist zu leicht zu erraten. Nehmen Sie mehrere Wörter, die nichts miteinander zu tun haben.")}
}

// contextWords folds the words about the customer and takes them apart: a domain into its labels, a name into its parts.
func contextWords(ctx PolicyContext) map[string]bool {
	var parts []string
	for _, w := range ctx.Words {
		w = strings.ToLower(w)
		parts = append(parts, w)
		parts = append(parts, strings.FieldsFunc(w, func(r rune) bool { return strings.ContainsRune(" .-_@/,&+", r) })...)
	}
	return words(parts)
}

// words folds a list into a set; what has fewer than three characters says nothing.
func words(list []string) map[string]bool {
	set := make(map[string]bool, len(list))
	for _, w := range list {
		if f := fold(w); len(f) >= 3 {
			set[f] = true
		}
	}
	return set
}
