package cloud

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"time"
)

//go:embed mailbox.html
var mailboxHTML string

// Mail is one mail sent through SES, as /messages.json shows it.
type Mail struct {
	ID      string    `json:"id"`
	To      []string  `json:"to"` // bare addresses
	From    string    `json:"from"`
	Subject string    `json:"subject"`
	Sent    time.Time `json:"sent"`
	Text    string    `json:"text"`
	HTML    string    `json:"html"`
	Links   []string  `json:"links"` // of the text part, in order
}

var (
	mailboxPage = template.Must(template.New("mailbox").Funcs(template.FuncMap{
		"join": func(s []string) string { return strings.Join(s, ", ") },
		"time": func(t time.Time) string { return t.Local().Format("02.01.2006 15:04:05") },
		// A link opens outside the frame, which has no scripts and no origin.
		"frame": func(html string) string { return `<base target="_blank">` + html },
	}).Parse(mailboxHTML))
	link = regexp.MustCompile(`https?://[^\s<>"]*[^\s<>".,;:!?)]`)
)

// newMailbox shows the mails of the emulator at url: / as a page, /messages.json for scripts. ?to= filters.
func newMailbox(url string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		all, err := mails(r, url)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		to := r.FormValue("to")
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		mailboxPage.Execute(w, map[string]any{"To": to, "Recipients": recipients(all), "Mails": filter(all, to)})
	})
	mux.HandleFunc("GET /messages.json", func(w http.ResponseWriter, r *http.Request) {
		all, err := mails(r, url)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(filter(all, r.FormValue("to")))
	})
	return mux
}

// mails asks the emulator for every mail, newest first.
func mails(r *http.Request, url string) ([]Mail, error) {
	req, err := http.NewRequestWithContext(r.Context(), http.MethodGet, url+"/_ministack/ses/messages", nil)
	if err != nil {
		return nil, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, fmt.Errorf("ask the emulator for the mails: %w", err)
	}
	defer res.Body.Close()
	var sent struct {
		Messages map[string][]struct {
			MessageId, Source, Subject, BodyText, BodyHtml string
			To                                             []string
			Timestamp                                      float64
		}
	}
	if err := json.NewDecoder(res.Body).Decode(&sent); err != nil {
		return nil, fmt.Errorf("read the emulator's mails: %w", err)
	}
	list := []Mail{}
	for _, account := range sent.Messages {
		for _, m := range account {
			list = append(list, Mail{ID: m.MessageId, To: addresses(m.To), From: m.Source, Subject: strings.TrimSpace(m.Subject),
				Sent: time.UnixMicro(int64(m.Timestamp * 1e6)).UTC(), Text: m.BodyText, HTML: m.BodyHtml, Links: links(m.BodyText)})
		}
	}
	slices.SortStableFunc(list, func(a, b Mail) int { return b.Sent.Compare(a.Sent) })
	return list, nil
}

// addresses strips names; a list that cannot be parsed is shown as it is.
func addresses(to []string) []string {
	list, err := mail.ParseAddressList(strings.Join(to, ", "))
	if err != nil {
		return to
	}
	var bare []string
	for _, a := range list {
		bare = append(bare, a.Address)
	}
	return bare
}

func links(text string) []string {
	found := link.FindAllString(text, -1)
	if found == nil {
		return []string{}
	}
	return found
}

// filter keeps the mails to one recipient, or all for "".
func filter(all []Mail, to string) []Mail {
	if to == "" {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), func(m Mail) bool {
		return !slices.ContainsFunc(m.To, func(a string) bool { return strings.EqualFold(a, to) })
	})
}

func recipients(all []Mail) []string {
	var list []string
	for _, m := range all {
		list = append(list, m.To...)
	}
	slices.Sort(list)
	return slices.Compact(list)
}
