package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// stage is what a file of parameters says.
type stage struct {
	name, stack, region string
	values              map[string]string // by parameter of either template
	secrets             []string          // of the edge; none keeps those of the stacks
	main, edge          []string          // parameters of the templates
}

const (
	mainTemplate = "template.yaml"
	edgeTemplate = "infra/edge.yaml"
	edgeRegion   = "us-east-1" // where a firewall for CloudFront lives
)

// given are parameters that this program fills in itself.
var given = []string{"Stage", "ApiDomain", "EdgeSecrets", "EdgeSecret", "OidcDiscovery"}

// readStage reads infra/deploy/NAME.conf: lines of "Name = value", where a name is Name (of the stack), Region, or a parameter of
// template.yaml or edge.yaml. Lines that begin with # are comments.
func readStage(root, name, secrets string) (stage, error) {
	s := stage{name: name, values: map[string]string{}}
	file := filepath.Join("infra", "deploy", name+".conf")
	content, err := os.ReadFile(filepath.Join(root, file))
	if err != nil {
		return s, fmt.Errorf("there is no stage %s: write its parameters into %s, as in infra/deploy/example.conf", name, file)
	}
	if s.main, err = parametersOf(root, mainTemplate); err != nil {
		return s, err
	}
	if s.edge, err = parametersOf(root, edgeTemplate); err != nil {
		return s, err
	}
	for i, line := range strings.Split(string(content), "\n") {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		switch {
		case !ok:
			return s, fmt.Errorf("%s, line %d: no equals sign", file, i+1)
		case strings.HasPrefix(key, "EdgeSecret"):
			return s, fmt.Errorf("%s, line %d: a secret belongs into the environment (EDGE_SECRETS), not into a file", file, i+1)
		case key == "Name" && !takenAsName(value):
			return s, fmt.Errorf("%s, line %d: Name is to have at most 44 lower-case letters, digits and hyphens, and neither aws, amazon nor cognito in it, since the sign-in's address is made of it", file, i+1)
		case key == "Name":
			s.stack = value
		case key == "Region":
			s.region = value
		case slices.Contains(given, key) || !slices.Contains(s.main, key) && !slices.Contains(s.edge, key):
			return s, fmt.Errorf("%s, line %d: %s is no parameter of template.yaml or infra/edge.yaml that can be chosen here", file, i+1, key)
		default:
			s.values[key] = value
		}
	}
	if s.stack == "" || s.region == "" {
		return s, fmt.Errorf("%s lacks Name or Region", file)
	}
	s.values["Stage"] = name
	if secrets != "" {
		s.secrets = strings.Split(secrets, ",")
		s.values["EdgeSecrets"], s.values["EdgeSecret"] = secrets, s.secrets[len(s.secrets)-1]
	}
	return s, nil
}

// stackName leaves room for what the templates put behind it: 64 characters are a function's name and a part of the sign-in's address.
var stackName = regexp.MustCompile(`^[a-z][a-z0-9-]{0,43}$`)

// takenAsName says whether all names that are made of a stack's are such as AWS takes. A prefix of Cognito's may not have the words.
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html
func takenAsName(name string) bool {
	return stackName.MatchString(name) && !strings.Contains(name, "aws") && !strings.Contains(name, "amazon") && !strings.Contains(name, "cognito")
}

// parametersOf a template, in its order.
func parametersOf(root, file string) ([]string, error) {
	source, err := os.ReadFile(filepath.Join(root, file))
	if err != nil {
		return nil, err
	}
	var doc struct {
		Parameters yaml.Node `yaml:"Parameters"`
	}
	if err := yaml.Unmarshal(source, &doc); err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	var names []string
	for i := 0; i < len(doc.Parameters.Content); i += 2 {
		names = append(names, doc.Parameters.Content[i].Value)
	}
	return names, nil
}

// goArch is the processor that Go builds for.
func (s stage) goArch() string {
	if s.values["Architecture"] == "x86_64" {
		return "amd64"
	}
	return "arm64"
}

// withEdge says whether the stage has an edge: one without a host name is asked at the API's own address by tests.
func (s stage) withEdge() bool { return s.values["DomainName"] != "" }
