// Command manifest reads Kubernetes manifests as strictly as the API server can: a misspelt or
// repeated field, or one of the wrong type, is an error. It is in the module of the tools, so that
// the Kubernetes API is not a dependency of the program.
package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	batch "k8s.io/api/batch/v1"
	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/yaml"
)

func main() {
	for _, name := range os.Args[1:] {
		if err := read(name); err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
			os.Exit(1)
		}
	}
}

// read decodes each document of a file and prints its kind and name.
func read(name string) error {
	scheme := runtime.NewScheme()
	if err := errors.Join(batch.AddToScheme(scheme), core.AddToScheme(scheme)); err != nil {
		return err
	}
	decoder := serializer.NewCodecFactory(scheme, serializer.EnableStrict).UniversalDeserializer()
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	documents := yaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(text)))
	for n := 1; ; n++ {
		document, err := documents.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		_, kind, err := decoder.Decode(document, nil, nil)
		if err != nil {
			return fmt.Errorf("document %d: %w", n, err)
		}
		fmt.Println(kind.GroupVersion(), kind.Kind)
	}
}
