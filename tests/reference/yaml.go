package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"

	goyaml "go.yaml.in/yaml/v2"
	yamlv4 "go.yaml.in/yaml/v4"
	"sigs.k8s.io/yaml"
)

func init() { subcommands["yaml"] = readYaml }

// readYaml reads {"text": T} as Kubernetes tools do (each document through sigs.k8s.io/yaml) and as compose-go does (its go-yaml, into
// any), and prints the documents that are not null as JSON: {"kubernetes": {"documents": […]} or {"error": …}, "compose": likewise}.
func readYaml(input json.RawMessage) (any, error) {
	var given struct{ Text string }
	if err := json.Unmarshal(input, &given); err != nil {
		return nil, err
	}
	return map[string]any{"kubernetes": outcome(forKubernetes(given.Text)), "compose": outcome(forCompose(given.Text))}, nil
}

func outcome(documents []any, err error) any {
	if err != nil {
		return map[string]any{"error": err.Error()}
	}
	return map[string]any{"documents": documents}
}

// forKubernetes leaves splitting to the parser that sigs.k8s.io/yaml is built on, writes each document by itself and hands it to
// sigs.k8s.io/yaml. Text that is one document goes there as it is.
func forKubernetes(text string) (documents []any, err error) {
	decoder := goyaml.NewDecoder(bytes.NewReader([]byte(text)))
	var values []any
	for {
		var value any
		if err := decoder.Decode(&value); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		values = append(values, value)
	}
	documents = []any{}
	for _, value := range values {
		part := []byte(text)
		if len(values) > 1 {
			if part, err = goyaml.Marshal(value); err != nil {
				return nil, err
			}
		}
		asJSON, err := yaml.YAMLToJSON(part)
		if err != nil {
			return nil, err
		}
		var document any
		if err := json.Unmarshal(asJSON, &document); err != nil {
			return nil, err
		}
		if document != nil {
			documents = append(documents, document)
		}
	}
	return documents, nil
}

func forCompose(text string) ([]any, error) {
	decoder := yamlv4.NewDecoder(bytes.NewReader([]byte(text)))
	documents := []any{}
	for {
		var value any
		if err := decoder.Decode(&value); errors.Is(err, io.EOF) {
			return documents, nil
		} else if err != nil {
			return nil, err
		}
		document, err := plain(value)
		if err != nil {
			return nil, err
		}
		if document != nil {
			documents = append(documents, document)
		}
	}
}

// plain makes a value of go-yaml fit for JSON.
func plain(value any) (any, error) {
	switch value := value.(type) {
	case map[string]any:
		for key, entry := range value {
			fit, err := plain(entry)
			if err != nil {
				return nil, err
			}
			value[key] = fit
		}
		return value, nil
	case map[any]any:
		return nil, fmt.Errorf("a key is no string")
	case []any:
		for at, item := range value {
			fit, err := plain(item)
			if err != nil {
				return nil, err
			}
			value[at] = fit
		}
		return value, nil
	case float64:
		if math.IsNaN(value) || math.IsInf(value, 0) {
			return nil, fmt.Errorf("JSON has no %v", value)
		}
	}
	return value, nil
}
