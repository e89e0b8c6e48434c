package awsrules

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"kundenkonto/shared/web"
)

// template is template.yaml as far as these rules look.
type template struct {
	Parameters map[string]struct {
		Default        *string  `yaml:"Default"`
		AllowedPattern string   `yaml:"AllowedPattern"`
		AllowedValues  []string `yaml:"AllowedValues"`
	} `yaml:"Parameters"`
	Resources map[string]struct {
		Type       string         `yaml:"Type"`
		Condition  string         `yaml:"Condition"`
		Properties map[string]any `yaml:"Properties"`
	} `yaml:"Resources"`
}

func readTemplate(t *testing.T) template {
	t.Helper()
	source, err := os.ReadFile("../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var doc template
	if err := yaml.Unmarshal(source, &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// Whoever presses Enter gets protected tables and a second factor of staff.
func TestTheDefaultStageIsTheProtectedOne(t *testing.T) {
	if stage := readTemplate(t).Parameters["Stage"].Default; stage == nil || *stage != "prod" {
		t.Errorf("Stage is %v by default", stage)
	}
}

// Cognito takes callbacks by HTTPS, and by HTTP of localhost only; it says so after minutes of deploying.
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-app-idp-settings.html
func TestOnlyAddressesThatCognitoTakesCanBeDeployed(t *testing.T) {
	pattern := regexp.MustCompile("^(?:" + readTemplate(t).Parameters["PublicUrl"].AllowedPattern + ")$")
	for address, want := range map[string]bool{"https://kunden.example.com": true, "http://localhost:8080": true, "http://localhost": true,
		"http://kunden.example.com": false, "http://localhost.example.com": false, "https://kunden.example.com/konto": false, "kunden.example.com": false} {
		if pattern.MatchString(address) != want {
			t.Errorf("%s: want %v", address, want)
		}
	}
}

// An identity belongs to the whole account: a second stack that makes it again is rolled back.
// https://docs.aws.amazon.com/ses/latest/dg/creating-identities.html
func TestTheSenderIsMadeOnceInAnAccount(t *testing.T) {
	doc := readTemplate(t)
	conditions := map[string]bool{}
	for id, r := range doc.Resources {
		if r.Type != "AWS::SES::EmailIdentity" {
			continue
		}
		if !strings.HasPrefix(r.Condition, "CreatesSender") || conditions[r.Condition] {
			t.Errorf("%s is made whenever %q", id, r.Condition)
		}
		conditions[r.Condition] = true
		// A bounce that comes back as a mail has the one-time links of the mail that was not delivered.
		if feedback, _ := r.Properties["FeedbackAttributes"].(map[string]any); feedback["EmailForwardingEnabled"] != false {
			t.Errorf("%s has bounces forwarded by mail", id)
		}
	}
	if len(conditions) != 2 {
		t.Errorf("identities are made for %v, want one for an address and one for a domain", conditions)
	}
}

// prompt=login, by which a sign-in after a sign-out asks for the password, is known to managed login only.
// https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html
func TestStaffSignInByManagedLogin(t *testing.T) {
	doc := readTemplate(t)
	branded := false
	for id, r := range doc.Resources {
		switch r.Type {
		case "AWS::Cognito::UserPoolDomain":
			if r.Properties["ManagedLoginVersion"] != 2 {
				t.Errorf("%s has the classic hosted pages", id)
			}
		case "AWS::Cognito::ManagedLoginBranding":
			branded = true
		}
	}
	if !branded {
		t.Error("managed login without a branding shows no page")
	}
}

// DMARC is for all mails of the domain: what begins with more than reports throws mails of other senders away.
// https://docs.aws.amazon.com/ses/latest/dg/send-email-authentication-dmarc.html
func TestDMARCBeginsWithReports(t *testing.T) {
	source, err := os.ReadFile("../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(source), `"_dmarc.${SenderDomain} TXT v=DMARC1; p=none; rua=mailto:`) {
		t.Error("the record of the output SenderDmarc does not begin with v=DMARC1; p=none; rua=mailto:")
	}
}

// The function that sends names the set and needs a right on it beside the one on the sender.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonses.html
func TestTheSenderOfMailsKnowsItsConfigurationSetAndMayUseIt(t *testing.T) {
	doc := readTemplate(t)
	environment, _ := doc.Resources["DispatchFunction"].Properties["Environment"].(map[string]any)
	if variables, _ := environment["Variables"].(map[string]any); variables["MAIL_SET"] != "MailSet" {
		t.Errorf("its environment has the set %v", variables["MAIL_SET"])
	}
	if role := fmt.Sprint(doc.Resources["DispatchRole"].Properties["Policies"]); !strings.Contains(role, ":configuration-set/${MailSet}") {
		t.Error("its role has no right on the set")
	}
}

// SES sends the message as it is by 7-bit ASCII addresses only: a parameter with others is refused with the first mail.
// https://docs.aws.amazon.com/ses/latest/APIReference/API_SendRawEmail.html
func TestMailParametersAreWhatSESTakes(t *testing.T) {
	pattern := regexp.MustCompile("^(?:" + readTemplate(t).Parameters["SenderDomain"].AllowedPattern + ")$")
	for domain, want := range map[string]bool{"": true, "kunden.example.com": true, "xn--mller-kva.example": true, "müller.example": false,
		"example": false, "-a.example": false, "a@b.example": false, "a..example": false} {
		if pattern.MatchString(domain) != want {
			t.Errorf("%q: want %v", domain, want)
		}
	}
	for _, parameter := range []string{"SenderAddress", "ServiceEmail", "AlarmEmail"} {
		pattern := regexp.MustCompile("^(?:" + readTemplate(t).Parameters[parameter].AllowedPattern + ")$")
		for address, want := range map[string]bool{"noreply@kunden.example.com": true, "a+b.c'd@xn--mller-kva.example": true, "müller@example.com": false, "info@müller.example": false,
			"a@b@example.com": false, "a b@example.com": false, "example.com": false} {
			if pattern.MatchString(address) != want {
				t.Errorf("%s %q: want %v", parameter, address, want)
			}
		}
	}
}

// A link that CloudFormation takes and a function refuses at its start would be an outage.
func TestLinksThatAreDeployedAreThoseThatFunctionsStartWith(t *testing.T) {
	t.Setenv("PUBLIC_URL", "https://kunden.example.com")
	for parameter, variable := range map[string]string{"InvoicesUrl": "INVOICES_URL", "HelpUrl": "HELP_URL", "PayUrl": "PAY_URL", "TermsUrl": "TERMS_URL",
		"ProcessingUrl": "PROCESSING_URL"} {
		pattern := regexp.MustCompile("^(?:" + readTemplate(t).Parameters[parameter].AllowedPattern + ")$")
		for address, want := range map[string]bool{"": true, "https://www.example.com": true, "https://www.example.com/": true, "https://www.example.com:8443/a@b/%C3%BC?q=1#top": true,
			"http://www.example.com": false, "https://": false, "https:///rechnungen": false, "https://a@b.example": false, "https://www.example.com/ä": false,
			"https://www.example.com/%zz": false, "https://www.example.com/a b": false, "javascript:alert(1)": false, "www.example.com": false} {
			if pattern.MatchString(address) != want {
				t.Errorf("%s %q: want %v", parameter, address, want)
			}
			t.Setenv(variable, address)
			if _, err := web.ReadSite(); want && err != nil {
				t.Errorf("%s %q: %v", variable, address, err)
			}
		}
		t.Setenv(variable, "")
	}
}

// lambda, and so a stranger's function by mistake, takes no role of ours for another account (confused deputy). EventBridge names
// the account of the rule.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html
func TestRolesOfServicesTrustOurAccountOnly(t *testing.T) {
	var trusts []string
	for file, least := range map[string]int{"../../template.yaml": 10, "../events/subscription.yaml": 1} {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		roles := strings.Split(string(source), "AssumeRolePolicyDocument:")[1:]
		if len(roles) < least {
			t.Fatalf("%s has %d roles", file, len(roles))
		}
		trusts = append(trusts, roles...)
	}
	for _, trust := range trusts {
		trust, _, _ = strings.Cut(trust, "Policies:")
		if strings.Contains(trust, "Service:") && !strings.Contains(trust, `"aws:SourceAccount": !Ref AWS::AccountId`) {
			t.Errorf("a role is trusted to services of every account:%s", trust)
		}
	}
}
