// Command linter prints what BuildKit's own linter says of Dockerfiles: one JSON value {"text"} per line, one answer per line. It is a module of its
// own, since it takes BuildKit's whole frontend, which nothing else here needs.
//
// Usage: linter < files > answers
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"log"
	"os"
	"sort"

	"github.com/containerd/platforms"
	"github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/client/llb/sourceresolver"
	"github.com/moby/buildkit/frontend/dockerfile/dockerfile2llb"
	"github.com/opencontainers/go-digest"
)

func main() {
	in, out := json.NewDecoder(bufio.NewReaderSize(os.Stdin, 1<<20)), json.NewEncoder(os.Stdout)
	for in.More() {
		var file struct {
			Text string `json:"text"`
		}
		if err := in.Decode(&file); err != nil {
			log.Fatal(err)
		}
		if err := out.Encode(lintOf([]byte(file.Text))); err != nil {
			log.Fatal(err)
		}
	}
}

// emptyImages knows no image: every base image is one without any settings, and nothing is asked over the network.
type emptyImages struct{}

func (emptyImages) ResolveImageConfig(_ context.Context, ref string, _ sourceresolver.Opt) (string, digest.Digest, []byte, error) {
	return ref, "", []byte(`{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers"}}`), nil
}

type finding struct {
	Rule string `json:"rule"`
	Line int32  `json:"line"`
}

// answer holds the findings, and why BuildKit refuses the file beside those found before it did.
type answer struct {
	Findings []finding `json:"findings"`
	Error    string    `json:"error,omitempty"`
}

func lintOf(text []byte) answer {
	platform := platforms.MustParse("linux/amd64")
	source := llb.NewSourceMap(nil, "Dockerfile", "Dockerfile", text)
	source.Definition = &llb.Definition{}
	result, err := dockerfile2llb.DockerfileLint(context.Background(), text, dockerfile2llb.ConvertOpt{
		SourceMap:      source,
		TargetPlatform: &platform,
		MetaResolver:   emptyImages{},
	})
	if err != nil {
		return answer{Findings: []finding{}, Error: err.Error()}
	}
	found := []finding{}
	for _, warning := range result.Warnings {
		one := finding{Rule: warning.RuleName}
		if warning.Location != nil && len(warning.Location.Ranges) > 0 {
			one.Line = warning.Location.Ranges[0].Start.Line
		}
		found = append(found, one)
	}
	sort.Slice(found, func(a, b int) bool {
		return found[a].Line < found[b].Line || found[a].Line == found[b].Line && found[a].Rule < found[b].Rule
	})
	refused := ""
	if result.Error != nil {
		refused = result.Error.Message
	}
	return answer{Findings: found, Error: refused}
}
