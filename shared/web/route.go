package web

// HandlerFunc answers one request. An error that is an *Error is told to the
// visitor, any other becomes 500 or 503 and is only logged.
type HandlerFunc func(r *Request) (Response, error)

// Access says who may call a route. It is metadata for the OpenAPI document and
// for the table of routes and roles (S10); the refusing is done by the session.
type Access int

// Who may call a route.
const (
	Anonymous Access = iota
	Customer
	Staff
)

// String names the access in documents and tests.
func (a Access) String() string { return [...]string{"anonymous", "customer", "staff"}[a] }

// Where a field of a route stands.
const (
	InBody  = "body" // also the meaning of an empty Field.In
	InQuery = "query"
	InPath  = "path"
)

// Field describes one input of a route.
type Field struct {
	Name      string
	In        string // InBody if empty
	Summary   string
	Required  bool
	Secret    bool     // a password or token: never logged, format password
	Multiline bool     // line breaks and tabs are allowed
	Max       int      // bytes; the limit for fields of its kind if 0
	Enum      []string // the allowed values, if they are few
}

// Route is one address of a slice and what stands behind it. Patterns are those
// of net/http without the method, for example "/merge/orders/{id}".
type Route struct {
	Method, Pattern, Summary string
	Fields                   []Field
	Access                   Access
	Handle                   HandlerFunc
	// FormPage is the page that shows the form of a POST, with {names} of the pattern. Its input, but for secrets, is kept
	// there for a customer whose session ended meanwhile (S9). Empty: a form without input of its own.
	FormPage string
	// Kinds are the media types of an answer that is neither a page nor its data.
	Kinds []string
}

func (r *Route) multiline(name string) bool {
	for _, f := range r.Fields {
		if f.Name == name {
			return f.Multiline
		}
	}
	return false
}

// limit is the most bytes a field of this route may have.
func (r *Route) limit(name string) int {
	for _, f := range r.Fields {
		if f.Name == name {
			return f.Limit()
		}
	}
	return maxValue
}

// Limit is the most bytes of a field. What is neither secret nor text of several lines may become the key of an item, and
// is kept below the length of keys.
func (f Field) Limit() int {
	switch {
	case f.Max > 0:
		return f.Max
	case f.Secret || f.Multiline:
		return maxField
	}
	return maxValue
}
