package useragent

import "testing"

func TestBrowsersAreNamedInPlainWords(t *testing.T) {
	for _, c := range []struct{ header, de, en string }{
		{"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox auf Windows", "Firefox on Windows"},
		{"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36", "Chrome auf Linux", "Chrome on Linux"},
		{"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0", "Microsoft Edge auf Windows", "Microsoft Edge on Windows"},
		{"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15", "Safari auf macOS", "Safari on macOS"},
		{"Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1", "Safari auf iPhone", "Safari on iPhone"},
		{"Mozilla/5.0 (iPad; CPU OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/142.0.0.0 Mobile/15E148 Safari/604.1", "Chrome auf iPad", "Chrome on iPad"},
		{"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36", "Samsung Internet auf Android", "Samsung Internet on Android"},
		{"Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0", "Firefox auf Android", "Firefox on Android"},
		{"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36", "Chrome auf ChromeOS", "Chrome on ChromeOS"},
		{"Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko", "Internet Explorer auf Windows", "Internet Explorer on Windows"},
		{"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 OPR/124.0.0.0", "Opera auf Linux", "Opera on Linux"},
		{"curl/8.5.0", "curl", "curl"},
		{"Mozilla/5.0 (Linux) Etwas/1.0", "Unbekannter Browser auf Linux", "Unknown browser on Linux"},
		{"<script>alert(1)</script>", "Unbekanntes Gerät", "Unknown device"},
		{"", "Unbekanntes Gerät", "Unknown device"},
	} {
		if got := Parse(c.header); got.In("de") != c.de || got.In("en") != c.en {
			t.Errorf("%q is %q, %q", c.header, got.In("de"), got.In("en"))
		}
	}
}
