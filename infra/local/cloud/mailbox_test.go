package cloud

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

const sentMails = `{"messages":{"000000000000":[
 {"MessageId":"1","Source":"k@k.example","To":["Anna Schäfer <anna@schaefer.example>"],"Subject":"Erste","BodyText":"Hier: http://localhost:8080/password/reset?token=abc.","BodyHtml":"<p>Hier</p><script>alert(1)</script>","Timestamp":100.5},
 {"MessageId":"2","Source":"k@k.example","To":["b@b.example","ANNA@schaefer.example"],"Subject":" Zweite","BodyText":"nichts","BodyHtml":null,"Timestamp":200}]}}`

func mailbox(t *testing.T) *httptest.Server {
	emulator := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(sentMails)) }))
	t.Cleanup(emulator.Close)
	server := httptest.NewServer(newMailbox(emulator.URL))
	t.Cleanup(server.Close)
	return server
}

func TestMailsForScriptsAreFilteredByRecipientNewestFirst(t *testing.T) {
	for to, want := range map[string]string{"": "2 1", "anna@schaefer.example": "2 1", "b@b.example": "2", "nobody@b.example": ""} {
		res, err := http.Get(mailbox(t).URL + "/messages.json?to=" + to)
		if err != nil {
			t.Fatal(err)
		}
		var mails []Mail
		if err := json.NewDecoder(res.Body).Decode(&mails); err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		var ids []string
		for _, m := range mails {
			ids = append(ids, m.ID)
		}
		if got := strings.Join(ids, " "); got != want {
			t.Errorf("to %q: %q, want %q", to, got, want)
		}
	}
}

func TestAMailNamesTheLinksOfItsText(t *testing.T) {
	res, err := http.Get(mailbox(t).URL + "/messages.json")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var mails []Mail
	if err := json.NewDecoder(res.Body).Decode(&mails); err != nil {
		t.Fatal(err)
	}
	if l := mails[1].Links; len(l) != 1 || l[0] != "http://localhost:8080/password/reset?token=abc" {
		t.Errorf("links %q", l)
	}
	if mails[0].Links == nil {
		t.Error("links are null where a script expects a list")
	}
}

func TestTheMailboxShowsHTMLWithoutRunningIt(t *testing.T) {
	res, err := http.Get(mailbox(t).URL + "/?to=anna@schaefer.example")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	page, err := goquery.NewDocumentFromReader(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if got := page.Find("article h2").Text(); got != "ZweiteErste" {
		t.Errorf("subjects %q", got)
	}
	frame := page.Find("iframe")
	if sandbox, _ := frame.Attr("sandbox"); strings.Contains(sandbox, "allow-scripts") || strings.Contains(sandbox, "allow-same-origin") || sandbox == "" {
		t.Errorf("sandbox %q", sandbox)
	}
	if source, _ := frame.Attr("srcdoc"); !strings.Contains(source, "<p>Hier</p>") || page.Find("body > script, article script").Length() != 0 {
		t.Errorf("the mail is not held inside its frame: %q", source)
	}
}
