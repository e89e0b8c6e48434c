package mail

import "time"

// Factor is what the mails about second factors have in common.
type Factor struct {
	Number string
	At     time.Time
	Link   string // page that shows the second factor; it asks for the sign-in
}

func (f Factor) links() links { return links{Button: f.Link} }

// SecondFactorSetUp tells that an authenticator app is asked for at the sign-in from now on.
type SecondFactorSetUp struct{ Factor }

func (SecondFactorSetUp) template() string { return "secondFactorSetUp" }

// SecondFactorRemoved tells that the password alone is enough again.
type SecondFactorRemoved struct{ Factor }

func (SecondFactorRemoved) template() string { return "secondFactorRemoved" }

// RecoveryCodesRenewed tells that there are new recovery codes and the old ones are void.
type RecoveryCodesRenewed struct{ Factor }

func (RecoveryCodesRenewed) template() string { return "recoveryCodesRenewed" }

// RecoveryCodeUsed tells that somebody signed in with a recovery code.
type RecoveryCodeUsed struct {
	Factor
	Left string // codes left, in digits
}

func (RecoveryCodeUsed) template() string { return "recoveryCodeUsed" }

// SecondStepFailed tells that somebody gave the right password and then wrong codes only.
type SecondStepFailed struct {
	Factor
	ForgotLink string // page that sends a reset link
	Blocked    bool   // no codes of the app are taken any more
}

func (SecondStepFailed) template() string { return "secondStepFailed" }
func (m SecondStepFailed) links() links   { return links{Button: m.ForgotLink} }

// PasskeyChanged tells that a passkey was added or removed.
type PasskeyChanged struct {
	Factor
	Name  string
	Added bool
}

func (PasskeyChanged) template() string { return "passkeyChanged" }

// FactorRecoveryStarted tells that the service team takes the second factor away at EndAt unless it is stopped.
type FactorRecoveryStarted struct {
	Factor
	EndAt    time.Time
	StopLink string // stops it without signing in
}

func (FactorRecoveryStarted) template() string { return "factorRecoveryStarted" }
func (m FactorRecoveryStarted) links() links   { return links{Button: m.StopLink} }

// FactorRecoveryStopped tells that the second factor stays.
type FactorRecoveryStopped struct {
	Factor
	BySignIn bool // somebody signed in with the second factor
}

func (FactorRecoveryStopped) template() string { return "factorRecoveryStopped" }

// FactorRecovered tells that the waiting time is over and the second factor was taken away at a sign-in.
type FactorRecovered struct{ Factor }

func (FactorRecovered) template() string { return "factorRecovered" }
