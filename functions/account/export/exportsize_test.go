package export_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/functions/account/export"
	"kundenkonto/infra/localtest/visitor"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/lambda"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
)

// Lambda hands on 6 MB of an world.Page as JSON, in which the export's own quotes and angle brackets grow.
func TestNoPartOfAnExportIsLargerThanLambdaHandsOn(t *testing.T) {
	for name, tt := range map[string]struct {
		packages int
		setting  string // of each
	}{
		"5,000 packages":              {5000, "Paket <b>\"Meier & Söhne\"</b>"},
		"packages of angle brackets":  {8, strings.Repeat("<", 380<<10)},
		"packages of quotes":          {14, strings.Repeat(`"`, 380<<10)},
		"packages of broken UTF-8":    {14, strings.Repeat("\xff", 120<<10)},
		"packages of long plain text": {14, strings.Repeat("ü", 190<<10)},
	} {
		t.Run(name, func(t *testing.T) {
			v := visitor.Alone(t)
			for i := range tt.packages {
				p := customer.Package{ID: fmt.Sprintf("P-%05d", i), Number: v.Number, Product: "hosting", Tariff: "M", ContractStart: "2020-01-31", TermMonths: 12,
					Domains: []string{fmt.Sprintf("domain-%d.example", i)}, Settings: map[string]string{"displayName": tt.setting}}
				v.Put(types.TransactWriteItem{Put: &types.Put{TableName: &v.Store.Names.Customers, Item: table.With(table.Package(v.Number, p.ID), table.MustMarshal(p))}})
			}
			seen, parts := 0, 0
			for path := "/account/export"; path != ""; parts++ {
				e := throughLambda(v, path)
				answer, err := json.Marshal(e)
				if err != nil {
					t.Fatal(err)
				}
				if e.StatusCode != http.StatusOK || len(answer) > 6<<20 || parts > 20 {
					t.Fatalf("part %d: %d, %d bytes: %.200s", parts, e.StatusCode, len(answer), e.Body)
				}
				var page export.Page
				if err := json.Unmarshal([]byte(e.Body), &page); err != nil {
					t.Fatal(err)
				}
				seen, path = seen+len(page.Packages), page.NextPart
			}
			if seen != tt.packages {
				t.Errorf("%d packages of %d", seen, tt.packages)
			}
		})
	}
}

// throughLambda sends a GET by the adapter, as API Gateway does.
func throughLambda(v *visitor.Visitor, path string) events.APIGatewayV2HTTPResponse {
	v.T.Helper()
	page, query, _ := strings.Cut(path, "?")
	r := events.APIGatewayV2HTTPRequest{Version: "2.0", RawPath: page, RawQueryString: query, Cookies: []string{session.Cookie + "=" + v.Cookies[session.Cookie]}, Headers: map[string]string{"accept": "application/json"}}
	r.RequestContext.HTTP.Method, r.RequestContext.HTTP.SourceIP = http.MethodGet, "2001:db8::7"
	e, err := lambda.Adapt(v.T.Context(), v.Site, r)
	if err != nil {
		v.T.Fatal(err)
	}
	return e
}
