package spelling

import (
	"slices"
	"strings"
)

// cityWords writes abbreviations out and leaves the words between town and river or region away: Frankfurt a. M. = Frankfurt am Main = Frankfurt/Main.
func cityWords(v, country string) string {
	return settle(v, func(v string) string {
		in := firstWords(fields(v), country)
		if known := knownTown(in); known != nil {
			return strings.Join(known, " ")
		}
		in = unknownTown(in, country)
		var out []string
		for i, w := range in {
			lastWord := i == len(in)-1
			if full, ok := places().regions[w]; ok && i > 0 {
				w = full
			}
			if _, connector := places().connectors[w]; connector && len(out) > 0 && !lastWord {
				continue
			}
			out = append(out, w)
		}
		return strings.Join(out, " ")
	})
}

// firstWords writes out what stands in front of a town (Wr. Neustadt, St. Pölten), and takes away what a town only calls itself (Hansestadt Lübeck).
func firstWords(in []string, country string) []string {
	out := slices.Clone(in)
	for i, w := range out[:max(0, len(out)-1)] {
		switch full, known := places().fronts[w]; {
		case w == "st":
			out[i] = saint(out[i+1], country, false)
		case w == "ste":
			out[i] = "sainte"
		case known && i == 0:
			out[i] = full
		}
	}
	for len(out) > 1 && places().bynames[out[0]] {
		out = out[1:]
	}
	for len(out) > 1 && places().bynames[out[len(out)-1]] {
		out = out[:len(out)-1]
	}
	return out
}

// knownTown returns the words of the town in towns.txt that is meant, its connectors left away; nil when there is none or more than one: Neustadt/W. could be
// two. The town may be abbreviated behind its first words, which have to stand as they are.
func knownTown(in []string) []string {
	const longest = 6 // words in front of the river or region
	for n := min(len(in)-1, longest); n > 0; n-- {
		base := strings.Join(in[:n], " ")
		var found []string
		for _, words := range towns()[base] {
			if !standsFor(in[n:], words) {
				continue
			}
			if found != nil {
				return nil
			}
			found = append(slices.Clone(in[:n]), withoutConnectors(words)...)
		}
		if found != nil {
			return found
		}
	}
	return nil
}

// unknownTown writes out what stands behind a town that is not in towns.txt, such as a. N.
func unknownTown(in []string, country string) []string {
	n := len(in) - 2
	if n < 1 || towns()[strings.Join(in[:n], " ")] != nil {
		return in
	}
	b, known := places().behind[in[n]+" "+in[n+1]]
	if !known || b.country != "" && b.country != country {
		return in
	}
	return append(slices.Clone(in[:n]), b.meaning)
}

// standsFor reports whether the words behind a town are those of its full name, each as it is or abbreviated; connectors may be missing on either side.
func standsFor(written, full []string) bool {
	if slices.Equal(withoutConnectors(written), withoutConnectors(full)) {
		return true
	}
	regions := withoutConnectors(full)
	for len(written) > 0 {
		w := written[0]
		short, connector := places().connectors[w]
		switch {
		case len(full) > 0 && connector && slices.Contains(short, full[0]):
			full = full[1:]
		case len(regions) > 0 && abbreviates(w, regions[0]) && !connector, len(regions) > 0 && connector && len(written) == 1 && len(regions) == 1 && abbreviates(w, regions[0]):
			regions = regions[1:]
			full = full[slices.IndexFunc(full, func(f string) bool { return !isConnector(f) })+1:]
		case connector && (len(full) == 0 || !isConnector(full[0])): // Frankfurt a. d. Oder, officially Frankfurt (Oder)
		default:
			return false
		}
		written = written[1:]
	}
	return len(regions) == 0
}

// abbreviates reports whether the letters of a word stand in the full one in this order, beginning with its first: Brsg. is Breisgau.
func abbreviates(short, full string) bool {
	if short == "" || short[0] != full[0] {
		return false
	}
	rest := full
	for _, c := range short {
		at := strings.IndexRune(rest, c)
		if at < 0 {
			return false
		}
		rest = rest[at+1:]
	}
	return true
}

func isConnector(w string) bool {
	_, found := places().connectors[w]
	return found && len(w) > 1
}

func withoutConnectors(in []string) []string {
	return slices.DeleteFunc(slices.Clone(in), isConnector)
}

// cityDistrict cuts a district that says it is one (Berlin OT Mitte). Berlin-Mitte stays: without a list of towns nobody can tell it from Garmisch-Partenkirchen.
func cityDistrict(v, _ string) string {
	words := strings.Fields(v)
	for i, w := range words {
		if i > 0 && i < len(words)-1 && (w == "ot" || w == "ortsteil" || w == "stadtteil") {
			return strings.Join(words[:i], " ")
		}
	}
	return v
}

type placeRules struct {
	fronts, regions map[string]string
	behind          map[string]ending
	connectors      map[string][]string // what a connector may be short for, itself at least
	bynames, saints map[string]bool
}

var places = rules("places.tsv", func(rows [][]string) placeRules {
	r := placeRules{map[string]string{}, map[string]string{}, map[string]ending{}, map[string][]string{}, map[string]bool{}, map[string]bool{}}
	for _, row := range rows {
		written, meaning := folded(row[1]), folded(column(row, 2))
		switch row[0] {
		case "front":
			r.fronts[written] = meaning
		case "region":
			r.regions[written] = meaning
		case "behind":
			r.behind[written] = ending{written: written, meaning: meaning, country: column(row, 3)}
		case "connector":
			r.connectors[written] = append(strings.Fields(meaning), written)
		case "byname":
			r.bynames[written] = true
		case "saint":
			r.saints[written] = true
		}
	}
	return r
})

// towns are the names of towns.txt by the words in front of the river or region, each with the words behind these.
var towns = rules("towns.txt", func(rows [][]string) map[string][][]string {
	known := map[string][][]string{}
	for _, row := range rows {
		words := fields(folded(row[0]))
		for i := 1; i < len(words); i++ {
			if isConnector(words[i]) || i == len(words)-1 && !slices.ContainsFunc(words[1:], isConnector) || strings.ContainsAny(row[0], "(/") && i == bracketAt(row[0]) {
				base := strings.Join(words[:i], " ")
				known[base] = append(known[base], words[i:])
				break
			}
		}
	}
	return known
})

// bracketAt returns how many words stand before the bracket or slash of a name.
func bracketAt(name string) int { return len(fields(name[:strings.IndexAny(name, "(/")])) }
