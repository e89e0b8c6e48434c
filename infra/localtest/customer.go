package localtest

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/shared/credential"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/table"
)

// Customer stores a customer with a number of its own; password "" is one that never had any.
func Customer(t testing.TB, password string) customer.Profile {
	t.Helper()
	number := Number(t)
	p := customer.Profile{
		Number: number, FirstName: "Anna", LastName: "Schäfer", Street: "Hauptstr. 5", PostalCode: "10115", City: "Berlin",
		Country: "DE", Phone: "030 1234567", Email: "n" + number + "@kunde.example", Language: "de", Version: 1,
		CreatedAt: time.Date(2019, 5, 1, 0, 0, 0, 0, time.UTC),
	}
	Put(t, customer.PutNew(Names(t), p))
	if password != "" {
		Password(t, table.Customer(number), password)
	}
	return p
}

// Password stores the first password of a customer number or package.
func Password(t testing.TB, subject, password string) {
	t.Helper()
	hash, err := credential.Hasher{Rand: rand.Reader}.Hash(password)
	if err != nil {
		t.Fatal(err)
	}
	Put(t, credential.SetPassword(Names(t), credential.Credential{Subject: subject}, hash, false, time.Now()))
}

// Put writes items as the administrator, all or none.
func Put(t testing.TB, items ...types.TransactWriteItem) {
	t.Helper()
	if err := Store(t).Transact(t.Context(), items, ""); err != nil {
		t.Fatal(err)
	}
}

// Address is a client address (host:port) that no other test uses, with an IPv6 network of its own.
func Address(t testing.TB) string {
	t.Helper()
	var b [8]byte
	if _, err := rand.Read(b[:]); err != nil {
		t.Fatal(err)
	}
	v := binary.BigEndian.Uint64(b[:])
	return fmt.Sprintf("[fd%02x:%x:%x:%x::1]:1234", v>>48&0xff, v>>32&0xffff, v>>16&0xffff, v&0xffff)
}
