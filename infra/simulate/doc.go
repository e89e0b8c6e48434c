// Package simulate is a test: random histories of the whole program. Customers, the service team, the operator's nightly
// import and the schedule act in any order through the real handlers and workers, on the real SDK client, while requests and
// answers get lost, functions die between two calls, records come twice, and days pass. After each single write a witness
// looks at the tables for a broken promise; at the end everything is drained, and what must have come of it is looked for.
//
// Each history follows from its seed: make simulate SEED=… N=1 plays it again and prints what happened.
package simulate
