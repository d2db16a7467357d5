//! Bytecode that nobody compiled.

use crate::fixture::{compile, environment, evaluate, json};
use crate::generated::Generator;
use plimsoll_condition::compile::Environment;
use plimsoll_condition::{CompiledRule, NoRelations, Program, Scope, Value};
use proptest::prelude::*;

const RULE: &str =
    "size(self.ports) > 2 ? self.image.matches('a+b') : self.labels.all(k, v, k == 'x' || [1.5, -3].exists(n, string(n) in [v]))";

fn survives(bytes: &[u8]) {
    if let Ok(program) = Program::decode(bytes, 1) {
        let document = crate::fixture::document("compose", &json(r#"{"ports":[1,2,3],"image":"aab","labels":{"x":"y"}}"#));
        let values = [Value::of(document.doc().root())];
        let _ = program.evaluate(Scope { variables: &values, relations: &NoRelations });
        assert!(Program::decode(&program.encode(), 1).is_ok(), "what was loaded can be written and loaded again");
    }
    let _ = CompiledRule::decode(bytes);
}

#[test]
fn nesting_in_bytes_is_bounded() {
    for opcode in 0..=32_u8 {
        let mut bytes = vec![1];
        bytes.extend(core::iter::repeat_n([opcode, 1], 100_000).flatten());
        survives(&bytes);
        survives(&[&[1][..], &vec![opcode; 100_000]].concat());
    }
}

#[test]
fn counts_beyond_the_bytes_are_refused() {
    for opcode in [16, 17, 19, 20, 23] {
        assert!(Program::decode(&[1, opcode, 0xff, 0xff, 0xff, 0xff, 0x0f], 1).is_err());
    }
    assert!(Program::decode(&[], 1).is_err());
    assert!(Program::decode(&[2, 0], 1).is_err(), "another version");
    assert!(Program::decode(&[1, 7, 1], 1).is_err(), "a variable that is not there");
    assert!(Program::decode(&[1, 8, 0], 1).is_err(), "a local outside a macro");
    assert!(Program::decode(&[1, 0, 0], 1).is_err(), "something behind the expression");
}

#[test]
fn programs_read_back_as_they_were_written() {
    let mut generator = Generator::new(7);
    let environment = Environment::untyped(&["a", "b", "c", "m"]);
    for _ in 0..300 {
        let text = generator.expression();
        let Ok(program) = compile(&text, &environment) else { continue };
        let bytes = program.encode();
        assert_eq!(Program::decode(&bytes, 4).unwrap().encode(), bytes, "{text}");
    }
    assert_eq!(evaluate("1 + 1", &json("{}")), crate::fixture::Outcome::Known(json("2")));
}

/// A guest has 512 KiB of stack; frames of an unoptimised native build are larger than a guest's.
#[test]
fn the_deepest_expression_fits_a_guests_stack() {
    let nested = |open: &str, close: &str, times: usize| format!("{}self{}", open.repeat(times), close.repeat(times));
    let mut folds = "true".to_owned();
    for at in 0..40 {
        folds = format!("[1].all(x{at}, {folds})");
    }
    let texts = [
        nested("[", "]", 46),
        nested("size([", "])", 23),
        format!("[self][0]{}", " == true".repeat(90)),
        format!("size(self.ports){}", " + 1".repeat(95)),
        folds,
        nested("{'a': ", "}", 46),
    ];
    let deep = format!("{}1{}", "[".repeat(60), "]".repeat(60));
    let run = move || {
        let document = crate::fixture::document("compose", &json(&format!(r#"{{"self":{{"ports":{deep},"same":{deep}}}}}"#)));
        let values: Vec<Value<'_>> = document.doc().root().children().map(Value::of).collect();
        for text in &texts {
            let program = compile(text, &Environment::untyped(&["self"])).unwrap_or_else(|error| panic!("{text}: {error}"));
            let _ = program.evaluate(Scope { variables: &values, relations: &NoRelations });
        }
        let same = compile("self.ports == self.same", &Environment::untyped(&["self"])).unwrap();
        assert!(matches!(same.evaluate(Scope { variables: &values, relations: &NoRelations }), Value::Bool(true)));
    };
    std::thread::Builder::new().stack_size(512 << 10).spawn(run).unwrap().join().unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn noise_is_refused_or_harmless(noise in proptest::collection::vec(any::<u8>(), 0..200)) {
        survives(&noise);
        survives(&[&[1][..], &noise].concat());
    }

    #[test]
    fn a_damaged_program_is_refused_or_harmless(changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4), cut in any::<prop::sample::Index>()) {
        let mut bytes = compile(RULE, &environment("compose", "Service")).unwrap().encode();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        survives(&bytes);
        survives(&bytes[..cut.index(bytes.len())]);
    }
}
