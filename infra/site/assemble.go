package site

import (
	"net/http"

	"kundenkonto/functions/account"
	"kundenkonto/functions/cancel"
	"kundenkonto/functions/login"
	"kundenkonto/functions/mergediff"
	"kundenkonto/functions/mergesubmit"
	"kundenkonto/functions/passwordreset"
	"kundenkonto/functions/review"
	"kundenkonto/functions/review/customers"
	"kundenkonto/shared/forgot"
	"kundenkonto/shared/session"
	"kundenkonto/shared/table"
	"kundenkonto/shared/web"
	"kundenkonto/shared/workday"
)

// Parts are what the slices work with.
type Parts struct {
	Store     table.Store
	Queue     forgot.Queue
	Team      session.Directory // nil: nobody is a member of the service team any more, once that is asked
	Config    web.AppConfig
	VetoHours int
	Workdays  workday.Calendar
}

// Assemble puts all slices on the same tables and queue, as their functions do, behind one handler: the whole site
// without API Gateway. The service team's identity provider is none; who needs a session of theirs makes one.
func Assemble(parts Parts) (http.Handler, error) {
	slices, err := parts.apps()
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	for slice, routes := range Slices() {
		for _, r := range routes {
			mux.Handle(name(r), slices[slice])
		}
	}
	return mux, nil
}

// name of a route, as http.ServeMux wants its pattern.
func name(r web.Route) string { return r.Method + " " + r.Pattern }

// apps are the slices by the names of Slices.
func (p Parts) apps() (map[string]http.Handler, error) {
	store, cfg := p.Store, p.Config
	all := map[string]http.Handler{}
	var err error
	if all["Account"], err = account.New(store, cfg); err != nil {
		return nil, err
	}
	if all["Cancel"], err = cancel.New(store, cfg); err != nil {
		return nil, err
	}
	if all["MergeDiff"], err = mergediff.New(store, cfg); err != nil {
		return nil, err
	}
	if all["MergeSubmit"], err = mergesubmit.New(store, cfg, p.VetoHours, p.Workdays); err != nil {
		return nil, err
	}
	desk := review.Config{AppConfig: cfg, Team: p.Team, Links: p.Queue, RecoveryWait: customers.DefaultRecoveryWait}
	if all["Review"], err = review.New(store, desk); err != nil {
		return nil, err
	}
	if all["Login"], err = login.New(store, cfg); err != nil {
		return nil, err
	}
	if all["PasswordReset"], err = passwordreset.New(store, cfg, p.Queue); err != nil {
		return nil, err
	}
	return all, nil
}
