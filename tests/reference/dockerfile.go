package main

import (
	"encoding/json"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/frontend/dockerfile/shell"
)

func init() {
	subcommands["dockerfile"] = dockerfile
	subcommands["dockerfile-expand"] = dockerfileExpand
}

type instruction struct {
	Keyword  string    `json:"keyword"`
	Start    int       `json:"start"`
	End      int       `json:"end"`
	Flags    []string  `json:"flags"`
	JSON     bool      `json:"json"`
	Heredocs []heredoc `json:"heredocs"`
}

type heredoc struct {
	Name    string `json:"name"`
	Expand  bool   `json:"expand"`
	Content string `json:"content"`
}

// dockerfile takes {"text"} and gives {"instructions"} or, where one of BuildKit's two parsers refuses it, {"error"}.
func dockerfile(input json.RawMessage) (any, error) {
	var file struct {
		Text string `json:"text"`
	}
	if err := json.Unmarshal(input, &file); err != nil {
		return nil, err
	}
	tree, err := parser.Parse(strings.NewReader(file.Text))
	if err != nil {
		return map[string]string{"error": err.Error()}, nil
	}
	if _, _, err := instructions.Parse(tree.AST, nil); err != nil {
		return map[string]string{"error": err.Error()}, nil
	}
	found := []instruction{}
	for _, node := range tree.AST.Children {
		one := instruction{
			Keyword: strings.ToUpper(node.Value), Start: node.StartLine, End: node.EndLine,
			Flags: append([]string{}, node.Flags...), JSON: node.Attributes["json"], Heredocs: []heredoc{},
		}
		for _, doc := range node.Heredocs {
			content := doc.Content
			if doc.Chomp {
				content = parser.ChompHeredocContent(content)
			}
			one.Heredocs = append(one.Heredocs, heredoc{Name: doc.Name, Expand: doc.Expand, Content: content})
		}
		found = append(found, one)
	}
	return map[string]any{"instructions": found}, nil
}

// dockerfileExpand takes {"word", "escape", "env": ["A=1"]} and gives {"value"} or {"error"}.
func dockerfileExpand(input json.RawMessage) (any, error) {
	var one struct {
		Word   string   `json:"word"`
		Escape string   `json:"escape"`
		Env    []string `json:"env"`
	}
	if err := json.Unmarshal(input, &one); err != nil {
		return nil, err
	}
	lex := shell.NewLex([]rune(one.Escape)[0])
	value, _, err := lex.ProcessWord(one.Word, shell.EnvsFromSlice(one.Env))
	if err != nil {
		return map[string]string{"error": err.Error()}, nil
	}
	return map[string]string{"value": value}, nil
}
