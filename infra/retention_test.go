package infra

import (
	"os"
	"regexp"
	"slices"
	"testing"
)

// S21: what nothing waits for any more ends by itself. Customers, credentials and orders are kept.
func TestWhatIsOverEndsByItself(t *testing.T) {
	for id, properties := range resources(t, "AWS::DynamoDB::Table") {
		ends := slices.Equal(scalars(value(properties, "TimeToLiveSpecification")), []string{"AttributeName", "ttl", "Enabled", "true"})
		if ends == slices.Contains([]string{"Customers", "Credentials"}, id) {
			t.Errorf("%s has a time to live: %v", id, ends)
		}
	}
	template, err := os.ReadFile("../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for variable, parameter := range map[string]string{"AUDIT_DAYS": "AuditDays", "OUTBOX_DAYS": "OutboxDays", "DRAFT_DAYS": "DraftDays"} {
		if !regexp.MustCompile(`(?m)^        ` + variable + `: !Ref ` + parameter + `$`).Match(template) {
			t.Errorf("the functions do not hear of %s", parameter)
		}
		if !regexp.MustCompile(`(?m)^  ` + parameter + `:(?: #.*)?\n    Value: !Ref ` + parameter + `$`).Match(template) {
			t.Errorf("the import does not hear of %s", parameter)
		}
	}
}

// Addresses and values of mails are read from the table by who may; a stream keeps copies for a day that nobody needs.
func TestTheStreamOfTheOutboxHasKeysOnly(t *testing.T) {
	if got := scalars(value(resources(t, "AWS::DynamoDB::Table")["Outbox"], "StreamSpecification")); !slices.Equal(got, []string{"StreamViewType", "KEYS_ONLY"}) {
		t.Errorf("%v", got)
	}
}
