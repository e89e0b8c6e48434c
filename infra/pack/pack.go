// Package pack puts template.yaml, the built functions and the state machine into a bucket, from where CloudFormation takes
// them: for AWS and for the local cloud alike.
package pack

import (
	"archive/zip"
	"bytes"
	"cmp"
	"compress/flate"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"gopkg.in/yaml.v3"
)

// Function is one built slice.
type Function struct {
	Name   string // folder below functions/
	Binary string // file
	Sum    string // sha256 of the binary, hex
}

// Packed is template.yaml with its local files replaced by objects of a bucket, as `sam package` does it.
type Packed struct {
	Template []byte
	Level    int // of compression, as compress/flate names it; 0 is BestSpeed: the time of a build counts more than the size
	bucket   string
	objects  map[string]func() ([]byte, error) // by key, which contains the content's hash
}

// Make reads template.yaml. Objects are made only when they are uploaded.
func Make(root, bucket string, functions []Function) (*Packed, error) {
	source, err := os.ReadFile(filepath.Join(root, "template.yaml"))
	if err != nil {
		return nil, fmt.Errorf("read the template: %w", err)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(source, &doc); err != nil {
		return nil, fmt.Errorf("template.yaml is no YAML; mend it and try again (%v)", err)
	}
	p := &Packed{bucket: bucket, objects: map[string]func() ([]byte, error){}}
	resources := child(doc.Content[0], "Resources")
	for i := 1; resources != nil && i < len(resources.Content); i += 2 {
		properties := child(resources.Content[i], "Properties")
		if err := p.replaceCode(child(properties, "CodeUri"), functions); err != nil {
			return nil, err
		}
		if err := p.replaceDefinition(root, child(properties, "DefinitionUri")); err != nil {
			return nil, err
		}
	}
	p.Template, err = yaml.Marshal(&doc)
	return p, err
}

// replaceCode points CodeUri at the zip of the function built into that folder.
func (p *Packed) replaceCode(uri *yaml.Node, functions []Function) error {
	if uri == nil {
		return nil
	}
	name := filepath.Base(uri.Value)
	i := slices.IndexFunc(functions, func(f Function) bool { return f.Name == name })
	if i < 0 {
		return fmt.Errorf("template.yaml names the function %[1]s, but there is no functions/%[1]s/bootstrap; mend one of them", name)
	}
	key := name + "-" + functions[i].Sum + ".zip"
	p.objects[key] = func() ([]byte, error) { return Zip(functions[i].Binary, cmp.Or(p.Level, flate.BestSpeed)) }
	return uri.Encode(map[string]string{"Bucket": p.bucket, "Key": key})
}

// replaceDefinition points DefinitionUri at the state machine as JSON: the emulator reads no YAML there.
func (p *Packed) replaceDefinition(root string, uri *yaml.Node) error {
	if uri == nil {
		return nil
	}
	source, err := os.ReadFile(filepath.Join(root, uri.Value))
	if err != nil {
		return fmt.Errorf("read the state machine: %w", err)
	}
	var definition map[string]any
	if err := yaml.Unmarshal(source, &definition); err != nil {
		return fmt.Errorf("%s is no YAML; mend it and try again (%v)", uri.Value, err)
	}
	content, err := json.Marshal(definition)
	if err != nil {
		return fmt.Errorf("turn %s into JSON: %w", uri.Value, err)
	}
	sum := sha256.Sum256(content)
	key := hex.EncodeToString(sum[:]) + ".asl.json"
	p.objects[key] = func() ([]byte, error) { return content, nil }
	return uri.Encode(map[string]string{"Bucket": p.bucket, "Key": key})
}

// TemplateKey is the template's key in the bucket.
func (p *Packed) TemplateKey() string {
	sum := sha256.Sum256(p.Template)
	return hex.EncodeToString(sum[:]) + ".template.yaml"
}

// Upload makes the bucket if need be and puts everything there.
func (p *Packed) Upload(ctx context.Context, client *s3.Client, region string) error {
	in := &s3.CreateBucketInput{Bucket: &p.bucket}
	if region != "us-east-1" { // which is named by naming none
		in.CreateBucketConfiguration = &s3types.CreateBucketConfiguration{LocationConstraint: s3types.BucketLocationConstraint(region)}
	}
	// A bucket that is ours already is as good. One of somebody else (BucketAlreadyExists) would get our code, and could exchange it.
	var ours *s3types.BucketAlreadyOwnedByYou
	if _, err := client.CreateBucket(ctx, in); err != nil && !errors.As(err, &ours) {
		return fmt.Errorf("make the bucket of the deployment, %s: %w", p.bucket, err)
	}
	put := func(key string, content []byte) error {
		_, err := client.PutObject(ctx, &s3.PutObjectInput{Bucket: &p.bucket, Key: aws.String(key), Body: bytes.NewReader(content)})
		if err != nil {
			return fmt.Errorf("upload %s: %w", key, err)
		}
		return nil
	}
	for _, key := range slices.Sorted(maps.Keys(p.objects)) {
		content, err := p.objects[key]()
		if err != nil {
			return err
		}
		if err := put(key, content); err != nil {
			return err
		}
	}
	return put(p.TemplateKey(), p.Template)
}

// Zip packs the one file a provided.al2023 function needs, with a level of compression.
func Zip(path string, level int) ([]byte, error) {
	binary, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the built function: %w", err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	w.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, level) })
	header := &zip.FileHeader{Name: "bootstrap", Method: zip.Deflate}
	header.SetMode(0o755)
	f, err := w.CreateHeader(header)
	if err != nil {
		return nil, err
	}
	if _, err := f.Write(binary); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// child returns the value of key in a mapping, or nil.
func child(n *yaml.Node, key string) *yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}
