package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"sync"

	"kundenkonto/shared/colour"
)

//go:embed assets
var assetFiles embed.FS

// asset is a file as it is served.
type asset struct {
	body []byte
	kind string
	hash string // of the body, so that it can be cached for ever
}

// assetSets holds the assets by accent colour; a function has one.
var assetSets sync.Map

func assetsFor(accent string) map[string]asset {
	if set, ok := assetSets.Load(accent); ok {
		return set.(map[string]asset)
	}
	set, _ := assetSets.LoadOrStore(accent, makeAssets(accent))
	return set.(map[string]asset)
}

func makeAssets(accent string) map[string]asset {
	if colour.Check(accent) != nil {
		accent = colour.Default
	}
	style := colour.Stylesheet(accent)
	parts, err := fs.Glob(assetFiles, "assets/style/*.css") // in the order of their names
	if err != nil {
		panic(err)
	}
	for _, name := range parts {
		style += mustAsset(name)
	}
	return map[string]asset{
		"style.css":  newAsset("text/css; charset=utf-8", style),
		"script.js":  newAsset("text/javascript; charset=utf-8", mustAsset("assets/script.js")),
		"passkey.js": newAsset("text/javascript; charset=utf-8", mustAsset("assets/passkey.js")),
		"logo.svg":   newAsset("image/svg+xml", strings.ReplaceAll(mustAsset("assets/logo.svg"), "ACCENT", accent)),
	}
}

func newAsset(kind, body string) asset {
	sum := sha256.Sum256([]byte(body))
	return asset{body: []byte(body), kind: kind, hash: hex.EncodeToString(sum[:4])}
}

func mustAsset(name string) string {
	b, err := assetFiles.ReadFile(name)
	if err != nil {
		panic(err) // embedded at build
	}
	return string(b)
}

// Asset is the address of a file under /assets/, for example
// /assets/style.3f2a91c0.css.
func (d *PageData) Asset(name string) (string, error) {
	a, ok := assetsFor(d.Config.Accent)[name]
	if !ok {
		return "", fmt.Errorf("there is no asset %q", name)
	}
	ext := path.Ext(name)
	return "/assets/" + strings.TrimSuffix(name, ext) + "." + a.hash + ext, nil
}

// Assets serves the stylesheet, the script and the pictures; mount it at
// "GET /assets/{path...}". A file asked for by an older hash (a page rendered
// just before a deployment) is answered as it is now, and not cached.
func Assets(r *Request) (Response, error) {
	asked := r.PathValue("path")
	ext := path.Ext(asked)
	stem, hash, _ := strings.Cut(strings.TrimSuffix(asked, ext), ".")
	a, ok := assetsFor(r.Config.Accent)[stem+ext]
	if !ok {
		return nil, NotFound()
	}
	cache := "no-cache"
	if hash == a.hash {
		cache = "public, max-age=31536000, immutable"
	}
	return Raw(http.StatusOK, a.kind, a.body).WithHeader("Cache-Control", cache), nil
}
