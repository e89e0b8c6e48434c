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
	http.StatusForbidden:             T("Das dürfen wir nicht ausführen", "We may not do that"),
	http.StatusNotFound:              T("Seite nicht gefunden", "Page not found"),
	http.StatusMethodNotAllowed:      T("So geht es nicht", "Not that way"),
	http.StatusConflict:              T("Die Daten haben sich geändert", "The data have changed"),
	http.StatusRequestEntityTooLarge: T("Zu viel auf einmal", "Too much at once"),
	http.StatusUnprocessableEntity:   T("Bitte prüfen Sie Ihre Eingaben", "Please check what you entered"),
	http.StatusTooManyRequests:       T("Zu viele Versuche", "Too many tries"),
	http.StatusServiceUnavailable:    T("Gerade nicht erreichbar", "Not available just now"),
}

// Heading stands above the summary of an error on a page with a form: only an error that names fields is about what was entered.
func (e *Error) Heading() Text {
	switch {
	case len(e.Fields) > 0:
		return headings[http.StatusUnprocessableEntity]
	case e.Status == http.StatusConflict:
		return T("Das ist so nicht möglich", "Not possible as things stand")
	}
	return headingOf(e.Status)
}

func newErrorView(e *Error) errorView {
	return errorView{Heading: headingOf(e.Status), Code: e.Code}
}

func headingOf(status int) Text {
	if h, ok := headings[status]; ok {
		return h
	}
	return T("Das hat nicht geklappt", "That did not work")
}
