package dispatch

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/ses"
	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"kundenkonto/shared/mail"
	"kundenkonto/shared/metrics"
	"kundenkonto/shared/order"
	"kundenkonto/shared/outbox"
	"kundenkonto/shared/table"
	"kundenkonto/shared/web"
)

// Open makes the dispatcher of a function from its environment.
func Open(ctx context.Context) (Dispatcher, error) {
	site, err := web.ReadSite()
	cfg, cfgErr := table.AWSConfig(ctx)
	if err := errors.Join(err, cfgErr); err != nil {
		return Dispatcher{}, fmt.Errorf("dispatch: configuration: %w", err)
	}
	d := Dispatcher{
		Sender: os.Getenv("SENDER"), MailSet: os.Getenv("MAIL_SET"), PublicURL: site.PublicURL,
		StateMachine: os.Getenv("STATE_MACHINE_ARN"), BusName: os.Getenv("EVENT_BUS"),
		ServiceTeam: outbox.Recipient{Address: os.Getenv("SERVICE_EMAIL"), Language: os.Getenv("SERVICE_LANGUAGE")},
		Now:         time.Now, Rand: rand.Reader, Log: slog.New(slog.NewJSONHandler(os.Stdout, nil)), Meter: metrics.FromEnv(),
	}
	d.connect(cfg, table.NamesFromEnv())
	d.Letters, err = mail.New(mail.Settings{Brand: site.Brand, Sender: d.Sender, Contact: site.Contact,
		ImprintURL: site.ImprintURL, PrivacyURL: site.PrivacyURL, Accent: site.Accent})
	return d, err
}

// connect makes the clients. SES gets one that does not retry by itself: an answer that did not come is counted, and the
// outbox tries again. Each mail has a connection of its own, since one that was kept may have died while Lambda froze the
// function between two runs, and a mail sent on it would count as perhaps sent.
func (d *Dispatcher) connect(cfg aws.Config, names table.Names) {
	d.Tables = table.Store{DB: table.Client(cfg), Names: names}
	d.Orders = order.Store{Store: d.Tables, Now: d.Now, Rand: d.Rand}
	d.SES = sendRawEmail(ses.NewFromConfig(cfg, func(o *ses.Options) { o.Retryer, o.HTTPClient = aws.NopRetryer{}, freshConnections() }).SendRawEmail)
	d.Bus = putEvents(eventbridge.NewFromConfig(cfg).PutEvents)
	flow := sfn.NewFromConfig(cfg)
	d.SFN = stepFuncs{flow.StartExecution, flow.DescribeExecution, flow.SendTaskSuccess}
}

func freshConnections() *awshttp.BuildableClient {
	return awshttp.NewBuildableClient().WithTransportOptions(func(t *http.Transport) { t.DisableKeepAlives = true })
}
