package axe

import (
	"fmt"
	"strings"
)

// Expressions that check the page (after Script) by the rules of WCAG 2.2 A and AA, the best practices and the contrast
// of 7:1 that we ask for. Each is a promise of []Violation.
var (
	Run = run(`runOnly: {type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
		rules: {"target-size": {enabled: true}, "color-contrast-enhanced": {enabled: true}}`)
	RunStructure = run(`runOnly: {type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
		rules: {"target-size": {enabled: true}, "color-contrast": {enabled: false}}`)
	// RunWords are the rules that words can break: names and labels that a language lacks, and lines that wrap otherwise.
	RunWords = run(`runOnly: {type: "rule", values: ["aria-command-name", "aria-dialog-name", "aria-input-field-name", "aria-tooltip-name",
		"button-name", "document-title", "empty-heading", "empty-table-header", "form-field-multiple-labels", "html-has-lang", "html-lang-valid",
		"image-alt", "input-button-name", "label", "label-title-only", "link-name", "page-has-heading-one", "select-name", "summary-name",
		"table-duplicate-name", "target-size", "valid-lang"]}`)
	RunColours = run(`runOnly: {type: "rule", values: ["color-contrast", "color-contrast-enhanced", "link-in-text-block"]}`)
)

func run(rules string) string {
	return `axe.run(document, {` + rules + `, resultTypes: ["violations"]}).then((r) => r.violations.map((v) => ({
  id: v.id, help: v.help,
  nodes: v.nodes.map((n) => ({html: n.html, summary: n.failureSummary})),
})))`
}

// Violation is a rule that a page breaks.
type Violation struct {
	ID    string `json:"id"`
	Help  string `json:"help"`
	Nodes []struct {
		HTML    string `json:"html"`
		Summary string `json:"summary"`
	} `json:"nodes"`
}

// String tells the rule, the first places and what to do about them.
func (v Violation) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s (%d)", v.ID, v.Help, len(v.Nodes))
	for _, n := range v.Nodes[:min(len(v.Nodes), 3)] {
		fmt.Fprintf(&b, "\n    %s\n      %s", n.HTML, strings.ReplaceAll(n.Summary, "\n", "\n      "))
	}
	return b.String()
}
