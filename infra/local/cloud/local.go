package cloud

import (
	"encoding/json"
	"os"
	"path/filepath"
)

// Local is build/local.json: where a running local cloud is and who can sign in.
type Local struct {
	URL       string          `json:"url"`     // the customers' pages
	Mailbox   string          `json:"mailbox"` // mails sent; /messages.json?to= for scripts
	Service   string          `json:"service"` // the service team's pages
	AWS       string          `json:"aws"`     // the emulator's endpoint
	Customers []CustomerLogin `json:"customers"`
	Staff     []StaffLogin    `json:"staff"`
}

// CustomerLogin lets one sign in as a demo customer. Password is empty where the customer never had one.
type CustomerLogin struct {
	CustomerNumber string `json:"customerNumber"`
	Password       string `json:"password"`
}

// StaffLogin lets one sign in as a member of the service team.
type StaffLogin struct {
	User     string `json:"user"`
	Password string `json:"password"`
}

// ReadLocal reads what Start wrote.
func ReadLocal(path string) (l Local, err error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return l, err
	}
	return l, json.Unmarshal(content, &l)
}

func (l Local) write(path string) error {
	if l.Customers == nil {
		l.Customers = []CustomerLogin{}
	}
	content, err := json.MarshalIndent(l, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	part := path + ".part" // a script that waits for the file must never read half of it
	if err := os.WriteFile(part, append(content, '\n'), 0o644); err != nil {
		return err
	}
	return os.Rename(part, path)
}
