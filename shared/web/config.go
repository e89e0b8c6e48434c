package web

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"

	"kundenkonto/shared/colour"
	"kundenkonto/shared/metrics"
)

// Config is what all pages need from the environment.
type Config struct {
	Stage       string
	PublicURL   string // without a slash at the end
	Brand       string
	Contact     string // how to reach the company, as it is printed: a telephone number or an address
	ImprintURL  string
	PrivacyURL  string
	Links       Links
	Accent      string // #rrggbb
	EdgeSecrets []string
	Meter       metrics.Meter
}

// Links lead to pages of the company that customers look for from here, each https or "" for none.
type Links struct {
	Invoices   string
	Help       string
	Pay        string // where an amount that is owed can be paid
	Terms      string // general terms and conditions
	Processing string // agreement on the processing of personal data for customers (GDPR article 28)
}

// DefaultBrand is the name when none is configured.
const DefaultBrand = "Kundenkonto"

// ReadConfig reads the environment of a function with pages once, at its start.
func ReadConfig() (Config, error) { return readConfig(os.Getenv) }

func readConfig(env func(string) string) (Config, error) {
	c, siteErr := readSite(env)
	secrets, err := edgeSecrets(env("EDGE_SECRETS"), c.Stage)
	c.EdgeSecrets, c.Meter = secrets, metrics.Meter{Namespace: env("METRICS_NAMESPACE"), Stage: c.Stage}
	return c, errors.Join(siteErr, err)
}

// ReadSite reads how the installation presents itself, for a function that nobody reaches by the edge. The accent colour is
// not worth an outage: a bad one is answered with the default and a line on stderr.
func ReadSite() (Config, error) { return readSite(os.Getenv) }

func readSite(env func(string) string) (Config, error) {
	c := Config{
		Stage: env("STAGE"), PublicURL: strings.TrimSuffix(env("PUBLIC_URL"), "/"), Brand: or(env("BRAND"), DefaultBrand),
		Contact: env("CONTACT"), ImprintURL: env("IMPRINT_URL"), PrivacyURL: env("PRIVACY_URL"), Accent: or(env("ACCENT"), colour.Default),
	}
	var err error
	if c.Links, err = readLinks(env); err != nil {
		return c, err
	}
	if u, err := url.Parse(c.PublicURL); err != nil || u.Scheme == "" || u.Host == "" {
		return c, errors.New("PUBLIC_URL must be the address of the site, for example https://konto.example.com")
	}
	if err := colour.Check(c.Accent); err != nil {
		fmt.Fprintf(os.Stderr, "ACCENT: %v; the default %s is used instead\n", err, colour.Default)
		c.Accent = colour.Default
	}
	return c, nil
}

// readLinks reads the links. A wrong one is worth not to start: people would follow it with their money.
func readLinks(env func(string) string) (l Links, err error) {
	for name, at := range map[string]*string{"INVOICES_URL": &l.Invoices, "HELP_URL": &l.Help, "PAY_URL": &l.Pay, "TERMS_URL": &l.Terms,
		"PROCESSING_URL": &l.Processing} {
		*at = env(name)
		if u, parseErr := url.Parse(*at); *at != "" && (parseErr != nil || u.Scheme != "https" || u.Host == "" || u.User != nil) {
			err = errors.Join(err, fmt.Errorf("%s must be empty or an address that begins with https://", name))
		}
	}
	return l, err
}

// localStage is the only stage whose functions may be asked without the edge.
const localStage = "local"

// shortestEdgeSecret is too long to be guessed by requests, in characters.
const shortestEdgeSecret = 16

// edgeSecrets reads one secret, or two that are valid during a change. A function that would let requests past the
// edge must not start: without a secret there is no firewall, and visitors choose the address they are counted by.
func edgeSecrets(list, stage string) (secrets []string, err error) {
	for s := range strings.SplitSeq(list, ",") {
		if s = strings.TrimSpace(s); s != "" {
			secrets = append(secrets, s)
		}
	}
	if stage == localStage {
		return secrets, nil
	}
	if len(secrets) == 0 {
		return nil, errors.New("EDGE_SECRETS is empty; without the edge's secret anybody could go past its firewall")
	}
	for _, s := range secrets {
		if len(s) < shortestEdgeSecret {
			return nil, fmt.Errorf("EDGE_SECRETS has a secret of %d characters; it must have at least %d", len(s), shortestEdgeSecret)
		}
	}
	return secrets, nil
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
