package localtest

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/sts"
)

func TestAFunctionsAccessIsItsRole(t *testing.T) {
	id, err := sts.NewFromConfig(Config(t, "login")).GetCallerIdentity(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Log(*id.Arn)
}

func TestCustomerNumbersAreNotUsedTwice(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		n := Number(t)
		if len(n) != 12 || n[0] != '9' || seen[n] {
			t.Fatalf("number %s is used twice or malformed", n)
		}
		seen[n] = true
	}
}
