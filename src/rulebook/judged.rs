//! What a rule judges: the `for:` of its front matter.

use plimsoll_document::schema::{self, Type};

/// Fields that tell apart nodes of one type: `resource aws_s3_bucket`, `instruction RUN`, `command apt-get`.
const TELLING: [&str; 4] = ["keyword", "kind", "type", "name"];

/// What a rule judges, resolved against the target's schema.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Judged {
    /// The target.
    pub target: String,
    /// Name of the type in the schema: `Stage`.
    pub ty: String,
    /// The list its nodes must be items of, where the type alone says too little: `data` and `resources` of Terraform.
    pub list: Option<String>,
    /// The field that tells the wanted nodes, and the values wanted; empty: all of them.
    pub only: Option<(String, Vec<String>)>,
}

impl Judged {
    /// Reads `stage`, `resource aws_s3_bucket`, `instruction RUN, COPY`; empty text means the target's root. An error is a lowercase
    /// fragment with the remedy.
    pub fn parse(target: &str, text: &str) -> Result<Self, String> {
        let root =
            schema::root(target).ok_or_else(|| format!("unknown target `{target}`, expected docker, compose, kubernetes or terraform"))?;
        let (word, rest) = text.trim().split_once(char::is_whitespace).unwrap_or((text.trim(), ""));
        if word.is_empty() {
            return Ok(Self { target: target.to_owned(), ty: root.name.to_owned(), list: None, only: None });
        }
        let (ty, list) = match (target, word) {
            ("terraform", "resource") => (schema::find(target, "Resource"), Some("resources")),
            ("terraform", "data" | "ephemeral") => (schema::find(target, "Resource"), Some(word)),
            _ => (schema::TYPES.iter().find(|ty| ty.target == target && spelled(ty, word)), None),
        };
        let Some(ty) = ty else {
            let known: Vec<_> = schema::TYPES.iter().filter(|ty| ty.target == target).map(|ty| kebab(ty.name)).collect();
            return Err(format!("`for: {word}` names no type of {target}; there are {}", known.join(", ")));
        };
        let values: Vec<String> = rest.split([',', ' ']).map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned).collect();
        let only = match (values.is_empty(), TELLING.iter().find(|field| ty.field(field).is_some())) {
            (true, _) => None,
            (false, Some(field)) => Some(((*field).to_owned(), values)),
            (false, None) => return Err(format!("`for: {word}` takes no name behind it: nothing tells one {} from another", ty.name)),
        };
        Ok(Self { target: target.to_owned(), ty: ty.name.to_owned(), list: list.map(str::to_owned), only })
    }
}

fn spelled(ty: &Type, word: &str) -> bool {
    ty.name == word || kebab(ty.name) == word || ty.name.to_lowercase() == word
}

/// `ImageRef` is `image-ref`.
fn kebab(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !out.is_empty() {
            out.push('-');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}
