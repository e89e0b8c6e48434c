package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"

	"kundenkonto/shared/table"
)

// A file is JSON Lines: a head, one line an item in DynamoDB's own JSON, and a manifest with the number of items a table and a
// SHA-256 over all bytes before it. It holds all personal data and all hashes, and is readable by its owner only.

const format = "kundenkonto-tables-1"

type (
	head struct {
		Format string    `json:"format"`
		Stack  string    `json:"stack"`
		At     time.Time `json:"at"` // the instant that all tables are of
	}
	manifest struct {
		Items  map[string]int `json:"items"` // by table, as template.yaml names it
		SHA256 string         `json:"sha256"`
	}
	line struct {
		Head     *head           `json:"head,omitempty"`
		Table    string          `json:"table,omitempty"`
		Item     json.RawMessage `json:"item,omitempty"`
		Manifest *manifest       `json:"manifest,omitempty"`
	}
)

// writer writes a file beside its place, and puts it there when it is whole.
type writer struct {
	path string
	file *os.File
	out  *bufio.Writer
	sum  hash.Hash
	done manifest
}

func create(path string, h head) (*writer, error) {
	if _, err := os.Stat(path); err == nil {
		return nil, fmt.Errorf("%s exists already; name another file", path)
	}
	file, err := os.OpenFile(path+".part", os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil, fmt.Errorf("%s.part is being written, or was left by a run that was killed: delete it, or name another file", path)
	}
	if err != nil {
		return nil, fmt.Errorf("the file cannot be written: %w", err)
	}
	h.Format = format
	w := &writer{path: path, file: file, sum: sha256.New(), done: manifest{Items: map[string]int{}}}
	w.out = bufio.NewWriterSize(file, 1<<20)
	return w, w.line(line{Head: &h})
}

func (w *writer) line(l line) error {
	text, err := json.Marshal(l)
	if err != nil {
		return fmt.Errorf("write a line: %w", err)
	}
	text = append(text, '\n')
	w.sum.Write(text)
	_, err = w.out.Write(text)
	return err
}

func (w *writer) item(of string, item table.Item) error {
	text, err := attributevalue.MarshalMapJSON(item)
	if err != nil {
		return fmt.Errorf("write an item of %s: %w", of, err)
	}
	w.done.Items[of]++
	return w.line(line{Table: of, Item: text})
}

// end writes the manifest and puts the file in its place.
func (w *writer) end() error {
	w.done.SHA256 = hex.EncodeToString(w.sum.Sum(nil))
	err := w.line(line{Manifest: &w.done})
	if err = errors.Join(err, w.out.Flush(), w.file.Sync(), w.file.Close()); err != nil {
		return fmt.Errorf("the file is not whole: %w", err)
	}
	return os.Rename(w.path+".part", w.path)
}

// drop removes what is not in its place.
func (w *writer) drop() {
	_ = w.file.Close()
	_ = os.Remove(w.path + ".part") // not there any more when all went well
}

// errNotWhole is a file that was cut off or changed.
var errNotWhole = errors.New("is not whole: it was cut off or changed. Nothing was written; export it again")

// verify reads a file to its end, before anything is done with it.
func verify(path string) (head, manifest, error) {
	return read(path, func(string, table.Item) error { return nil })
}

// read hands each item of a file to each. Its error is errNotWhole when the manifest does not fit what stands before it.
func read(path string, each func(of string, item table.Item) error) (h head, m manifest, err error) {
	file, err := os.Open(path)
	if err != nil {
		return h, m, fmt.Errorf("the file cannot be read: %w", err)
	}
	defer file.Close()
	sum, counted, in := sha256.New(), map[string]int{}, bufio.NewReaderSize(file, 1<<20)
	for first := true; ; first = false {
		text, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) && len(bytes.TrimSpace(text)) == 0 {
			return h, m, fmt.Errorf("%s %w", path, errNotWhole) // a manifest ends the loop
		}
		var l line
		if err != nil || json.Unmarshal(text, &l) != nil {
			return h, m, fmt.Errorf("%s %w", path, errNotWhole)
		}
		switch {
		case first && (l.Head == nil || l.Head.Format != format):
			return h, m, fmt.Errorf("%s is no export of this command", path)
		case l.Head != nil:
			h = *l.Head
		case l.Manifest != nil:
			m = *l.Manifest
			if hex.EncodeToString(sum.Sum(nil)) != m.SHA256 || !same(m.Items, counted) {
				return h, m, fmt.Errorf("%s %w", path, errNotWhole)
			}
			return h, m, nil
		default:
			item, err := attributevalue.UnmarshalMapJSON(l.Item)
			if err != nil {
				return h, m, fmt.Errorf("%s %w", path, errNotWhole)
			}
			counted[l.Table]++
			if err := each(l.Table, item); err != nil {
				return h, m, err
			}
		}
		sum.Write(text)
	}
}

func same(a, b map[string]int) bool {
	for k, n := range a {
		if b[k] != n {
			return false
		}
	}
	return len(a) == len(b)
}
