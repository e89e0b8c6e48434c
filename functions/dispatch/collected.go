package dispatch

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"kundenkonto/shared/mail"
	"kundenkonto/shared/merge"
	"kundenkonto/shared/newpassword"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/secondfactor"
)

// collectedLetter tells all mails that an item collected; a single one as it would have been told at once.
func (d Dispatcher) collectedLetter(ctx context.Context, item outbox.Item, to outbox.Recipient) (mail.Mail, error) {
	told, err := d.collected(ctx, item)
	if err != nil {
		return nil, err
	}
	if len(told) == 1 {
		return d.letter(ctx, told[0], to)
	}
	m := mail.FurtherChanges{Number: numberOf(told[0], to), From: told[0].CreatedAt, Until: told[len(told)-1].CreatedAt, ForgotLink: d.link("/password/forgot")}
	for _, one := range told {
		for _, c := range furtherOf(one) {
			m.Add(c)
		}
	}
	return m, nil
}

// collected reads the mails that an item collected, in the order of what happened.
func (d Dispatcher) collected(ctx context.Context, item outbox.Item) ([]outbox.Item, error) {
	told := make([]outbox.Item, len(item.Collected))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(parallel)
	for i, id := range item.Collected {
		group.Go(func() (err error) {
			if told[i], err = d.outbox().Find(ctx, id); err != nil {
				return fmt.Errorf("read what was collected: %w", err)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	slices.SortFunc(told, func(a, b outbox.Item) int { return a.CreatedAt.Compare(b.CreatedAt) })
	return told, nil
}

// furtherWords are the mail's words for events that change no field.
var furtherWords = map[string]mail.What{
	outbox.PasswordChanged: mail.WhatPassword, outbox.PackagePassword: mail.WhatPackagePassword, outbox.SecondFactorSetUp: mail.WhatSecondFactor,
	outbox.SecondFactorRemoved: mail.WhatSecondFactorRemoved, outbox.RecoveryCodesRenewed: mail.WhatCodes, outbox.RecoveryCodeUsed: mail.WhatCodeUsed,
	outbox.PasskeyAdded: mail.WhatPasskey, outbox.PasskeyRemoved: mail.WhatPasskeyRemoved, outbox.SecondStepFailed: mail.WhatSecondStepFailed,
	outbox.OwnerOfDeclared: mail.WhatCancellationDeclared,
}

// furtherOf is what one event changed.
func furtherOf(item outbox.Item) []mail.Further {
	at := item.CreatedAt
	if item.Event == outbox.MasterDataChanged {
		var all []mail.Further
		for _, c := range outbox.Changes(item.Values, merge.DataFields()...) {
			all = append(all, mail.Further{Field: c.Field, Old: c.Old, New: c.New, Last: at})
		}
		return all
	}
	name := item.Values[secondfactor.ValueName]
	if item.Event == outbox.PackagePassword || item.Event == outbox.OwnerOfDeclared {
		name = item.Values[outbox.ValueName]
		if id := item.Values[outbox.ValuePackage]; id != name {
			name = strings.TrimSpace(name + " (" + id + ")")
		}
	}
	all := []mail.Further{{What: furtherWords[item.Event], Name: name, Last: at}}
	if gone := item.Values[newpassword.ValuePasskeysGone]; gone != "" {
		all = append(all, mail.Further{What: mail.WhatPasskeyRemoved, Name: gone, Last: at})
	}
	return all
}
