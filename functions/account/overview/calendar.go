package overview

import (
	"net/http"
	"net/url"
	"time"

	"kundenkonto/shared/calendar"
	"kundenkonto/shared/contract"
	"kundenkonto/shared/customer"
	"kundenkonto/shared/lang"
	"kundenkonto/shared/session"
	"kundenkonto/shared/web"
)

// calendarPath answers with the days until which contracts have to be cancelled, as a file for calendars.
const calendarPath = "/account/calendar"

func (d Room) calendarRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: calendarPath, Access: web.Customer, Handle: d.Signed(d.calendar), Kinds: []string{"text/calendar"},
			Summary: "Last days to cancel the contracts of all packages, of the first 5,000 of them, as a file for calendars; 404 when there is none"},
		{Method: http.MethodGet, Pattern: "/account/packages/{id}/calendar", Access: web.Customer, Handle: d.Signed(d.packageCalendar), Kinds: []string{"text/calendar"},
			Summary: "Last day to cancel the contract of a package, as a file for calendars; 404 when there is none", Fields: []web.Field{packageID}},
	}
}

// calendar is the file of all packages.
func (d Room) calendar(r *web.Request, s session.Visitor) (web.Response, error) {
	packages, _, err := d.firstPackages(r.Context(), s.Profile.Numbers())
	if err != nil {
		return nil, err
	}
	var days []calendar.Day // of about 700 bytes each: 5,000 are far below the 6 MB of an answer
	for _, p := range packages {
		days = append(days, noticeDays(r, s, p)...)
	}
	return calendarFile(r, days, lang.T("kuendigungsfristen").In(r.Lang))
}

func (d Room) packageCalendar(r *web.Request, s session.Visitor) (web.Response, error) {
	p, err := d.ownPackage(r, s)
	if err != nil {
		return nil, err
	}
	return calendarFile(r, noticeDays(r, s, p), lang.T("kuendigungsfrist").In(r.Lang)+"-"+p.ID)
}

// noticeDays is the last day to cancel the contract of a package to the end of its term; none where it can end at any time, or
// will end.
func noticeDays(r *web.Request, s session.Visitor, p customer.Package) []calendar.Day {
	c := p.Contract(contract.Day(r.Now), s.Profile.Consumer())
	if !c.Deadline() {
		return nil
	}
	by, byErr := contract.ParseDay(c.NoticeBy)
	end, endErr := contract.ParseDay(c.NextEnd)
	if byErr != nil || endErr != nil {
		return nil
	}
	page, err := url.Parse(r.Config.PublicURL)
	if err != nil {
		return nil
	}
	return []calendar.Day{{
		UID: "notice-" + p.ID + "@" + page.Hostname(), On: by, URL: r.Config.PublicURL + packagePath(p.ID),
		Summary: lang.T("Kündigen bis heute: %s", p.DisplayName()).In(r.Lang),
		Description: lang.T("Damit der Vertrag am %s endet, muss uns die Kündigung heute erreichen. Sonst läuft er weiter.", lang.Day(end)).
			And(lang.T("Paketnummer: %s", p.ID)).In(r.Lang),
	}}
}

func calendarFile(r *web.Request, days []calendar.Day, name string) (web.Response, error) {
	if len(days) == 0 {
		return nil, &web.Error{Status: http.StatusNotFound, Code: "no_notice_date",
			Message: lang.T("Zurzeit gibt es keinen Tag, bis zu dem Sie kündigen müssten. Ihre Verträge können jederzeit enden, oder ihr Ende steht schon fest.")}
	}
	product := "-//" + r.Config.Brand + "//Kundenkonto//" + r.Lang.Code()
	return web.Raw(http.StatusOK, calendar.Type, calendar.File(product, r.Now.Truncate(time.Second), days)).
		WithHeader("Content-Disposition", `attachment; filename="`+name+`.ics"`), nil
}
