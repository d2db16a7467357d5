//! Kubernetes manifests: a YAML or JSON text becomes one document per object.
//!
//! Anything with `apiVersion` and `kind` is an object, an item of a `List` too. Each document holds the object as written, with what the
//! host worked out of it under `facts`: which pod a workload makes, the parts of image references, the security settings in force. Values
//! are typed as `sigs.k8s.io/yaml` types them; of two equal keys the last counts, as for an API server.

mod container;
mod facts;
mod file;
mod lookup;
mod object;
mod pod;

pub use file::{File, Input, Part, parse, parse_object};
