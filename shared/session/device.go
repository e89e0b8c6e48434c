package session

import (
	"io"
	"net/http"

	"kundenkonto/shared/table"
	"kundenkonto/shared/throttle"
)

// DeviceCookie marks a browser that signed in before or used a reset link, so that strangers' guesses do not keep it out
// (S3). It names nobody and opens nothing.
const DeviceCookie = "__Host-device"

// NewDeviceCookie is the cookie of a known device.
func NewDeviceCookie(value string) *http.Cookie {
	return hostCookie(DeviceCookie, value, int(throttle.DeviceLifetime.Seconds()))
}

// DeviceOf is the value and the hash of the request's device cookie, "" when there is none.
func DeviceOf(r *http.Request) (value, hash string) {
	c, err := r.Cookie(DeviceCookie)
	if err != nil || len(c.Value) != 43 {
		return "", ""
	}
	return c.Value, table.Hash(c.Value)
}

// KeepDevice is the device cookie's value that a browser goes on with: the one it has, since it may be known for other
// numbers too (S3), else a new one.
func KeepDevice(r *http.Request, rand io.Reader) (string, error) {
	if value, _ := DeviceOf(r); value != "" {
		return value, nil
	}
	return Secret(rand)
}
