package web

import "net/http"

// errorView is the view of the error page.
type errorView struct {
	Heading Text
	Code    string
}

var headings = map[int]Text{
	http.StatusBadRequest:            T("Diese Anfrage ist beschädigt", "This request is damaged"),
	http.StatusUnauthorized:          T("Bitte anmelden", "Please sign in"),
	http.StatusForbidden:             T("Nicht ausgeführt", "Not carried out"),
	http.StatusNotFound:              T("Seite nicht gefunden", "Page not found"),
	http.StatusMethodNotAllowed:      T("So geht es nicht", "Not that way"),
	http.StatusConflict:              T("Das ist so nicht möglich", "Not possible as things stand"),
	http.StatusRequestEntityTooLarge: T("Zu viel auf einmal", "Too much at once"),
	http.StatusUnprocessableEntity:   T("Bitte prüfen Sie Ihre Eingaben", "Please check what you entered"),
	http.StatusTooManyRequests:       T("Bitte warten Sie etwas", "Please wait a little"),
	http.StatusServiceUnavailable:    T("Gerade nicht erreichbar", "Not available just now"),
}

// Heading stands above the summary of an error on a page with a form: only an error that names fields is about what was entered.
func (e *Error) Heading() Text {
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
		heading = T("Dieser Link gilt nicht", "This link is not valid")
	}
	return errorView{Heading: heading, Code: e.Code}
}

func headingOf(status int) Text {
	if h, ok := headings[status]; ok {
		return h
	}
	return T("Das hat nicht geklappt", "That did not work")
}
