//! Making JSON from Rust values: what rules write into fixes.

use crate::Json;

impl Json {
    /// An object of these entries.
    pub fn map<K: Into<String>, V: Into<Self>>(entries: impl IntoIterator<Item = (K, V)>) -> Self {
        Self::Map(entries.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
    }

    /// An array of these items.
    pub fn list<V: Into<Self>>(items: impl IntoIterator<Item = V>) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }

    /// An HCL block, as fixes of Terraform write it: `Json::block("versioning", &[], [("enabled", true)])`.
    pub fn block<K: Into<String>, V: Into<Self>>(kind: &str, labels: &[&str], body: impl IntoIterator<Item = (K, V)>) -> Self {
        let labels = Self::list(labels.iter().copied());
        Self::Map(vec![("type".to_owned(), kind.into()), ("labels".to_owned(), labels), ("body".to_owned(), Self::map(body))])
    }
}

macro_rules! from {
    ($($ty:ty => |$value:ident| $json:expr),* $(,)?) => {
        $(impl From<$ty> for Json {
            fn from($value: $ty) -> Self {
                $json
            }
        })*
    };
}

from! {
    bool => |value| Self::Bool(value),
    f64 => |value| Self::Number(value),
    i32 => |value| Self::Number(f64::from(value)),
    u32 => |value| Self::Number(f64::from(value)),
    &str => |value| Self::String(value.to_owned()),
    &String => |value| Self::String(value.clone()),
    String => |value| Self::String(value),
}

impl<T: Into<Self>> From<Vec<T>> for Json {
    fn from(items: Vec<T>) -> Self {
        Self::list(items)
    }
}

impl<T: Into<Self>, const N: usize> From<[T; N]> for Json {
    fn from(items: [T; N]) -> Self {
        Self::list(items)
    }
}
