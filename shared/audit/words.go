package audit

// Kind says where an event is told.
type Kind int

// Kinds of events.
const (
	Change   Kind = iota // in the history
	Security             // in the history and on the security page
	SignIn               // on the security page only: nothing changed
	Mail                 // in the list of mails only
	Internal             // to the service team only
)

type word struct {
	de, en string
	kind   Kind
}

// words tell each action in a few plain words that fit whoever did it.
var words = map[string]word{
	Imported:          {"Daten aus unserer Verwaltung übernommen", "Data taken over from our records", Change},
	MasterDataChanged: {"Stammdaten geändert", "Master data changed", Change},
	EmailRequested:    {"Neue E-Mail-Adresse eingetragen", "New e-mail address entered", Security},
	EmailLinkResent:   {"Link zur neuen E-Mail-Adresse noch einmal verschickt", "Link to the new e-mail address sent once more", Security},
	EmailWithdrawn:    {"Änderung der E-Mail-Adresse zurückgezogen", "Change of the e-mail address withdrawn", Security},
	EmailConfirmed:    {"Neue E-Mail-Adresse bestätigt", "New e-mail address confirmed", Security},
	EmailStopped:      {"Änderung der E-Mail-Adresse gestoppt", "Change of the e-mail address stopped", Security},
	PackagePassword:   {"Passwort eines Pakets geändert", "Password of a package changed", Security},
	SettingsChanged:   {"Einstellungen eines Pakets geändert", "Settings of a package changed", Change},
	ProofGiven:        {"Andere Kundennummer mit Domain und Paketpasswort belegt", "Another customer number proven by domain and package password", Security},
	NumberProven:      {"Jemand hat diese Kundennummer mit Domain und Paketpasswort belegt", "Somebody proved this customer number by domain and package password", Security},
	ProposalsOff:      {"Hinweise auf ähnliche Kundennummern ausgeschaltet", "Hints at similar customer numbers switched off", Change},
	ProposalsOn:       {"Hinweise auf ähnliche Kundennummern eingeschaltet", "Hints at similar customer numbers switched on", Change},

	SignedIn:         {"Anmeldung", "Sign-in", SignIn},
	SignInFailed:     {"Anmeldung mit falschem Passwort versucht", "Sign-in tried with a wrong password", SignIn},
	SecondStepFailed: {"Anmeldung mit richtigem Passwort, aber falschem Code versucht", "Sign-in tried with the right password, but a wrong code", SignIn},
	PasswordReset:    {"Kundenpasswort über den Link aus einer E-Mail gesetzt", "Customer password set by the link from an e-mail", Security},
	PasswordChanged:  {"Kundenpasswort geändert", "Customer password changed", Security},
	ResetLinkAsked:   {"Link für ein neues Kundenpasswort angefordert", "Link for a new customer password asked for", Security},
	PauseEnded:       {"Pause der Anmeldung beendet", "Pause of the sign-in ended", Security},
	SessionEnded:     {"Ein Gerät abgemeldet", "A device signed out", Security},
	SessionsEnded:    {"Alle anderen Geräte abgemeldet", "All other devices signed out", Security},

	CodesBlocked:          {"Codes der App gesperrt nach 100 falschen nacheinander", "Codes of the app blocked after 100 wrong ones in a row", Security},
	SecondFactorSetUp:     {"Zweite Stufe der Anmeldung eingerichtet", "Second step of the sign-in set up", Security},
	SecondFactorRemoved:   {"Zweite Stufe der Anmeldung aufgehoben", "Second step of the sign-in removed", Security},
	RecoveryCodesRenewed:  {"Neue Wiederherstellungscodes gemacht", "New recovery codes made", Security},
	RecoveryCodeUsed:      {"Mit einem Wiederherstellungscode angemeldet", "Signed in with a recovery code", Security},
	PasskeyAdded:          {"Passkey hinzugefügt", "Passkey added", Security},
	PasskeyRemoved:        {"Passkey entfernt", "Passkey removed", Security},
	FactorRecoveryStarted: {"Aufhebung der zweiten Stufe begonnen", "Removal of the second step begun", Security},
	FactorRecoveryStopped: {"Aufhebung der zweiten Stufe gestoppt", "Removal of the second step stopped", Security},
	FactorRecovered:       {"Zweite Stufe der Anmeldung nach der Wartezeit aufgehoben", "Second step of the sign-in removed after the waiting time", Security},

	DataExported:     {"Alle Daten heruntergeladen", "All data downloaded", Security},
	CustomerViewed:   {"Kundendaten angesehen", "Customer data looked at", Internal},
	OrderViewed:      {"Auftrag angesehen", "Order looked at", Internal},
	Searched:         {"Kunden gesucht", "Customers searched for", Internal},
	Forgotten:        {"Kunde auf Wunsch gelöscht", "Customer deleted on request", Internal},
	Readmitted:       {"Gelöschte Nummer wieder zugelassen", "Deleted number admitted again", Internal},
	BankDataRevealed: {"Bankverbindung vollständig angezeigt", "Bank account shown in full", Internal},
	MailSent:         {"E-Mail verschickt", "E-mail sent", Mail},
	MailFailed:       {"E-Mail nicht zustellbar", "E-mail not deliverable", Mail},
	MailReturned:     {"E-Mail nicht angekommen", "E-mail did not arrive", Mail},
	MailResent:       {"E-Mail noch einmal auf den Weg gebracht", "E-mail put on its way once more", Internal},

	MergingLocked:           {"Zusammenfassen ausgesetzt", "Merging suspended", Change},
	MergingUnlocked:         {"Zusammenfassen wieder möglich gemacht", "Merging made possible again", Change},
	MergeSubmitted:          {"Auftrag zum Zusammenfassen abgeschickt", "Merge order submitted", Change},
	MergeAnnounced:          {"Beide Seiten über die Zusammenfassung benachrichtigt", "Both sides told of the merge", Change},
	MergeNotAnnounced:       {"Eine Seite über die Zusammenfassung nicht erreicht", "One side could not be told of the merge", Change},
	MergeApproved:           {"Zusammenfassung genehmigt", "Merge approved", Change},
	MergeRejected:           {"Zusammenfassung abgelehnt", "Merge rejected", Change},
	MergeWithdrawn:          {"Auftrag zum Zusammenfassen zurückgezogen", "Merge order withdrawn", Change},
	MergeVetoed:             {"Zusammenfassung gestoppt", "Merge stopped", Change},
	MergeExecuted:           {"Kundennummern zusammengefasst", "Customer numbers merged", Change},
	MergeFailed:             {"Ausführung der Zusammenfassung misslungen", "Carrying out the merge failed", Change},
	MergeExpired:            {"Zusammenfassung nicht rechtzeitig geprüft", "Merge not reviewed in time", Change},
	MergeStale:              {"Daten eines laufenden Auftrags haben sich geändert", "Data of a running order changed", Change},
	MergeConfirmed:          {"Geänderte Daten eines Auftrags bestätigt", "Changed data of an order confirmed", Change},
	MergeClaimed:            {"Auftrag zur Bearbeitung genommen", "Order taken up", Internal},
	MergeReleased:           {"Auftrag wieder freigegeben", "Order released", Internal},
	MergeRetried:            {"Auftrag noch einmal gestartet", "Order started again", Change},
	MergeObjected:           {"Einspruch gegen die Zusammenfassung", "Objection to the merge", Change},
	MergeObjectionDismissed: {"Einspruch gegen die Zusammenfassung erledigt", "Objection to the merge settled", Change},
	MergeUndone:             {"Zusammenfassung rückgängig gemacht", "Merge undone", Change},
	BarReleased:             {"Zusammenfassen nach einem Widerspruch wieder erlaubt", "Merging allowed again after a veto", Change},
}

// Words are an action in both languages. One without words of its own is told as a change, never left out.
func Words(action string) (de, en string) {
	if w, ok := words[action]; ok {
		return w.de, w.en
	}
	return "Änderung an Ihrem Kundenkonto", "Change to your account"
}

// KindOf says where an action is told.
func KindOf(action string) Kind { return words[action].kind }

// NotMail says that an event is about something else than a mail that was sent: those come later than what they tell of.
func NotMail(e Event) bool { return KindOf(e.Action) != Mail }
