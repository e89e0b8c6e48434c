package web

import (
	"net/http"

	"kundenkonto/shared/lang"
)

// errorView is the view of the error page.
type errorView struct {
	Heading lang.Text
	Code    string
}

var headings = map[int]lang.Text{
	http.StatusBadRequest:            lang.T("Ungültige Anfrage"),
	http.StatusUnauthorized:          lang.T("Bitte anmelden"),
	http.StatusForbidden:             lang.T("Nicht ausgeführt"),
	http.StatusNotFound:              lang.T("Seite nicht gefunden"),
	http.StatusMethodNotAllowed:      lang.T("Seite nicht so aufrufbar"),
	http.StatusConflict:              lang.T("Das ist so nicht möglich"),
	http.StatusRequestEntityTooLarge: lang.T("Zu viel auf einmal"),
	http.StatusUnprocessableEntity:   lang.T("Bitte prüfen Sie Ihre Eingaben"),
	http.StatusTooManyRequests:       lang.T("Bitte warten Sie etwas"),
	http.StatusServiceUnavailable:    lang.T("Gerade nicht erreichbar"),
}

// Heading stands above the summary of an error on a page with a form: only an error that names fields is about what was entered.
func (e *Error) Heading() lang.Text {
	switch {
	case len(e.Fields) > 0:
		return headings[http.StatusUnprocessableEntity]
	case e.Status == http.StatusUnprocessableEntity:
		return headings[http.StatusConflict]
	}
	return headingOf(e.Status)
}

func newErrorView(e *Error) errorView {
	heading := headingOf(e.Status)
	if e.Code == "link_unknown" { // there is no page to look for, only a link that is old or cut off
		heading = lang.T("Dieser Link gilt nicht")
	}
	return errorView{Heading: heading, Code: e.Code}
}

func headingOf(status int) lang.Text {
	if h, ok := headings[status]; ok {
		return h
	}
	return lang.T("Das hat nicht geklappt")
}
