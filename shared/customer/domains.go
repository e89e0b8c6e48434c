package customer

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"golang.org/x/net/idna"
	"golang.org/x/sync/errgroup"

	"kundenkonto/shared/table"
)

// DomainQuery chooses domains. Search is a part of a domain, "" for all. After is the Next of the page before. Limit is the size
// of a page, 25 when 0. On Today, a day of package contract, the packages have not ended.
type DomainQuery struct {
	Search, After string
	Today         time.Time
	Limit         int
}

// Domain is a domain with the package that has it.
type Domain struct {
	Name    string // as people write it, with umlauts
	Package Package
	folded  string
}

// DomainPage is a page of domains by their ASCII form. Next is "" on the last page; with More a search has found others beside
// those, in too many packages to sort.
type DomainPage struct {
	Domains []Domain
	Next    string
	More    bool
}

// DomainsOf are the domains of packages that run on a day, by their ASCII form: each once for a customer number.
func DomainsOf(packages []Package, today time.Time) []Domain {
	var all []Domain
	for _, p := range packages {
		if p.Ended(today) {
			continue
		}
		for _, folded := range FoldDomains(p.Domains) {
			all = append(all, Domain{shownDomain(folded), p, folded})
		}
	}
	slices.SortStableFunc(all, Domain.compare)
	return slices.CompactFunc(all, func(a, b Domain) bool { return a.compare(b) == 0 })
}

// shownDomain is a folded domain as people write it.
func shownDomain(folded string) string {
	if shown, err := idna.Display.ToUnicode(folded); err == nil {
		return shown
	}
	return folded
}

func (d Domain) compare(other Domain) int {
	return cmp.Or(cmp.Compare(d.folded, other.folded), cmp.Compare(d.Package.Number, other.Package.Number))
}

// cursor names a domain's place; parsed by after.
func (d Domain) cursor() string { return d.folded + "@" + d.Package.Number }

// after is the place that a cursor names. One that is made up is the beginning.
func (q DomainQuery) after() (folded, number string) {
	folded, number, _ = strings.Cut(q.After, "@")
	if again, err := FoldDomain(folded); err != nil || again != folded {
		return "", ""
	}
	return folded, number
}

// Domains reads a page of the domains of all running packages of the numbers, the own one and its members, at most 50. The look-ups by
// which a domain is found are in its order already: what a page costs does not grow with the packages. A search finds what the search
// for packages finds.
func (s Store) Domains(ctx context.Context, numbers []string, q DomainQuery) (DomainPage, error) {
	if q.Limit <= 0 {
		q.Limit = 25
	}
	if q.Search = foldSearch(q.Search); q.Search != "" {
		return s.searchDomains(ctx, numbers, q)
	}
	group, inGroup := errgroup.WithContext(ctx)
	found := make([][]Domain, len(numbers))
	for i, number := range numbers {
		group.Go(func() (err error) { found[i], err = s.domainsFrom(inGroup, number, q); return err })
	}
	if err := group.Wait(); err != nil {
		return DomainPage{}, fmt.Errorf("domains: %w", err)
	}
	all := slices.Concat(found...)
	slices.SortFunc(all, Domain.compare)
	page := q.cut(all)
	var places []place
	seen := map[string]bool{}
	for _, d := range page.Domains {
		if !seen[d.Package.ID] {
			seen[d.Package.ID] = true
			places = append(places, place{number: d.Package.Number, id: d.Package.ID})
		}
	}
	packages, err := s.byPlace(ctx, places)
	if err != nil {
		return DomainPage{}, err
	}
	byID := map[string]Package{}
	for _, p := range packages {
		byID[p.ID] = p
	}
	for i, d := range page.Domains {
		page.Domains[i].Package = byID[d.Package.ID]
	}
	page.Domains = slices.DeleteFunc(page.Domains, func(d Domain) bool { return d.Package.ID == "" || d.Package.Ended(q.Today) })
	return page, nil
}

// domainsFrom reads the look-ups of one number behind the cursor: one more than a page. Of a package they know the id alone. A blank
// sorts before and a tilde after every character of a domain.
func (s Store) domainsFrom(ctx context.Context, number string, q DomainQuery) (found []Domain, err error) {
	from, last := q.after()
	if from != "" && number <= last {
		from += " "
	}
	in := &dynamodb.QueryInput{
		TableName: &s.Names.Customers, ConsistentRead: aws.Bool(true), Limit: aws.Int32(int32(q.Limit + 1)),
		KeyConditionExpression: aws.String("pk = :pk AND sk BETWEEN :from AND :to"),
		ExpressionAttributeValues: table.Item{
			":pk": table.S(table.Customer(number)), ":from": table.S(table.PrefixDomain + from), ":to": table.S(table.PrefixDomain + "~"),
		},
	}
	for {
		out, err := s.DB.Query(ctx, in)
		if err != nil {
			return nil, fmt.Errorf("query domains: %w", err)
		}
		for _, item := range out.Items {
			folded := strings.TrimPrefix(table.String(item, table.AttrSK), table.PrefixDomain)
			found = append(found, Domain{shownDomain(folded), Package{ID: table.String(item, "packageId"), Number: number}, folded})
		}
		if in.ExclusiveStartKey = out.LastEvaluatedKey; in.ExclusiveStartKey == nil || len(found) > q.Limit {
			return found, nil
		}
	}
}

// searchDomains looks for packages, and then among their domains.
func (s Store) searchDomains(ctx context.Context, numbers []string, q DomainQuery) (DomainPage, error) {
	packages, err := s.Packages(ctx, numbers, PackageQuery{Search: q.Search, Limit: few})
	if err != nil {
		return DomainPage{}, err
	}
	folded, number := q.after()
	after := Domain{folded: folded, Package: Package{Number: number}}
	page := q.cut(slices.DeleteFunc(DomainsOf(packages.Packages, q.Today), func(d Domain) bool {
		return folded != "" && d.compare(after) <= 0 || !strings.Contains(d.folded, q.Search) && !strings.Contains(foldSearch(d.Name), q.Search)
	}))
	page.More = packages.More || packages.Next != ""
	return page, nil
}

// cut is the beginning of sorted domains.
func (q DomainQuery) cut(all []Domain) DomainPage {
	if len(all) <= q.Limit {
		return DomainPage{Domains: all}
	}
	return DomainPage{Domains: all[:q.Limit], Next: all[q.Limit-1].cursor()}
}
