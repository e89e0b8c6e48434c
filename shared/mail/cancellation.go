package mail

import "time"

// Notice is a customer's cancellation of a package's contract, as the mails about it print it.
type Notice struct {
	Number        string
	Package       string // package number
	Name          string // what the customer calls the package; may be the number again
	ID            string
	Extraordinary bool
	Grounds       string    // why, of an extraordinary one
	ReceivedAt    time.Time // when it was given and received
	Wished        time.Time // day; zero is: as early as possible
	EndsOn        time.Time // last day of the contract; zero when it is not known
	PackageLink   string    // page of the package
}

func (n Notice) links() links { return links{Button: n.PackageLink} }

// ContractCancelled confirms a cancellation: its content, when it was received, and when the contract ends (BGB section
// 312k, paragraph 4).
type ContractCancelled struct{ Notice }

func (ContractCancelled) template() string { return "contractCancelled" }

// CancellationWithdrawn tells that a cancellation was taken back.
type CancellationWithdrawn struct {
	Notice
	At time.Time
}

func (CancellationWithdrawn) template() string { return "cancellationWithdrawn" }

// CancellationTakenUp tells that the operator's team has taken a cancellation up.
type CancellationTakenUp struct{ Notice }

func (CancellationTakenUp) template() string { return "cancellationTakenUp" }

// CancellationDeclared confirms a cancellation without a sign-in to the address that was stated with it.
type CancellationDeclared struct {
	ID, Name, Number, Contract string // as they were stated
	Extraordinary              bool
	Grounds                    string
	ReceivedAt, Wished         time.Time
	EndsOn                     time.Time // zero unless the reader is the customer
	LoginLink                  string
}

func (CancellationDeclared) template() string { return "cancellationDeclared" }
func (m CancellationDeclared) links() links   { return links{Button: m.LoginLink} }

// CancellationOwner tells the owner of a contract that somebody cancelled it without a sign-in.
type CancellationOwner struct{ Notice }

func (CancellationOwner) template() string { return "cancellationOwner" }
