//! CEL, case by case.

use crate::fixture::{Outcome, evaluate, json};

const VARS: &str = r#"{"n":3,"d":1.5,"s":"héllo wörld","t":true,"z":null,"l":[1,2,3],"m":{"a":1,"b":"x"},"deep":{"list":[{"name":"one","ok":true},{"name":"two","ok":false}]}}"#;

fn known(cases: &[(&str, &str)]) {
    for (text, value) in cases {
        assert_eq!(evaluate(text, &json(VARS)), Outcome::Known(json(value)), "{text}");
    }
}

fn fails(cases: &[(&str, &str)]) {
    for (text, part) in cases {
        match evaluate(text, &json(VARS)) {
            Outcome::Error(message) => assert!(message.contains(part), "{text}: {message}"),
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn literals_and_operators() {
    known(&[
        ("1 + 2 * 3 - 4 / 2 % 3", "5"),
        ("-7 / 2", "-3"),
        ("-7 % 2", "-1"),
        ("1.5 * 2.0 + d", "4.5"),
        ("'a' + \"b\" + r'\\n'", "\"ab\\\\n\""),
        ("'\\u00e9\\x41\\n'", "\"éA\\n\""),
        ("[1, 2] + l", "[1,2,1,2,3]"),
        ("!t || 1 < 2 && n >= 3", "true"),
        ("n == 3.0 && 3 != 3.5 && 2 < 2.5", "true"),
        ("'abc' < 'abd'", "true"),
        ("n > 2 ? 'big' : 'small'", "\"big\""),
        ("{'a': 1, 'b': [t]}.b[0]", "true"),
        ("{'a': 1} == {'a': 1.0}", "true"),
        ("[1, [2]] == [1, [2]] && [1] != [1, 2]", "true"),
        ("z == null && n != null", "true"),
        ("'1' == dyn(1)", "false"),
        ("-n", "-3"),
        ("9223372036854775807 > 9223372036854775806.0", "false"),
        ("0x10", "16"),
    ]);
}

#[test]
fn selection_membership_and_size() {
    known(&[
        ("m.a == m['a']", "true"),
        ("deep.list[1].name", "\"two\""),
        ("has(m.a) && !has(m.c)", "true"),
        ("'a' in m && !('c' in m)", "true"),
        ("2 in l && !(4 in l) && 2.0 in l", "true"),
        ("size(l) + l.size() + size(s) + m.size()", "19"),
        ("m.`a`", "1"),
    ]);
    fails(&[
        ("m.c", "no such key `c`"),
        ("l[3]", "out of bounds"),
        ("l[-1]", "out of bounds"),
        ("s.c", "cannot select"),
        ("size(n)", "`size`"),
        ("1 in s", "`in`"),
    ]);
}

#[test]
fn macros() {
    known(&[
        ("l.all(x, x > 0)", "true"),
        ("l.exists(x, x == 2)", "true"),
        ("l.exists_one(x, x > 2)", "true"),
        ("l.map(x, x * 2)", "[2,4,6]"),
        ("l.map(x, x > 1, x * 2)", "[4,6]"),
        ("l.filter(x, x != 2)", "[1,3]"),
        ("m.all(k, k in ['a', 'b'])", "true"),
        ("m.exists(k, v, k == 'b' && v == 'x')", "true"),
        ("l.all(i, x, x == i + 1)", "true"),
        ("deep.list.filter(x, x.ok).map(x, x.name)", "[\"one\"]"),
        ("l.map(x, l.map(y, x * y))[2][1]", "6"),
        ("[].all(x, x > 0) && ![].exists(x, true)", "true"),
        ("cel.bind(y, n + 1, y * y)", "16"),
        ("l.exists(l, l == 2) && size(l) == 3", "true"),
    ]);
}

#[test]
fn errors_are_absorbed_only_by_what_decides() {
    known(&[
        ("1 / 0 == 1 || true", "true"),
        ("true || 1 / 0 == 1", "true"),
        ("1 / 0 == 1 && false", "false"),
        ("l.exists(x, 6 / (x - 1) == 3)", "true"),
        ("l.all(x, 6 / (x - 1) == 6)", "false"),
        ("t ? 1 : 1 / 0", "1"),
    ]);
    fails(&[
        ("1 / 0 == 1 || false", "division by zero"),
        ("1 / 0 == 1 && true", "division by zero"),
        ("l.exists(x, 6 / (x - 1) == 7)", "division by zero"),
        ("l.map(x, 6 / (x - 1))", "division by zero"),
        ("n && true", "needs bools"),
        ("z && true", "absent field reads as null"),
        ("9223372036854775807 + n", "overflow"),
        ("n + d", "does not mix"),
        ("s + n", "does not take"),
        ("n < s", "does not take"),
    ]);
}

#[test]
fn text_functions_count_characters() {
    known(&[
        ("s.contains('lo w') && s.startsWith('hé') && s.endsWith('ld')", "true"),
        ("s.matches('^h.l+o\\\\s') && !s.matches('^w')", "true"),
        ("matches(s, 'w.rld$')", "true"),
        ("'a' + s.substring(1, 3)", "\"aél\""),
        ("s.indexOf('wör')", "6"),
        ("s.indexOf('zzz')", "-1"),
        ("s.lastIndexOf('l')", "9"),
        ("s.charAt(1) + s.charAt(11)", "\"é\""),
        ("s.upperAscii()", "\"HéLLO WöRLD\""),
        ("'  x '.trim()", "\"x\""),
        ("'a,b,c'.split(',')", "[\"a\",\"b\",\"c\"]"),
        ("'a,b,c'.split(',', 2)", "[\"a\",\"b,c\"]"),
        ("'abc'.split('')", "[\"a\",\"b\",\"c\"]"),
        ("['a','b'].join('-') + ['c'].join()", "\"a-bc\""),
        ("'aaa'.replace('a', 'b', 2)", "\"bba\""),
    ]);
}

#[test]
fn conversions() {
    known(&[
        ("int('42') + int(2.9) + int(-2.9)", "42"),
        ("double('1.5') + double(2)", "3.5"),
        ("string(1) + string(1.5) + string(true) + string(1e21) + string(1e-7)", "\"11.5true1e+211e-07\""),
        ("bool('true') && !bool('F')", "true"),
        ("type(1) == int && type(m) == map && type(z) == null_type", "true"),
    ]);
    fails(&[("int('x')", "not an int"), ("bool('yes')", "not a bool"), ("int(1e30)", "overflow"), ("int(l)", "does not take")]);
}

#[test]
fn kubernetes_quantities() {
    known(&[
        ("quantity('1Gi').isGreaterThan(quantity('1G'))", "true"),
        ("quantity('500m').compareTo(quantity('0.5'))", "0"),
        ("quantity(2).asInteger()", "2"),
        ("isQuantity('1.5Gi') && !isQuantity('1 gig')", "true"),
        ("quantity('1').add(quantity('500m')) == quantity('1.5')", "true"),
    ]);
    fails(&[("quantity('lots')", "is not a quantity")]);
}
