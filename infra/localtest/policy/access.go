package policy

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Access is what IAM judges of a request: each part of a transaction is one of its own.
type Access struct {
	Action, Resource string
	Keys             []string // partition keys
	Attributes       []string // those of keys, items and expressions, the outermost of a path
	Returns          []string // what of the item is given back, also by a condition that did not hold
}

type item map[string]map[string]any

// part is a request, or a part of one, as far as IAM looks.
type part struct {
	TableName, IndexName                                                            string
	Key, Item                                                                       item
	UpdateExpression, ConditionExpression, KeyConditionExpression, FilterExpression string
	ProjectionExpression                                                            string
	ExpressionAttributeNames                                                        map[string]string
	ExpressionAttributeValues                                                       item
	ReturnValues, ReturnValuesOnConditionCheckFailure                               string
}

func accessesOf(operation string, body []byte) ([]Access, error) {
	var in struct {
		part
		RequestItems  map[string]struct{ Keys []item }
		TransactItems []struct{ Put, Update, Delete, ConditionCheck *part }
	}
	if err := unmarshal(body, &in); err != nil {
		return nil, err
	}
	var all []Access
	switch operation {
	case "BatchGetItem":
		for table, wanted := range in.RequestItems {
			for _, key := range wanted.Keys {
				all = append(all, part{TableName: table, Key: key}.access(operation))
			}
		}
	case "TransactWriteItems":
		for _, one := range in.TransactItems {
			for action, p := range map[string]*part{"PutItem": one.Put, "UpdateItem": one.Update, "DeleteItem": one.Delete, "ConditionCheckItem": one.ConditionCheck} {
				if p != nil {
					all = append(all, p.access(action))
				}
			}
		}
	default:
		all = append(all, in.part.access(operation))
	}
	return all, nil
}

func (p part) access(action string) Access {
	a := Access{Action: action, Resource: p.TableName}
	if p.IndexName != "" {
		a.Resource += "/index/" + p.IndexName
	}
	for _, from := range []item{p.Key, p.Item} {
		if pk, ok := from["pk"]["S"].(string); ok {
			a.Keys = append(a.Keys, pk)
		}
		a.Attributes = slices.AppendSeq(a.Attributes, maps.Keys(from))
	}
	for _, expression := range []string{p.UpdateExpression, p.ConditionExpression, p.KeyConditionExpression, p.FilterExpression, p.ProjectionExpression} {
		a.Attributes = append(a.Attributes, p.named(expression)...)
	}
	slices.Sort(a.Attributes)
	a.Attributes = slices.Compact(a.Attributes)
	for _, returned := range []string{p.ReturnValues, p.ReturnValuesOnConditionCheckFailure} {
		if returned != "" {
			a.Returns = append(a.Returns, returned)
		}
	}
	return a
}

// name is an attribute, an alias or a word of an expression; values begin with a colon and are none.
var name = regexp.MustCompile(`[:#]?[A-Za-z_][A-Za-z0-9_]*(?:\.#?[A-Za-z_][A-Za-z0-9_]*)*`)

// words of expressions that name no attribute.
var words = []string{"SET", "REMOVE", "ADD", "DELETE", "AND", "OR", "NOT", "IN", "BETWEEN", "if_not_exists", "list_append", "attribute_exists",
	"attribute_not_exists", "attribute_type", "begins_with", "contains", "size"}

func (p part) named(expression string) (attributes []string) {
	for _, found := range name.FindAllString(expression, -1) {
		first, _, _ := strings.Cut(found, ".")
		if real, aliased := p.ExpressionAttributeNames[first]; aliased {
			first = real
		}
		if !strings.HasPrefix(first, ":") && !slices.Contains(words, first) {
			attributes = append(attributes, first)
		}
	}
	return attributes
}
