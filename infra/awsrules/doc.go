// Package awsrules holds what AWS refuses and the local cloud takes: its tests read template.yaml and edge.yaml and
// name the page of AWS's documentation that each rule comes from.
package awsrules
