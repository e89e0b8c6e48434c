package e2e

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/infra/e2e/browser"
	"kundenkonto/infra/localtest"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/table"
	"kundenkonto/shared/token"
)

// What stands on the pages of the second factor.
var (
	setUpApp      = T("Authenticator-App einrichten", "Set up an authenticator app")
	codeFromApp   = T("Code aus der App", "Code from the app")
	recoveryCode  = T("Wiederherstellungscode", "Recovery code")
	noAppAtHand   = T("App nicht zur Hand?", "App not at hand?")
	makePasskey   = T("Passkey anlegen", "Create a passkey")
	passkeyButton = T("Passkey anlegen", "Create a passkey")
	byPasskey     = T("Mit Passkey anmelden", "Sign in with a passkey")
)

func (r *resident) setsUpAnApp() {
	r.t.Helper()
	r.signsIn(r.line.CustomerNumber, secret)
	r.Open("/account/security")
	r.Follow(T("ansehen zweite Stufe", "view two-step sign-in"))
	r.Shot("2fa-off")
	r.Follow(setUpApp)
	r.Fill(confirmPassword, "ein falsches Kundenpasswort")
	r.Press(goOn)
	r.Status(422)
	r.Shot("2fa-password-wrong")
	r.Fill(confirmPassword, secret)
	r.Press(goOn)
	r.At("/account/second-factor/setup")
	r.secret = strings.ReplaceAll(r.Texts(".facts code")[0], " ", "")
	r.Shot("2fa-secret")
	r.Fill(codeFromApp, "000000")
	r.Press(T("Einrichten", "Set up"))
	r.Status(422)
	r.Shot("2fa-secret-wrong-code")
	r.Fill(codeFromApp, r.nextCode())
	r.Press(T("Einrichten", "Set up"))
	r.See(T("Die Authenticator-App ist eingerichtet", "The authenticator app is set up"))
	r.codes = r.Texts(".codes code")
	if len(r.codes) != secondfactor.NumberOfCodes {
		r.t.Fatalf("recovery codes shown: %d", len(r.codes))
	}
	r.Shot("2fa-codes")
	r.Follow(T("Ich habe die Codes notiert", "I have kept the codes"))
	r.Shot("2fa-on")
	r.SeesNot(r.codes...)
	r.SeesNot(r.secret)
	r.Open("/account/security")
	r.See(T("ein Code aus einer App", "a code from an app"))
	mailTo(r.t, r.line.Email, r.T(T("Zweite Stufe der Anmeldung eingerichtet", "Two-step sign-in has been turned on")))
	r.Press(signOut)
}

// nextCode is the app's of now. Each is good once: the one before is made to be of long ago, which spares half a minute.
func (r *resident) nextCode() string {
	r.t.Helper()
	if f := r.factor(); f.Step > 0 {
		fresh := f
		fresh.Step = 0
		localtest.Put(r.t, secondfactor.Save(localtest.Names(r.t), f, fresh))
	}
	return secondfactor.Code(r.secret, time.Now())
}

func (r *resident) factor() secondfactor.Factor {
	f, err := secondfactor.Store{Store: localtest.Store(r.t)}.Get(r.t.Context(), r.line.CustomerNumber)
	if err != nil {
		r.t.Fatal(err)
	}
	return f
}

func (r *resident) signsInWithTheApp() {
	r.t.Helper()
	r.Open("/login?next=/account/second-factor")
	r.tries(r.line.CustomerNumber, secret)
	r.At("/login/second-factor")
	r.Title(T("Anmelden: zweite Stufe", "Sign in: second step"))
	r.Shot("2fa-step")
	r.Fill(codeFromApp, "123 456")
	r.Press(signIn)
	r.Status(422)
	r.Shot("2fa-step-wrong")
	r.Open("/account") // the password alone opens nothing
	r.At("/login*")
	r.Open("/login/second-factor")
	r.Fill(codeFromApp, r.nextCode())
	r.Press(signIn)
	r.At("/account/second-factor")
	r.Press(signOut)
}

func (r *resident) losesTheApp() {
	r.t.Helper()
	for i, status := range []int{200, 422} { // each code is good once
		r.Open("/login")
		r.tries(r.line.CustomerNumber, secret)
		r.Unfold(noAppAtHand)
		r.Fill(recoveryCode, strings.ToUpper(r.codes[2]))
		r.Press(T("Mit diesem Code anmelden", "Sign in with this code"))
		r.Status(status)
		if i == 1 {
			r.Shot("2fa-recovery-code-used")
			continue
		}
		r.At("/account")
		r.Press(signOut)
	}
	m := mailTo(r.t, r.line.Email, r.T(T("Anmeldung mit einem Wiederherstellungscode", "Sign-in with a recovery code")))
	if !strings.Contains(m.Text, "9") {
		r.t.Errorf("the mail does not say how many are left: %s", m.Text)
	}
	r.Fill(recoveryCode, r.codes[3])
	r.Press(T("Mit diesem Code anmelden", "Sign in with this code"))
	r.At("/account")
}

// usesAPasskey makes one, signs in with it and removes it; it needs JavaScript, and says so.
func (r *resident) usesAPasskey() {
	r.t.Helper()
	r.Open("/account/second-factor")
	r.Follow(makePasskey)
	r.Shot("2fa-passkey-password")
	r.Fill(confirmPassword, secret)
	r.Press(goOn)
	if r.NoScript {
		if said := strings.Join(r.Texts("noscript"), " "); !strings.Contains(said, r.T(T("Passkeys brauchen JavaScript", "Passkeys need JavaScript"))) {
			r.t.Errorf("without JavaScript the page says %q", said)
		}
		return
	}
	phone := r.NewDevice()
	r.Fill(T("Name", "Name"), "Annas Telefon")
	r.Shot("2fa-passkey-new")
	phone.Press(passkeyButton)
	r.See(T("Der Passkey ist angelegt", "The passkey has been created"))
	r.Sees("Annas Telefon")
	r.Shot("2fa-passkeys")
	mailTo(r.t, r.line.Email, r.T(T("Passkey angelegt", "Passkey created")))
	r.Press(signOut)
	r.Open("/login?next=/account/second-factor")
	r.Shot("login-with-passkey")
	r.Press(byPasskey)
	r.Shot("2fa-passkey-asked")
	phone.Press(T("Passkey verwenden", "Use passkey"))
	r.At("/account/second-factor")
	r.SeesNot(r.T(T("noch nie", "never")))
	r.FollowIn(T("Annas Telefon", "Annas Telefon"), T("entfernen", "remove"))
	r.Shot("2fa-passkey-remove")
	page := strings.TrimPrefix(r.Address(), r.URL)
	for _, l := range []lang.Lang{lang.EN, r.Lang} { // only this journey has JavaScript and so comes here
		r.Open(page + "?lang=" + string(l))
	}
	r.Fill(confirmPassword, secret)
	r.Press(T("Passkey entfernen", "Remove passkey"))
	r.See(T("Der Passkey ist entfernt", "The passkey has been removed"))
	r.Press(signOut)
	r.Open("/login")
	r.Press(byPasskey) // the device still offers it
	phone.Press(T("Passkey verwenden", "Use passkey"))
	r.Status(422)
	r.See(T("Mit diesem Passkey ging es nicht", "That did not work with this passkey"))
	r.Shot("2fa-passkey-refused")
	r.tries(r.line.CustomerNumber, secret)
	r.Fill(codeFromApp, r.nextCode())
	r.Press(signIn)
	r.At("/account")
}

// Older browsers neither read nor write the JSON of passkeys, and the credentials of some password managers do not write it.
func TestPasskeysGoWithoutTheBrowsersJSON(t *testing.T) {
	localtest.Cloud(t)
	t.Parallel()
	l := person(t, lang.EN, 1)
	l.Password = secret
	importAll(t, l)
	v := travel(t, browser.Options{Lang: lang.EN})
	v.Begin(`delete PublicKeyCredential.parseCreationOptionsFromJSON;
		delete PublicKeyCredential.parseRequestOptionsFromJSON;
		PublicKeyCredential.prototype.toJSON = () => { throw new TypeError("Illegal invocation"); };`)
	v.signsIn(l.CustomerNumber, secret)
	v.Open("/account/second-factor")
	v.Follow(makePasskey)
	v.Fill(confirmPassword, secret)
	v.Press(goOn)
	phone := v.NewDevice()
	v.Fill(T("Name", "Name"), "Phone")
	phone.Press(passkeyButton)
	v.See(T("Der Passkey ist angelegt", "The passkey has been created"))
	v.Press(signOut)
	v.Open("/login")
	v.Press(byPasskey)
	phone.Press(T("Passkey verwenden", "Use passkey"))
	v.At("/account")
}

func (r *resident) removesTheApp() {
	r.t.Helper()
	r.Open("/account/second-factor")
	r.Follow(T("neue Codes", "new codes"))
	r.Fill(confirmPassword, secret)
	r.Press(T("Neue Codes erstellen", "Create new codes"))
	r.SeesNot(r.codes...)
	r.Open("/account/second-factor")
	r.Follow(T("Zweite Stufe abschalten", "Turn off two-step sign-in"))
	r.Shot("2fa-remove")
	r.Fill(confirmPassword, secret)
	r.Press(T("Zweite Stufe abschalten", "Turn off two-step sign-in"))
	r.See(T("Die zweite Stufe ist abgeschaltet", "Two-step sign-in is off"))
	r.Press(signOut)
}

// isRecovered asks the service team for help, stops that by the mailed link, and lets it happen the second time.
func (r *resident) isRecovered() {
	r.t.Helper()
	staff := work(r.t, r.o)
	start := func(shot bool) {
		staff.findsCustomer(r.line)
		staff.Follow(T("abschalten zweite Stufe der Anmeldung", "turn off two-step sign-in"))
		if shot {
			staff.Shot("staff")
			staff.Press(T("Abschaltung beginnen", "Start waiting time"))
			staff.Status(422)
		}
		staff.Fill(T("Grund (bleibt intern)", "Reason (internal)"), "Hat angerufen, Rückruf unter der hinterlegten Nummer")
		staff.Press(T("Abschaltung beginnen", "Start waiting time"))
		staff.See(T("Die Abschaltung läuft", "Two-step sign-in is going to be turned off"))
	}
	r.Open("/login")
	r.tries(r.line.CustomerNumber, secret)
	r.Fill(codeFromApp, r.nextCode())
	r.Press(signIn)
	r.isRefusedForNow(staff)
	start(true)
	staff.Shot("staff-started")
	m := mailTo(r.t, r.line.Email, r.T(T("Zweite Stufe der Anmeldung wird am", "Two-step sign-in will be turned off")))
	if strings.Contains(m.Text, "Rückruf") {
		r.t.Error("the reason of the service team is in the mail")
	}
	r.couldStopItHere()
	r.Open(linkIn(r.t, m, "/login/stop-recovery?token="))
	r.Shot("2fa-stop")
	r.Press(T("Abschaltung stoppen", "Keep it on"))
	r.See(T("Die zweite Stufe Ihrer Anmeldung bleibt, wie sie ist", "Two-step sign-in stays on"))
	mailTo(r.t, r.line.Email, r.T(T("Zweite Stufe der Anmeldung bleibt", "Two-step sign-in stays on")))
	r.tries(r.line.CustomerNumber, secret)
	r.At("/login/second-factor")
	start(false)
	r.waitingTimePasses()
	r.signsIn(r.line.CustomerNumber, secret)
	r.Open("/account/second-factor")
	r.See(setUpApp)
	mailTo(r.t, r.line.Email, r.T(T("Zweite Stufe der Anmeldung ist abgeschaltet", "Two-step sign-in has been turned off")))
}

// isRefusedForNow: with a new address nobody is recovered; the one before could still be the owner's (S7).
func (r *resident) isRefusedForNow(staff reviewer) {
	r.t.Helper()
	staff.findsCustomer(r.line)
	staff.Follow(T("abschalten zweite Stufe der Anmeldung", "turn off two-step sign-in"))
	staff.Fill(T("Grund (bleibt intern)", "Reason (internal)"), "Hat angerufen")
	staff.Press(T("Abschaltung beginnen", "Start waiting time"))
	staff.Status(409)
	staff.See(T("Die E-Mail-Adresse dieses Kunden ist erst seit dem", "This customer’s e-mail address has only been in use since"))
	staff.Shot("staff-address-too-new")
	admin := localtest.Store(r.t)
	settled := types.TransactWriteItem{Update: &types.Update{TableName: &admin.Names.Customers, Key: table.Profile(r.line.CustomerNumber),
		UpdateExpression: aws.String("SET emailChangedAt = :then"), ExpressionAttributeValues: table.Item{":then": table.Time(time.Now().Add(-token.StopLifetime))}}}
	if err := admin.Transact(r.t.Context(), []types.TransactWriteItem{settled}, ""); err != nil {
		r.t.Fatal(err)
	}
}

// couldStopItHere looks at how a customer stops it who is signed in since before.
func (r *resident) couldStopItHere() {
	r.t.Helper()
	r.Open("/account/second-factor")
	r.Follow(T("Abschaltung stoppen", "Keep it on"))
	r.Shot("2fa-stop-signed-in")
	r.Fill(confirmPassword, "falsch geraten")
	r.Press(T("Abschaltung stoppen", "Keep it on"))
	r.Status(422)
	r.Press(signOut)
}

// waitingTimePasses lets the recovery under way have begun earlier.
func (r *resident) waitingTimePasses() {
	r.t.Helper()
	admin := localtest.Store(r.t)
	sooner := []types.TransactWriteItem{{Update: &types.Update{TableName: &admin.Names.Credentials, Key: table.SecondFactor(r.line.CustomerNumber),
		UpdateExpression: aws.String("SET recovery.endAt = :now"), ConditionExpression: aws.String("attribute_exists(recovery.warnedAt)"),
		ExpressionAttributeValues: table.Item{":now": table.Time(time.Now())}}}}
	err := admin.Transact(r.t.Context(), sooner, "") // it begins when the warning was sent
	for deadline := time.Now().Add(time.Minute); errors.Is(err, table.ErrCondition) && time.Now().Before(deadline); err = admin.Transact(r.t.Context(), sooner, "") {
		time.Sleep(200 * time.Millisecond)
	}
	if err != nil {
		r.t.Fatal(err)
	}
}
