package web

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
)

// Config is what all pages need from the environment.
type Config struct {
	Stage       string
	PublicURL   string // without a slash at the end
	Brand       string
	Contact     string // how to reach the company, as it is printed: a telephone number or an address
	ImprintURL  string
	PrivacyURL  string
	Accent      string // #rrggbb
	EdgeSecrets []string
}

// DefaultBrand is the name when none is configured.
const DefaultBrand = "Kundenkonto"

// ReadConfig reads the environment once, at the start of a function. The
// accent colour is not worth an outage: a bad one is answered with the default
// and a line on stderr.
func ReadConfig() (Config, error) { return readConfig(os.Getenv) }

func readConfig(env func(string) string) (Config, error) {
	c := Config{
		Stage: env("STAGE"), PublicURL: strings.TrimSuffix(env("PUBLIC_URL"), "/"), Brand: or(env("BRAND"), DefaultBrand),
		Contact: env("CONTACT"), ImprintURL: env("IMPRINT_URL"), PrivacyURL: env("PRIVACY_URL"), Accent: or(env("ACCENT"), DefaultAccent),
	}
	for s := range strings.SplitSeq(env("EDGE_SECRETS"), ",") {
		if s = strings.TrimSpace(s); s != "" {
			c.EdgeSecrets = append(c.EdgeSecrets, s)
		}
	}
	if u, err := url.Parse(c.PublicURL); err != nil || u.Scheme == "" || u.Host == "" {
		return c, errors.New("PUBLIC_URL must be the address of the site, for example https://konto.example.com")
	}
	if err := CheckAccent(c.Accent); err != nil {
		fmt.Fprintf(os.Stderr, "ACCENT: %v; the default %s is used instead\n", err, DefaultAccent)
		c.Accent = DefaultAccent
	}
	return c, nil
}

// Origin is the scheme, host and port of the public URL, as browsers send it.
func (c Config) Origin() string {
	u, err := url.Parse(c.PublicURL)
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
