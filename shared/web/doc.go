// Package web is the way of every page and every JSON answer: from a request
// through the checks that hold for all routes (edge secret,
// cross-site refusal, size and encoding limits, language) to a handler of a
// slice, and from its Response or error to HTML, JSON or problem+json.
//
// A slice describes itself as a list of [Route] and hands it to [NewApp]. Its
// pages are html/template files in pages/, parsed by [ParsePages] together with
// the shared layout. The class names of the stylesheet are listed at the top of
// assets/style.css; the partials stand in layout/partials.html.
package web
