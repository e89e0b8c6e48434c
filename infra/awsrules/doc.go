// Package awsrules holds what AWS refuses and the local cloud takes: its tests read template.yaml, edge.yaml and the like, and
// name the page of AWS's documentation that each rule comes from. What others check already they leave to them: the SAM
// translator and cfn-lint (as `sam validate --lint` asks them), parliament for the policies, statelint and AWS's own language
// service for the state machine.
package awsrules
