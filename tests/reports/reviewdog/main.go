// Reads a report with reviewdog's own parser.
package main

import (
	"bytes"
	"fmt"
	"os"

	"github.com/reviewdog/reviewdog/parser"
	"github.com/reviewdog/reviewdog/proto/rdf"
	"google.golang.org/protobuf/encoding/protojson"
)

func main() {
	bytesOf, err := os.ReadFile(os.Args[1])
	fail(err)
	// The parser passes over fields that it does not know; the schema does not.
	fail(protojson.UnmarshalOptions{DiscardUnknown: false}.Unmarshal(bytesOf, &rdf.DiagnosticResult{}))
	diagnostics, err := parser.NewRDJSONParser().Parse(bytes.NewReader(bytesOf))
	fail(err)
	suggestions := 0
	for _, one := range diagnostics {
		if one.GetLocation().GetPath() == "" || one.GetLocation().GetRange().GetStart().GetLine() < 1 || one.GetMessage() == "" {
			fail(fmt.Errorf("%v has no place or message", one))
		}
		suggestions += len(one.GetSuggestions())
	}
	fmt.Printf("rdjson: %d diagnostics, %d suggestions\n", len(diagnostics), suggestions)
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
