package spelling

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// words makes everything between letters and numbers one blank: Anna-Maria = Anna Maria. An "&" or "+" between words means und.
func words(v, _ string) string {
	v = strings.NewReplacer("&", " und ", "+", " und ").Replace(v)
	return strings.Join(fields(v), " ")
}

// Titles are forms of address and academic degrees, which many write once and leave away the next time. The faculty counts behind a title only (Dr. phil.: Phil is
// a first name, too), and letters of a degree at the end only (Schäfer MBA, but Ma Li).
var (
	titles    = []string{"herr", "herrn", "frau", "dr", "doktor", "prof", "professor", "dipl", "ing", "mag", "magister"}
	faculties = []string{"agr", "c", "dent", "fh", "forest", "h", "habil", "inf", "ing", "iur", "jur", "kfm", "kffr", "med", "mont", "mult", "nat", "oec", "phil", "pol",
		"psych", "rer", "soc", "techn", "theol", "univ", "vet", "wirt"}
	degrees = []string{"msc", "bsc", "mba", "ma", "ba"}
)

// withoutTitle takes titles off as long as a name remains, and writes "v." before a name as von.
func withoutTitle(v, _ string) string {
	return settle(v, func(v string) string {
		in := strings.Fields(v)
		for len(in) > 1 && slices.Contains(degrees, in[len(in)-1]) {
			in = in[:len(in)-1]
		}
		var out []string
		titled := false
		for i, w := range in {
			if titled = slices.Contains(titles, w) || titled && slices.Contains(faculties, w); titled {
				continue
			}
			if w == "v" && i < len(in)-1 {
				w = "von"
			}
			out = append(out, w)
		}
		if len(out) == 0 {
			return v
		}
		return strings.Join(out, " ")
	})
}

// legalForms are written out, in brackets or with dots; longer ones stand before those they contain. Different forms stay different: a GmbH is not a GmbH & Co. KG.
var legalForms = [][2]string{
	{"mit beschraenkter haftung", "mbh"}, {"m b h", "mbh"}, {"gesellschaft mbh", "gmbh"}, {"ges mbh", "gmbh"}, {"gesmbh", "gmbh"}, {"g mbh", "gmbh"},
	{"gemeinnuetzige gmbh", "ggmbh"}, {"kommanditgesellschaft auf aktien", "kgaa"}, {"partnerschaftsgesellschaft", "partg"}, {"partgmbb", "partg mbb"}, {"limited", "ltd"},
	{"offene gesellschaft", "og"}, {"eingetragenes einzelunternehmen", "eu"}, {"eingetragene unternehmerin", "eu"}, {"eingetragener unternehmer", "eu"}, {"bgb gesellschaft", "gbr"},
	{"unternehmergesellschaft", "ug"}, {"ug haftungsbeschraenkt", "ug"}, {"aktiengesellschaft", "ag"}, {"kommanditgesellschaft", "kg"},
	{"offene handelsgesellschaft", "ohg"}, {"gesellschaft buergerlichen rechts", "gbr"}, {"eingetragener kaufmann", "ek"},
	{"eingetragene kauffrau", "ek"}, {"e kfm", "ek"}, {"e kfr", "ek"}, {"ekfm", "ek"}, {"ekfr", "ek"}, {"eingetragener verein", "ev"}, {"eingetragene genossenschaft", "eg"},
	{"gmbh co", "gmbh und co"}, {"ug co", "ug und co"}, {"ag co", "ag und co"}, {"mbh co", "mbh und co"}, {"u", "und"},
}

// companyForm joins the letters of an abbreviation (G.m.b.H.) and writes every legal form in one way.
func companyForm(v, _ string) string {
	return settle(v, func(v string) string {
		v = " " + strings.Join(joinLetters(strings.Fields(v)), " ") + " "
		if name := strings.TrimPrefix(v, " firma "); strings.TrimSpace(name) != "" {
			v = " " + strings.TrimSpace(name) + " "
		}
		for _, form := range legalForms {
			v = strings.ReplaceAll(v, " "+form[0]+" ", " "+form[1]+" ")
		}
		return strings.TrimSpace(v)
	})
}

// joinLetters joins single letters that follow each other.
func joinLetters(in []string) []string {
	var out []string
	joining := false
	for _, w := range in {
		single := utf8.RuneCountInString(w) == 1 && !number(w)
		if single && joining {
			out[len(out)-1] += w
			continue
		}
		out, joining = append(out, w), single
	}
	return out
}
