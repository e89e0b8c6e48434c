package review

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"kundenkonto/shared/session"
)

// fakeTeam is the directory as far as one person goes.
type fakeTeam struct {
	sub, name string
	groups    []string
	err       error
	asked     int
}

func (f *fakeTeam) Standing(_ context.Context, s session.StaffSession) (session.StaffSession, error) {
	f.asked++
	s.Sub, s.Name, s.Groups = f.sub, f.name, f.groups
	return s, f.err
}

// fakeQueue takes what is queued.
type fakeQueue struct{ queued []string }

func (f *fakeQueue) SendMessage(_ context.Context, in *sqs.SendMessageInput, _ ...func(*sqs.Options)) (*sqs.SendMessageOutput, error) {
	f.queued = append(f.queued, *in.MessageBody)
	return &sqs.SendMessageOutput{}, nil
}
