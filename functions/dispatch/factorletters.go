package dispatch

import (
	"context"
	"net/url"

	"kundenkonto/shared/mail"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/token"
)

// factorLetter is the mail about a second factor; nil for any other event.
func (d Dispatcher) factorLetter(ctx context.Context, item outbox.Item, to outbox.Recipient) (mail.Mail, error) {
	f := mail.Factor{Number: numberOf(item, to), At: item.CreatedAt, Link: d.link("/account/second-factor")}
	switch item.Event {
	case outbox.SecondFactorSetUp:
		return mail.SecondFactorSetUp{Factor: f}, nil
	case outbox.SecondFactorRemoved:
		return mail.SecondFactorRemoved{Factor: f}, nil
	case outbox.RecoveryCodesRenewed:
		return mail.RecoveryCodesRenewed{Factor: f}, nil
	case outbox.RecoveryCodeUsed:
		return mail.RecoveryCodeUsed{Factor: f, Left: item.Values[secondfactor.ValueLeft]}, nil
	case outbox.SecondStepFailed:
		return mail.SecondStepFailed{Factor: f, ForgotLink: d.link("/password/forgot"), Blocked: item.Values[secondfactor.ValueBlocked] != ""}, nil
	case outbox.PasskeyAdded, outbox.PasskeyRemoved:
		return mail.PasskeyChanged{Factor: f, Name: item.Values[secondfactor.ValueName], Added: item.Event == outbox.PasskeyAdded}, nil
	case outbox.FactorRecoveryStarted:
		return d.recoveryStarted(ctx, item, to, f)
	case outbox.FactorRecoveryStopped:
		return mail.FactorRecoveryStopped{Factor: f, BySignIn: item.Values[secondfactor.ValueBy] == secondfactor.BySignIn}, nil
	case outbox.FactorRecovered:
		return mail.FactorRecovered{Factor: f}, nil
	}
	return nil, nil
}

// recoveryStarted carries a link that stops the recovery without signing in. Its token is made when the mail is sent and
// is nowhere but in it.
func (d Dispatcher) recoveryStarted(ctx context.Context, item outbox.Item, to outbox.Recipient, f mail.Factor) (mail.Mail, error) {
	end := d.Now().Add(waitOf(item))
	secret, err := token.Store{Store: d.Tables}.Make(ctx, d.Rand, token.Token{
		Purpose: token.PurposeStopRecovery, Subject: f.Number, Address: to.Address, Expires: end.Add(secondfactor.StopLinkOutlives),
		Values: map[string]string{secondfactor.ValueID: item.Values[secondfactor.ValueID]},
	})
	if err != nil {
		return nil, err
	}
	return mail.FactorRecoveryStarted{Factor: f, EndAt: end,
		StopLink: d.link("/login/stop-recovery?token=" + url.QueryEscape(secret))}, nil
}
