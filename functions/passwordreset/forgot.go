package passwordreset

import (
	"kundenkonto/shared/customer"
	"kundenkonto/shared/forgot"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/session"
	"kundenkonto/shared/throttle"
	"kundenkonto/shared/web"
)

type forgotView struct {
	CustomerNumber string `json:"customerNumber"`
}

// sentView is the same whatever the number is (S1).
type sentView struct {
	CustomerNumber string `json:"customerNumber"`
	Status         string `json:"status"`
}

func showForgot(*web.Request) (web.Response, error) { return web.Page("forgot", forgotView{}), nil }

// forgot hands the number on and answers the same for each one, in the same time: it reads nothing of it. Nothing that
// happens to a number's sign-in keeps its customer from here (S3).
func (d Deps) forgot(r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	number := customer.ReadNumber(form.Get("customerNumber"))
	if !customer.ValidNumber(number) {
		return web.Page("forgot", forgotView{CustomerNumber: form.Text("customerNumber")}).WithError(invalidNumber()), nil
	}
	r.Note("customer", web.MaskNumber(number))
	verdict, err := throttle.Store{Store: d.Store}.Try(r.Context(), throttle.AddressMails(r.ClientIP), r.Now)
	if err != nil {
		return nil, err
	}
	if !verdict.Allowed {
		if verdict, err = d.knownBrowser(r, number, verdict); err != nil {
			return nil, err
		}
	}
	if !verdict.Allowed {
		r.Note("security_event", "excess_rate_limit_exceeded")
		until := r.Now.Add(verdict.RetryAfter)
		return web.Page("forgot", forgotView{CustomerNumber: number}).WithError(web.TooMany(verdict.RetryAfter, lang.T("Von Ihrem Anschluss kamen zu viele Anfragen. Ab %s können Sie es wieder versuchen.", lang.Hour(until)))), nil
	}
	if err := d.Queue.Ask(r.Context(), forgot.Request{CustomerNumber: number, Language: string(r.Lang)}); err != nil {
		return nil, err
	}
	r.Note("security_event", "authn_password_reset_requested")
	return web.Page("sent", sentView{CustomerNumber: number, Status: "accepted"}), nil
}

// knownBrowser lets a browser ask for its own number when strangers behind the same address asked too often (S3). Only
// whoever holds its cookie learns anything of it.
func (d Deps) knownBrowser(r *web.Request, number string, refused throttle.Verdict) (throttle.Verdict, error) {
	_, device := session.DeviceOf(r.Request)
	if device == "" {
		return refused, nil
	}
	counter := throttle.Store{Store: d.Store}
	known, err := counter.Look(r.Context(), throttle.Device(device, number), r.Now)
	if err != nil || !known.Known {
		return refused, err
	}
	return counter.Try(r.Context(), throttle.DeviceMails(device, number), r.Now)
}

func invalidNumber() *web.Error {
	message := lang.T("Eine Kundennummer besteht nur aus 6 bis 12 Ziffern, zum Beispiel 10000017.")
	return web.Unprocessable("invalid_customer_number", message, web.Invalid("customerNumber", "invalid_customer_number", message))
}
