package infra

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"kundenkonto/functions/review/customers"
	"kundenkonto/shared/credential"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/order"
	"kundenkonto/shared/passkey"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/session"
	"kundenkonto/shared/throttle"
	"kundenkonto/shared/token"
)

// figures are what docs/security.md prints, by the names it gives them.
func figures(t *testing.T) map[string]string {
	t.Helper()
	hash, err := credential.Hasher{Rand: bytes.NewReader(make([]byte, 64))}.Hash("Lampe Wiese Fahrrad")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{"credential.Hasher": hash[:strings.LastIndex(hash[:strings.LastIndex(hash, "$")], "$")]}
	for name, d := range map[string]time.Duration{
		"session.Idle": session.Idle, "session.Absolute": session.Absolute, "session.StaffIdle": session.StaffIdle, "session.StaffAbsolute": session.StaffAbsolute, "session.StaffCheckEvery": session.StaffCheckEvery,
		"session.PendingLasts": session.PendingLasts, "session.KeptLasts": session.KeptLasts, "throttle.DeviceLifetime": throttle.DeviceLifetime,
		"token.ResetLifetime": token.ResetLifetime, "token.ConfirmLifetime": token.ConfirmLifetime, "token.StopLifetime": token.StopLifetime,
		"order.ProofLifetime": order.ProofLifetime, "order.UndoPeriod": order.UndoPeriod, "secondfactor.Lapses": secondfactor.Lapses,
		"customers.DefaultRecoveryWait": customers.DefaultRecoveryWait, "throttle.MaxPause": throttle.MaxPause,
	} {
		all[name] = plain(d)
	}
	for name, n := range map[string]int{
		"throttle.FreeTries": throttle.FreeTries, "throttle.OrdersADay": throttle.OrdersADay, "throttle.ResetMailsAtOnce": throttle.ResetMailsAtOnce,
		"credential.MinLength": credential.MinLength, "credential.MaxLength": credential.MaxLength, "secondfactor.NumberOfCodes": secondfactor.NumberOfCodes,
		"passkey.Most": passkey.Most, "merge.MaxOrderNumbers": merge.MaxOrderNumbers, "merge.MaxCustomerNumbers": merge.MaxCustomerNumbers,
	} {
		all[name] = fmt.Sprint(n)
	}
	return all
}

// plain is a time in hours, or else minutes.
func plain(d time.Duration) string {
	if d%time.Hour == 0 {
		return fmt.Sprintf("%dh", d/time.Hour)
	}
	return fmt.Sprintf("%dm", d/time.Minute)
}

func document(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("../docs/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A document that names another figure than the program has is worse than none.
func TestTheFiguresOfTheSecurityDocumentAreThoseOfTheProgram(t *testing.T) {
	printed := map[string]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| [^|]+ \\| ([^|]+) \\| `([a-z]+\\.[A-Za-z]+)` \\|$").FindAllStringSubmatch(document(t, "security.md"), -1) {
		printed[row[2]] = row[1]
	}
	real := figures(t)
	for name, value := range real {
		if printed[name] != value {
			t.Errorf("%s is %s, the document says %q", name, value, printed[name])
		}
	}
	for name := range printed {
		if real[name] == "" {
			t.Errorf("the document prints %s, which nothing holds it to", name)
		}
	}
}

// tests are the names of all test functions.
func tests(t *testing.T) map[string]bool {
	t.Helper()
	all := map[string]bool{}
	declared := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		for _, found := range declared.FindAllSubmatch(source, -1) {
			all[string(found[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Whoever follows a name from the documents finds a test.
func TestEachTestThatADocumentNamesExists(t *testing.T) {
	real := tests(t)
	names, err := filepath.Glob("../docs/decisions/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range append(names, "../docs/security.md", "../docs/asvs.md", "../docs/events.md", "../README.md", "../ARCHITECTURE.md") {
		text := document(t, name)
		for _, named := range regexp.MustCompile(`\bTest[A-Z]\w+`).FindAllString(text, -1) {
			if !real[named] {
				t.Errorf("%s names %s, which there is none of", name, named)
			}
		}
	}
}

// asvs are the requirements of levels 1 and 2 of OWASP ASVS 5.0.0, by section.
const asvs = `1.1: 1 2; 1.2: 1 2 3 4 5 6 7 8 9; 1.3: 1 2 3 4 5 6 7 8 9 10 11; 1.4: 1 2 3; 1.5: 1 2; 2.1: 1 2 3; 2.2: 1 2 3; 2.3: 1 2 3 4; 2.4: 1;
	3.2: 1 2; 3.3: 1 2 3 4; 3.4: 1 2 3 4 5 6; 3.5: 1 2 3 4 5; 3.7: 1 2; 4.1: 1 2 3; 4.2: 1; 4.3: 1 2; 4.4: 1 2 3 4; 5.1: 1; 5.2: 1 2 3; 5.3: 1 2; 5.4: 1 2 3;
	6.1: 1 2 3; 6.2: 1 2 3 4 5 6 7 8 9 10 11 12; 6.3: 1 2 3 4; 6.4: 1 2 3 4; 6.5: 1 2 3 4 5; 6.6: 1 2 3; 6.8: 1 2 3 4; 7.1: 1 2 3; 7.2: 1 2 3 4; 7.3: 1 2;
	7.4: 1 2 3 4 5; 7.5: 1 2; 7.6: 1 2; 8.1: 1 2; 8.2: 1 2 3; 8.3: 1; 8.4: 1; 9.1: 1 2 3; 9.2: 1 2 3 4; 10.1: 1 2; 10.2: 1 2; 10.3: 1 2 3 4;
	10.4: 1 2 3 4 5 6 7 8 9 10 11; 10.5: 1 2 3 4 5; 10.6: 1 2; 10.7: 1 2 3; 11.1: 1 2; 11.2: 1 2 3; 11.3: 1 2 3; 11.4: 1 2 3 4; 11.5: 1; 11.6: 1; 12.1: 1 2 3;
	12.2: 1 2; 12.3: 1 2 3 4; 13.1: 1; 13.2: 1 2 3 4 5; 13.3: 1 2; 13.4: 1 2 3 4 5; 14.1: 1 2; 14.2: 1 2 3 4; 14.3: 1 2 3; 15.1: 1 2 3; 15.2: 1 2 3;
	15.3: 1 2 3 4 5 6 7; 16.1: 1; 16.2: 1 2 3 4 5; 16.3: 1 2 3 4; 16.4: 1 2 3; 16.5: 1 2 3; 17.1: 1; 17.2: 1 2 3 4; 17.3: 1 2`

// The table has a row for each requirement, which says met, not applicable or open, and where or why; so that nothing is
// passed over, and what is not applicable has a reason.
func TestTheTableOfASVSIsWholeAndNamesRealTests(t *testing.T) {
	rows := map[string][]string{}
	for _, line := range strings.Split(document(t, "asvs.md"), "\n") {
		cells := strings.Split(strings.Trim(line, "| "), " | ")
		if !regexp.MustCompile(`^\d+\.\d+\.\d+$`).MatchString(cells[0]) {
			continue
		}
		if rows[cells[0]] != nil || len(cells) != 4 {
			t.Errorf("%s stands there twice, or has %d cells", cells[0], len(cells))
		}
		rows[cells[0]] = cells
	}
	for _, section := range strings.Split(asvs, ";") {
		prefix, ids, _ := strings.Cut(strings.TrimSpace(section), ": ")
		for _, id := range strings.Fields(ids) {
			row := rows[prefix+"."+id]
			delete(rows, prefix+"."+id)
			if row == nil {
				t.Errorf("%s.%s has no row", prefix, id)
				continue
			}
			if !slices.Contains([]string{"met", "not applicable", "open"}, row[2]) || len(row[3]) < 4 {
				t.Errorf("%s.%s is %q: %q", prefix, id, row[2], row[3])
			}
		}
	}
	for id := range rows {
		t.Errorf("%s is no requirement of levels 1 and 2", id)
	}
}

// acts are what can be done to an account; each may meet each.
var acts = []string{"sign-in", "reset", "e-mail change", "stop", "second step", "recovery", "package password", "proof", "merge", "veto", "objection", "undo", "import", "help"}

// The document says of each pair of acts what must be true.
func TestTheMatrixOfActsHasEachPair(t *testing.T) {
	text := document(t, "security.md")
	for i, a := range acts {
		for _, b := range acts[i:] {
			row := regexp.MustCompile(`(?m)^\| `+a+` × `+b+` \| ([^|]{8,}) \|`).FindAllString(text, -1)
			if len(row) != 1 {
				t.Errorf("%s × %s stands there %d times", a, b, len(row))
			}
		}
	}
}

// A module without a reason is one that nobody would miss (ASVS 15.1.2).
func TestEveryDependencyHasItsReason(t *testing.T) {
	mod, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	said := document(t, "../ARCHITECTURE.md")
	direct, _, _ := strings.Cut(string(mod), "// indirect")
	for _, line := range regexp.MustCompile(`(?m)^\t(\S+) v\S+$`).FindAllStringSubmatch(direct, -1) {
		parts := strings.Split(line[1], "/")
		named := slices.ContainsFunc(parts[1:], func(part string) bool {
			return len(part) > 1 && strings.Contains(said, part)
		})
		if !named {
			t.Errorf("ARCHITECTURE.md has no reason for %s", line[1])
		}
	}
}

// The edge takes TLS 1.2 and 1.3 alone, leads from HTTP to HTTPS, and speaks to the API by TLS (ASVS 12).
func TestTheEdgeSpeaksOnlyCurrentTLS(t *testing.T) {
	edge, err := os.ReadFile("edge.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"MinimumProtocolVersion: TLSv1.2_2021", "OriginProtocolPolicy: https-only", "OriginSSLProtocols: [TLSv1.2]"} {
		if !strings.Contains(string(edge), part) {
			t.Errorf("edge.yaml has no %s", part)
		}
	}
	if all, https := strings.Count(string(edge), "ViewerProtocolPolicy:"), strings.Count(string(edge), "ViewerProtocolPolicy: redirect-to-https"); all == 0 || all != https {
		t.Errorf("%d of %d behaviours lead to HTTPS", https, all)
	}
}
