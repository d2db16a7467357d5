// Command reference prints how the reference implementation of a format reads an input, as JSON, for the differential tests of
// src/formats.
//
// Usage: reference SUBCOMMAND < cases > answers. Every subcommand reads one JSON value per line and answers each with one JSON line,
// in order, so that one process serves a whole test. A subcommand is a file of its own here, which registers itself in its init.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"sort"
)

// answer takes one case (a line of input) and gives what is to be printed for it. What the reference refuses is part of the answer,
// by convention {"error": "…"}; a non-nil error is a mistake of the test itself and ends the process.
type answer func(input json.RawMessage) (any, error)

// subcommands by name; each file adds its own.
var subcommands = map[string]answer{}

func main() {
	if len(os.Args) != 2 || subcommands[os.Args[1]] == nil {
		names := make([]string, 0, len(subcommands))
		for name := range subcommands {
			names = append(names, name)
		}
		sort.Strings(names)
		fmt.Fprintf(os.Stderr, "usage: reference SUBCOMMAND < cases > answers\nsubcommands: %v\n", names)
		os.Exit(2)
	}
	if err := serve(subcommands[os.Args[1]]); err != nil {
		fmt.Fprintln(os.Stderr, "reference:", err)
		os.Exit(1)
	}
}

func serve(run answer) error {
	in := json.NewDecoder(bufio.NewReaderSize(os.Stdin, 1<<20))
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	defer out.Flush()
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for in.More() {
		var input json.RawMessage
		if err := in.Decode(&input); err != nil {
			return err
		}
		result, err := run(input)
		if err != nil {
			return err
		}
		if err := encoder.Encode(result); err != nil {
			return err
		}
	}
	return nil
}
