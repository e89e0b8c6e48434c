// Package infra holds what a deployment is made of beside template.yaml; its tests hold the whole together:
// who may do what (S14), and who imports whom.
package infra
