package cloud

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"gopkg.in/yaml.v3"
)

const bucket = "kundenkonto-deployment"

// packed is template.yaml with its local files replaced by objects of a bucket, as `sam package` does it.
type packed struct {
	template []byte
	objects  map[string]func() ([]byte, error) // by key, which contains the content's hash
}

// pack reads template.yaml. Objects are made only when they are uploaded.
func pack(root string, functions []function) (*packed, error) {
	source, err := os.ReadFile(filepath.Join(root, "template.yaml"))
	if err != nil {
		return nil, fmt.Errorf("read the template: %w", err)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(source, &doc); err != nil {
		return nil, fmt.Errorf("template.yaml is no YAML; mend it and try again (%v)", err)
	}
	p := &packed{objects: map[string]func() ([]byte, error){}}
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
	p.template, err = yaml.Marshal(&doc)
	return p, err
}

// replaceCode points CodeUri at the zip of the function built into that folder.
func (p *packed) replaceCode(uri *yaml.Node, functions []function) error {
	if uri == nil {
		return nil
	}
	name := filepath.Base(uri.Value)
	i := slices.IndexFunc(functions, func(f function) bool { return f.name == name })
	if i < 0 {
		return fmt.Errorf("template.yaml names the function %[1]s, but there is no functions/%[1]s/bootstrap; mend one of them", name)
	}
	key := name + "-" + functions[i].sum + ".zip"
	p.objects[key] = func() ([]byte, error) { return zipBinary(functions[i].binary) }
	return uri.Encode(map[string]string{"Bucket": bucket, "Key": key})
}

// replaceDefinition points DefinitionUri at the state machine as JSON: the emulator reads no YAML there.
func (p *packed) replaceDefinition(root string, uri *yaml.Node) error {
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
	return uri.Encode(map[string]string{"Bucket": bucket, "Key": key})
}

// hash stands for everything a deployment depends on.
func (p *packed) hash(parameters []types.Parameter) string {
	h := sha256.New()
	h.Write(p.template)
	for _, x := range parameters {
		fmt.Fprintf(h, "%s=%s\n", aws.ToString(x.ParameterKey), aws.ToString(x.ParameterValue))
	}
	return hex.EncodeToString(h.Sum(nil))
}

func (p *packed) templateURL(engine string) string { return engine + "/" + bucket + "/template.yaml" }

func (p *packed) upload(ctx context.Context, cfg aws.Config) error {
	client := s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true })
	_, err := client.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String(bucket),
		CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: Region}})
	if err != nil && !strings.Contains(err.Error(), "BucketAlready") {
		return fmt.Errorf("make the bucket of the deployment: %w", err)
	}
	put := func(key string, content []byte) error {
		_, err := client.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String(bucket), Key: aws.String(key), Body: bytes.NewReader(content)})
		if err != nil {
			return fmt.Errorf("upload %s: %w", key, err)
		}
		return nil
	}
	for _, key := range sortedKeys(p.objects) {
		content, err := p.objects[key]()
		if err != nil {
			return err
		}
		if err := put(key, content); err != nil {
			return err
		}
	}
	return put("template.yaml", p.template)
}

// zipBinary packs the one file a provided.al2023 function needs. Speed counts, not size: it stays here.
func zipBinary(path string) ([]byte, error) {
	binary, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the built function: %w", err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	w.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
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

func architecture() string {
	if runtime.GOARCH == "arm64" {
		return "arm64"
	}
	return "x86_64"
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
