//! Which requests an entry of the settings is about.

use crate::labels::LabelSelector;
use crate::request::Request;
use kube::core::admission::Operation;
use plimsoll_config::Match;
use std::collections::BTreeMap;

/// An entry's conditions, ready to be asked.
#[derive(Debug, Clone, Default)]
pub(crate) struct Matcher {
    kinds: Vec<String>,
    namespaces: Vec<String>,
    namespace_labels: Option<LabelSelector>,
    labels: Option<LabelSelector>,
    users: Vec<String>,
    groups: Vec<String>,
    operations: Vec<String>,
    subresources: Vec<String>,
}

/// What is asked about a request.
pub(crate) struct Context<'a> {
    pub(crate) request: &'a Request,
    /// Labels of the request's namespace, or of the namespace that the request is about.
    pub(crate) namespace_labels: Option<&'a BTreeMap<String, String>>,
}

impl Context<'_> {
    /// The namespace of the object, or the namespace that is the object.
    pub(crate) fn namespace(&self) -> Option<&str> {
        namespace(self.request)
    }
}

/// The namespace of a request's object, or the namespace that is the object.
pub(crate) fn namespace(request: &Request) -> Option<&str> {
    let own = request.namespace.as_deref().filter(|name| !name.is_empty());
    own.or_else(|| (request.kind.group.is_empty() && request.kind.kind == "Namespace").then_some(request.name.as_str()))
}

impl Matcher {
    /// Makes one; what cannot be read is told with its place.
    pub(crate) fn new(written: &Match, errors: &mut Vec<String>) -> Self {
        let mut selector = |written: &Option<plimsoll_config::Sourced<String>>| {
            let written = written.as_ref()?;
            LabelSelector::parse(&written.value).map_err(|error| errors.push(format!("{}: {error}", written.origin))).ok()
        };
        Self {
            kinds: written.kinds.clone(),
            namespaces: written.namespaces.clone(),
            namespace_labels: selector(&written.namespace_labels),
            labels: selector(&written.labels),
            users: written.users.clone(),
            groups: written.groups.clone(),
            operations: written.operations.clone(),
            subresources: written.subresources.clone(),
        }
    }

    /// Whether it asks for labels of namespaces.
    pub(crate) const fn needs_namespace_labels(&self) -> bool {
        self.namespace_labels.is_some()
    }

    /// The subresources it names.
    pub(crate) fn subresources(&self) -> &[String] {
        &self.subresources
    }

    /// Whether it is about a request. What is not set matches all; a selector of namespaces never matches what has none.
    pub(crate) fn matches(&self, context: &Context<'_>) -> bool {
        let request = context.request;
        let any = |globs: &[String], text: &str| globs.is_empty() || globs.iter().any(|glob| wildcard(glob, text));
        let groups = request.user_info.groups.as_deref().unwrap_or_default();
        let object = request.object.as_ref();
        (self.kinds.is_empty() || self.kinds.iter().any(|kind| is_kind(kind, request)))
            && (self.namespaces.is_empty() || context.namespace().is_some_and(|name| any(&self.namespaces, name)))
            && self.namespace_labels.as_ref().is_none_or(|wanted| context.namespace().is_some() && wanted.matches(context.namespace_labels))
            && self.labels.as_ref().is_none_or(|wanted| wanted.matches(object.and_then(|object| object.labels())))
            && any(&self.users, request.user_info.username.as_deref().unwrap_or_default())
            && (self.groups.is_empty() || groups.iter().any(|group| any(&self.groups, group)))
            && (self.operations.is_empty() || self.operations.iter().any(|operation| *operation == operation_name(&request.operation)))
            && (self.subresources.is_empty() || self.subresources.iter().any(|name| Some(name.as_str()) == request.sub_resource.as_deref()))
    }
}

/// An operation as API servers write it.
pub(crate) const fn operation_name(operation: &Operation) -> &'static str {
    match operation {
        Operation::Create => "CREATE",
        Operation::Update => "UPDATE",
        Operation::Delete => "DELETE",
        Operation::Connect => "CONNECT",
    }
}

/// `Pod` is a kind of any group, `apps/Deployment` of one; `*` stands for any text.
fn is_kind(wanted: &str, request: &Request) -> bool {
    match wanted.split_once('/') {
        Some((group, kind)) => wildcard(group, &request.kind.group) && wildcard(kind, &request.kind.kind),
        None => wildcard(wanted, &request.kind.kind),
    }
}

/// Whether a text is what a pattern says, in which `*` stands for any text.
pub(crate) fn wildcard(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.len() >= last.len() && rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::wildcard;

    #[test]
    fn stars_stand_for_any_text() {
        let cases = [
            ("team-*", "team-a", true),
            ("team-*", "tea", false),
            ("*", "", true),
            ("a*b*c", "a--b--c", true),
            ("a*b*c", "a--c--b", false),
            ("ab*ba", "aba", false),
            ("kube-system", "kube-system", true),
            ("kube-system", "kube-system2", false),
            ("system:serviceaccount:*:builder", "system:serviceaccount:ci:builder", true),
        ];
        for (pattern, text, expected) in cases {
            assert_eq!(wildcard(pattern, text), expected, "{pattern} {text}");
        }
    }
}
