package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"kundenkonto/infra/bench/figure"
)

// baseTree is where the other revision is checked out.
const baseTree = "build/base"

// measuring are the folders of what measures: the other revision is measured by this one's tools, and built as this one is.
var measuring = []string{"infra/bench", "infra/meter", "infra/localtest", "infra/costs", "infra/pack", "infra/places"}

// turns is how often each part is measured in each revision.
const turns = 3

// compare measures another revision and this one in turns, part by part, and prints what differs.
func (b bench) compare(revision, only, sizes, out string) error {
	if err := b.checkOut(revision); err != nil {
		return err
	}
	defer func() { _ = b.git("worktree", "remove", "--force", baseTree) }()
	here, err := os.Getwd()
	if err != nil {
		return err
	}
	tools := map[string]string{here: filepath.Join(here, "build/bench/now"), filepath.Join(here, baseTree): filepath.Join(here, "build/bench/before")}
	for folder, tool := range tools {
		build := exec.CommandContext(b.ctx, "go", "build", "-o", tool, "./infra/bench")
		build.Dir = folder
		if text, err := build.CombinedOutput(); err != nil {
			return fmt.Errorf("%s cannot be measured by the tools of today: %w\n%s", revision, err, text)
		}
	}
	before, after := filepath.Join(here, baseTree), here
	found := map[string]*figure.Run{before: {Revision: revision}, after: {Revision: "now"}}
	for _, p := range parts {
		if only != "" && !strings.Contains(","+only+",", ","+p.name+",") {
			continue
		}
		for range turns {
			for _, folder := range []string{before, after} {
				one, err := b.measureIn(folder, tools[folder], p.name, sizes)
				if err != nil {
					return fmt.Errorf("%s in %s: %w", p.name, folder, err)
				}
				figures := one.Figures
				one.Figures = found[folder].Figures
				one.Add(figures...)
				found[folder] = &one
			}
		}
	}
	found[before].Revision = revision
	return errors.Join(save(*found[before], strings.TrimSuffix(out, ".json")+"-base.json"), save(*found[after], out),
		figure.Compare(os.Stdout, *found[before], *found[after]))
}

// checkOut puts the other revision into a tree of its own, with today's tools in it.
func (b bench) checkOut(revision string) error {
	_ = b.git("worktree", "remove", "--force", baseTree) // of a run that was stopped
	if err := b.git("worktree", "add", "--force", "--detach", baseTree, revision); err != nil {
		return err
	}
	for _, folder := range measuring {
		target := filepath.Join(baseTree, folder)
		if err := os.RemoveAll(target); err != nil {
			return err
		}
		if err := os.CopyFS(target, os.DirFS(folder)); err != nil {
			return err
		}
	}
	return nil
}

func (b bench) git(arguments ...string) error {
	if out, err := exec.CommandContext(b.ctx, "git", arguments...).CombinedOutput(); err != nil {
		return fmt.Errorf("git %s: %w\n%s", strings.Join(arguments, " "), err, out)
	}
	return nil
}

func (b bench) measureIn(folder, tool, part, sizes string) (figure.Run, error) {
	out := tool + ".json"
	cmd := exec.CommandContext(b.ctx, tool, "-only", part, "-sizes", sizes, "-runs", fmt.Sprint(max(1, b.runs/turns)), "-out", out)
	cmd.Dir, cmd.Stderr = folder, os.Stderr
	cmd.Env = append(os.Environ(), "BASE=")
	if err := cmd.Run(); err != nil {
		return figure.Run{}, err
	}
	f, err := os.Open(out)
	if err != nil {
		return figure.Run{}, err
	}
	defer f.Close()
	return figure.Read(f)
}
