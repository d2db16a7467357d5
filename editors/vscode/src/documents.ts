// The documents that the server is asked about.

/** A filter as both the editor and its client library take it. */
export interface Filter {
  scheme: string;
  language?: string;
  pattern?: string;
}

/** By language where there is one, by name where there need not be. */
export const selector: Filter[] = [
  ...["dockerfile", "dockercompose", "terraform", "terraform-vars", "opentofu", "opentofu-vars", "yaml", "json"].map((language) => ({ scheme: "file", language })),
  ...["**/*{Dockerfile,Containerfile}*", "**/*.{tf,tfvars}", "**/.dockerignore", "**/{plimsoll,.plimsoll}.toml"].map((pattern) => ({ scheme: "file", pattern })),
];
