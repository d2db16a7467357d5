//! The tree both syntaxes are read into: bodies of arguments and blocks, and expressions. Every node knows where it is written.

use plimsoll_document::Span;

/// Arguments and blocks in the order written.
#[derive(Debug, Clone, Default)]
pub(crate) struct Body {
    pub(crate) items: Vec<Item>,
    /// Something in here could not be read.
    pub(crate) open: bool,
}

impl Body {
    pub(crate) fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.items.iter().rev().find_map(|item| match item {
            Item::Attribute(attribute) if &*attribute.name == name => Some(attribute),
            _ => None,
        })
    }

    pub(crate) fn blocks<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Block> {
        self.items.iter().filter_map(move |item| match item {
            Item::Block(block) if &*block.kind == kind => Some(block),
            _ => None,
        })
    }
}

#[derive(Debug, Clone)]
pub(crate) enum Item {
    Attribute(Attribute),
    Block(Block),
}

#[derive(Debug, Clone)]
pub(crate) struct Attribute {
    pub(crate) name: Box<str>,
    pub(crate) key: Span,
    pub(crate) value: Expr,
}

#[derive(Debug, Clone)]
pub(crate) struct Block {
    pub(crate) kind: Box<str>,
    /// The type keyword (JSON: the innermost key).
    pub(crate) keyword: Span,
    pub(crate) labels: Vec<Label>,
    pub(crate) body: Body,
    /// From the type keyword to the closing brace.
    pub(crate) span: Span,
}

#[derive(Debug, Clone)]
pub(crate) struct Label {
    pub(crate) text: Box<str>,
    pub(crate) span: Span,
}

#[derive(Debug, Clone)]
pub(crate) struct Expr {
    pub(crate) span: Span,
    pub(crate) kind: ExprKind,
}

#[derive(Debug, Clone)]
pub(crate) enum ExprKind {
    Null,
    /// Something that could not be read.
    Broken,
    Bool(bool),
    Number(f64),
    String(Box<str>),
    Tuple(Vec<Expr>),
    Object(Vec<(ObjectKey, Expr)>),
    Template(Vec<Part>),
    Parenthesis(Box<Expr>),
    Variable(Box<str>),
    Call(Box<Call>),
    Traversal(Box<Traversal>),
    Unary(Unary, Box<Expr>),
    Binary(Box<BinaryExpr>),
    Conditional(Box<[Expr; 3]>),
    For(Box<ForExpr>),
}

#[derive(Debug, Clone)]
pub(crate) enum ObjectKey {
    /// A bare name.
    Name(Box<str>, Span),
    /// A string, template or parenthesised expression.
    Expr(Expr),
}

impl ObjectKey {
    pub(crate) fn span(&self) -> Span {
        match self {
            Self::Name(_, span) => *span,
            Self::Expr(expr) => expr.span,
        }
    }

    /// The key's text, where no evaluation is needed.
    pub(crate) fn literal(&self) -> Option<&str> {
        match self {
            Self::Name(text, _) | Self::Expr(Expr { kind: ExprKind::String(text), .. }) => Some(text),
            Self::Expr(_) => None,
        }
    }
}

/// A piece of a template; white space that `~` strips is already gone.
#[derive(Debug, Clone)]
pub(crate) enum Part {
    Literal(Box<str>),
    Interpolation(Expr),
    If { condition: Expr, then: Vec<Part>, otherwise: Vec<Part> },
    For { key: Option<Box<str>>, value: Box<str>, collection: Expr, body: Vec<Part> },
}

#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// Namespaces included: `provider::aws::arn_parse`.
    pub(crate) name: Box<str>,
    pub(crate) arguments: Vec<Expr>,
    /// The last argument is a list of arguments (`...`).
    pub(crate) expand: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Traversal {
    pub(crate) base: Expr,
    pub(crate) steps: Vec<Step>,
}

#[derive(Debug, Clone)]
pub(crate) enum Step {
    Attribute(Box<str>),
    Index(Expr),
    /// `.0`
    Position(u64),
    /// `.*`
    AttributeSplat,
    /// `[*]`
    Splat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unary {
    Negate,
    Not,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Binary {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    And,
    Or,
}

#[derive(Debug, Clone)]
pub(crate) struct BinaryExpr {
    pub(crate) left: Expr,
    pub(crate) operator: Binary,
    pub(crate) right: Expr,
}

#[derive(Debug, Clone)]
pub(crate) struct ForExpr {
    pub(crate) key_name: Option<Box<str>>,
    pub(crate) value_name: Box<str>,
    pub(crate) collection: Expr,
    /// Present for `{ for … : key => value }`.
    pub(crate) key: Option<Expr>,
    pub(crate) value: Expr,
    pub(crate) grouping: bool,
    pub(crate) condition: Option<Expr>,
}

impl Expr {
    /// The expression without parentheses around it.
    pub(crate) fn bare(&self) -> &Self {
        let mut expr = self;
        while let ExprKind::Parenthesis(inner) = &expr.kind {
            expr = inner;
        }
        expr
    }

    /// The expression that `"${expr}"` is, or itself.
    pub(crate) fn unwrapped(&self) -> &Self {
        let mut expr = self.bare();
        while let ExprKind::Template(parts) = &expr.kind
            && let [Part::Interpolation(inner)] = parts.as_slice()
        {
            expr = inner.bare();
        }
        expr
    }
}
