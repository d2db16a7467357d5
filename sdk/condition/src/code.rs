//! The bytecode: an expression tree, written front to back.
//!
//! Each node is an opcode byte, its own data, then its operands. Children follow their parent, so a decoded tree has no rings, and its
//! depth is checked while it is read. A blob of expressions starts with [`VERSION`].

use crate::bytes::{Malformed, Reader, Writer};
use crate::function::Function;
use plimsoll_document::{Symbol, schema};
use regex_lite::Regex;

/// Version of the bytes. A reader refuses any other.
pub const VERSION: u8 = 1;
/// Nesting beyond which an expression is refused, at compile time and when bytes are loaded.
pub const MAX_DEPTH: u32 = 100;
/// Variables of macros that may be in force at once.
pub(crate) const MAX_LOCALS: u32 = 64;

/// Index of an operation in its program.
pub(crate) type At = u32;

#[derive(Clone, Debug)]
pub(crate) enum Op {
    Null,
    Bool(bool),
    Int(i64),
    Double(f64),
    Text(Box<str>),
    Type(TypeName),
    /// A variable of the environment (`self`, `options`).
    Variable(u32),
    /// A variable of an enclosing macro.
    Local(u32),
    Select(Select),
    Has(Select),
    Relation {
        of: At,
        name: Box<str>,
    },
    Index {
        of: At,
        key: At,
        lenient: bool,
    },
    Not(At),
    Negate(At),
    Binary(Binary, At, At),
    And(Box<[At]>),
    Or(Box<[At]>),
    Choose(At, At, At),
    List(Box<[At]>),
    Map(Box<[(At, At)]>),
    Fold(Box<Fold>),
    Bind {
        init: At,
        body: At,
    },
    Call(Function, Box<[At]>),
    /// `matches` with a pattern that is known beforehand.
    Matches(At, Box<Regex>),
}

/// `.field`, and `has(….field)`.
#[derive(Clone, Debug)]
pub(crate) struct Select {
    pub(crate) of: At,
    pub(crate) key: Box<str>,
    /// The key's symbol if the schema has it, else 0.
    pub(crate) symbol: Symbol,
    /// Whether an absent entry reads as null: the schema describes what stands there, or says that anything may.
    pub(crate) lenient: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum FoldKind {
    All,
    Exists,
    ExistsOne,
    Map,
    Filter,
}

/// A macro over a list or map. Its variables take the next one or two local slots.
#[derive(Clone, Debug)]
pub(crate) struct Fold {
    pub(crate) kind: FoldKind,
    /// Whether it has two variables: index or key, and value.
    pub(crate) pairs: bool,
    pub(crate) range: At,
    /// The condition of a three-argument `map`.
    pub(crate) filter: Option<At>,
    pub(crate) body: At,
}

macro_rules! numbered {
    ($(#[$meta:meta])* $vis:vis enum $name:ident { $($(#[$case_meta:meta])* $case:ident = $number:literal $text:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        $vis enum $name { $($(#[$case_meta])* $case = $number,)* }

        impl $name {
            pub(crate) const fn from_number(number: u8) -> Option<Self> {
                match number { $($number => Some(Self::$case),)* _ => None }
            }

            /// As CEL writes it.
            pub(crate) const fn text(self) -> &'static str {
                match self { $(Self::$case => $text,)* }
            }
        }
    };
}
pub(crate) use numbered;

numbered! {
    pub(crate) enum Binary {
        Equal = 0 "==",
        NotEqual = 1 "!=",
        Less = 2 "<",
        LessEqual = 3 "<=",
        Greater = 4 ">",
        GreaterEqual = 5 ">=",
        In = 6 "in",
        Add = 7 "+",
        Subtract = 8 "-",
        Multiply = 9 "*",
        Divide = 10 "/",
        Remainder = 11 "%",
    }
}

numbered! {
    pub(crate) enum TypeName {
        Null = 0 "null_type",
        Bool = 1 "bool",
        Int = 2 "int",
        Double = 3 "double",
        String = 4 "string",
        List = 5 "list",
        Map = 6 "map",
        Type = 7 "type",
        Quantity = 8 "kubernetes.Quantity",
    }
}

mod opcode {
    pub(super) const NULL: u8 = 0;
    pub(super) const FALSE: u8 = 1;
    pub(super) const TRUE: u8 = 2;
    pub(super) const INT: u8 = 3;
    pub(super) const DOUBLE: u8 = 4;
    pub(super) const TEXT: u8 = 5;
    pub(super) const TYPE: u8 = 6;
    pub(super) const VARIABLE: u8 = 7;
    pub(super) const LOCAL: u8 = 8;
    pub(super) const SELECT: u8 = 9;
    pub(super) const HAS: u8 = 10;
    pub(super) const RELATION: u8 = 11;
    pub(super) const INDEX: u8 = 12;
    pub(super) const NOT: u8 = 13;
    pub(super) const NEGATE: u8 = 14;
    pub(super) const BINARY: u8 = 15;
    pub(super) const AND: u8 = 16;
    pub(super) const OR: u8 = 17;
    pub(super) const CHOOSE: u8 = 18;
    pub(super) const LIST: u8 = 19;
    pub(super) const MAP: u8 = 20;
    pub(super) const FOLD: u8 = 21;
    pub(super) const BIND: u8 = 22;
    pub(super) const CALL: u8 = 23;
    pub(super) const MATCHES: u8 = 24;
}

/// A loaded expression.
#[derive(Clone, Debug)]
pub struct Program {
    pub(crate) ops: Box<[Op]>,
    pub(crate) root: At,
}

impl Program {
    /// Writes the expression, without the version.
    pub(crate) fn write(&self, out: &mut Writer) {
        self.write_op(self.root, out);
    }

    #[expect(clippy::too_many_lines, reason = "one arm per operation")]
    fn write_op(&self, at: At, out: &mut Writer) {
        let all = |operands: &[At], out: &mut Writer| {
            out.count(operands.len());
            for operand in operands {
                self.write_op(*operand, out);
            }
        };
        match &self.ops[at as usize] {
            Op::Null => out.byte(opcode::NULL),
            Op::Bool(value) => out.byte(if *value { opcode::TRUE } else { opcode::FALSE }),
            Op::Int(value) => {
                out.byte(opcode::INT);
                // Zigzag, so that small negative numbers stay short.
                out.number(((value << 1) ^ (value >> 63)).cast_unsigned());
            }
            Op::Double(value) => {
                out.byte(opcode::DOUBLE);
                out.bytes.extend_from_slice(&value.to_le_bytes());
            }
            Op::Text(text) => {
                out.byte(opcode::TEXT);
                out.text(text);
            }
            Op::Type(name) => out.bytes.extend([opcode::TYPE, *name as u8]),
            Op::Variable(slot) => {
                out.byte(opcode::VARIABLE);
                out.number(u64::from(*slot));
            }
            Op::Local(slot) => {
                out.byte(opcode::LOCAL);
                out.number(u64::from(*slot));
            }
            Op::Select(select) => self.write_select(opcode::SELECT, select, out),
            Op::Has(select) => self.write_select(opcode::HAS, select, out),
            Op::Relation { of, name } => {
                out.byte(opcode::RELATION);
                out.text(name);
                self.write_op(*of, out);
            }
            Op::Index { of, key, lenient } => {
                out.bytes.extend([opcode::INDEX, u8::from(*lenient)]);
                self.write_op(*of, out);
                self.write_op(*key, out);
            }
            Op::Not(of) => {
                out.byte(opcode::NOT);
                self.write_op(*of, out);
            }
            Op::Negate(of) => {
                out.byte(opcode::NEGATE);
                self.write_op(*of, out);
            }
            Op::Binary(binary, left, right) => {
                out.bytes.extend([opcode::BINARY, *binary as u8]);
                self.write_op(*left, out);
                self.write_op(*right, out);
            }
            Op::And(terms) => {
                out.byte(opcode::AND);
                all(terms, out);
            }
            Op::Or(terms) => {
                out.byte(opcode::OR);
                all(terms, out);
            }
            Op::Choose(test, yes, no) => {
                out.byte(opcode::CHOOSE);
                self.write_op(*test, out);
                self.write_op(*yes, out);
                self.write_op(*no, out);
            }
            Op::List(items) => {
                out.byte(opcode::LIST);
                all(items, out);
            }
            Op::Map(entries) => {
                out.byte(opcode::MAP);
                out.count(entries.len());
                for (key, value) in entries {
                    self.write_op(*key, out);
                    self.write_op(*value, out);
                }
            }
            Op::Fold(fold) => {
                out.bytes.extend([opcode::FOLD, fold.kind as u8, u8::from(fold.pairs), u8::from(fold.filter.is_some())]);
                self.write_op(fold.range, out);
                if let Some(filter) = fold.filter {
                    self.write_op(filter, out);
                }
                self.write_op(fold.body, out);
            }
            Op::Bind { init, body } => {
                out.byte(opcode::BIND);
                self.write_op(*init, out);
                self.write_op(*body, out);
            }
            Op::Call(function, arguments) => {
                out.bytes.extend([opcode::CALL, *function as u8]);
                all(arguments, out);
            }
            Op::Matches(of, pattern) => {
                out.byte(opcode::MATCHES);
                out.text(pattern.as_str());
                self.write_op(*of, out);
            }
        }
    }

    fn write_select(&self, opcode: u8, select: &Select, out: &mut Writer) {
        out.bytes.extend([opcode, u8::from(select.lenient)]);
        out.number(u64::from(select.symbol.0));
        out.text(&select.key);
        self.write_op(select.of, out);
    }

    /// Reads an expression that may use the first `variables` variables of its environment.
    pub(crate) fn read(from: &mut Reader<'_>, variables: u32) -> Result<Self, Malformed> {
        let mut loader = Loader { ops: vec![], variables };
        loader.op(from, 0, 0)?;
        Ok(Self { ops: loader.ops.into_boxed_slice(), root: 0 })
    }

    /// The expression as bytes of their own.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Writer::default();
        out.byte(VERSION);
        self.write(&mut out);
        out.bytes
    }

    /// Reads what [`Self::encode`] wrote; anything else is refused.
    pub fn decode(bytes: &[u8], variables: u32) -> Result<Self, Malformed> {
        let mut from = Reader::new(bytes);
        if from.byte()? != VERSION {
            return Err(Malformed("its version is not known"));
        }
        let program = Self::read(&mut from, variables)?;
        if from.is_done() { Ok(program) } else { Err(Malformed("something follows it")) }
    }
}

struct Loader {
    ops: Vec<Op>,
    variables: u32,
}

impl Loader {
    fn op(&mut self, from: &mut Reader<'_>, depth: u32, locals: u32) -> Result<At, Malformed> {
        if depth > MAX_DEPTH {
            return Err(Malformed("it is nested too deeply"));
        }
        let at = self.ops.len();
        self.ops.push(Op::Null);
        let op = self.read(from, depth + 1, locals)?;
        self.ops[at] = op;
        Ok(at as At)
    }

    fn operands(&mut self, from: &mut Reader<'_>, depth: u32, locals: u32) -> Result<Box<[At]>, Malformed> {
        (0..from.count()?).map(|_| self.op(from, depth, locals)).collect()
    }

    fn read(&mut self, from: &mut Reader<'_>, depth: u32, locals: u32) -> Result<Op, Malformed> {
        Ok(match from.byte()? {
            opcode::NULL => Op::Null,
            opcode::FALSE => Op::Bool(false),
            opcode::TRUE => Op::Bool(true),
            opcode::INT => {
                let zigzag = from.number()?;
                Op::Int((zigzag >> 1).cast_signed() ^ -(zigzag & 1).cast_signed())
            }
            opcode::DOUBLE => {
                let mut bytes = [0; 8];
                for byte in &mut bytes {
                    *byte = from.byte()?;
                }
                Op::Double(f64::from_le_bytes(bytes))
            }
            opcode::TEXT => Op::Text(from.text()?.into()),
            opcode::TYPE => Op::Type(TypeName::from_number(from.byte()?).ok_or(Malformed("a type is not known"))?),
            opcode::VARIABLE => match from.short()? {
                slot if slot < self.variables => Op::Variable(slot),
                _ => return Err(Malformed("a variable is not known")),
            },
            opcode::LOCAL => match from.short()? {
                slot if slot < locals => Op::Local(slot),
                _ => return Err(Malformed("a macro's variable is not in force")),
            },
            opcode::SELECT => Op::Select(self.select(from, depth, locals)?),
            opcode::HAS => Op::Has(self.select(from, depth, locals)?),
            opcode::RELATION => {
                let name = from.text()?.into();
                Op::Relation { name, of: self.op(from, depth, locals)? }
            }
            opcode::INDEX => {
                let lenient = from.flag()?;
                Op::Index { lenient, of: self.op(from, depth, locals)?, key: self.op(from, depth, locals)? }
            }
            opcode::NOT => Op::Not(self.op(from, depth, locals)?),
            opcode::NEGATE => Op::Negate(self.op(from, depth, locals)?),
            opcode::BINARY => {
                let binary = Binary::from_number(from.byte()?).ok_or(Malformed("an operator is not known"))?;
                Op::Binary(binary, self.op(from, depth, locals)?, self.op(from, depth, locals)?)
            }
            opcode::AND => Op::And(self.operands(from, depth, locals)?),
            opcode::OR => Op::Or(self.operands(from, depth, locals)?),
            opcode::CHOOSE => Op::Choose(self.op(from, depth, locals)?, self.op(from, depth, locals)?, self.op(from, depth, locals)?),
            opcode::LIST => Op::List(self.operands(from, depth, locals)?),
            opcode::MAP => {
                let entries = (0..from.count()?).map(|_| Ok((self.op(from, depth, locals)?, self.op(from, depth, locals)?)));
                Op::Map(entries.collect::<Result<_, Malformed>>()?)
            }
            opcode::FOLD => Op::Fold(Box::new(self.fold(from, depth, locals)?)),
            opcode::BIND => {
                let init = self.op(from, depth, locals)?;
                Op::Bind { init, body: self.op(from, depth, local_slots(locals, 1)?)? }
            }
            opcode::CALL => {
                let function = Function::from_number(from.byte()?).ok_or(Malformed("a function is not known"))?;
                let arguments = self.operands(from, depth, locals)?;
                let (least, most) = function.arity();
                if arguments.len() < least || arguments.len() > most {
                    return Err(Malformed("a function has a wrong number of arguments"));
                }
                Op::Call(function, arguments)
            }
            opcode::MATCHES => {
                let pattern = crate::pattern::new(from.text()?).map_err(|_| Malformed("a pattern is not valid"))?;
                Op::Matches(self.op(from, depth, locals)?, Box::new(pattern))
            }
            _ => return Err(Malformed("an opcode is not known")),
        })
    }

    fn select(&mut self, from: &mut Reader<'_>, depth: u32, locals: u32) -> Result<Select, Malformed> {
        let lenient = from.flag()?;
        let symbol = Symbol(from.short()?);
        let key = from.text()?;
        if symbol != Symbol::OTHER && schema::KEYS.get(symbol.0 as usize - 1) != Some(&key) {
            return Err(Malformed("a symbol does not belong to its key"));
        }
        Ok(Select { lenient, symbol, key: key.into(), of: self.op(from, depth, locals)? })
    }

    fn fold(&mut self, from: &mut Reader<'_>, depth: u32, locals: u32) -> Result<Fold, Malformed> {
        let kind = match from.byte()? {
            0 => FoldKind::All,
            1 => FoldKind::Exists,
            2 => FoldKind::ExistsOne,
            3 => FoldKind::Map,
            4 => FoldKind::Filter,
            _ => return Err(Malformed("a macro is not known")),
        };
        let pairs = from.flag()?;
        let filtered = from.flag()?;
        let range = self.op(from, depth, locals)?;
        let inner = local_slots(locals, 1 + u32::from(pairs))?;
        let filter = if filtered { Some(self.op(from, depth, inner)?) } else { None };
        Ok(Fold { kind, pairs, range, filter, body: self.op(from, depth, inner)? })
    }
}

const fn local_slots(locals: u32, more: u32) -> Result<u32, Malformed> {
    if locals + more > MAX_LOCALS {
        return Err(Malformed("too many macros' variables are in force"));
    }
    Ok(locals + more)
}
