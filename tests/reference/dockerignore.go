package main

import (
	"encoding/json"
	"strings"

	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"
)

func init() {
	subcommands["dockerignore"] = dockerignore
}

// dockerignore takes {"file", "paths"} and gives {"excluded"}, one bool per path, or {"error"}.
func dockerignore(input json.RawMessage) (any, error) {
	var one struct {
		File  string   `json:"file"`
		Paths []string `json:"paths"`
	}
	if err := json.Unmarshal(input, &one); err != nil {
		return nil, err
	}
	patterns, err := ignorefile.ReadAll(strings.NewReader(one.File))
	if err != nil {
		return map[string]string{"error": err.Error()}, nil
	}
	matcher, err := patternmatcher.New(patterns)
	if err != nil {
		return map[string]string{"error": err.Error()}, nil
	}
	excluded := []bool{}
	for _, path := range one.Paths {
		matches, err := matcher.MatchesOrParentMatches(path)
		if err != nil {
			return map[string]string{"error": err.Error()}, nil
		}
		excluded = append(excluded, matches)
	}
	return map[string]any{"excluded": excluded}, nil
}
