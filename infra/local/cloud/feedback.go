package cloud

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ses"
	"github.com/aws/aws-sdk-go-v2/service/ses/types"
)

// reportBounces has the emulator tell of mails that bounce, as the configuration set of template.yaml does on AWS: it
// keeps the set but publishes only to an identity's notification topics, and only for SES's simulator addresses.
func (c *Cloud) reportBounces(ctx context.Context) error {
	client := ses.NewFromConfig(c.Admin())
	for _, kind := range []types.NotificationType{types.NotificationTypeBounce, types.NotificationTypeComplaint} {
		_, err := client.SetIdentityNotificationTopic(ctx, &ses.SetIdentityNotificationTopicInput{
			Identity: aws.String(sender), NotificationType: kind, SnsTopic: aws.String(c.Stack["MailFeedback"])})
		if err != nil {
			return fmt.Errorf("set the topic of mails that bounce: %w", err)
		}
	}
	return nil
}
