//! A request of an API server: `AdmissionReview`, by `kube`'s types, with the objects as they came.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::core::admission::{AdmissionRequest, AdmissionReview, META_API_VERSION_V1};
use kube::core::{ApiResource, DynamicResourceScope, Resource};
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// An object as the API server sent it, with what decides whether it is judged. Parsed once: rules read the text itself.
#[derive(Debug, Clone)]
pub(crate) struct Object {
    /// Name, namespace, labels and the mark of deletion; nothing else of it is read.
    metadata: ObjectMeta,
    deleting: bool,
    raw: Box<RawValue>,
}

/// What is read of an object's metadata.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Peek {
    metadata: Option<PeekMetadata>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct PeekMetadata {
    name: Text,
    generate_name: Text,
    namespace: Text,
    labels: Labels,
    deletion_timestamp: Text,
}

/// A text, or something else that is none: refusing it is for whoever knows the object's type.
#[derive(Deserialize)]
#[serde(untagged)]
enum Text {
    Known(String),
    Other(IgnoredAny),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Labels {
    Known(BTreeMap<String, Text>),
    Other(IgnoredAny),
}

impl Default for Text {
    fn default() -> Self {
        Self::Other(IgnoredAny)
    }
}

impl Default for Labels {
    fn default() -> Self {
        Self::Other(IgnoredAny)
    }
}

impl Text {
    fn known(self) -> Option<String> {
        match self {
            Self::Known(text) => Some(text),
            Self::Other(_) => None,
        }
    }
}

impl Object {
    /// The JSON text.
    pub(crate) fn text(&self) -> &str {
        self.raw.get()
    }

    /// Labels, if it has any.
    pub(crate) const fn labels(&self) -> Option<&BTreeMap<String, String>> {
        self.metadata.labels.as_ref()
    }

    /// Whether it is being deleted.
    pub(crate) const fn is_deleting(&self) -> bool {
        self.deleting
    }

    /// Its name, or what its name will begin with.
    pub(crate) fn name(&self) -> &str {
        self.metadata.name.as_deref().or(self.metadata.generate_name.as_deref()).unwrap_or_default()
    }
}

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let peek: Peek = serde_json::from_str(raw.get()).map_err(serde::de::Error::custom)?;
        let PeekMetadata { name, generate_name, namespace, labels, deletion_timestamp } = peek.metadata.unwrap_or_default();
        // To Go a null is as good as nothing.
        let labels = match labels {
            Labels::Known(labels) => Some(labels.into_iter().map(|(key, value)| (key, value.known().unwrap_or_default())).collect()),
            Labels::Other(_) => None,
        };
        let metadata = ObjectMeta {
            name: name.known(),
            generate_name: generate_name.known(),
            namespace: namespace.known(),
            labels,
            ..ObjectMeta::default()
        };
        Ok(Self { metadata, deleting: deletion_timestamp.known().is_some(), raw })
    }
}

/// `kube`'s requests hold a resource of any kind.
impl Resource for Object {
    type DynamicType = ApiResource;
    type Scope = DynamicResourceScope;

    fn kind(of: &ApiResource) -> Cow<'_, str> {
        of.kind.as_str().into()
    }

    fn group(of: &ApiResource) -> Cow<'_, str> {
        of.group.as_str().into()
    }

    fn version(of: &ApiResource) -> Cow<'_, str> {
        of.version.as_str().into()
    }

    fn plural(of: &ApiResource) -> Cow<'_, str> {
        of.plural.as_str().into()
    }

    fn meta(&self) -> &ObjectMeta {
        &self.metadata
    }

    fn meta_mut(&mut self) -> &mut ObjectMeta {
        &mut self.metadata
    }
}

/// A request.
pub(crate) type Request = AdmissionRequest<Object>;

/// Reads a body.
///
/// # Errors
/// Why it is no `AdmissionReview` that can be answered, as a lowercase fragment.
pub(crate) fn read(body: &[u8]) -> Result<Request, String> {
    let review: AdmissionReview<Object> =
        serde_json::from_slice(body).map_err(|error| format!("the body is not an AdmissionReview: {error}"))?;
    if review.types.api_version != META_API_VERSION_V1 || review.types.kind != "AdmissionReview" {
        return Err(format!(
            "the body is a {} of {}, and {META_API_VERSION_V1} AdmissionReview alone is spoken here",
            review.types.kind, review.types.api_version
        ));
    }
    let request: Request = review.try_into().map_err(|_| "the AdmissionReview holds no request".to_owned())?;
    if request.uid.is_empty() { Err("the request has no uid".to_owned()) } else { Ok(request) }
}

/// The uid of a request that is not judged. What stands behind it is not read: who refuses for want of time must not take long for it.
pub(crate) fn uid(body: &[u8]) -> Option<String> {
    let mut found = None;
    // Ends with an error as soon as there is one.
    let _ = serde_json::Deserializer::from_slice(body).deserialize_map(Seek { path: &["request", "uid"], found: &mut found });
    found
}

/// Looks for a text at a path of keys.
struct Seek<'s> {
    path: &'s [&'s str],
    found: &'s mut Option<String>,
}

impl<'de> Visitor<'de> for Seek<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<(), M::Error> {
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            match self.path {
                [last] if *last == key => {
                    *self.found = Some(map.next_value()?);
                    return Err(serde::de::Error::custom("found"));
                }
                [first, rest @ ..] if *first == key => map.next_value_seed(Seek { path: rest, found: self.found })?,
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Seek<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

#[cfg(test)]
mod tests {
    use super::uid;

    #[test]
    fn uid_is_found_wherever_it_stands() {
        for (body, found) in [
            (r#"{"kind":"AdmissionReview","request":{"uid":"a-1","object":{"uid":"b"}}}"#, Some("a-1")),
            (r#"{"uid":"c","request":{"object":{"uid":"b","request":{"uid":"d"}},"uid":"a-1"},"kind":"x"}"#, Some("a-1")),
            (r#"{"request":{"uid":"a-1","obj"#, Some("a-1")),
            (r#"{"request":{"uid":1}}"#, None),
            (r#"{"request":[]}"#, None),
            ("[]", None),
            ("", None),
        ] {
            assert_eq!(uid(body.as_bytes()).as_deref(), found, "{body}");
        }
    }
}
