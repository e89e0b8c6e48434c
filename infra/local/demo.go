package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"kundenkonto/infra/demo"
	"kundenkonto/infra/local/cloud"
	"kundenkonto/infra/stack"
	"kundenkonto/shared/table"
)

// importDemo brings the demo customers in.
func importDemo(ctx context.Context, c *cloud.Cloud) ([]cloud.CustomerLogin, error) {
	admin := c.Admin()
	names, err := stack.Names(ctx, admin, stack.LocalName)
	if err != nil {
		return nil, fmt.Errorf("demo customers: %w", err)
	}
	if err := demo.Import(ctx, table.Store{DB: dynamodb.NewFromConfig(admin), Names: names}, time.Now, rand.Reader); err != nil {
		return nil, err
	}
	logins, err := demo.Logins()
	if err != nil {
		return nil, err
	}
	var shown []cloud.CustomerLogin
	for _, l := range logins {
		shown = append(shown, cloud.CustomerLogin{CustomerNumber: l.CustomerNumber, Password: l.Password})
	}
	return shown, nil
}

// showCustomers prints how to sign in as a demo customer, and what proves a number that is to be merged.
func showCustomers() {
	logins, err := demo.Logins()
	proofs, proofErr := demo.Proofs()
	if err != nil || proofErr != nil {
		return // the import has said it
	}
	fmt.Printf("\n  %-15s %-10s %-26s %s\n", "Demo customers", "number", "customer password", "")
	for _, l := range logins {
		if l.Password == "" {
			l.Password = "(Passwort vergessen)"
		}
		fmt.Printf("  %-15s %-10s %-26s %s, %s\n", "", l.CustomerNumber, l.Password, l.Name, l.Note)
	}
	fmt.Printf("\n  %-15s %-10s %-26s %s\n", "To be merged", "number", "package password", "domain")
	for _, p := range proofs {
		fmt.Printf("  %-15s %-10s %-26s %s\n", "", p.CustomerNumber, p.Password, p.Domain)
	}
	fmt.Println()
}
