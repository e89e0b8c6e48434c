// Command catalogue makes shared/lang/compiled.go of the catalogues, one file a language.
//
//	go run ./infra/catalogue                 compile
//	go run ./infra/catalogue -missing nl     print what nl leaves out, ready to be filled in
//
// docs/translating.md tells how to add a language, to change a word and to reword German sentences.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
)

const (
	folder   = "shared/lang/catalogue"
	compiled = "shared/lang/compiled.go"
)

func main() {
	log.SetFlags(0)
	missing := flag.String("missing", "", "print the sentences that this language leaves out, instead of compiling")
	flag.Parse()
	if err := run(*missing); err != nil {
		log.Fatal(err)
	}
}

func run(missing string) error {
	if missing != "" {
		return printMissing(missing)
	}
	all, err := read(folder)
	if err != nil {
		return err
	}
	used, err := uses(".")
	if err != nil {
		return err
	}
	if err := leftOver(all, used); err != nil {
		return err
	}
	source, err := compile(all)
	if err != nil {
		return err
	}
	return os.WriteFile(compiled, source, 0o644)
}

// leftOver tells of translations whose sentence stands nowhere any more.
func leftOver(all map[string]catalogue, used []use) error {
	stands := map[string]bool{}
	for _, u := range used {
		stands[u.key] = true
	}
	var wrong []error
	for of, c := range all {
		for key := range c {
			if !stands[key] {
				wrong = append(wrong, fmt.Errorf("%s.json translates %q, which stands nowhere; was the German sentence changed?", of, key))
			}
		}
	}
	return errors.Join(wrong...)
}

// printMissing writes a catalogue with the sentences that a language does not have: each with its English, to be replaced.
func printMissing(of string) error {
	used, err := uses(".")
	if err != nil {
		return err
	}
	english, err := readFile(filepath.Join(folder, "en.json"))
	if err != nil {
		return err
	}
	present, err := readFile(filepath.Join(folder, of+".json"))
	if err != nil && !os.IsNotExist(err) {
		return err
	}
	left := catalogue{}
	for _, u := range used {
		if _, ok := present[u.key]; !ok {
			left[u.key] = english[u.key]
		}
	}
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	return out.Encode(left)
}

// read reads all catalogues: those of the folder, and over them what an operator words otherwise (own/).
func read(folder string) (map[string]catalogue, error) {
	all := map[string]catalogue{}
	for _, pattern := range []string{"*.json", "own/*.json"} {
		files, err := filepath.Glob(filepath.Join(folder, filepath.FromSlash(pattern)))
		if err != nil {
			return nil, err
		}
		slices.Sort(files)
		for _, name := range files {
			one, err := readFile(name)
			if err != nil {
				return nil, err
			}
			of := languageOf(name)
			if all[of] == nil {
				all[of] = catalogue{}
			}
			for key, t := range one {
				all[of][key] = t
			}
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("no catalogue in %s; run this command at the root of the repository", folder)
	}
	return all, nil
}
