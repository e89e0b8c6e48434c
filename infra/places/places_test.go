package places

import "testing"

func TestPlacesAreFilledAndTheRestStays(t *testing.T) {
	const document = "a\n<!-- one -->\nold\n<!-- end -->\nb\n<!-- two -->\n<!-- end -->\n"
	got, err := Fill(document, map[string]string{"one": "new\n", "two": "more\n"})
	if want := "a\n<!-- one -->\nnew\n<!-- end -->\nb\n<!-- two -->\nmore\n<!-- end -->\n"; err != nil || got != want {
		t.Error(got, err)
	}
	for _, wrong := range []string{"a", "<!-- one -->\nno end"} {
		if _, err := Fill(wrong, map[string]string{"one": ""}); err == nil {
			t.Errorf("%q is filled", wrong)
		}
	}
}
