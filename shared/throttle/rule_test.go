package throttle

import (
	"net/netip"
	"testing"
	"time"
)

func TestPausesGrowAfterFiveFreeTries(t *testing.T) {
	want := []time.Duration{0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900}
	for n, seconds := range want {
		if got := pauseAfter(int64(n)); got != seconds*time.Second {
			t.Errorf("after %d tries: %v, want %v s", n, got, int64(seconds))
		}
	}
}

func TestAddressesShareABucketByNetwork(t *testing.T) {
	for _, c := range []struct {
		name, a, b string
		same       bool
	}{
		{"two IPv4 clients are apart", "192.0.2.1", "192.0.2.2", false},
		{"an IPv4 address written as IPv6 is the same client", "192.0.2.1", "::ffff:192.0.2.1", true},
		{"an IPv6 client has its /64", "2001:db8::1", "2001:db8::ffff:2", true},
		{"another /64 is another client", "2001:db8::1", "2001:db8:0:1::1", false},
		{"a zone is not part of the client", "fe80::1%eth0", "fe80::2%eth1", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, b := Address(netip.MustParseAddr(c.a)), Address(netip.MustParseAddr(c.b))
			if (a.Value == b.Value) != c.same {
				t.Errorf("%q and %q", a.Value, b.Value)
			}
		})
	}
}

func TestAnUnknownAddressIsABucketToo(t *testing.T) {
	if Address(netip.Addr{}).Value == "" {
		t.Error("the key would be empty")
	}
}
