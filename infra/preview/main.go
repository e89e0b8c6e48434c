// Command preview serves sample pages in the shared layout, to look at the
// stylesheet without a cloud: go run ./infra/preview, then open the address it
// prints. With -shots DIR it takes screenshots of every page at 375 and 1280
// px, light and dark, by Debian's chromium.
package main

import (
	"embed"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"

	"kundenkonto/shared/web"
)

//go:embed pages/*.html
var files embed.FS

func main() {
	shots := flag.String("shots", "", "folder for screenshots; empty: just serve")
	addr := flag.String("addr", "127.0.0.1:0", "address to listen on")
	axe := flag.String("axe", "", "file of axe-core (npm package axe-core, axe.min.js) to check each screenshot's page with")
	accent := flag.String("accent", web.DefaultAccent, "accent colour")
	flag.Parse()
	if err := run(*addr, *shots, *accent, *axe); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(addr, shots, accent, axe string) error {
	if err := web.CheckAccent(accent); err != nil {
		return err
	}
	pages, err := web.ParsePages(files)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	url := "http://" + l.Addr().String()
	cfg := web.AppConfig{Config: web.Config{PublicURL: url, Brand: web.DefaultBrand, Contact: "030 1234567", Accent: accent,
		ImprintURL: "https://www.example.com/impressum", PrivacyURL: "https://www.example.com/datenschutz"},
		Now: now, Logger: slog.New(slog.NewTextHandler(io.Discard, nil))}
	server := &http.Server{Handler: web.NewApp(cfg, pages, routes())}
	if shots == "" {
		fmt.Println(url)
		return server.Serve(l)
	}
	go func() { _ = server.Serve(l) }()
	defer server.Close()
	script, err := readOptional(axe)
	if err != nil {
		return err
	}
	return shoot(url, shots, script)
}

func readOptional(name string) (string, error) {
	if name == "" {
		return "", nil
	}
	b, err := os.ReadFile(name) //nolint:gosec // the caller's own file
	if err != nil {
		return "", fmt.Errorf("read axe-core: %w", err)
	}
	return string(b), nil
}
