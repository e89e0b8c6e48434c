package e2e

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"kundenkonto/infra/e2e/browser"
	"kundenkonto/infra/importer"
	"kundenkonto/infra/localtest"
	"kundenkonto/shared/secondfactor"
	"kundenkonto/shared/table"
	"kundenkonto/shared/web"
)

// What stands on the pages of the second factor.
var (
	setUpApp      = T("Authenticator-App einrichten", "Set up an authenticator app")
	codeFromApp   = T("Code aus der App", "Code from the app")
	recoveryCode  = T("Wiederherstellungscode", "Recovery code")
	noAppAtHand   = T("App nicht zur Hand?", "No app at hand?")
	makePasskey   = T("Passkey anlegen", "Make a passkey")
	passkeyButton = T("Passkey anlegen", "Make passkey")
	byPasskey     = T("Mit Passkey anmelden", "Sign in with a passkey")
)

// guarded is a customer with a second factor, on the way from its set-up to its loss and back.
type guarded struct {
	traveller
	line   importer.Line
	secret string
	codes  []string
}

func TestSecondFactor(t *testing.T) {
	localtest.Cloud(t)
	for name, o := range map[string]browser.Options{
		"in German":                     {Lang: web.DE, Shots: "de-2fa"},
		"in English":                    {Lang: web.EN, Shots: "en-2fa"},
		"without JavaScript, in German": {Lang: web.DE, NoScript: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := &guarded{line: person(t, o.Lang, 1)}
			g.line.Password = secret
			importAll(t, g.line)
			g.traveller = travel(t, o)
			g.setsUpAnApp()
			g.signsInWithTheApp()
			g.losesTheApp()
			if !o.NoScript {
				g.usesAPasskey()
			}
			g.removesTheApp()
			g.setsUpAnApp()
			g.isRecovered(o)
		})
	}
}

func (g *guarded) setsUpAnApp() {
	g.t.Helper()
	g.signsIn(g.line.CustomerNumber, secret)
	g.Open("/account/security")
	g.Follow(T("ansehen zweite Stufe", "look second step"))
	g.Shot("off")
	g.Follow(setUpApp)
	g.Fill(customerPassword, "ein falsches Kundenpasswort")
	g.Press(goOn)
	g.Status(422)
	g.Shot("password-wrong")
	g.Fill(customerPassword, secret)
	g.Press(goOn)
	g.At("/account/second-factor/setup")
	g.secret = strings.ReplaceAll(g.Texts(".facts code")[0], " ", "")
	g.Shot("secret")
	g.Fill(codeFromApp, "000000")
	g.Press(T("Einrichten", "Set up"))
	g.Status(422)
	g.Shot("secret-wrong-code")
	g.Fill(codeFromApp, g.nextCode())
	g.Press(T("Einrichten", "Set up"))
	g.See(T("Die Authenticator-App ist eingerichtet", "The authenticator app is set up"))
	g.codes = g.Texts(".codes code")
	if len(g.codes) != secondfactor.NumberOfCodes {
		g.t.Fatalf("recovery codes shown: %d", len(g.codes))
	}
	g.Shot("codes")
	g.Follow(T("Ich habe die Codes aufgehoben", "I have kept the codes"))
	g.Shot("on")
	g.SeesNot(g.codes...)
	g.SeesNot(g.secret)
	mailTo(g.t, g.line.Email, g.T(T("Zweite Stufe der Anmeldung eingerichtet", "Second step of the sign-in set up")))
	g.Press(signOut)
}

// nextCode waits for a code that no sign-in used yet: each is good once.
func (g *guarded) nextCode() string {
	used := g.factor().Step
	for time.Now().Unix()/30 <= used {
		time.Sleep(time.Second)
	}
	return secondfactor.Code(g.secret, time.Now())
}

func (g *guarded) factor() secondfactor.Factor {
	f, err := secondfactor.Store{Store: localtest.Store(g.t)}.Get(g.t.Context(), g.line.CustomerNumber)
	if err != nil {
		g.t.Fatal(err)
	}
	return f
}

func (g *guarded) signsInWithTheApp() {
	g.t.Helper()
	g.Open("/login?next=/account/second-factor")
	g.tries(g.line.CustomerNumber, secret)
	g.At("/login/second-factor")
	g.Title(T("Anmelden: zweite Stufe", "Sign in: second step"))
	g.Shot("step")
	g.Fill(codeFromApp, "123 456")
	g.Press(signIn)
	g.Status(422)
	g.Shot("step-wrong")
	g.Open("/account") // the password alone opens nothing
	g.At("/login*")
	g.Open("/login/second-factor")
	g.Fill(codeFromApp, g.nextCode())
	g.Press(signIn)
	g.At("/account/second-factor")
	g.Press(signOut)
}

func (g *guarded) losesTheApp() {
	g.t.Helper()
	for i, status := range []int{200, 422} { // each code is good once
		g.Open("/login")
		g.tries(g.line.CustomerNumber, secret)
		g.Unfold(noAppAtHand)
		g.Fill(recoveryCode, strings.ToUpper(g.codes[2]))
		g.Press(T("Mit diesem Code anmelden", "Sign in with this code"))
		g.Status(status)
		if i == 1 {
			g.Shot("recovery-code-used")
			continue
		}
		g.At("/account")
		g.Press(signOut)
	}
	m := mailTo(g.t, g.line.Email, g.T(T("Anmeldung mit einem Wiederherstellungscode", "Sign-in with a recovery code")))
	if !strings.Contains(m.Text, "9") {
		g.t.Errorf("the mail does not say how many are left: %s", m.Text)
	}
	g.Fill(recoveryCode, g.codes[3])
	g.Press(T("Mit diesem Code anmelden", "Sign in with this code"))
	g.At("/account")
}

func (g *guarded) usesAPasskey() {
	g.t.Helper()
	phone := g.NewDevice()
	g.Open("/account/second-factor")
	g.Follow(makePasskey)
	g.Shot("passkey-password")
	g.Fill(customerPassword, secret)
	g.Press(goOn)
	g.Fill(T("Name", "Name"), "Annas Telefon")
	g.Shot("passkey-new")
	phone.Press(passkeyButton)
	g.See(T("Der Passkey ist angelegt", "The passkey is made"))
	g.Sees("Annas Telefon")
	g.Shot("passkeys")
	mailTo(g.t, g.line.Email, g.T(T("Passkey hinzugefügt", "Passkey added")))
	g.Press(signOut)
	g.Open("/login?next=/account/second-factor")
	g.Shot("login-with-passkey")
	g.Press(byPasskey)
	g.Shot("passkey-asked")
	phone.Press(T("Passkey verwenden", "Use passkey"))
	g.At("/account/second-factor")
	g.SeesNot(g.T(T("noch nie", "never")))
	g.FollowIn(T("Annas Telefon", "Annas Telefon"), T("entfernen", "remove"))
	g.Shot("passkey-remove")
	g.Fill(customerPassword, secret)
	g.Press(T("Passkey entfernen", "Remove passkey"))
	g.See(T("Der Passkey ist entfernt", "The passkey is removed"))
	g.Press(signOut)
	g.Open("/login")
	g.Press(byPasskey) // the device still offers it
	phone.Press(T("Passkey verwenden", "Use passkey"))
	g.Status(422)
	g.See(T("Mit diesem Passkey ging es nicht", "It did not work with this passkey"))
	g.Shot("passkey-refused")
	g.tries(g.line.CustomerNumber, secret)
	g.Fill(codeFromApp, g.nextCode())
	g.Press(signIn)
	g.At("/account")
}

func (g *guarded) removesTheApp() {
	g.t.Helper()
	g.Open("/account/second-factor")
	g.Follow(T("neue Codes", "new codes"))
	g.Fill(customerPassword, secret)
	g.Press(T("Neue Codes machen", "Make new codes"))
	g.SeesNot(g.codes...)
	g.Open("/account/second-factor")
	g.Follow(T("Zweite Stufe aufheben", "Remove the second step"))
	g.Shot("remove")
	g.Fill(customerPassword, secret)
	g.Press(T("Zweite Stufe aufheben", "Remove the second step"))
	g.See(T("Die zweite Stufe ist aufgehoben", "The second step is removed"))
	g.Press(signOut)
}

// isRecovered asks the service team for help, stops that by the mailed link, and lets it happen the second time.
func (g *guarded) isRecovered(o browser.Options) {
	g.t.Helper()
	staff := work(g.t, o)
	start := func(shot bool) {
		staff.Open("/service/customers/" + g.line.CustomerNumber + "/start-recovery")
		if shot {
			staff.Shot("staff")
			staff.Press(T("Aufhebung beginnen", "Begin the removal"))
			staff.Status(422)
		}
		staff.Fill(T("Grund (bleibt intern)", "Reason (stays inside)"), "Hat angerufen, Rückruf unter der hinterlegten Nummer")
		staff.Press(T("Aufhebung beginnen", "Begin the removal"))
		staff.See(T("Die Aufhebung läuft", "The removal is under way"))
	}
	start(true)
	staff.Shot("staff-started")
	m := mailTo(g.t, g.line.Email, g.T(T("Zweite Stufe der Anmeldung wird am", "Second step of the sign-in will be removed")))
	if strings.Contains(m.Text, "Rückruf") {
		g.t.Error("the reason of the service team is in the mail")
	}
	g.Open(linkIn(g.t, m, "/login/stop-recovery?token="))
	g.Shot("stop")
	g.Press(T("Aufhebung stoppen", "Stop the removal"))
	g.See(T("Niemand hebt sie auf", "Nobody removes it"))
	mailTo(g.t, g.line.Email, g.T(T("Zweite Stufe der Anmeldung bleibt", "Second step of the sign-in stays")))
	g.tries(g.line.CustomerNumber, secret)
	g.At("/login/second-factor")
	start(false)
	g.waitingTimePasses()
	g.signsIn(g.line.CustomerNumber, secret)
	g.Open("/account/second-factor")
	g.See(setUpApp)
	mailTo(g.t, g.line.Email, g.T(T("Zweite Stufe der Anmeldung ist aufgehoben", "Second step of the sign-in is removed")))
}

// waitingTimePasses lets the recovery under way have begun earlier.
func (g *guarded) waitingTimePasses() {
	g.t.Helper()
	names := localtest.Names(g.t)
	localtest.Put(g.t, types.TransactWriteItem{Update: &types.Update{TableName: &names.Credentials, Key: table.SecondFactor(g.line.CustomerNumber),
		UpdateExpression: aws.String("SET recovery.endAt = :now"), ConditionExpression: aws.String("attribute_exists(recovery.id)"),
		ExpressionAttributeValues: table.Item{":now": table.Time(time.Now())}}})
}
