package e2e

import "kundenkonto/infra/e2e/browser"

// T is what stands on a page, in both languages.
var T = browser.T

// What stands on the pages, where more than one step needs it.
var (
	customerNumber   = T("Kundennummer", "Customer number")
	customerPassword = T("Kundenpasswort", "Customer password")
	newPassword      = T("Neues Kundenpasswort", "New customer password")
	confirmPassword  = T("Ihr Kundenpasswort", "Your customer password")
	signIn           = T("Anmelden", "Sign in")
	signOut          = T("Abmelden", "Sign out")
	forgotPassword   = T("Passwort vergessen", "Forgot password")
	requestLink      = T("Link per E-Mail anfordern", "Request link by e-mail")
	setPassword      = T("Kundenpasswort festlegen", "Set customer password")

	yourCustomerData = T("Ihre Kundendaten", "Your customer data")
	mergingNumbers   = T("Zusammenfassen von Kundennummern", "Merging customer numbers")
	otherNumber      = T("Andere Kundennummer", "Other customer number")
	domainOfPackage  = T("Domain aus einem ihrer Pakete", "Domain from one of its packages")
	packagePasswd    = T("Paketpasswort", "Package password")
	goOn             = T("Weiter", "Continue")
	adoptData        = T("Daten übernehmen", "Use this data")
	submitOrder      = T("Auftrag abschicken", "Submit request")
	mergeAnother     = T("Weitere Kundennummer zusammenfassen", "Merge another customer number")
	findPackage      = T("Domain, Name oder Paketnummer suchen", "Search by domain, name or package number")
	withdrawOrder    = T("Auftrag zurückziehen", "Withdraw request")
	stopMerge        = T("Zusammenfassung stoppen", "Stop the merge")

	approve = T("Genehmigen", "Approve")
	reject  = T("Ablehnen", "Reject")
)
