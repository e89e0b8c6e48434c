package dispatch

import (
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ses"
	"github.com/aws/aws-sdk-go-v2/service/ses/types"

	"kundenkonto/shared/mail"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
)

// Without its configuration set a bounce of the mail reaches nobody, and a veto period runs that should stand (M4): the sender may
// have none, or another stack's.
func TestEachMailNamesTheConfigurationSetOfItsStack(t *testing.T) {
	var set string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		set = r.PostFormValue("ConfigurationSetName")
		w.Write([]byte(sesAnswer))
	}))
	defer server.Close()
	for key, value := range map[string]string{"PUBLIC_URL": "https://kundenkonto.example", "SENDER": "noreply@kundenkonto.example", "MAIL_SET": "kundenkonto",
		"AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_ENDPOINT_URL": server.URL} {
		t.Setenv(key, value)
	}
	d, err := Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	sent, err := d.post(t.Context(), mail.PasswordChanged{}, parcel{to: outbox.Recipient{Address: "anna@kunde.example"}})
	if err != nil || sent.id != "1" || set != "kundenkonto" {
		t.Errorf("%+v, %v, by the set %q", sent, err, set)
	}
}

const sesAnswer = `<SendRawEmailResponse><SendRawEmailResult><MessageId>1</MessageId></SendRawEmailResult></SendRawEmailResponse>`

// M9: a connection that died while Lambda froze the function would make a mail of the next run one that was perhaps sent.
func TestEachMailGoesOutOnAConnectionOfItsOwn(t *testing.T) {
	var connections atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Write([]byte(sesAnswer))
	}))
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			connections.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	var d Dispatcher
	d.connect(aws.Config{Region: "eu-central-1", BaseEndpoint: aws.String(server.URL), Credentials: credentials.NewStaticCredentialsProvider("a", "b", "")}, table.Names{})
	for range 3 {
		if _, err := d.SES.SendRawEmail(t.Context(), &ses.SendRawEmailInput{RawMessage: &types.RawMessage{Data: []byte("Subject: x\n\nx")}}); err != nil {
			t.Fatal(err)
		}
	}
	if n := connections.Load(); n != 3 {
		t.Errorf("3 mails on %d connections", n)
	}
}
