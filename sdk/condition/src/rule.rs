//! A compiled rule: what its front matter says, as bytes.

use crate::bytes::{Malformed, Reader, Writer};
use crate::code::{Program, VERSION};
use crate::template::{Plan, Template};
use plimsoll_document::OpKind;
use plimsoll_document::schema::{Field, Type};

/// Variables of a rule's expressions: `self` and `options`.
pub(crate) const VARIABLES: u32 = 2;

/// What a rule judges.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Judged {
    /// Name of the type in the target's schema: `Stage`, `Resource`.
    pub ty: String,
    /// The list of the root that the node must be an item of, where several lists share a type: `resources`, not `data`.
    pub list: Option<String>,
    /// For types that have one of the fields of [`Judged::label_field`]: its values that are judged; empty for all.
    pub labels: Vec<String>,
}

/// Fields that tell apart what shares a type: `for: resource aws_s3_bucket`, `for: instruction RUN`, `for: command curl`.
const LABEL_FIELDS: [&str; 4] = ["keyword", "kind", "type", "name"];

impl Judged {
    /// The field of a type that labels name.
    pub fn label_field(ty: &'static Type) -> Option<&'static Field> {
        LABEL_FIELDS.iter().find_map(|name| ty.field(name))
    }
}

/// Whether an op's text is plain, not JSON.
pub(crate) const fn is_plain(kind: OpKind) -> bool {
    matches!(kind, OpKind::ReplaceSource | OpKind::CreateFile)
}

/// A rule whose logic is in its front matter, compiled.
#[derive(Clone, Debug)]
pub struct CompiledRule {
    /// `docker`, `compose`, `kubernetes` or `terraform`.
    pub target: String,
    /// What it judges.
    pub judged: Judged,
    /// The relations it follows.
    pub relations: Vec<String>,
    pub(crate) require: Program,
    pub(crate) require_line: u32,
    pub(crate) at: Option<String>,
    pub(crate) message: Template,
    pub(crate) message_line: u32,
    pub(crate) fix: Option<FixPlan>,
}

#[derive(Clone, Debug)]
pub(crate) struct FixPlan {
    pub(crate) title: Template,
    pub(crate) safe: bool,
    pub(crate) ops: Vec<OpPlan>,
}

#[derive(Clone, Debug)]
pub(crate) struct OpPlan {
    pub(crate) kind: OpKind,
    pub(crate) key: Template,
    pub(crate) to: Option<Plan>,
    pub(crate) line: u32,
}

fn write_texts(texts: &[String], out: &mut Writer) {
    out.count(texts.len());
    for text in texts {
        out.text(text);
    }
}

fn read_texts(from: &mut Reader<'_>) -> Result<Vec<String>, Malformed> {
    (0..from.count()?).map(|_| Ok(from.text()?.to_owned())).collect()
}

impl CompiledRule {
    /// The rule as bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Writer::default();
        out.byte(VERSION);
        out.text(&self.target);
        out.text(&self.judged.ty);
        out.text(self.judged.list.as_deref().unwrap_or_default());
        write_texts(&self.judged.labels, &mut out);
        write_texts(&self.relations, &mut out);
        out.number(u64::from(self.require_line));
        self.require.write(&mut out);
        out.byte(u8::from(self.at.is_some()));
        if let Some(at) = &self.at {
            out.text(at);
        }
        out.number(u64::from(self.message_line));
        self.message.write(&mut out);
        out.byte(u8::from(self.fix.is_some()));
        if let Some(fix) = &self.fix {
            fix.title.write(&mut out);
            out.byte(u8::from(fix.safe));
            out.count(fix.ops.len());
            for op in &fix.ops {
                out.byte(op.kind as u8);
                out.number(u64::from(op.line));
                op.key.write(&mut out);
                out.byte(u8::from(op.to.is_some()));
                if let Some(to) = &op.to {
                    to.write(&mut out);
                }
            }
        }
        out.bytes
    }

    /// Reads what [`Self::encode`] wrote. Bytes from anywhere else are refused or give some other rule; they never panic.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut from = Reader::new(bytes);
        if from.byte()? != VERSION {
            return Err(Malformed("its version is not known"));
        }
        let rule = Self::read(&mut from)?;
        if from.is_done() { Ok(rule) } else { Err(Malformed("something follows it")) }
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            target: from.text()?.to_owned(),
            judged: Judged {
                ty: from.text()?.to_owned(),
                list: Some(from.text()?).filter(|list| !list.is_empty()).map(str::to_owned),
                labels: read_texts(from)?,
            },
            relations: read_texts(from)?,
            require_line: from.short()?,
            require: Program::read(from, VARIABLES)?,
            at: if from.flag()? { Some(from.text()?.to_owned()) } else { None },
            message_line: from.short()?,
            message: Template::read(from, VARIABLES)?,
            fix: if from.flag()? { Some(FixPlan::read(from)?) } else { None },
        })
    }
}

impl FixPlan {
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let title = Template::read(from, VARIABLES)?;
        let safe = from.flag()?;
        let ops = (0..from.count()?).map(|_| {
            Ok(OpPlan {
                kind: OpKind::from_number(from.byte()?).ok_or(Malformed("a kind of op is not known"))?,
                line: from.short()?,
                key: Template::read(from, VARIABLES)?,
                to: if from.flag()? { Some(Plan::read(from, VARIABLES, 0)?) } else { None },
            })
        });
        Ok(Self { title, safe, ops: ops.collect::<Result<_, Malformed>>()? })
    }
}
