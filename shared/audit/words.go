package audit

import "kundenkonto/shared/lang"

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
	text lang.Text
	kind Kind
}

// words tell each action in a few plain words that fit whoever did it.
var words = map[string]word{
	Imported:             {lang.T("Daten aus unserer Verwaltung übernommen"), Change},
	MasterDataChanged:    {lang.T("Stammdaten geändert"), Change},
	EmailRequested:       {lang.T("Neue E-Mail-Adresse eingetragen"), Security},
	EmailLinkResent:      {lang.T("Link zur neuen E-Mail-Adresse noch einmal verschickt"), Security},
	EmailWithdrawn:       {lang.T("Änderung der E-Mail-Adresse zurückgezogen"), Security},
	EmailConfirmed:       {lang.T("Neue E-Mail-Adresse bestätigt"), Security},
	EmailStopped:         {lang.T("Änderung der E-Mail-Adresse gestoppt"), Security},
	PackagePassword:      {lang.T("Passwort eines Pakets geändert"), Security},
	SettingsChanged:      {lang.T("Einstellungen eines Pakets geändert"), Change},
	ContractCancelled:    {lang.T("Vertrag eines Pakets gekündigt"), Change},
	CancellationDeclared: {lang.T("Kündigung ohne Anmeldung eingegangen"), Change},
	CancellationSettled:  {lang.T("Kündigung ohne Anmeldung bearbeitet"), Internal},
	NoticeWithdrawn:      {lang.T("Kündigung zurückgezogen"), Change},
	NoticeTakenUp:        {lang.T("Kündigung vom Serviceteam übernommen"), Change},
	ProofGiven:           {lang.T("Andere Kundennummer mit Domain und Paketpasswort belegt"), Security},
	NumberProven:         {lang.T("Jemand hat diese Kundennummer mit Domain und Paketpasswort belegt"), Security},
	ProposalsOff:         {lang.T("Hinweise auf ähnliche Kundennummern ausgeschaltet"), Change},
	ProposalsOn:          {lang.T("Hinweise auf ähnliche Kundennummern eingeschaltet"), Change},

	SignedIn:         {lang.T("Anmeldung"), SignIn},
	SignInFailed:     {lang.T("Anmeldung mit falschem Passwort versucht"), SignIn},
	SecondStepFailed: {lang.T("Anmeldung mit richtigem Passwort, aber falschem Code versucht"), SignIn},
	PasswordReset:    {lang.T("Kundenpasswort über den Link aus einer E-Mail festgelegt"), Security},
	PasswordChanged:  {lang.T("Kundenpasswort geändert"), Security},
	ResetLinkAsked:   {lang.T("Link für ein neues Kundenpasswort angefordert"), Security},
	PauseEnded:       {lang.T("Pause der Anmeldung beendet"), Security},
	SessionEnded:     {lang.T("Ein Gerät abgemeldet"), Security},
	SessionsEnded:    {lang.T("Alle anderen Geräte abgemeldet"), Security},
	AllSessionsEnded: {lang.T("Alle Geräte abgemeldet"), Security},

	CodesBlocked:          {lang.T("Codes der App nach 100 falschen nacheinander nicht mehr angenommen"), Security},
	SecondFactorSetUp:     {lang.T("Zweite Stufe der Anmeldung eingerichtet"), Security},
	SecondFactorRemoved:   {lang.T("Zweite Stufe der Anmeldung abgeschaltet"), Security},
	RecoveryCodesRenewed:  {lang.T("Neue Wiederherstellungscodes erstellt"), Security},
	RecoveryCodeUsed:      {lang.T("Mit einem Wiederherstellungscode angemeldet"), Security},
	PasskeyAdded:          {lang.T("Passkey angelegt"), Security},
	PasskeyRemoved:        {lang.T("Passkey entfernt"), Security},
	FactorRecoveryStarted: {lang.T("Abschaltung der zweiten Stufe begonnen"), Security},
	FactorRecoveryStopped: {lang.T("Abschaltung der zweiten Stufe gestoppt"), Security},
	FactorRecovered:       {lang.T("Zweite Stufe der Anmeldung nach der Wartezeit abgeschaltet"), Security},

	DataExported:     {lang.T("Alle Daten heruntergeladen"), Security},
	CustomerViewed:   {lang.T("Kundendaten angesehen"), Internal},
	OrderViewed:      {lang.T("Auftrag angesehen"), Internal},
	Searched:         {lang.T("Kunden gesucht"), Internal},
	Forgotten:        {lang.T("Kunde auf Wunsch gelöscht"), Internal},
	Readmitted:       {lang.T("Gelöschte Nummer wieder zugelassen"), Internal},
	BankDataRevealed: {lang.T("Bankverbindung vollständig angezeigt"), Internal},
	MailSent:         {lang.T("E-Mail verschickt"), Mail},
	MailFailed:       {lang.T("E-Mail nicht zustellbar"), Mail},
	MailReturned:     {lang.T("E-Mail nicht angekommen"), Mail},
	MailResent:       {lang.T("E-Mail noch einmal auf den Weg gebracht"), Internal},

	MergingLocked:           {lang.T("Zusammenfassen ausgesetzt"), Change},
	MergingUnlocked:         {lang.T("Zusammenfassen wieder möglich gemacht"), Change},
	MergeSubmitted:          {lang.T("Auftrag zum Zusammenfassen abgeschickt"), Change},
	MergeAnnounced:          {lang.T("Beide Kundennummern über die Zusammenfassung benachrichtigt"), Change},
	MergeNotAnnounced:       {lang.T("Eine Kundennummer über die Zusammenfassung nicht erreicht"), Change},
	MergeApproved:           {lang.T("Zusammenfassung genehmigt"), Change},
	MergeApprovedByOne:      {lang.T("Zusammenfassung von der ersten von zwei Personen genehmigt"), Internal},
	MergeRejected:           {lang.T("Zusammenfassung abgelehnt"), Change},
	MergeWithdrawn:          {lang.T("Auftrag zum Zusammenfassen zurückgezogen"), Change},
	MergeVetoed:             {lang.T("Zusammenfassung gestoppt"), Change},
	MergeExecuted:           {lang.T("Kundennummern zusammengefasst"), Change},
	MergeFailed:             {lang.T("Ausführung der Zusammenfassung misslungen"), Change},
	MergeExpired:            {lang.T("Auftrag zum Zusammenfassen abgelaufen"), Change},
	MergeStale:              {lang.T("Daten eines laufenden Auftrags haben sich geändert"), Change},
	MergeConfirmed:          {lang.T("Geänderte Daten eines Auftrags bestätigt"), Change},
	MergeClaimed:            {lang.T("Auftrag zur Bearbeitung genommen"), Internal},
	MergeReleased:           {lang.T("Auftrag wieder freigegeben"), Internal},
	MergeRetried:            {lang.T("Auftrag noch einmal gestartet"), Change},
	MergeObjected:           {lang.T("Einspruch gegen die Zusammenfassung"), Change},
	MergeObjectionDismissed: {lang.T("Einspruch gegen die Zusammenfassung erledigt"), Change},
	MergeUndone:             {lang.T("Zusammenfassung rückgängig gemacht"), Change},
	BarReleased:             {lang.T("Zusammenfassen nach einem Widerspruch wieder erlaubt"), Change},
}

// Words tell an action. One without words of its own is told as a change, never left out.
func Words(action string) lang.Text {
	if w, ok := words[action]; ok {
		return w.text
	}
	return lang.T("Änderung an Ihrem Kundenkonto")
}

// KindOf says where an action is told.
func KindOf(action string) Kind { return words[action].kind }

// NotMail says that an event is about something else than a mail that was sent: those come later than what they tell of.
func NotMail(e Event) bool { return KindOf(e.Action) != Mail }
