//! Shell programs: the simple commands of a POSIX or bash text, each with its words, redirections and its place among the others.
//!
//! Our own parser. It keeps no tree: a rule asks for commands and what surrounds them, never for the shape of the whole. Depth is bounded, time is
//! linear in the text (see `docs/decisions` for why none of the published parsers is used here).

mod construct;
mod field;
mod parser;
mod scan;
mod simple;
mod wrapper;

pub(crate) use field::{Field, fields, verbatim};
pub(crate) use wrapper::wrapped;

use crate::text::Cut;

/// The commands of a program, in the order their first bytes are written.
#[derive(Debug, Default)]
pub(crate) struct Program {
    pub(crate) commands: Vec<Command>,
    /// Words and assignments of all commands.
    pub(crate) words: Vec<Cut>,
    pub(crate) redirects: Vec<Redirect>,
    /// Names that loops set.
    pub(crate) loop_names: Vec<Cut>,
    /// Per subshell, the one it stands in; the first is the program itself.
    pub(crate) shells: Vec<u32>,
}

/// A simple command. Ranges are of the vectors of [`Program`].
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(crate) struct Command {
    pub(crate) at: Cut,
    /// What joins it to the command before; empty for the first.
    pub(crate) operator: &'static str,
    pub(crate) depth: u32,
    pub(crate) piped: bool,
    /// Whether it stands in a substitution: its output goes there, and into no pipe behind it.
    pub(crate) captured: bool,
    pub(crate) condition: bool,
    pub(crate) background: bool,
    /// The and-or list it stands in.
    pub(crate) list: u32,
    /// Whether it runs whenever its list does: it is the first of it.
    pub(crate) leads: bool,
    /// The subshell it runs in.
    pub(crate) shell: u32,
    pub(crate) assignments: (u32, u32),
    pub(crate) words: (u32, u32),
    pub(crate) redirects: (u32, u32),
}

/// A redirection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Redirect {
    /// The operator with its descriptor.
    pub(crate) operator: Cut,
    pub(crate) target: Cut,
}

/// Why a text is no program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) at: u32,
    pub(crate) message: &'static str,
    /// Nesting beyond what is read, rather than a mistake in the text.
    pub(crate) too_deep: bool,
}

/// Reads `cut` of `text`.
pub(crate) fn parse(text: &str, cut: Cut) -> Result<Program, Fault> {
    parser::Parser::new(text, cut).program()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn show(text: &str) -> Vec<String> {
        let program = parse(text, Cut::new(0, text.len())).unwrap_or_else(|fault| panic!("{text}: {fault:?}"));
        let words = |range: (u32, u32)| {
            program.words[range.0 as usize..range.1 as usize].iter().map(|word| word.of(text)).collect::<Vec<_>>().join(" ")
        };
        program
            .commands
            .iter()
            .map(|command| {
                let mut marks = String::new();
                for (on, mark) in [(command.piped, '|'), (command.condition, '?'), (command.background, '&')] {
                    if on {
                        marks.push(mark);
                    }
                }
                let assigned = words(command.assignments);
                let assigned = if assigned.is_empty() { assigned } else { format!("[{assigned}] ") };
                format!("{}{} {assigned}{}{}", command.operator, command.depth, words(command.words), marks)
            })
            .collect()
    }

    #[test]
    fn lists_and_pipes() {
        assert_eq!(show("a b && c || d; e | f & g"), ["0 a b?", "&&0 c?", "||0 d", ";0 e|&", "|0 f&", "&0 g"]);
        assert_eq!(show("! a\nb"), ["0 a?", ";0 b"]);
        assert_eq!(show("A=1 B='x y' cmd arg=2"), ["0 [A=1 B='x y'] cmd arg=2"]);
        assert_eq!(show("a # comment\n# more\nb"), ["0 a", ";0 b"]);
        assert_eq!(show("a |& b"), ["0 a|", "|&0 b"]);
        assert_eq!(show("a; "), ["0 a"]);
    }

    #[test]
    fn constructs() {
        assert_eq!(show("if a; then b; elif c; then d; else e; fi"), ["if1 a?", "then1 b", "elif1 c?", "then1 d", "else1 e"]);
        assert_eq!(show("for x in 1 $(l); do a; b; done"), ["$(2 l", "do1 a", ";1 b"]);
        assert_eq!(show("for x; do a; done"), ["do1 a"]);
        assert_eq!(show("while a; do b; done < f && c"), ["while1 a?", "do1 b", "&&0 c"]);
        assert_eq!(show("case $x in (a|b) c ;; *) d;; esac; e"), ["case1 c", "case1 d", ";0 e"]);
        assert_eq!(show("case x in a) ;; esac"), [""; 0]);
        assert_eq!(show("(a; b) | { c; }"), ["(1 a|", ";1 b|", "{1 c"]);
        assert_eq!(show("f() { a; }; function g { b; }; f"), ["{2 a", "{2 b", ";0 f"]);
        assert_eq!(show("((x=1)) && [[ a < b || c ]] && d"), ["&&0 [[ a < b || c ]]", "&&0 d"]);
        assert_eq!(show("((a; b); c)"), ["(2 a", ";2 b", ";1 c"]);
        assert_eq!(show("time { a; }"), ["{1 a"]);
        assert_eq!(show("for ((i=0;i<3;i++)); do a; done"), ["do1 a"]);
    }

    #[test]
    fn substitutions_hold_commands() {
        assert_eq!(show(r#"a "$(b "$(c)")" `d e`"#), [r#"0 a "$(b "$(c)")" `d e`"#, r#"$(1 b "$(c)""#, "$(2 c", "`1 d e"]);
        assert_eq!(show(r#"a "$(b)" `c` | d"#), [r#"0 a "$(b)" `c`|"#, "$(1 b", "`1 c", "|0 d"]);
        assert_eq!(show("x=$(a | b) y=$((1+(2)))"), ["0 [x=$(a | b) y=$((1+(2)))] ", "$(1 a|", "|1 b"]);
        assert_eq!(show("a ${x:-$(b)} ${y#'}'}"), ["0 a ${x:-$(b)} ${y#'}'}", "$(1 b"]);
        assert_eq!(show("diff <(a) >(b)"), ["0 diff <(a) >(b)", "<(1 a", ">(1 b"]);
        assert_eq!(show("x=(a 'b c' $(d))"), ["0 [x=(a 'b c' $(d))] ", "$(1 d"]);
    }

    #[test]
    fn a_subscript_that_ends_outside_of_its_word_makes_no_assignment() {
        assert_eq!(show("$(h[b)]=t"), ["0 $(h[b)]=t", "$(1 h[b"]);
        assert_eq!(show("h[b; c]=t"), ["0 h[b", ";0 c]=t"]);
        assert_eq!(show("h[b=c; d]=t"), ["0 h[b=c", ";0 d]=t"]);
        assert_eq!(show("h[b]=t h[\"b c\"]=t c"), ["0 [h[b]=t h[\"b c\"]=t] c"]);
    }

    #[test]
    fn redirections() {
        let text = "a 2>&1 >> f <<<'x y' &> g 3<&- b";
        let program = parse(text, Cut::new(0, text.len())).unwrap();
        let shown: Vec<_> = program.redirects.iter().map(|redirect| (redirect.operator.of(text), redirect.target.of(text))).collect();
        assert_eq!(shown, [("2>&", "1"), (">>", "f"), ("<<<", "'x y'"), ("&>", "g"), ("3<&", "-")]);
        assert_eq!(show(text), ["0 a b"]);
    }

    #[test]
    fn heredocs_of_a_script_are_no_commands() {
        assert_eq!(show("cat <<A <<-'B' && x\nnot a command $(\nA\n\tno\n\tB\ny"), ["0 cat", "&&0 x", ";0 y"]);
        assert_eq!(show("cat <<A\nopen"), ["0 cat"]);
    }

    #[test]
    fn what_is_no_program() {
        for text in [
            "a && ",
            "a |",
            "(a",
            "a )",
            "if a; then b",
            "fi",
            "a;; b",
            "'a",
            "\"a",
            "`a",
            "$(a",
            "${a",
            "case x in",
            "for x in a; b",
            "f() a b",
            "{ a",
            "&& a",
            "a & && b",
            "< ",
        ] {
            assert!(parse(text, Cut::new(0, text.len())).is_err(), "{text}");
        }
    }

    #[test]
    fn depth_bombs_end_quickly() {
        for unit in ["(", "$(", "\"$(", "{ ", "if ", "`", "((", "$((", "${a:-", "<(", "f() ", "a=("] {
            let text = unit.repeat(100_000);
            let _ = parse(&text, Cut::new(0, text.len()));
        }
        for unit in ["a;", "a&&", "a|", "a||", "a[ ", "a\n", "<<A ", "'a' ", "((a)) ", "$((a)) "] {
            let text = unit.repeat(100_000) + "b";
            let _ = parse(&text, Cut::new(0, text.len()));
        }
    }
}
