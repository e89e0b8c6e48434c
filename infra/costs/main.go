// Command costs reckons what a month costs from counted requests (counts.json, made by this package's tests), list prices
// (prices.json) and the assumptions in costs.go, and writes the tables of docs/costs.md.
//
//	go run ./infra/costs            prints the bill
//	go run ./infra/costs -write     writes docs/costs.md
//	go run ./infra/costs -million   prints what a million of each act cost, as JSON
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"kundenkonto/infra/places"
	"os"
)

func main() {
	write := flag.Bool("write", false, "write the tables into docs/costs.md")
	each := flag.Bool("million", false, "print what a million of each act cost")
	flag.Parse()
	if *each {
		if err := json.NewEncoder(os.Stdout).Encode(millions(read[map[string]Count](countsFile), read[priceList](pricesFile))); err != nil {
			fmt.Fprintln(os.Stderr, "costs:", err)
			os.Exit(1)
		}
		return
	}
	if err := run(*write); err != nil {
		fmt.Fprintln(os.Stderr, "costs:", err)
		os.Exit(1)
	}
}

func run(write bool) error {
	all, err := tables(".")
	if err != nil {
		return fmt.Errorf("run it in the folder of template.yaml: %w", err)
	}
	if !write {
		fmt.Print(all["bill"])
		return nil
	}
	text, err := os.ReadFile("docs/costs.md")
	if err != nil {
		return err
	}
	next, err := places.Fill(string(text), all)
	if err != nil {
		return fmt.Errorf("docs/costs.md: %w", err)
	}
	return os.WriteFile("docs/costs.md", []byte(next), 0o644)
}
