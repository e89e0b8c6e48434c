package masterdata

import (
	"net/http"

	"kundenkonto/shared/masterdata/form"
	"kundenkonto/shared/web"
)

// Routes lists its routes.
func (d Room) Routes() []web.Route {
	again := web.Field{Name: "return", Max: web.MaxPath, Summary: "own path to go to afterwards"}
	back := web.Field{Name: "return", In: web.InQuery, Summary: "own path to go to after saving"}
	return []web.Route{
		{Method: http.MethodGet, Pattern: form.Path, Access: web.Customer, Handle: d.Signed(d.masterData),
			Summary: "The master data, to be changed", Fields: []web.Field{back}},
		{Method: http.MethodPost, Pattern: form.Path, Access: web.Customer, Handle: d.Signed(d.saveMasterData),
			Summary: "Change master data; a field that is not sent stays as it is", Fields: masterDataFields(), FormPage: form.Path},
		{Method: http.MethodPost, Pattern: resendPath, Access: web.Customer, Handle: d.Signed(whenWaiting(d.resendLink)),
			Summary: "Mail the link once more that confirms the new e-mail address", Fields: []web.Field{again}},
		{Method: http.MethodPost, Pattern: withdrawPath, Access: web.Customer, Handle: d.Signed(whenWaiting(d.withdrawEmail)),
			Summary: "Withdraw a new e-mail address that is not confirmed yet; the present one stays", Fields: []web.Field{again}},
		{Method: http.MethodGet, Pattern: confirmPath, Access: web.Anonymous, Handle: d.showConfirm,
			Summary: "Ask whether a new e-mail address is to hold; changes nothing", Fields: []web.Field{tokenField(web.InQuery)}},
		{Method: http.MethodPost, Pattern: confirmPath, Access: web.Anonymous, Handle: d.confirmEmail,
			Summary: "Put a new e-mail address into force by the link mailed to it; needs no sign-in", Fields: []web.Field{tokenField(web.InBody)}},
		{Method: http.MethodGet, Pattern: stopPath, Access: web.Anonymous, Handle: d.showStop,
			Summary: "Ask whether the change of the e-mail address is to be stopped; changes nothing", Fields: []web.Field{tokenField(web.InQuery)}},
		{Method: http.MethodPost, Pattern: stopPath, Access: web.Anonymous, Handle: d.stopEmail,
			Summary: "Stop or take back the change of the e-mail address by the link mailed to the address before; needs no sign-in", Fields: []web.Field{tokenField(web.InBody)}},
	}
}
