// Package bench measures what requirements put a figure on, by benchmarks: make bench PKG=./infra/bench ARGS='-benchtime 200x'.
package bench
