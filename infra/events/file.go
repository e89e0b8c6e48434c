package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"kundenkonto/shared/event"
)

// line is a line of the file.
type line struct {
	ReceivedAt time.Time `json:"receivedAt"`
	// Late says that a later event of the same customer, or of the same package's settings, came before this one: whoever
	// keeps a copy of the data has nothing to do.
	Late  bool            `json:"late,omitempty"`
	Event json.RawMessage `json:"event"`
}

// file is a file of events, each there once. It is for one program at a time, which locks it: two would write over each other's lines. What it knows of the events it has stands in
// memory; a system with a database keeps the ids and the latest versions there, in the transaction of what it does.
type file struct {
	*os.File
	seen   map[identity]bool
	latest map[counter]mark
}

// mark is the latest that is known of a counter.
type mark struct {
	version int64
	at      time.Time
}

// identity names an event, wherever and how often it is delivered.
type identity struct{ source, id string }

// counter is what versions are counted for: a customer, or the settings of a package.
type counter struct{ source, customer, pack string }

func counterOf(e event.Event) counter {
	if e.Data.Package != "" {
		return counter{source: e.Source, pack: e.Data.Package}
	}
	return counter{source: e.Source, customer: e.Subject}
}

// openFile opens a file of events, or makes it. Half a line at its end, of a program that was killed, is cut off: its
// message was not deleted and comes again.
func openFile(path string) (*file, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, fmt.Errorf("make the folder of %s: %w", path, err)
	}
	// For its owner only: it has customer numbers in it.
	opened, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	if err := syscall.Flock(int(opened.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		opened.Close()
		return nil, fmt.Errorf("%s is written to by another program: %w", path, err)
	}
	f := &file{File: opened, seen: map[identity]bool{}, latest: map[counter]mark{}}
	if err := f.read(); err != nil {
		opened.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return f, nil
}

func (f *file) read() error {
	reader, end := bufio.NewReader(f.File), int64(0)
	for n := 1; ; n++ {
		text, err := reader.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("read: %w", err)
		}
		var l line
		var e event.Event
		if err := errors.Join(json.Unmarshal(text, &l), json.Unmarshal(l.Event, &e)); err != nil || e.ID == "" {
			return fmt.Errorf("line %d is no event; move the file away, or name another one by --file", n)
		}
		f.note(e)
		end += int64(len(text))
	}
	if err := f.Truncate(end); err != nil {
		return fmt.Errorf("cut off half a line: %w", err)
	}
	_, err := f.Seek(end, io.SeekStart)
	return err
}

// Len is how many events the file has.
func (f *file) Len() int { return len(f.seen) }

// note remembers an event and says whether it is new, and whether a later one came before it.
func (f *file) note(e event.Event) (fresh, late bool) {
	id := identity{e.Source, e.ID}
	if f.seen[id] {
		return false, false
	}
	f.seen[id] = true
	if e.Data.Version == 0 {
		return true, false
	}
	of := counterOf(e)
	// An event with a lower version and a later time is none that was overtaken: after a total loss the
	// tables are those of an earlier instant, and count anew.
	if last := f.latest[of]; e.Data.Version < last.version && e.Time.Before(last.at) {
		return true, true
	}
	f.latest[of] = mark{e.Data.Version, e.Time}
	return true, false
}

// add writes those of the details that the file does not have. When it returns nil they are on the disk; after an error the
// file must be opened anew, for what it remembers may not be written.
func (f *file) add(now time.Time, details ...json.RawMessage) (added, late int, err error) {
	var text bytes.Buffer
	for _, d := range details {
		var e event.Event
		if err := json.Unmarshal(d, &e); err != nil {
			return 0, 0, fmt.Errorf("read event: %w", err)
		}
		fresh, behind := f.note(e)
		if !fresh {
			continue
		}
		added++
		if behind {
			late++
		}
		l, err := json.Marshal(line{ReceivedAt: now.UTC(), Late: behind, Event: d})
		if err != nil {
			return 0, 0, fmt.Errorf("write event: %w", err)
		}
		text.Write(append(l, '\n'))
	}
	if added == 0 {
		return 0, 0, nil
	}
	if _, err := f.Write(text.Bytes()); err != nil {
		return 0, 0, fmt.Errorf("write %s: %w", f.Name(), err)
	}
	if err := f.Sync(); err != nil {
		return 0, 0, fmt.Errorf("write %s to the disk: %w", f.Name(), err)
	}
	return added, late, nil
}
