// Package policy holds requests to tables in memory to the roles of template.yaml, with the conditions on single keys and
// attributes, which the local cloud does not know.
//
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
package policy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// Role is what a function may do on the tables.
type Role struct {
	name       string
	statements []statement
}

// statement allows actions on tables ("Customers") and indexes ("Customers/index/byEmail").
type statement struct {
	Action    []string
	Resource  yaml.Node
	Condition map[string]map[string]texts
}

// texts are one or several, as policies have them.
type texts []string

func (l *texts) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		*l = texts{n.Value}
		return nil
	}
	return n.Decode((*[]string)(l))
}

// Read gives a role of a template by its logical id.
func Read(file, id string) (Role, error) {
	source, err := os.ReadFile(file)
	if err != nil {
		return Role{}, err
	}
	var doc struct {
		Resources map[string]struct {
			Properties yaml.Node `yaml:"Properties"`
		} `yaml:"Resources"`
	}
	if err := yaml.Unmarshal(source, &doc); err != nil {
		return Role{}, fmt.Errorf("read %s: %w", file, err)
	}
	var role struct {
		Policies []struct {
			PolicyDocument struct {
				Statement []yaml.Node `yaml:"Statement"`
			} `yaml:"PolicyDocument"`
		} `yaml:"Policies"`
	}
	properties := doc.Resources[id].Properties
	if err := properties.Decode(&role); err != nil {
		return Role{}, fmt.Errorf("read %s of %s: %w", id, file, err)
	}
	r := Role{name: id}
	for _, policy := range role.Policies {
		for _, node := range policy.PolicyDocument.Statement {
			var s struct {
				Action    []string                    `yaml:"Action"`
				Resource  yaml.Node                   `yaml:"Resource"`
				Condition map[string]map[string]texts `yaml:"Condition"`
			}
			if err := node.Decode(&s); err != nil {
				return Role{}, fmt.Errorf("read %s of %s: %w", id, file, err)
			}
			r.statements = append(r.statements, statement(s))
		}
	}
	if len(r.statements) == 0 {
		return Role{}, fmt.Errorf("%s has no role %s", file, id)
	}
	return r, nil
}

// Over looks at each request before it goes to next, and tells what the role refuses of it. The request is not kept from
// going on.
func (r Role) Over(next http.RoundTripper, refused func(why string)) http.RoundTripper {
	return roundTripper(func(req *http.Request) (*http.Response, error) {
		service, operation, _ := strings.Cut(req.Header.Get("X-Amz-Target"), ".")
		if !strings.HasPrefix(service, "DynamoDB") {
			return next.RoundTrip(req)
		}
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		req.Body = io.NopCloser(bytes.NewReader(body))
		accesses, err := accessesOf(operation, body)
		if err != nil {
			return nil, err
		}
		for _, a := range accesses {
			if why := r.Refuses(a); why != "" {
				refused(why)
			}
		}
		return next.RoundTrip(req)
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// Refuses says why the role does not allow an access, "" if it does: one statement must allow it as a whole.
func (r Role) Refuses(a Access) string {
	why := "no statement names it"
	for _, s := range r.statements {
		if !slices.Contains(s.Action, "dynamodb:"+a.Action) || !slices.Contains(resources(&s.Resource), a.Resource) {
			continue
		}
		if why = s.unmet(a); why == "" {
			return ""
		}
	}
	return fmt.Sprintf("%s: %s on %s %q with %q: %s", r.name, a.Action, a.Resource, a.Keys, a.Attributes, why)
}

// resources of a statement: "Customers" for !GetAtt Customers.Arn, with the index for one of it.
func resources(n *yaml.Node) []string {
	if n.Kind == yaml.ScalarNode {
		return []string{strings.NewReplacer("${", "", ".Arn}", "", ".Arn", "").Replace(n.Value)}
	}
	var all []string
	for _, c := range n.Content {
		all = append(all, resources(c)...)
	}
	return all
}

// unmet is the first condition that an access does not meet. Those that are not known here are met by nothing.
func (s statement) unmet(a Access) string {
	for operator, keys := range s.Condition {
		for key, values := range keys {
			var actual []string
			switch key {
			case "dynamodb:Attributes":
				actual = a.Attributes
			case "dynamodb:LeadingKeys":
				actual = a.Keys
			case "dynamodb:ReturnValues":
				actual = a.Returns
			default:
				return key + " is not known"
			}
			for _, one := range actual {
				if !slices.ContainsFunc(values, func(v string) bool { return matches(operator, one, v) }) {
					return fmt.Sprintf("%s %s is not met by %s", operator, key, one)
				}
			}
		}
	}
	return ""
}

func matches(operator, actual, wanted string) bool {
	switch operator {
	case "ForAllValues:StringEquals", "StringEqualsIfExists":
		return actual == wanted
	case "ForAllValues:StringLike":
		begin, like := strings.CutSuffix(wanted, "*")
		return actual == wanted || like && strings.HasPrefix(actual, begin)
	}
	return false
}

func unmarshal(body []byte, into any) error {
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("read a request: %w", err)
	}
	return nil
}
