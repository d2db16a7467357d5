//! Which place of a project a value stands in, as far as merging and long syntax care.

/// A place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spot {
    Root,
    Services,
    Service,
    Build,
    Healthcheck,
    Deploy,
    Ulimits,
    /// One limit: two maps merge, anything else is replaced.
    Ulimit,
    /// Logging options merge only under one driver.
    Logging,
    /// A map that may be written as a list of `KEY=VALUE`; a key without value overrides one with.
    Assignments,
    /// The later value replaces the earlier.
    Replaced,
    Resources,
    Resource,
    Ipam,
    /// Address pools merge by subnet.
    Pools,
    ServiceNetworks,
    ServiceNetwork,
    /// A list in which an item replaces an earlier one with the same index.
    Unique(Index),
    Other,
}

/// What makes two items of a list the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Index {
    /// The text up to the first `=`.
    Key,
    Port,
    Target,
    Secret,
    Config,
    EnvFile,
    Text,
}

impl Spot {
    /// The place of the value under `key`.
    pub(crate) fn below(self, key: &str) -> Self {
        match (self, key) {
            (Self::Root, "services" | "jobs") => Self::Services,
            (Self::Root, "networks" | "volumes") => Self::Resources,
            (Self::Services, _) => Self::Service,
            (Self::Service, "build") => Self::Build,
            (Self::Service, "healthcheck") => Self::Healthcheck,
            (Self::Service, "deploy") => Self::Deploy,
            (Self::Service | Self::Build, "ulimits") => Self::Ulimits,
            (Self::Ulimits, _) => Self::Ulimit,
            (Self::Service, "logging") => Self::Logging,
            (Self::Service, "environment" | "labels" | "annotations" | "sysctls")
            | (Self::Build, "args" | "labels" | "additional_contexts")
            | (Self::Deploy | Self::Resource, "labels") => Self::Assignments,
            (Self::Service, "command" | "entrypoint") | (Self::Healthcheck, "test") => Self::Replaced,
            (Self::Resources, _) => Self::Resource,
            (Self::Resource, "ipam") => Self::Ipam,
            (Self::Ipam, "config") => Self::Pools,
            (Self::Service, "networks") => Self::ServiceNetworks,
            (Self::ServiceNetworks, _) => Self::ServiceNetwork,
            (Self::Service, "cap_add" | "cap_drop" | "dns" | "dns_opt" | "dns_search" | "links" | "profiles" | "tmpfs")
            | (Self::Build, "tags")
            | (Self::ServiceNetwork, "aliases" | "link_local_ips") => Self::Unique(Index::Key),
            (Self::Service, "ports") => Self::Unique(Index::Port),
            (Self::Service, "volumes" | "devices") => Self::Unique(Index::Target),
            (Self::Service, "secrets") => Self::Unique(Index::Secret),
            (Self::Service, "configs") => Self::Unique(Index::Config),
            (Self::Service, "env_file") => Self::Unique(Index::EnvFile),
            (Self::Service, "expose") => Self::Unique(Index::Text),
            _ => Self::Other,
        }
    }
}
