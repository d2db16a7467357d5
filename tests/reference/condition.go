package main

import (
	"encoding/json"
	"fmt"
	"math"
	"sort"
	"strings"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
	"cel.dev/cel-go/ext"
)

// A conditionCase is an expression, its variables, and the paths of what is unknown (`a`, `a.b`, `a[0].c`).
type conditionCase struct {
	Expr    string         `json:"expr"`
	Vars    map[string]any `json:"vars"`
	Unknown []string       `json:"unknown"`
}

var conditionEnvironments sync.Map

func init() {
	subcommands["condition"] = condition
}

// condition says what cel-go makes of an expression: {"value": …}, {"unknown": true}, {"error": …} when evaluation fails, and
// {"refused": …} when it does not compile.
func condition(input json.RawMessage) (any, error) {
	var one conditionCase
	decoder := json.NewDecoder(strings.NewReader(string(input)))
	decoder.UseNumber()
	if err := decoder.Decode(&one); err != nil {
		return nil, err
	}
	env, err := conditionEnvironment(one.Vars)
	if err != nil {
		return nil, err
	}
	ast, issues := env.Compile(one.Expr)
	if issues.Err() != nil {
		return map[string]any{"refused": issues.Err().Error()}, nil
	}
	program, err := env.Program(ast, cel.EvalOptions(cel.OptPartialEval))
	if err != nil {
		return map[string]any{"refused": err.Error()}, nil
	}
	vars := map[string]any{}
	for name, value := range one.Vars {
		vars[name] = conditionNumbers(value)
	}
	patterns := make([]*cel.AttributePatternType, 0, len(one.Unknown))
	for _, path := range one.Unknown {
		steps := strings.Split(path, ".")
		pattern := cel.AttributePattern(steps[0])
		for _, step := range steps[1:] {
			pattern = pattern.QualString(step)
		}
		patterns = append(patterns, pattern)
	}
	activation, err := cel.PartialVars(vars, patterns...)
	if err != nil {
		return nil, err
	}
	value, _, err := program.Eval(activation)
	switch {
	case err != nil:
		return map[string]any{"error": err.Error()}, nil
	case types.IsUnknown(value):
		return map[string]any{"unknown": true}, nil
	default:
		return map[string]any{"value": conditionValue(value)}, nil
	}
}

func conditionEnvironment(vars map[string]any) (*cel.Env, error) {
	names := make([]string, 0, len(vars))
	options := []cel.EnvOption{cel.CrossTypeNumericComparisons(true), ext.Strings(), ext.Bindings(), cel.EnableIdentifierEscapeSyntax()}
	for name := range vars {
		names = append(names, name)
		options = append(options, cel.Variable(name, cel.DynType))
	}
	sort.Strings(names)
	key := strings.Join(names, " ")
	if known, found := conditionEnvironments.Load(key); found {
		return known.(*cel.Env), nil
	}
	env, err := cel.NewEnv(options...)
	if err == nil {
		conditionEnvironments.Store(key, env)
	}
	return env, err
}

// conditionNumbers turns JSON numbers into ints where they are whole, as documents do.
func conditionNumbers(value any) any {
	switch value := value.(type) {
	case json.Number:
		number, _ := value.Float64()
		if number == math.Trunc(number) && math.Abs(number) <= 1<<53 {
			return int64(number)
		}
		return number
	case []any:
		items := make([]any, len(value))
		for at, item := range value {
			items[at] = conditionNumbers(item)
		}
		return items
	case map[string]any:
		entries := make(map[string]any, len(value))
		for key, item := range value {
			entries[key] = conditionNumbers(item)
		}
		return entries
	default:
		return value
	}
}

// conditionValue turns a CEL value into JSON that keeps int and double apart: doubles stand as {"double": "…"}.
func conditionValue(value ref.Val) any {
	switch value := value.(type) {
	case types.Null:
		return nil
	case types.Bool, types.String, types.Int:
		return value.Value()
	case types.Double:
		return map[string]any{"double": fmt.Sprint(float64(value))}
	case *types.Type:
		return map[string]any{"type": value.TypeName()}
	case traits.Lister:
		items := []any{}
		for iterator := value.Iterator(); iterator.HasNext() == types.True; {
			items = append(items, conditionValue(iterator.Next()))
		}
		return items
	case traits.Mapper:
		entries := map[string]any{}
		for iterator := value.Iterator(); iterator.HasNext() == types.True; {
			key := iterator.Next()
			entries[fmt.Sprint(key.Value())] = conditionValue(value.Get(key))
		}
		return map[string]any{"map": entries}
	default:
		return map[string]any{"other": fmt.Sprint(value)}
	}
}
