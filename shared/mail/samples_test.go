package mail

import "time"

var (
	sampleTime     = time.Date(2026, 11, 23, 13, 2, 0, 0, time.UTC)
	sampleSettings = Settings{
		Brand: "Kundenkonto", Sender: "noreply@kundenkonto.example", Contact: "service@kundenkonto.example",
		ImprintURL: "https://kundenkonto.example/impressum", PrivacyURL: "https://kundenkonto.example/datenschutz",
	}
	sampleFactor = Factor{Number: "10000017", At: sampleTime, Link: "https://kundenkonto.example/account/second-factor"}
	sampleOwn    = Order{
		ID: "K7QX-2M4D", Survivor: "10000017", Sources: []string{"10000023", "10000031"}, Own: true,
		OrderLink: "https://kundenkonto.example/merge/orders/K7QX-2M4D", LoginLink: "https://kundenkonto.example/login",
	}
	sampleOther = Order{
		ID: "K7QX-2M4D", Survivor: "10000017", Sources: []string{"10000023", "10000031"}, Numbers: []string{"10000023"},
		LoginLink: "https://kundenkonto.example/login", StopLink: "https://kundenkonto.example/merge/veto?token=SAMPLE",
	}
)

type sample struct {
	name string // of its golden file
	mail Mail
}

// withEarlier lets both sources be survivors of earlier merges.
func withEarlier(o Order) Order {
	o.Earlier = []Earlier{{"10000023", []string{"10000035", "10000036"}}, {"10000031", []string{"10000037"}}}
	return o
}

var sampleNotice = Notice{Number: "10000017", Package: "P-1001", Name: "schaefer.example", ID: "K7QX-2M4D", ReceivedAt: sampleTime,
	EndsOn: sampleTime.AddDate(0, 6, 0), PackageLink: "https://kundenkonto.example/account/packages/P-1001"}

// samples are all mails, each for every kind of reader.
func samples() []sample {
	both := sampleOwn
	both.StopLink = sampleOther.StopLink
	quiet := sampleOther
	quiet.StopLink = ""
	tomorrow := sampleTime.AddDate(0, 0, 3)
	return []sample{
		{"passwordReset", PasswordReset{Number: "10000017", Link: "https://kundenkonto.example/password/reset?token=SAMPLE", ValidTil: sampleTime.Add(time.Hour)}},
		{"passwordReset-first", PasswordReset{Number: "10000017", First: true, Link: "https://kundenkonto.example/password/reset?token=SAMPLE", ValidTil: sampleTime.Add(time.Hour)}},
		{"passwordReset-merged", PasswordReset{Number: "10000017", Merged: "10000023", Link: "https://kundenkonto.example/password/reset?token=SAMPLE", ValidTil: sampleTime.Add(time.Hour)}},
		{"passwordChanged", PasswordChanged{Number: "10000017", At: sampleTime, ForgotLink: "https://kundenkonto.example/password/forgot"}},
		{"passwordChanged-others", PasswordChanged{Number: "10000017", At: sampleTime, PasskeysGone: "Neues Telefon", Passkeys: "Laptop, Schlüssel",
			SecondStep: sampleTime.AddDate(0, 0, -3), ForgotLink: "https://kundenkonto.example/password/forgot"}},
		{"emailConfirm", EmailConfirm{Number: "10000017", Address: "eva@neu.example", Link: "https://kundenkonto.example/account/email/confirm?token=SAMPLE", ValidTil: sampleTime.Add(24 * time.Hour)}},
		{"emailConfirm-staff", EmailConfirm{Number: "10000017", Address: "eva@neu.example", Link: "https://kundenkonto.example/account/email/confirm?token=SAMPLE", ValidTil: sampleTime.Add(24 * time.Hour), ByStaff: true}},
		{"emailRequested", EmailRequested{Number: "10000017", Address: "e•••@neu.example", At: sampleTime, StopLink: "https://kundenkonto.example/account/email/stop?token=SAMPLE", StopTil: sampleTime.Add(7 * 24 * time.Hour)}},
		{"emailRequested-staff", EmailRequested{Number: "10000017", Address: "e•••@neu.example", At: sampleTime, StopLink: "https://kundenkonto.example/account/email/stop?token=SAMPLE", StopTil: sampleTime.Add(7 * 24 * time.Hour), ByStaff: true}},
		{"packagePasswordChanged", PackagePasswordChanged{Number: "10000017", Package: "P-1001", Name: "schaefer.example", At: sampleTime, ForgotLink: "https://kundenkonto.example/password/forgot"}},
		{"contractCancelled", ContractCancelled{sampleNotice}},
		{"contractCancelled-extraordinary", ContractCancelled{Notice{Number: "10000017", Package: "P-1001", Name: "schaefer.example", ID: "K7QX-2M4D", Extraordinary: true,
			Grounds: "Der Server war im Oktober an zwölf Tagen nicht erreichbar.", ReceivedAt: sampleTime, Wished: sampleTime.AddDate(0, 0, 7),
			PackageLink: "https://kundenkonto.example/account/packages/P-1001"}}},
		{"cancellationDeclared", CancellationDeclared{ID: "K7QX-2M4D", LoginLink: "https://kundenkonto.example/login", Name: "Anna Schäfer", Contract: "schaefer.example", ReceivedAt: sampleTime}},
		{"cancellationDeclared-own", CancellationDeclared{ID: "K7QX-2M4D", LoginLink: "https://kundenkonto.example/login", Name: "Anna Schäfer", Number: "10000017", Contract: "P-1001", Extraordinary: true,
			Grounds: "Der Server war an zwölf Tagen nicht erreichbar.", ReceivedAt: sampleTime, Wished: sampleTime.AddDate(0, 0, 7), EndsOn: sampleTime.AddDate(0, 0, 7)}},
		{"cancellationDeclared-wished", CancellationDeclared{ID: "K7QX-2M4D", LoginLink: "https://kundenkonto.example/login", Name: "Anna Schäfer", Number: "10000017", Contract: "P-1001", ReceivedAt: sampleTime, Wished: sampleTime.AddDate(0, 0, 7)}},
		{"cancellationOwner", CancellationOwner{sampleNotice}},
		{"cancellationWithdrawn", CancellationWithdrawn{Notice: sampleNotice, At: sampleTime.Add(time.Hour)}},
		{"cancellationTakenUp", CancellationTakenUp{sampleNotice}},
		{"cancellationTakenUp-unknown", CancellationTakenUp{Notice{Number: "10000017", Package: "P-1001", Name: "schaefer.example", ID: "K7QX-2M4D", ReceivedAt: sampleTime,
			PackageLink: "https://kundenkonto.example/account/packages/P-1001"}}},
		{"numberProven", NumberProven{Number: "10000023", Package: "P-1002", At: sampleTime, PackageLink: "https://kundenkonto.example/account/packages/P-1002"}},
		{"masterDataChanged", MasterDataChanged{Number: "10000017", At: sampleTime, AccountLink: "https://kundenkonto.example/account", Changes: []Change{
			{"street", "Hauptstr. 5", "Nebenstraße 7"}, {"mobile", "", "0171 1234567"}, {"phone", "030 1234567", ""},
			{"iban", "••• 3000", "••• 2051"}}}},
		{"furtherChanges", FurtherChanges{Number: "10000017", From: sampleTime, Until: sampleTime.Add(7 * time.Minute), ForgotLink: "https://kundenkonto.example/password/forgot",
			Lines: []Further{{Field: "street", Old: "Hauptstr. 5", New: "Nebenstraße 7", Last: sampleTime, Times: 1}, {Field: "phone", Old: "", New: "030 7654321", Last: sampleTime, Times: 3},
				{Field: "mobile", Old: "0171 1234567", New: "", Last: sampleTime, Times: 1}}}},
		{"furtherChanges-packages", FurtherChanges{Number: "10000017", From: sampleTime, Until: sampleTime.Add(7 * time.Minute), ForgotLink: "https://kundenkonto.example/password/forgot",
			Lines: []Further{{What: WhatPackagePassword, Name: "schaefer.example (P-1001)", Last: sampleTime, Times: 1}, {What: WhatPackagePassword, Name: "P-1002", Last: sampleTime.Add(7 * time.Minute), Times: 2}}}},
		{"furtherChanges-password", FurtherChanges{Number: "10000017", From: sampleTime, Until: sampleTime.Add(7 * time.Minute), ForgotLink: "https://kundenkonto.example/password/forgot",
			Lines: []Further{{What: WhatPassword, Last: sampleTime.Add(7 * time.Minute), Times: 2}, {What: WhatPasskeyRemoved, Name: "Telefon", Last: sampleTime, Times: 1}}}},
		{"secondFactorSetUp", SecondFactorSetUp{sampleFactor}},
		{"secondFactorRemoved", SecondFactorRemoved{sampleFactor}},
		{"recoveryCodesRenewed", RecoveryCodesRenewed{sampleFactor}},
		{"recoveryCodeUsed", RecoveryCodeUsed{Factor: sampleFactor, Left: "9"}},
		{"secondStepFailed", SecondStepFailed{Factor: sampleFactor, ForgotLink: "https://kundenkonto.example/password/forgot"}},
		{"secondStepFailed-blocked", SecondStepFailed{Factor: sampleFactor, ForgotLink: "https://kundenkonto.example/password/forgot", Blocked: true}},
		{"passkeyChanged", PasskeyChanged{Factor: sampleFactor, Name: "Telefon", Added: true}},
		{"passkeyChanged-removed", PasskeyChanged{Factor: sampleFactor, Name: "Telefon"}},
		{"factorRecoveryStarted", FactorRecoveryStarted{Factor: sampleFactor, EndAt: tomorrow,
			StopLink: "https://kundenkonto.example/login/stop-recovery?token=SAMPLE"}},
		{"factorRecoveryStopped", FactorRecoveryStopped{Factor: sampleFactor}},
		{"factorRecoveryStopped-used", FactorRecoveryStopped{Factor: sampleFactor, BySignIn: true}},
		{"factorRecovered", FactorRecovered{sampleFactor}},
		{"orderAnnounced-own", OrderAnnounced{Order: sampleOwn, VetoHours: 72}},
		{"orderAnnounced-both", OrderAnnounced{Order: both}},
		{"orderAnnounced-other", OrderAnnounced{Order: sampleOther, VetoHours: 72}},
		{"orderApproved-own", OrderApproved{Order: sampleOwn, ExecuteAt: tomorrow}},
		{"orderApproved-remark", OrderApproved{Order: sampleOwn, Reason: "Die Rechnungen gehen künftig an die neue Anschrift."}},
		{"orderApproved-other", OrderApproved{Order: sampleOther, ExecuteAt: tomorrow, Reason: "Die Rechnungen gehen künftig an die neue Anschrift."}},
		{"orderRejected-own", OrderRejected{Order: sampleOwn, Reason: "Die Namen stehen für zwei verschiedene Firmen."}},
		{"orderRejected-other", OrderRejected{Order: quiet, Reason: "Die Namen stehen für zwei verschiedene Firmen."}},
		{"orderExecuted-own", OrderExecuted{Order: sampleOwn, UndoUntil: tomorrow.AddDate(0, 0, 30)}},
		{"orderExecuted-balances", OrderExecuted{Order: sampleOwn, UndoUntil: tomorrow.AddDate(0, 0, 30), Balances: []Balance{{"10000017", "7,00 € offen"}, {"10000023", "Guthaben 25,00 €"}}}},
		{"orderExecuted-balances-other", OrderExecuted{Order: quiet, Balances: []Balance{{"10000023", "Guthaben 25,00 €"}}}},
		{"orderExecuted-earlier", OrderExecuted{Order: withEarlier(sampleOwn), UndoUntil: tomorrow.AddDate(0, 0, 30)}},
		{"orderExecuted-earlier-other", OrderExecuted{Order: withEarlier(quiet), UndoUntil: tomorrow.AddDate(0, 0, 30)}},
		{"orderExecuted-other", OrderExecuted{Order: quiet}},
		{"orderExecuted-objecting", OrderExecuted{Order: sampleOther, UndoUntil: tomorrow.AddDate(0, 0, 30)}},
		{"orderWithdrawn-own", OrderWithdrawn{sampleOwn}},
		{"orderWithdrawn-other", OrderWithdrawn{quiet}},
		{"orderVetoed-own", OrderVetoed{sampleOwn}},
		{"orderVetoed-other", OrderVetoed{quiet}},
		{"orderFailed-own", OrderFailed{sampleOwn}},
		{"orderFailed-other", OrderFailed{quiet}},
		{"orderStale-own", OrderStale{Order: sampleOwn, ConfirmBy: tomorrow}},
		{"orderStale-other", OrderStale{Order: quiet, ConfirmBy: tomorrow}},
		{"orderConfirmed-own", OrderConfirmed{sampleOwn}},
		{"orderConfirmed-other", OrderConfirmed{sampleOther}},
		{"orderObjected-own", OrderObjected{sampleOwn}},
		{"orderObjected-other", OrderObjected{quiet}},
		{"orderObjectionDismissed-own", OrderObjectionDismissed{Order: sampleOwn, Reason: "Die Zusammenfassung war am Telefon vereinbart."}},
		{"orderObjectionDismissed-other", OrderObjectionDismissed{Order: quiet, Reason: "Die Zusammenfassung war am Telefon vereinbart."}},
		{"orderUndone-own", OrderUndone{Order: sampleOwn, Reason: "Auf Ihren Wunsch."}},
		{"orderUndone-abused-own", OrderUndone{Order: sampleOwn, Reason: "Der Einspruch ist berechtigt.", PasswordsVoid: true}},
		{"orderUndone-abused-other", OrderUndone{Order: quiet, Reason: "Der Einspruch ist berechtigt.", PasswordsVoid: true}},
		{"orderUndone-other", OrderUndone{Order: quiet, Reason: "Auf Ihren Wunsch."}},
		{"orderExpired-own", OrderExpired{Order: sampleOwn, MergeLink: "https://kundenkonto.example/merge/orders/K7QX-2M4D"}},
		{"orderExpired-unconfirmed", OrderExpired{Order: sampleOwn, MergeLink: "https://kundenkonto.example/merge/orders/K7QX-2M4D", Unconfirmed: true}},
		{"orderExpired-unconfirmed-other", OrderExpired{Order: quiet, MergeLink: "https://kundenkonto.example/merge", Unconfirmed: true}},
		{"orderExpired-untold", OrderExpired{Order: sampleOwn, MergeLink: "https://kundenkonto.example/merge/orders/K7QX-2M4D", Untold: true}},
		{"orderExpired-untold-other", OrderExpired{Order: quiet, MergeLink: "https://kundenkonto.example/merge", Untold: true}},
		{"orderToEarlierAddress-announced", OrderToEarlierAddress{ID: "K7QX-2M4D", Numbers: []string{"10000023"}, Now: EarlierAnnounced, StopLink: sampleOther.StopLink}},
		{"orderToEarlierAddress-approved", OrderToEarlierAddress{ID: "K7QX-2M4D", Numbers: []string{"10000023", "10000031"}, Now: EarlierApproved, StopLink: sampleOther.StopLink}},
		{"orderToEarlierAddress-confirmed", OrderToEarlierAddress{ID: "K7QX-2M4D", Numbers: []string{"10000023"}, Now: EarlierConfirmed, StopLink: sampleOther.StopLink}},
		{"orderToEarlierAddress-waiting", OrderToEarlierAddress{ID: "K7QX-2M4D", Numbers: []string{"10000023"}, Now: EarlierWaiting}},
		{"orderToEarlierAddress-executed", OrderToEarlierAddress{ID: "K7QX-2M4D", Numbers: []string{"10000023"}, Now: EarlierExecuted}},
		{"orderToEarlierAddress-objected", OrderToEarlierAddress{ID: "K7QX-2M4D", Numbers: []string{"10000023"}, Now: EarlierObjected}},
		{"orderToEarlierAddress-dismissed", OrderToEarlierAddress{ID: "K7QX-2M4D", Numbers: []string{"10000023"}, Now: EarlierDismissed}},
		{"orderToEarlierAddress-undone", OrderToEarlierAddress{ID: "K7QX-2M4D", Numbers: []string{"10000023"}, Now: EarlierUndone}},
		{"orderToEarlierAddress-ended", OrderToEarlierAddress{ID: "K7QX-2M4D", Numbers: []string{"10000023"}, Now: EarlierEnded}},
		{"orderEscalated", OrderEscalated{Order: quiet, SubmittedAt: sampleTime.AddDate(0, 0, -2), DueAt: sampleTime,
			ServiceLink: "https://kundenkonto.example/service/orders/K7QX-2M4D"}},
		{"orderExpired-other", OrderExpired{Order: quiet, MergeLink: "https://kundenkonto.example/merge"}},
	}
}
