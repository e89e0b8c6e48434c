// Package useragent says in plain words which browser on which system a User-Agent header names. Clients write what they
// like there, so that it is a hint for people and never a proof; browsers freeze most version numbers by now, so that none
// are told.
package useragent

import (
	"strings"

	"kundenkonto/shared/lang"
)

// Client is a browser and the system it runs on; either may be "".
type Client struct {
	Browser string `json:"browser,omitempty"`
	System  string `json:"system,omitempty"`
}

// rule is a piece of the header and the name it stands for. The first that fits counts: most browsers also name those
// they descend from.
type rule struct{ piece, name string }

var browsers = []rule{
	{"Edg", "Microsoft Edge"}, // Edg/, EdgA/, EdgiOS/
	{"OPR/", "Opera"}, {"OPT/", "Opera"},
	{"SamsungBrowser/", "Samsung Internet"},
	{"Vivaldi/", "Vivaldi"},
	{"YaBrowser/", "Yandex Browser"},
	{"DuckDuckGo/", "DuckDuckGo"}, {"Ddg/", "DuckDuckGo"},
	{"Ecosia", "Ecosia"},
	{"FxiOS/", "Firefox"}, {"Firefox/", "Firefox"},
	{"CriOS/", "Chrome"}, {"HeadlessChrome/", "Chrome"}, {"Chrome/", "Chrome"}, {"Chromium/", "Chromium"},
	{"MSIE ", "Internet Explorer"}, {"Trident/", "Internet Explorer"},
	{"Safari/", "Safari"},
	{"curl/", "curl"}, {"Wget/", "Wget"}, {"python-requests/", "Python"}, {"Go-http-client/", "Go"},
}

var systems = []rule{
	{"iPhone", "iPhone"}, {"iPad", "iPad"}, // they also say "like Mac OS X"
	{"Android", "Android"}, // also says Linux
	{"CrOS", "ChromeOS"},
	{"Windows", "Windows"},
	{"Macintosh", "macOS"}, {"Mac OS X", "macOS"},
	{"Linux", "Linux"}, {"X11", "Linux"},
}

// Parse reads a User-Agent header.
func Parse(header string) Client {
	return Client{Browser: first(browsers, header), System: first(systems, header)}
}

func first(rules []rule, header string) string {
	for _, r := range rules {
		if strings.Contains(header, r.piece) {
			return r.name
		}
	}
	return ""
}

// In puts it into a sentence of a language: "Firefox auf Windows".
func (c Client) In(l lang.Lang) string {
	switch {
	case c == Client{}:
		return lang.T("Unbekanntes Gerät").In(l)
	case c.System == "":
		return c.Browser
	case c.Browser == "":
		return lang.T("Unbekannter Browser auf %s", c.System).In(l)
	}
	return lang.T("%s auf %s|Browser, System", c.Browser, c.System).In(l)
}
