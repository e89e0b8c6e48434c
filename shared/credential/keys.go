package credential

import "strings"

// rows are what tongues run along and what fingers draw on keys, besides going from key to key.
const rows = "abcdefghijklmnopqrstuvwxyz 01234567890123456789 qwertzuiopue asdfghjkloeae yxcvbnm qwertyuiop zxcvbnm" +
	" 1qay2wsx3edc4rfv5tgb6zhn7ujm 1qaz2wsx3edc4rfv5tgb6yhn7ujm qaywsxedcrfvtgbzhnujm qazwsxedcrfvtgbyhnujm" +
	" q1w2e3r4t5z6u7i8o9p0 q1w2e3r4t5y6u7i8o9p0 1a2b3c4d5e6f7g8h9i0j a1b2c3d4e5f6g7h8i9j0 a1s2d3f4g5h6j7k8l9 147258369 369258147 741852963"

// inRow says whether a piece is a part of a row, forwards or backwards.
func inRow(piece string) bool {
	return !strings.Contains(piece, " ") && (strings.Contains(rows, piece) || strings.Contains(rows, reverse(piece)))
}

// keyboards are the rows of keys, German and English, each a half key further to the right than the one above.
var keyboards = [2][4]string{
	{"1234567890", "qwertzuiop", "asdfghjkl", "yxcvbnm"},
	{"1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"},
}

// walks says whether each character is on the key of the one before or on one beside it.
func walks(piece string) bool {
	for _, keys := range keyboards {
		at, walked := place(keys, piece[0]), true
		for i := 1; i < len(piece) && walked; i++ {
			next := place(keys, piece[i])
			walked = beside(at, next)
			at = next
		}
		if walked {
			return true
		}
	}
	return false
}

// key is where a character is: its row and column, row -1 when it is on none of these keys.
type key struct{ row, column int }

func place(keys [4]string, c byte) key {
	for row, all := range keys {
		if column := strings.IndexByte(all, c); column >= 0 {
			return key{row, column}
		}
	}
	return key{-1, 0}
}

func beside(a, b key) bool {
	if a.row < 0 || b.row < 0 {
		return false
	}
	if a.row > b.row {
		a, b = b, a
	}
	right := a.column - b.column // of the lower key's left edge
	switch b.row - a.row {
	case 0:
		return right >= -1 && right <= 1
	case 1:
		return right == 0 || right == 1
	}
	return false
}

func reverse(s string) string {
	b := []byte(s)
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
	return string(b)
}
