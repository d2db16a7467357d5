//! The parser's tree into ours.

use super::Reader;
use super::template::{Text, take_part};
use crate::syntax::{
    Attribute, Binary, BinaryExpr, Block, Body, Call, Expr, ExprKind, ForExpr, Item, Label, ObjectKey, Part, Step, Traversal, Unary,
};
use hcl_edit::Span as _;
use hcl_edit::expr as hcl;
use hcl_edit::structure as tree;

impl Reader<'_> {
    pub(super) fn body(&self, body: tree::Body, offset: u32) -> Body {
        let items = body.into_iter().map(|structure| match structure {
            tree::Structure::Attribute(attribute) => {
                let key = self.at(attribute.key.span(), offset);
                let value = self.expr(attribute.value, offset);
                Item::Attribute(Attribute { name: attribute.key.into_value().into_string().into(), key, value })
            }
            tree::Structure::Block(block) => self.block(block, offset),
        });
        Body { items: items.collect(), open: false }
    }

    pub(super) fn block(&self, block: tree::Block, offset: u32) -> Item {
        let span = self.at(block.span(), offset);
        let keyword = self.at(block.ident.span(), offset);
        let labels = block.labels.into_iter().map(|label| match label {
            tree::BlockLabel::Ident(ident) => Label { span: self.at(ident.span(), offset), text: ident.into_value().into_string().into() },
            tree::BlockLabel::String(string) => Label { span: self.at(string.span(), offset), text: string.into_value().into() },
        });
        Item::Block(Block {
            kind: block.ident.into_value().into_string().into(),
            keyword,
            labels: labels.collect(),
            body: self.body(block.body, offset),
            span,
        })
    }

    fn boxed(&self, expr: hcl::Expression, offset: u32) -> Box<Expr> {
        Box::new(self.expr(expr, offset))
    }

    fn exprs(&self, list: impl IntoIterator<Item = hcl::Expression>, offset: u32) -> Vec<Expr> {
        list.into_iter().map(|expr| self.expr(expr, offset)).collect()
    }

    pub(super) fn expr(&self, expr: hcl::Expression, offset: u32) -> Expr {
        let span = self.at(expr.span(), offset);
        let kind = match expr {
            hcl::Expression::Null(_) => ExprKind::Null,
            hcl::Expression::Bool(value) => ExprKind::Bool(value.into_value()),
            hcl::Expression::Number(number) => ExprKind::Number(number.value().as_f64().unwrap_or(f64::NAN)),
            hcl::Expression::String(text) => ExprKind::String(text.into_value().into()),
            hcl::Expression::Array(array) => ExprKind::Tuple(self.exprs(array, offset)),
            hcl::Expression::Object(object) => ExprKind::Object(self.object(object, offset)),
            hcl::Expression::StringTemplate(mut template) => {
                ExprKind::Template(self.parts_at(std::mem::take(&mut *template), offset, Text::Quoted))
            }
            hcl::Expression::HeredocTemplate(heredoc) => match self.parts_at(heredoc.template, offset, Text::Plain).as_mut_slice() {
                [] => ExprKind::String("".into()),
                [Part::Literal(text)] => ExprKind::String(std::mem::take(text)),
                parts => ExprKind::Template(parts.iter_mut().map(take_part).collect()),
            },
            hcl::Expression::Parenthesis(inner) => ExprKind::Parenthesis(self.boxed(inner.into_inner(), offset)),
            hcl::Expression::Variable(name) => ExprKind::Variable(name.into_value().into_string().into()),
            hcl::Expression::Conditional(conditional) => ExprKind::Conditional(Box::new([
                self.expr(conditional.cond_expr, offset),
                self.expr(conditional.true_expr, offset),
                self.expr(conditional.false_expr, offset),
            ])),
            hcl::Expression::FuncCall(call) => ExprKind::Call(Box::new(self.call(*call, offset))),
            hcl::Expression::Traversal(traversal) => ExprKind::Traversal(Box::new(self.traversal(*traversal, offset))),
            hcl::Expression::UnaryOp(unary) => {
                let operator = match unary.operator.value() {
                    hcl::UnaryOperator::Neg => Unary::Negate,
                    hcl::UnaryOperator::Not => Unary::Not,
                };
                ExprKind::Unary(operator, self.boxed(unary.expr, offset))
            }
            hcl::Expression::BinaryOp(binary) => ExprKind::Binary(Box::new(BinaryExpr {
                operator: operator(*binary.operator.value()),
                left: self.expr(binary.lhs_expr, offset),
                right: self.expr(binary.rhs_expr, offset),
            })),
            hcl::Expression::ForExpr(expr) => ExprKind::For(Box::new(self.for_expr(*expr, offset))),
        };
        Expr { span, kind }
    }

    fn object(&self, object: hcl::Object, offset: u32) -> Vec<(ObjectKey, Expr)> {
        let entries = object.into_iter().map(|(key, value)| {
            let key = match key {
                // The text is read from the source: a second try may have renamed the key.
                hcl::ObjectKey::Ident(name) => {
                    let span = self.at(name.span(), offset);
                    ObjectKey::Name(self.text.get(span.start as usize..span.end as usize).unwrap_or(name.as_str()).into(), span)
                }
                hcl::ObjectKey::Expression(expr) => {
                    let mut expr = self.expr(expr, offset);
                    if let ExprKind::String(text) = &mut expr.kind
                        && let Some(written) = self.text.get(expr.span.start as usize + 1..(expr.span.end as usize).saturating_sub(1))
                        && !written.contains(['\\', '$', '%', '\n'])
                        && written.len() == text.len()
                    {
                        *text = written.into();
                    }
                    ObjectKey::Expr(expr)
                }
            };
            (key, self.expr(value.into_expr(), offset))
        });
        entries.collect()
    }

    fn call(&self, call: hcl::FuncCall, offset: u32) -> Call {
        let mut name = String::new();
        for part in &call.name.namespace {
            name.push_str(part.as_str());
            name.push_str("::");
        }
        name.push_str(call.name.name.as_str());
        let expand = call.args.expand_final();
        Call { name: name.into(), arguments: self.exprs(call.args, offset), expand }
    }

    fn traversal(&self, traversal: hcl::Traversal, offset: u32) -> Traversal {
        let steps = traversal.operators.into_iter().map(|step| match step.into_value() {
            hcl::TraversalOperator::AttrSplat(_) => Step::AttributeSplat,
            hcl::TraversalOperator::FullSplat(_) => Step::Splat,
            hcl::TraversalOperator::GetAttr(name) => Step::Attribute(name.into_value().into_string().into()),
            hcl::TraversalOperator::Index(expr) => Step::Index(self.expr(expr, offset)),
            hcl::TraversalOperator::LegacyIndex(index) => Step::Position(index.into_value()),
        });
        Traversal { steps: steps.collect(), base: self.expr(traversal.expr, offset) }
    }

    fn for_expr(&self, expr: hcl::ForExpr, offset: u32) -> ForExpr {
        ForExpr {
            key_name: expr.intro.key_var.map(|name| name.into_value().into_string().into()),
            value_name: expr.intro.value_var.into_value().into_string().into(),
            collection: self.expr(expr.intro.collection_expr, offset),
            key: expr.key_expr.map(|key| self.expr(key, offset)),
            value: self.expr(expr.value_expr, offset),
            grouping: expr.grouping,
            condition: expr.cond.map(|condition| self.expr(condition.expr, offset)),
        }
    }
}

fn operator(operator: hcl::BinaryOperator) -> Binary {
    match operator {
        hcl::BinaryOperator::Eq => Binary::Equal,
        hcl::BinaryOperator::NotEq => Binary::NotEqual,
        hcl::BinaryOperator::LessEq => Binary::LessEqual,
        hcl::BinaryOperator::GreaterEq => Binary::GreaterEqual,
        hcl::BinaryOperator::Less => Binary::Less,
        hcl::BinaryOperator::Greater => Binary::Greater,
        hcl::BinaryOperator::Plus => Binary::Add,
        hcl::BinaryOperator::Minus => Binary::Subtract,
        hcl::BinaryOperator::Mul => Binary::Multiply,
        hcl::BinaryOperator::Div => Binary::Divide,
        hcl::BinaryOperator::Mod => Binary::Remainder,
        hcl::BinaryOperator::And => Binary::And,
        hcl::BinaryOperator::Or => Binary::Or,
    }
}
