//! What kind a file is, by its name.

/// What a file is judged as.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum FileKind {
    /// A Dockerfile or Containerfile.
    Dockerfile,
    /// A Compose file, base or override.
    Compose,
    /// Kubernetes objects, YAML or JSON.
    Kubernetes,
    /// A Terraform file, `.tf` or `.tf.json`.
    Terraform,
    /// Values for Terraform variables, `.tfvars` or `.tfvars.json`: never judged alone, but a module's values come from it.
    TerraformVars,
    /// None of ours.
    Unknown,
}

impl FileKind {
    /// Its name in configuration and notices.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dockerfile => "dockerfile",
            Self::Compose => "compose",
            Self::Kubernetes => "kubernetes",
            Self::Terraform => "terraform",
            Self::TerraformVars => "tfvars",
            Self::Unknown => "unknown",
        }
    }

    /// The kind of that name, as `[files.kinds]` spells it.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Dockerfile, Self::Compose, Self::Kubernetes, Self::Terraform, Self::TerraformVars]
            .into_iter()
            .find(|kind| kind.name() == name)
    }
}

/// What a name alone says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Candidate {
    /// The kind is certain by convention.
    Is(FileKind),
    /// YAML: content decides.
    Yaml,
    /// JSON: content decides.
    Json,
    /// Nothing that is looked into unless it is named on the command line.
    Other,
}

/// Endings that make `Dockerfile.<ending>` or `Dockerfile-x.<ending>` something about a Dockerfile rather than one.
const NOT_A_DOCKERFILE: [&str; 24] = [
    ".dockerignore",
    ".md",
    ".rst",
    ".adoc",
    ".sh",
    ".py",
    ".go",
    ".rb",
    ".js",
    ".ts",
    ".rs",
    ".java",
    ".json",
    ".yaml",
    ".yml",
    ".toml",
    ".html",
    ".svg",
    ".png",
    ".patch",
    ".diff",
    ".log",
    ".swp",
    ".orig",
];

/// The kind that a file's name promises. Case does not matter for Dockerfiles, which are as often `dockerfile`.
pub fn kind_by_name(name: &str) -> Candidate {
    let lower = name.to_ascii_lowercase();
    if is_dockerfile(&lower) {
        return Candidate::Is(FileKind::Dockerfile);
    }
    if lower.ends_with(".tf") || lower.ends_with(".tf.json") {
        return Candidate::Is(FileKind::Terraform);
    }
    if lower.ends_with(".tfvars") || lower.ends_with(".tfvars.json") {
        return Candidate::Is(FileKind::TerraformVars);
    }
    if let Some(stem) = lower.strip_suffix(".yaml").or_else(|| lower.strip_suffix(".yml")) {
        let compose = ["compose", "docker-compose"]
            .iter()
            .any(|base| stem.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')));
        return if compose { Candidate::Is(FileKind::Compose) } else { Candidate::Yaml };
    }
    if lower.ends_with(".json") {
        return if matches!(lower.as_str(), "compose.json" | "docker-compose.json") {
            Candidate::Is(FileKind::Compose)
        } else {
            Candidate::Json
        };
    }
    Candidate::Other
}

fn is_dockerfile(lower: &str) -> bool {
    for base in ["dockerfile", "containerfile"] {
        if lower.strip_suffix(base).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')) {
            return true;
        }
        if let Some(rest) = lower.strip_prefix(base) {
            return rest.starts_with(['.', '-', '_']) && !NOT_A_DOCKERFILE.iter().any(|ending| rest.ends_with(ending));
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_dockerfiles() {
        for name in [
            "Dockerfile",
            "dockerfile",
            "Containerfile",
            "Dockerfile.alpine",
            "Dockerfile-dev",
            "web.Dockerfile",
            "api.dockerfile",
            "Dockerfile_prod",
        ] {
            assert_eq!(kind_by_name(name), Candidate::Is(FileKind::Dockerfile), "{name}");
        }
        for name in [
            "Dockerfile.dockerignore",
            ".dockerignore",
            "Dockerfile.md",
            "Dockerfiles",
            "dockerfile_test.go",
            "mydockerfile",
            "Dockerfile.swp",
        ] {
            assert_eq!(kind_by_name(name), Candidate::Other, "{name}");
        }
    }

    #[test]
    fn names_of_the_rest() {
        assert_eq!(kind_by_name("docker-compose.override.yml"), Candidate::Is(FileKind::Compose));
        assert_eq!(kind_by_name("compose.yaml"), Candidate::Is(FileKind::Compose));
        assert_eq!(kind_by_name("composer.yaml"), Candidate::Yaml);
        assert_eq!(kind_by_name("main.tf.json"), Candidate::Is(FileKind::Terraform));
        assert_eq!(kind_by_name("prod.auto.tfvars"), Candidate::Is(FileKind::TerraformVars));
        assert_eq!(kind_by_name("package.json"), Candidate::Json);
        assert_eq!(kind_by_name("main.tfstate"), Candidate::Other);
    }

    #[test]
    fn every_kind_is_found_by_its_name() {
        for kind in [FileKind::Dockerfile, FileKind::Compose, FileKind::Kubernetes, FileKind::Terraform, FileKind::TerraformVars] {
            assert_eq!(FileKind::from_name(kind.name()), Some(kind));
        }
        assert_eq!(FileKind::from_name("unknown"), None);
    }
}
