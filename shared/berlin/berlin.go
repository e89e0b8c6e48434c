// Package berlin is the time zone of the company and its contracts. Lambda's own image has no time zones, and Go's whole
// table of them is 0.4 MB of each function's zip, so the one that is used is embedded; a test holds it against Go's table.
package berlin

import (
	_ "embed"
	"time"
)

//go:embed Europe_Berlin.tzif
var data []byte

// Zone is Europe/Berlin.
var Zone = func() *time.Location {
	l, err := time.LoadLocationFromTZData("Europe/Berlin", data)
	if err != nil {
		panic(err) // embedded
	}
	return l
}()
