//! Spans: every scalar's text re-reads as its value, every collection's span begins and ends where it is written.
#![allow(clippy::unwrap_used, clippy::format_collect, clippy::float_cmp, reason = "a test fails by panicking, and need not be frugal")]

use plimsoll_yaml::{Content, Id, Style, Tree, parse};
use proptest::prelude::*;

/// The value that a scalar's text alone reads as; `None` where the text alone does not say (an indentation indicator counts from the parent).
fn reread(written: &str, style: Style, at_end: bool) -> Option<String> {
    let text = match style {
        Style::Literal | Style::Folded => {
            let header = written.lines().next().unwrap_or_default();
            if header.split(['#', ' ']).next().unwrap_or_default().contains(|c: char| c.is_ascii_digit()) {
                return None;
            }
            if at_end { written.to_owned() } else { format!("{written}\n") }
        }
        _ => written.to_owned(),
    };
    // By `serde_yaml`, so that the parser under test is not its own judge. Untyped: the text of a plain scalar is what is compared.
    match style {
        Style::Plain => {
            let joined: Vec<&str> = written.lines().map(str::trim).collect();
            (joined.len() == 1).then(|| joined[0].to_owned())
        }
        _ => serde_yaml::from_str::<String>(&text).ok(),
    }
}

fn check(tree: &Tree<'_>, text: &str) -> Result<(), String> {
    for id in tree.ids() {
        let node = tree.node(id);
        let written = text.get(node.span.start as usize..node.span.end as usize).ok_or_else(|| format!("{:?} is no slice", node.span))?;
        match &node.content {
            Content::Scalar { value, style } => {
                if let Some(again) = reread(written, *style, node.span.end as usize == text.len())
                    && again != *value
                {
                    return Err(format!("{written:?} reads as {again:?}, the tree says {value:?}"));
                }
                let first = written.chars().next();
                let marked = match style {
                    Style::Plain => true,
                    Style::Single => first == Some('\'') && written.ends_with('\''),
                    Style::Double => first == Some('"') && written.ends_with('"'),
                    Style::Literal => first == Some('|'),
                    Style::Folded => first == Some('>'),
                };
                if !marked {
                    return Err(format!("{style:?} scalar at {written:?}"));
                }
            }
            Content::Sequence { flow, items } => {
                let bounds = if *flow { written.starts_with('[') && written.ends_with(']') } else { written.starts_with('-') };
                inside(tree, id, items)?;
                if !bounds {
                    return Err(format!("sequence at {written:?}"));
                }
            }
            Content::Mapping { flow, entries } => {
                let children: Vec<Id> = entries.iter().flat_map(|entry| [entry.key, entry.value]).collect();
                inside(tree, id, &children)?;
                let braces = written.starts_with('{') && written.ends_with('}');
                let first = children.first().map(|child| tree.node(*child).span.start);
                if !(*flow && braces) && first.is_some_and(|first| first != node.span.start) {
                    return Err(format!("mapping at {written:?}"));
                }
            }
            Content::Alias { .. } => {
                if !written.starts_with('*') {
                    return Err(format!("alias at {written:?}"));
                }
            }
            Content::Broken => {}
        }
        // White space at the end of a block scalar may belong to its value (`|+`).
        if written != written.trim_end() && !written.contains(['|', '>']) {
            return Err(format!("span ends in white space: {written:?}"));
        }
    }
    Ok(())
}

fn inside(tree: &Tree<'_>, parent: Id, children: &[Id]) -> Result<(), String> {
    let outer = &tree.node(parent).span;
    for child in children {
        let span = &tree.node(*child).span;
        if span.start < outer.start || span.end > outer.end {
            return Err(format!("{span:?} is not inside {outer:?}"));
        }
    }
    Ok(())
}

fn check_text(text: &str) -> Result<(), String> {
    for tree in &parse(text).documents {
        check(tree, text)?;
    }
    Ok(())
}

#[test]
fn every_way_to_write_a_scalar() {
    let text = "a: |\n  x\n\n# comment\nb: >-\n\n  y\nc:\n- |\n  p\n-\n  - q: &z # hm\n- !!str \"é\"\n- *z\n- |+\n   kept\n\n\nd:   # n\ne: {a: 1,\n\t\"b\": [x, y], c}\nf: |\n? k\n: v\ng: \"a\n  b\"\n&kk kl: !t\n  m: 1\nn: [a: b, 'it''s']\nl: \"\\u00e9\\/\"\n";
    let stream = parse(text);
    assert!(stream.problems.is_empty(), "{:?}", stream.problems);
    check(&stream.documents[0], text).unwrap();
}

#[test]
fn a_value_left_out_stands_right_after_the_colon() {
    let text = "a:   # why\nb :\nc:\n  - \n  -\n";
    let stream = parse(text);
    let tree = &stream.documents[0];
    let at = |key: &str| tree.node(tree.get(tree.root(), key).unwrap()).span.clone();
    assert_eq!(at("a"), 2..2);
    assert_eq!(at("b"), 14..14);
    let items: Vec<_> = tree.items(tree.get(tree.root(), "c").unwrap()).iter().map(|item| tree.node(*item).span.clone()).collect();
    assert_eq!(items, [21..21, 26..26]);
}

#[test]
fn byte_order_mark_and_line_ends() {
    for text in ["\u{feff}a: 1\r\nb:\r\n  - |\r\n    x\r\n  - y\r\n", "a: 1\rb:\r  - x\r", "\u{feff}# c\n---\na: 'ä'\n"] {
        let stream = parse(text);
        assert!(stream.problems.is_empty(), "{text:?}: {:?}", stream.problems);
        check_text(text).unwrap();
    }
}

#[test]
fn a_block_scalar_that_is_the_whole_document_begins_at_its_header() {
    for text in [
        "|\n a\n",
        "|+\na\n",
        ">-\n  a\n",
        "# c\n|\n a\n",
        "--- |\n a\n",
        "&x !!str |\n a\n",
        "b\n...\n|\n a\n",
        "...\n|\na\n",
        "%YAML 1.2\n--- >\n a\n",
    ] {
        let stream = parse(text);
        assert!(stream.problems.is_empty(), "{text:?}: {:?}", stream.problems);
        check_text(text).unwrap();
    }
}

#[test]
fn a_key_without_a_colon_has_its_value_right_behind_it() {
    let text = "a:\n  ? k\nb: 1\n";
    let stream = parse(text);
    check(&stream.documents[0], text).unwrap();
    let tree = &stream.documents[0];
    let inner = tree.get(tree.root(), "a").unwrap();
    assert_eq!(tree.node(inner).span, 7..8);
    assert_eq!(tree.node(tree.get(inner, "k").unwrap()).span, 8..8);
}

#[test]
fn an_entry_without_key_and_colon_stands_right_behind_its_question_mark() {
    for text in ["? k\r\n?\r\n", "? k\n? \n\n", "? k\n? # c\n", "? k\n? # c:\n\n"] {
        let stream = parse(text);
        assert!(stream.problems.is_empty(), "{text:?}: {:?}", stream.problems);
        check_text(text).unwrap();
        let tree = &stream.documents[0];
        let mark = text.rfind('?').unwrap() as u32 + 1;
        assert_eq!(tree.node(tree.root()).span, 2..mark, "{text:?}");
        assert_eq!(tree.node(tree.get(tree.root(), "").unwrap()).span, mark..mark, "{text:?}");
    }
    let text = "a:\n  ?\n\nb: 1\n";
    let stream = parse(text);
    let tree = &stream.documents[0];
    assert_eq!(tree.node(tree.get(tree.root(), "a").unwrap()).span, 6..6);
}

#[test]
fn a_block_scalar_behind_a_broken_document_begins_at_its_header() {
    for text in ["{a\n...\n|\nb\n", "a: {b\n%TAG !t: |\n...\n>\nc\n"] {
        let stream = parse(text);
        let tree = stream.documents.last().unwrap();
        assert_eq!(tree.node(tree.root()).span, text.len() as u32 - 4..text.len() as u32 - 1);
    }
}

#[test]
fn an_item_left_out_in_front_of_a_comment_stands_right_behind_its_dash() {
    let text = "a:\n  - # c  \n  - #d  \n";
    check_text(text).unwrap();
    let stream = parse(text);
    let tree = &stream.documents[0];
    assert_eq!(tree.node(tree.get(tree.root(), "a").unwrap()).span, 5..16);
}

#[test]
fn a_comment_that_ends_in_a_colon_is_none() {
    let text = "a:\n  ? k # c:\n\nb: 1\n";
    let stream = parse(text);
    let tree = &stream.documents[0];
    check(tree, text).unwrap();
    assert_eq!(tree.node(tree.get(tree.root(), "a").unwrap()).span, 7..8);
}

/// Every YAML and JSON file of the corpus, where it is at hand.
#[test]
fn corpus() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/corpus");
    if !root.is_dir() {
        #[expect(clippy::print_stderr, reason = "a skipped test says so")]
        {
            eprintln!("skipped: no corpus at {}", root.display());
        }
        return;
    }
    let (mut files, mut scalars, mut failures) = (0, 0, vec![]);
    let mut folders = vec![root];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            let kind = entry.file_type().unwrap();
            if kind.is_dir() {
                folders.push(path);
            } else if kind.is_file() && path.extension().is_some_and(|end| end == "yaml" || end == "yml") {
                let Ok(text) = std::fs::read_to_string(&path) else { continue };
                files += 1;
                for tree in &parse(&text).documents {
                    scalars += tree.ids().filter(|id| matches!(tree.node(*id).content, Content::Scalar { .. })).count();
                    if let Err(cause) = check(tree, &text) {
                        failures.push(format!("{}: {cause}", path.display()));
                    }
                }
            }
        }
    }
    assert!(failures.is_empty(), "{} of {files} files: {:#?}", failures.len(), &failures[..failures.len().min(20)]);
    assert!(files > 1000 && scalars > 100_000, "{files} files, {scalars} scalars");
}

fn scalar() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z][a-z0-9 ]{0,8}[a-z]",
        "[a-zé\"\\\\\n ]{0,12}".prop_map(|text| serde_json::to_string(&text).unwrap()),
        "[a-zé' ]{0,12}".prop_map(|text| format!("'{}'", text.replace('\'', "''"))),
        Just(String::new()),
        "[-+]?[0-9]{1,4}",
    ]
}

fn block(depth: u32) -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        scalar().prop_map(|text| format!(" {text}\n")),
        "[a-z]{1,5}( ?\n[a-z]{0,4}){0,3}".prop_map(|text| {
            let lines: Vec<String> = text.lines().map(|line| format!("      {line}")).collect();
            format!(" |\n{}\n", lines.join("\n"))
        })
    ];
    leaf.prop_recursive(depth, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(("[a-z]{1,4}", inner.clone()), 1..4).prop_map(|entries| {
                let body: String = entries.iter().map(|(key, value)| format!("{key}:{value}")).collect();
                format!("\n{}", indent(&body))
            }),
            proptest::collection::vec(inner, 1..4).prop_map(|items| {
                let body: String = items.iter().map(|item| format!("-{item}")).collect();
                format!("\n{}", indent(&body))
            }),
            proptest::collection::vec(("[a-z]{1,3}", "[a-z]{1,3}"), 0..3).prop_map(|pairs| {
                let body: Vec<String> = pairs.iter().map(|(key, value)| format!("{key}: [{value}, 'q']")).collect();
                format!(" {{{}}} # c\n", body.join(", "))
            }),
        ]
    })
    .boxed()
}

fn indent(text: &str) -> String {
    text.lines().map(|line| format!("  {line}\n")).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn generated(value in block(4)) {
        let text = format!("root:{value}end: 1\n");
        let stream = parse(&text);
        prop_assert!(stream.problems.iter().all(|problem| problem.kind == plimsoll_yaml::ProblemKind::DuplicateKey), "{:?}\n{text}", stream.problems);
        prop_assert!(check_text(&text).is_ok(), "{:?}\n{text}", check_text(&text));
    }

    #[test]
    fn any_text_at_all(text in "[a-c:{}\\[\\],#&*!|>'\"%@ \t\n\r\\-?\u{feff}é\\\\0-9]{0,60}") {
        for tree in &parse(&text).documents {
            for id in tree.ids() {
                let span = &tree.node(id).span;
                prop_assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?}");
            }
        }
    }
}
