package table

import (
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Marshal turns a struct with dynamodbav tags into an item, times in TimeLayout and zero times left out where the tag
// says omitempty.
func Marshal(v any) (Item, error) {
	item, err := attributevalue.MarshalMapWithOptions(v, func(o *attributevalue.EncoderOptions) {
		o.OmitEmptyTime = true
		o.EncodeTime = func(t time.Time) (types.AttributeValue, error) { return Time(t), nil }
	})
	if err != nil {
		return nil, fmt.Errorf("marshal %T: %w", v, err)
	}
	return item, nil
}

// MustMarshal is Marshal for our own structs of strings, numbers, times and lists, which always marshal.
func MustMarshal(v any) Item {
	item, err := Marshal(v)
	if err != nil {
		panic(err)
	}
	return item
}

// Unmarshal reads an item into a struct with dynamodbav tags.
func Unmarshal(item Item, v any) error {
	if err := attributevalue.UnmarshalMap(item, v); err != nil {
		return fmt.Errorf("unmarshal %T: %w", v, err)
	}
	return nil
}

// With returns the attributes of both, the key's winning.
func With(k Key, attributes Item) Item {
	item := make(Item, len(k)+len(attributes))
	for name, v := range attributes {
		item[name] = v
	}
	for name, v := range k {
		item[name] = v
	}
	return item
}

// String reads a string attribute, "" when missing.
func String(item Item, name string) string {
	if s, ok := item[name].(*types.AttributeValueMemberS); ok {
		return s.Value
	}
	return ""
}

// Int reads a number attribute, 0 when missing.
func Int(item Item, name string) int64 {
	var n int64
	if v, ok := item[name].(*types.AttributeValueMemberN); ok {
		fmt.Sscan(v.Value, &n)
	}
	return n
}

// Bool reads a truth value; false when there is none.
func Bool(item Item, name string) bool {
	b, ok := item[name].(*types.AttributeValueMemberBOOL)
	return ok && b.Value
}
