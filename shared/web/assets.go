package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"path"
	"strings"
)

//go:embed assets
var assetFiles embed.FS

var assetTypes = map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}

// assetHashes name each file by its content, so that it can be cached for ever.
var assetHashes = hashAssets()

func hashAssets() map[string]string {
	hashes := map[string]string{}
	entries, err := assetFiles.ReadDir("assets")
	if err != nil {
		panic(err) // embedded at build
	}
	for _, e := range entries {
		b, _ := assetFiles.ReadFile("assets/" + e.Name())
		sum := sha256.Sum256(b)
		hashes[e.Name()] = hex.EncodeToString(sum[:4])
	}
	return hashes
}

// assetURL is the address of a file under assets/, for example
// /assets/style.3f2a91c0.css.
func assetURL(name string) string {
	ext := path.Ext(name)
	return "/assets/" + strings.TrimSuffix(name, ext) + "." + assetHashes[name] + ext
}

// Assets serves the stylesheet, the script and the pictures; mount it at
// "GET /assets/{path...}". A file asked for by an older hash (a page rendered
// just before a deployment) is answered as it is now, and not cached.
func Assets(r *Request) (Response, error) {
	asked := r.PathValue("path")
	ext := path.Ext(asked)
	stem, hash, hashed := strings.Cut(strings.TrimSuffix(asked, ext), ".")
	name := stem + ext
	if _, ok := assetHashes[name]; !ok {
		return nil, NotFound()
	}
	body, err := assetFiles.ReadFile("assets/" + name)
	if err != nil {
		return nil, err
	}
	if name == "style.css" {
		body = append([]byte(paletteCSS(r.Config.Accent)), body...)
	}
	cache := "no-cache"
	if hashed && hash == assetHashes[name] {
		cache = "public, max-age=31536000, immutable"
	}
	return Raw(http.StatusOK, assetTypes[ext], body).WithHeader("Cache-Control", cache), nil
}
