package infra

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"kundenkonto/shared/event"
	"kundenkonto/shared/event/schema"
)

// Who writes a consumer reads the document: its table is that of the program and the schemas, and its example is an event.
func TestTheDocumentOfEventsIsTrue(t *testing.T) {
	text := document(t, "events.md")
	var kinds []string
	for _, row := range regexp.MustCompile("(?m)^\\| `([a-z.-]+\\.[a-z-]+)` \\| [^|]+ \\| ([^|]+) \\|$").FindAllStringSubmatch(text, -1) {
		kinds = append(kinds, row[1])
		var doc struct {
			Defs struct {
				Data struct{ Properties map[string]any }
			} `json:"$defs"`
		}
		if err := json.Unmarshal(event.Schema(event.SchemaFile(row[1])), &doc); err != nil {
			t.Fatal(row[1], err)
		}
		said := strings.Fields(strings.ReplaceAll(row[2], "`", ""))
		for field := range doc.Defs.Data.Properties {
			if !slices.Contains(said, field) {
				t.Errorf("%s: %s is not told of", row[1], field)
			}
		}
		if len(said) != len(doc.Defs.Data.Properties) {
			t.Errorf("%s: told of %q, there are %d", row[1], said, len(doc.Defs.Data.Properties))
		}
	}
	if !slices.Equal(kinds, event.Kinds) {
		t.Errorf("the document has %q, there are %q", kinds, event.Kinds)
	}
	for _, kind := range event.Kinds {
		if !strings.Contains(text, "["+kind+"](../shared/event/schemas/"+event.SchemaFile(kind)+")") {
			t.Errorf("no link to the schema of %s", kind)
		}
	}
	example := regexp.MustCompile("(?s)```json\n(\\{\n.*?)```").FindStringSubmatch(text)
	if example == nil {
		t.Fatal("there is no example")
	}
	if err := schema.Check(event.Kinds[0], []byte(example[1])); err != nil {
		t.Error(err)
	}
}

func TestASubscriptionMatchesEveryEventThatIsPublished(t *testing.T) {
	source, err := os.ReadFile("events/subscription.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Parameters map[string]struct {
			Default string `yaml:"Default"`
		} `yaml:"Parameters"`
		Resources map[string]struct {
			Properties yaml.Node `yaml:"Properties"`
		} `yaml:"Resources"`
	}
	if err := yaml.Unmarshal(source, &doc); err != nil {
		t.Fatal(err)
	}
	if got := doc.Parameters["Kinds"].Default; got != strings.Join(event.Kinds, ",") {
		t.Errorf("it wants %s", got)
	}
	rule := doc.Resources["Rule"].Properties
	if got := scalars(value(value(&rule, "EventPattern"), "source")); !slices.Equal(got, []string{event.BusSource}) {
		t.Errorf("it listens to %q", got)
	}
	// What cannot be delivered goes nowhere without it.
	if text := string(source); !strings.Contains(text, "DeadLetterConfig: {Arn: !GetAtt DeadLetters.Arn}") || !strings.Contains(text, "deadLetterTargetArn: !GetAtt DeadLetters.Arn") {
		t.Error("what is not delivered or not taken is lost")
	}
}

// S21: events can be replayed for as long as a parameter says, and not for ever.
func TestEventsAreArchivedForATime(t *testing.T) {
	all := resources(t, "AWS::Events::Archive")
	if len(all) != 1 {
		t.Errorf("%d archives", len(all))
	}
	for id, archive := range all {
		if kept := value(archive, "RetentionDays"); kept == nil || kept.Value != "EventDays" {
			t.Errorf("%s is kept for ever", id)
		}
		if of := value(archive, "SourceArn"); of == nil || of.Value != "EventBus.Arn" {
			t.Errorf("%s is of another bus", id)
		}
	}
}
