package spelling

// frenchSpeaking are the countries where St can be short for Saint.
var frenchSpeaking = map[string]bool{"CH": true, "FR": true, "BE": true, "LU": true, "MC": true}

// saint returns what St. stands for before a name: Saint before a saint of French-speaking places and in French street names, Sankt everywhere else.
func saint(name, country string, french bool) string {
	if places().saints[name] || french && (frenchSpeaking[country]) {
		return "saint"
	}
	return "sankt"
}
