package table

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

func TestTimesSortAsStrings(t *testing.T) {
	base := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	times := []time.Time{base, base.Add(1), base.Add(100 * time.Millisecond), base.Add(time.Second), base.Add(24 * time.Hour).In(time.FixedZone("", 3600))}
	var texts []string
	for _, at := range times {
		text := FormatTime(at)
		texts = append(texts, text)
		back, err := time.Parse(time.RFC3339Nano, text)
		if err != nil || !back.Equal(at) {
			t.Errorf("%s reads as %v, %v", text, back, err)
		}
	}
	if !slices.IsSorted(texts) {
		t.Errorf("%q", texts)
	}
}

func TestShardsSpread(t *testing.T) {
	var count [Shards]int
	for i := range 1600 {
		count[Shard(fmt.Sprintf("order.submitted#%d", i))]++
	}
	for shard, n := range count {
		if n < 40 || n > 200 {
			t.Errorf("shard %d has %d of 1600", shard, n)
		}
	}
}

func TestMarshalLeavesOutWhatIsEmpty(t *testing.T) {
	type record struct {
		At   time.Time `dynamodbav:"at,omitempty"`
		Name string    `dynamodbav:"name,omitempty"`
		N    int64     `dynamodbav:"n"`
	}
	empty := MustMarshal(record{})
	if len(empty) != 1 || Int(empty, "n") != 0 {
		t.Errorf("%v", empty)
	}
	in := record{At: time.Date(2026, 11, 23, 12, 0, 0, 5, time.UTC), Name: "x", N: 12}
	var out record
	if err := Unmarshal(MustMarshal(in), &out); err != nil || out != in {
		t.Errorf("%+v, %v", out, err)
	}
	if String(MustMarshal(in), "at") != "2026-11-23T12:00:00.000000005Z" {
		t.Errorf("%v", MustMarshal(in))
	}
	if got := With(Profile("10000017"), Item{"pk": S("other"), "x": N(1)}); String(got, "pk") != "C#10000017" || Int(got, "x") != 1 {
		t.Errorf("%v", got)
	}
}
