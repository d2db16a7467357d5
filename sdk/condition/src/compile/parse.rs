//! CEL text to a syntax tree, by the `cel` crate's parser.
//!
//! That parser recurses without a limit of its own, and so does dropping its trees. Text that nests too deeply is therefore refused before it is parsed, and
//! parser and tree live on a thread whose stack fits the longest text that is left. Short texts, which is nearly all of them, need no thread: they
//! cannot nest deeply enough for any stack.

use cel::common::ast::{IdedExpr, SourceInfo};

/// Bytes beyond which an expression is refused.
const MAX_BYTES: usize = 8192;
/// Brackets and choices that may be open at once.
const MAX_NESTING: u32 = 48;
/// Bytes up to which an expression is parsed where the caller is: the tests do it on half a megabyte of stack.
const SHORT: usize = 320;
/// Reserved, not used: pages of a stack cost nothing until they are touched.
const STACK: usize = 32 << 20;

/// Where in an expression something is wrong, and what.
#[derive(Debug)]
pub(super) struct Wrong {
    /// Byte offset in the expression.
    pub(super) offset: usize,
    pub(super) message: String,
}

impl Wrong {
    pub(super) fn new(offset: usize, message: impl Into<String>) -> Self {
        Self { offset, message: message.into() }
    }
}

/// A parsed expression with what finds its nodes in the text.
pub(super) struct Parsed<'t> {
    pub(super) expr: IdedExpr,
    info: SourceInfo,
    text: &'t str,
}

impl Parsed<'_> {
    /// Byte offset of a node.
    pub(super) fn offset(&self, id: u64) -> usize {
        let characters = self.info.offset_for(id).map_or(0, |(start, _)| start as usize);
        self.text.char_indices().nth(characters).map_or(self.text.len(), |(at, _)| at)
    }
}

/// Parses `text` and hands the tree to `then`.
pub(super) fn with<T: Send>(text: &str, then: impl FnOnce(&Parsed<'_>) -> Result<T, Wrong> + Send) -> Result<T, Wrong> {
    if text.len() > MAX_BYTES {
        return Err(Wrong::new(0, format!("the expression is longer than {MAX_BYTES} bytes")));
    }
    check_nesting(text)?;
    if text.len() <= SHORT {
        // As on the thread below: a bug of the parser is an error of this expression, not the end of the run.
        return std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| parse(text, then))).unwrap_or_else(|_| Err(failed()));
    }
    std::thread::scope(|scope| {
        let worker = std::thread::Builder::new().name("condition".to_owned()).stack_size(STACK).spawn_scoped(scope, || parse(text, then));
        match worker.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => Err(failed()),
            Err(error) => Err(Wrong::new(0, format!("no thread to parse on: {error}"))),
        }
    })
}

fn parse<T>(text: &str, then: impl FnOnce(&Parsed<'_>) -> Result<T, Wrong>) -> Result<T, Wrong> {
    // An environment without macros leaves `all(…)` and its like as the calls they are written as.
    let parser = cel::Env::default().with_optional_support(false).parser().enable_ident_escape_syntax(true);
    match parser.parse_with_source_info(text) {
        Ok((expr, info)) => then(&Parsed { expr, info, text }),
        Err(errors) => {
            let Some(first) = errors.errors.first() else { return Err(Wrong::new(0, "not a CEL expression")) };
            let (line, column) = (usize::try_from(first.pos.0).unwrap_or(1).max(1), usize::try_from(first.pos.1).unwrap_or(1).max(1));
            let start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
            let rest = text.get(start..).unwrap_or_default();
            let within = rest.char_indices().nth(column - 1).map_or(rest.len(), |(at, _)| at);
            let message = first.msg.strip_prefix("Syntax error: ").unwrap_or(&first.msg);
            Err(Wrong::new(start + within, format!("not a CEL expression: {message}")))
        }
    }
}

fn failed() -> Wrong {
    Wrong::new(0, "the CEL parser failed on this expression")
}

fn check_nesting(text: &str) -> Result<(), Wrong> {
    let mut depth = 0_u32;
    let mut choices = 0_u32;
    let mut quote: Option<char> = None;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        if let Some(open) = quote {
            // A quote too many or too few only makes this stricter: brackets inside text then count.
            if escaped {
                escaped = false;
            } else if c == '\\' {
                escaped = true;
            } else if c == open {
                quote = None;
            }
            continue;
        }
        match c {
            '"' | '\'' => quote = Some(c),
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            '?' => choices += 1,
            _ => {}
        }
        if depth + choices > MAX_NESTING {
            return Err(Wrong::new(at, "the expression is nested too deeply"));
        }
    }
    Ok(())
}
