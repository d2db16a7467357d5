package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/template"
	"github.com/sirupsen/logrus"
)

func init() {
	subcommands["compose"] = loadCompose
	subcommands["compose-template"] = substitute
}

// loadCompose loads {"directory": D, "files": [base, override…]} with no environment but D/.env and every profile on, and prints its
// services and resources, paths resolved.
func loadCompose(input json.RawMessage) (any, error) {
	logrus.SetLevel(logrus.PanicLevel)
	var given struct {
		Directory string
		Files     []string
	}
	if err := json.Unmarshal(input, &given); err != nil {
		return nil, err
	}
	paths := make([]string, len(given.Files))
	for i, file := range given.Files {
		paths[i] = filepath.Join(given.Directory, file)
	}
	dotenv := filepath.Join(given.Directory, ".env")
	var envFiles []string
	if info, err := os.Stat(dotenv); err == nil && info.Mode().IsRegular() {
		envFiles = append(envFiles, dotenv)
	}
	options, err := cli.NewProjectOptions(
		paths,
		cli.WithWorkingDirectory(given.Directory),
		cli.WithEnvFiles(envFiles...),
		cli.WithDotEnv,
		cli.WithProfiles([]string{"*"}),
		cli.WithName("reference"),
	)
	if err != nil {
		return map[string]string{"error": err.Error()}, nil
	}
	project, err := options.LoadProject(context.Background())
	if err != nil {
		return map[string]string{"error": err.Error()}, nil
	}
	return map[string]any{
		"services": project.Services,
		"networks": project.Networks,
		"volumes":  project.Volumes,
		"secrets":  project.Secrets,
		"configs":  project.Configs,
	}, nil
}

// substitute interpolates {"template": T, "variables": {…}}.
func substitute(input json.RawMessage) (any, error) {
	logrus.SetLevel(logrus.PanicLevel)
	var given struct {
		Template  string
		Variables map[string]string
	}
	if err := json.Unmarshal(input, &given); err != nil {
		return nil, err
	}
	text, err := template.Substitute(given.Template, func(name string) (string, bool) {
		value, ok := given.Variables[name]
		return value, ok
	})
	if err != nil {
		return map[string]string{"error": err.Error()}, nil
	}
	return map[string]string{"text": text}, nil
}
