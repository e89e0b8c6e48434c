// Package e2e holds the journeys: customers and the service team walk through the running local cloud in a real
// browser, make mistakes, lose functions under their feet, and find everything where it belongs. Its tests name the
// lines of the requirements they check (S.. sign-in and web, M.. merge).
package e2e
