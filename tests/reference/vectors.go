package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"cel.dev/expr"
	vectors "cel.dev/expr/conformance/test"
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/reflect/protoregistry"

	// Messages that the vectors hold: without their descriptors the text cannot be read.
	_ "cel.dev/expr/conformance/proto2"
	_ "cel.dev/expr/conformance/proto3"
	_ "google.golang.org/protobuf/types/known/anypb"
	_ "google.golang.org/protobuf/types/known/durationpb"
	_ "google.golang.org/protobuf/types/known/emptypb"
	_ "google.golang.org/protobuf/types/known/fieldmaskpb"
	_ "google.golang.org/protobuf/types/known/structpb"
	_ "google.golang.org/protobuf/types/known/timestamppb"
	_ "google.golang.org/protobuf/types/known/wrapperspb"
)

func init() {
	subcommands["vectors"] = conformanceVectors
}

// A vector is one test of CEL's conformance suite.
//
// Values are objects of one key that keep CEL's types apart: null, bool, int (text), double (text), string, list, map (a list of
// pairs), type (its name), and other (the name of a kind that documents do not hold).
type vector struct {
	File    string `json:"file"`
	Section string `json:"section"`
	Name    string `json:"name"`
	Expr    string `json:"expr"`
	// Container is where names are looked up first.
	Container string         `json:"container"`
	Bindings  map[string]any `json:"bindings"`
	// NoMacros says that the expression is to be read without macros.
	NoMacros bool `json:"noMacros"`
	// NoCheck says that types are not to be checked.
	NoCheck bool `json:"noCheck"`
	// CheckOnly says that only the type is of interest.
	CheckOnly bool `json:"checkOnly"`
	// Value is nil where evaluation must fail or is unknown.
	Value any  `json:"value"`
	Error bool `json:"error"`
}

// conformanceVectors gives every vector of the suite that cel.dev/expr carries; the input says nothing.
func conformanceVectors(json.RawMessage) (any, error) {
	folder, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "cel.dev/expr").Output()
	if err != nil {
		return nil, fmt.Errorf("cel.dev/expr is not among the modules: %w", err)
	}
	files, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(folder)), "tests/simple/testdata/*.textproto"))
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("cel.dev/expr carries no vectors: %v", err)
	}
	sort.Strings(files)
	all := []vector{}
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		var file vectors.SimpleTestFile
		if err := (prototext.UnmarshalOptions{Resolver: protoregistry.GlobalTypes}).Unmarshal(text, &file); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		for _, section := range file.Section {
			for _, test := range section.Test {
				all = append(all, vectorOf(file.Name, section.Name, test))
			}
		}
	}
	return all, nil
}

func vectorOf(file, section string, test *vectors.SimpleTest) vector {
	one := vector{
		File: file, Section: section, Name: test.Name, Expr: test.Expr, Container: test.Container,
		Bindings: map[string]any{}, NoMacros: test.DisableMacros, NoCheck: test.DisableCheck, CheckOnly: test.CheckOnly,
	}
	for name, bound := range test.Bindings {
		one.Bindings[name] = vectorValue(bound.GetValue())
	}
	switch result := test.ResultMatcher.(type) {
	case nil:
		one.Value = map[string]any{"bool": true}
	case *vectors.SimpleTest_Value:
		one.Value = vectorValue(result.Value)
	case *vectors.SimpleTest_TypedResult:
		one.Value = vectorValue(result.TypedResult.Result)
	case *vectors.SimpleTest_EvalError, *vectors.SimpleTest_AnyEvalErrors:
		one.Error = true
	}
	return one
}

func vectorValue(value *expr.Value) any {
	tagged := func(kind string, value any) any { return map[string]any{kind: value} }
	switch value := value.GetKind().(type) {
	case *expr.Value_NullValue:
		return tagged("null", nil)
	case *expr.Value_BoolValue:
		return tagged("bool", value.BoolValue)
	case *expr.Value_Int64Value:
		return tagged("int", strconv.FormatInt(value.Int64Value, 10))
	case *expr.Value_DoubleValue:
		return tagged("double", strconv.FormatFloat(value.DoubleValue, 'g', -1, 64))
	case *expr.Value_StringValue:
		return tagged("string", value.StringValue)
	case *expr.Value_TypeValue:
		return tagged("type", value.TypeValue)
	case *expr.Value_ListValue:
		items := []any{}
		for _, item := range value.ListValue.Values {
			items = append(items, vectorValue(item))
		}
		return tagged("list", items)
	case *expr.Value_MapValue:
		entries := []any{}
		for _, entry := range value.MapValue.Entries {
			entries = append(entries, []any{vectorValue(entry.Key), vectorValue(entry.Value)})
		}
		return tagged("map", entries)
	case nil:
		return nil
	default:
		return tagged("other", strings.TrimPrefix(fmt.Sprintf("%T", value), "*expr.Value_"))
	}
}
