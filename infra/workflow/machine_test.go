package workflow

import (
	"os"
	"slices"
	"testing"

	"gopkg.in/yaml.v3"
)

type machine struct {
	States map[string]struct {
		Type           string `yaml:"Type"`
		TimeoutSeconds int    `yaml:"TimeoutSeconds"`
		Retry          []struct {
			ErrorEquals     []string `yaml:"ErrorEquals"`
			IntervalSeconds int      `yaml:"IntervalSeconds"`
			MaxAttempts     int      `yaml:"MaxAttempts"`
			BackoffRate     float64  `yaml:"BackoffRate"`
			MaxDelaySeconds int      `yaml:"MaxDelaySeconds"`
			JitterStrategy  string   `yaml:"JitterStrategy"`
		} `yaml:"Retry"`
		Catch []struct {
			ErrorEquals []string `yaml:"ErrorEquals"`
			Next        string   `yaml:"Next"`
		} `yaml:"Catch"`
	} `yaml:"States"`
}

// TestEveryTaskIsTriedAgainWithJitterAndCaught holds the state machine to design 8: never again on States.Timeout, which
// States.TaskFailed leaves out (Amazon States Language, Errors), and nothing ends an execution unseen.
func TestEveryTaskIsTriedAgainWithJitterAndCaught(t *testing.T) {
	raw, err := os.ReadFile("../merge.asl.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var m machine
	if err := yaml.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	tasks := 0
	for name, s := range m.States {
		if s.Type != "Task" {
			continue
		}
		tasks++
		if s.TimeoutSeconds == 0 {
			t.Errorf("%s may take for ever", name)
		}
		if len(s.Retry) != 1 || !slices.Equal(s.Retry[0].ErrorEquals, []string{"States.TaskFailed"}) {
			t.Fatalf("%s is tried again on %+v", name, s.Retry)
		}
		if r := s.Retry[0]; r.JitterStrategy != "FULL" || r.BackoffRate < 2 || r.MaxAttempts < 3 || r.IntervalSeconds < 1 || r.MaxDelaySeconds == 0 {
			t.Errorf("%s is tried again without back-off, bound or jitter: %+v", name, r)
		}
		if last := len(s.Catch) - 1; last < 0 || !slices.Equal(s.Catch[last].ErrorEquals, []string{"States.ALL"}) || m.States[s.Catch[last].Next].Type == "" {
			t.Errorf("%s does not catch all that is left: %+v", name, s.Catch)
		}
	}
	if tasks < 6 {
		t.Errorf("%d tasks: this test looks at another machine", tasks)
	}
}
