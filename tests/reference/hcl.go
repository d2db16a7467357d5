package main

import (
	"encoding/json"
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/tryfunc"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

func init() {
	subcommands["hcl"] = hclFile
	subcommands["hcl-expression"] = hclExpression
}

// hclItem is an argument or a block; a literal argument has its value.
type hclItem struct {
	Name   string    `json:"name"`
	At     int       `json:"at"`
	Block  bool      `json:"block,omitempty"`
	Labels []string  `json:"labels,omitempty"`
	Items  []hclItem `json:"items,omitempty"`
	Value  any       `json:"value,omitempty"`
}

// hclFile says how HashiCorp's parser reads {"text": …}: {"items": …} in order of their places, or {"error": …}.
func hclFile(input json.RawMessage) (any, error) {
	var one struct {
		Text string `json:"text"`
	}
	if err := json.Unmarshal(input, &one); err != nil {
		return nil, err
	}
	file, diagnostics := hclsyntax.ParseConfig([]byte(one.Text), "main.tf", hcl.InitialPos)
	if diagnostics.HasErrors() {
		return map[string]any{"error": diagnostics.Error()}, nil
	}
	return map[string]any{"items": hclItems(file.Body.(*hclsyntax.Body))}, nil
}

func hclItems(body *hclsyntax.Body) []hclItem {
	items := []hclItem{}
	for name, attribute := range body.Attributes {
		item := hclItem{Name: name, At: attribute.NameRange.Start.Byte}
		if value, diagnostics := attribute.Expr.Value(nil); !diagnostics.HasErrors() {
			item.Value = hclValue(value)
		}
		items = append(items, item)
	}
	for _, block := range body.Blocks {
		labels := append([]string{}, block.Labels...)
		items = append(items, hclItem{Name: block.Type, At: block.TypeRange.Start.Byte, Block: true, Labels: labels, Items: hclItems(block.Body)})
	}
	return items
}

// hclValue is a value as JSON inside an object, so that null differs from absence; unknown is {"unknown": true}.
func hclValue(value cty.Value) any {
	value, _ = value.UnmarkDeep()
	if !value.IsWhollyKnown() {
		return map[string]any{"unknown": true}
	}
	text, err := ctyjson.Marshal(value, value.Type())
	if err != nil {
		return map[string]any{"error": err.Error()}
	}
	return map[string]json.RawMessage{"known": text}
}

// hclFunctions are those that Terraform takes over from cty unchanged.
var hclFunctions = map[string]function.Function{
	"abs": stdlib.AbsoluteFunc, "can": tryfunc.CanFunc, "ceil": stdlib.CeilFunc, "chomp": stdlib.ChompFunc, "chunklist": stdlib.ChunklistFunc,
	"compact": stdlib.CompactFunc, "concat": stdlib.ConcatFunc, "contains": stdlib.ContainsFunc, "distinct": stdlib.DistinctFunc,
	"element": stdlib.ElementFunc, "flatten": stdlib.FlattenFunc, "floor": stdlib.FloorFunc, "format": stdlib.FormatFunc,
	"indent": stdlib.IndentFunc, "join": stdlib.JoinFunc, "jsonencode": stdlib.JSONEncodeFunc, "keys": stdlib.KeysFunc,
	"length": hclLength, "lower": stdlib.LowerFunc, "max": stdlib.MaxFunc, "merge": stdlib.MergeFunc, "min": stdlib.MinFunc,
	"parseint": stdlib.ParseIntFunc, "range": stdlib.RangeFunc, "reverse": stdlib.ReverseListFunc, "setintersection": stdlib.SetIntersectionFunc,
	"setsubtract": stdlib.SetSubtractFunc, "setunion": stdlib.SetUnionFunc, "signum": stdlib.SignumFunc, "slice": stdlib.SliceFunc,
	"sort": stdlib.SortFunc, "split": stdlib.SplitFunc, "strrev": stdlib.ReverseFunc, "substr": stdlib.SubstrFunc, "title": stdlib.TitleFunc,
	"tobool": stdlib.MakeToFunc(cty.Bool), "tolist": stdlib.MakeToFunc(cty.List(cty.DynamicPseudoType)),
	"tomap": stdlib.MakeToFunc(cty.Map(cty.DynamicPseudoType)), "tonumber": stdlib.MakeToFunc(cty.Number),
	"toset": stdlib.MakeToFunc(cty.Set(cty.DynamicPseudoType)), "tostring": stdlib.MakeToFunc(cty.String), "trim": stdlib.TrimFunc,
	"trimprefix": stdlib.TrimPrefixFunc, "trimspace": stdlib.TrimSpaceFunc, "trimsuffix": stdlib.TrimSuffixFunc, "try": tryfunc.TryFunc,
	"upper": stdlib.UpperFunc, "values": stdlib.ValuesFunc, "zipmap": stdlib.ZipmapFunc,
}

// hclLength is Terraform's length: cty's, and strings, objects.
var hclLength = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "value", Type: cty.DynamicPseudoType, AllowDynamicType: true}},
	Type:   function.StaticReturnType(cty.Number),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		switch ty := args[0].Type(); {
		case ty == cty.String:
			return stdlib.Strlen(args[0])
		case ty.IsObjectType():
			return cty.NumberIntVal(int64(len(ty.AttributeTypes()))), nil
		default:
			return stdlib.Length(args[0])
		}
	},
})

// hclExpression says what {"expression": …, "variables": {…}, "unknown": […]} is worth.
func hclExpression(input json.RawMessage) (any, error) {
	var one struct {
		Expression string                     `json:"expression"`
		Variables  map[string]json.RawMessage `json:"variables"`
		Unknown    []string                   `json:"unknown"`
	}
	if err := json.Unmarshal(input, &one); err != nil {
		return nil, err
	}
	variables := map[string]cty.Value{}
	for name, text := range one.Variables {
		ty, err := ctyjson.ImpliedType(text)
		if err != nil {
			return nil, fmt.Errorf("variable %s: %w", name, err)
		}
		if variables[name], err = ctyjson.Unmarshal(text, ty); err != nil {
			return nil, err
		}
	}
	for _, name := range one.Unknown {
		variables[name] = cty.DynamicVal
	}
	expression, diagnostics := hclsyntax.ParseExpression([]byte(one.Expression), "main.tf", hcl.InitialPos)
	if diagnostics.HasErrors() {
		return map[string]any{"refused": diagnostics.Error()}, nil
	}
	context := &hcl.EvalContext{Variables: map[string]cty.Value{"var": cty.ObjectVal(variables)}, Functions: hclFunctions}
	value, diagnostics := expression.Value(context)
	if diagnostics.HasErrors() {
		return map[string]any{"error": diagnostics.Error()}, nil
	}
	return hclValue(value), nil
}
