package browser

import "kundenkonto/shared/lang"

// Text is what a page has to say in each language, written down for itself, so that a catalogue with another sentence is found.
type Text struct{ DE, EN string }

// T puts the two together.
func T(de, en string) Text { return Text{de, en} }

// In is what is to be seen in a language.
func (t Text) In(l lang.Lang) string {
	if l == lang.EN {
		return t.EN
	}
	return t.DE
}
