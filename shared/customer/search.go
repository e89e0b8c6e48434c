package customer

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"golang.org/x/sync/errgroup"
	"golang.org/x/text/unicode/norm"

	"kundenkonto/shared/table"
)

// searched are the texts that a package is found by beside its display name: domains as written and as folded, and its id.
func (p Package) searched() []string {
	return append(slices.Concat(p.Domains, FoldDomains(p.Domains)), p.ID)
}

// foldSearch compares without regard to case, and to whether an umlaut is one character or two (Unicode NFC).
func foldSearch(s string) string { return norm.NFC.String(strings.ToLower(strings.TrimSpace(s))) }

// longestEntry is how much of a text an entry of the search has, in bytes.
const longestEntry = 100

// searchEntries are the beginnings by which a package is found where there are too many to look through: a domain from each
// of its labels on but the last, which half of all domains share, and from each part of a label with dashes; the id likewise.
func (p Package) searchEntries() []string {
	entries := map[string]bool{}
	for _, text := range p.searched() {
		text = foldSearch(text)
		last := strings.LastIndexByte(text, '.')
		for i := range text {
			if (i == 0 || strings.ContainsRune(".-_", rune(text[i-1]))) && (i == 0 || i <= last || text == strings.ToLower(p.ID)) {
				entries[shortened(text[i:], longestEntry)] = true
			}
		}
	}
	var all []string
	for entry := range entries {
		if entry != "" {
			all = append(all, entry)
		}
	}
	slices.Sort(all)
	return all
}

// searchPackages looks for packages by the beginning of a label, an id or a display name, at most so many as are few. It
// reads the entries in one round of parallel queries, and the packages found in another.
func (s Store) searchPackages(ctx context.Context, numbers []string, counts packageCounts, q PackageQuery) (PackagePage, error) {
	found, more, err := s.searchPlaces(ctx, numbers, counts, q)
	if err != nil {
		return PackagePage{}, err
	}
	cursor, err := s.cursor(ctx, numbers, q)
	if err != nil {
		return PackagePage{}, err
	}
	packages, err := s.byPlace(ctx, found)
	if err != nil {
		return PackagePage{}, err
	}
	var after place
	if cursor.ID != "" {
		after = q.placeOf(cursor)
	}
	page := q.cut(slices.DeleteFunc(packages, func(p Package) bool { return !q.matches(p) }), after)
	page.More = more
	return page, nil
}

// searchPlaces are the packages that have an entry with the beginning asked for, each once; more says that there are others.
func (s Store) searchPlaces(ctx context.Context, numbers []string, counts packageCounts, q PackageQuery) (found []place, more bool, err error) {
	search := shortened(foldSearch(q.Search), longestEntry)
	name := shortened(umlauts.Replace(strings.Join(strings.Fields(search), " ")), longestNameKey)
	group, ctx := errgroup.WithContext(ctx)
	type look struct {
		number string
		in     *dynamodb.QueryInput
	}
	var looks []look
	for _, number := range numbers {
		looks = append(looks, look{number, s.beginning(table.SearchShelf.Of(number), "", table.AttrSK, search)})
		for _, kind := range Products {
			if counts[number][kind] > 0 && (q.Product == "" || q.Product == kind) {
				looks = append(looks, look{number, s.beginning(table.Customer(number), table.IndexByName, "nameKey", kind+tab+name)})
			}
		}
	}
	results := make([]*dynamodb.QueryOutput, len(looks))
	for i, one := range looks {
		group.Go(func() (err error) { results[i], err = s.DB.Query(ctx, one.in); return err })
	}
	if err := group.Wait(); err != nil {
		return nil, false, fmt.Errorf("search packages: %w", err)
	}
	seen := map[string]bool{}
	for i, out := range results {
		more = more || out.LastEvaluatedKey != nil
		for _, item := range out.Items {
			sk := table.String(item, table.AttrSK)
			id := strings.TrimPrefix(sk[strings.LastIndex(sk, tab)+1:], table.PrefixPackage) // of an entry or of the index
			if !seen[id] {
				seen[id] = true
				found = append(found, place{number: looks[i].number, id: id})
			}
		}
	}
	if len(found) > few {
		return found[:few], true, nil
	}
	return found, more, nil
}

// beginning asks for the keys of a partition that begin with a text, in the table or an index.
func (s Store) beginning(pk, index, attribute, prefix string) *dynamodb.QueryInput {
	in := &dynamodb.QueryInput{
		TableName: &s.Names.Customers, Limit: aws.Int32(few + 1),
		KeyConditionExpression:    aws.String("pk = :pk AND begins_with(#key, :prefix)"),
		ExpressionAttributeNames:  map[string]string{"#key": attribute},
		ExpressionAttributeValues: table.Item{":pk": table.S(pk), ":prefix": table.S(prefix)},
	}
	if index == "" {
		in.ConsistentRead = aws.Bool(true)
	} else {
		in.IndexName = &index
	}
	return in
}
