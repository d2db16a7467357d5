//! Compose projects in short and long syntax, with anchors, merge keys and an override.

use crate::dice::{Dice, choices};
use crate::patch::patched;
use crate::support::{Format, Project};
use crate::tree::{line_ends, said, sound};
use plimsoll_document::{Document, Node};
use plimsoll_fix::{Op, OpKind, Plan, render};
use proptest::prelude::*;
use serde_json::{Value, json};

const IMAGES: [&str; 3] = ["a:1", "\"b:2\"", "'c:3' # why"];
const PORTS: [&str; 5] = ["\"8080:80\"", "'9090:90'", "\"127.0.0.1:70:70\"", "{ target: 60, published: \"6000\" }", "\"5000:50/udp\""];
const VOLUMES: [&str; 4] = ["./data:/data", "\"cache:/cache\"", "/etc/hosts:/etc/hosts:ro", "{ type: bind, source: ./x, target: /x }"];

fn file(dice: &mut Dice) -> String {
    let mut out = String::new();
    let anchored = dice.maybe();
    if anchored {
        out.push_str("x-common: &common\n  restart: always # all of them\n  cap_drop: [ALL]\n\n");
    }
    out.push_str("services:\n");
    for number in 0..=dice.pick(2) {
        out.push_str(&format!("  # service {number}\n  s{number}:\n    image: {}\n", dice.one(&IMAGES)));
        if anchored && dice.maybe() {
            out.push_str("    <<: *common\n");
        }
        for field in ["ports", "volumes", "environment", "labels", "healthcheck", "command", "cap_add", "build", "depends_on"] {
            if dice.maybe() {
                out.push_str(&section(field, number, dice));
            }
        }
    }
    if out.contains("cache:") {
        out.push_str("volumes:\n  cache:\n");
    }
    out
}

/// Sections that an override adds to, in block and flow style. What both files write is not among them: a fix would have to be made in both.
const ADDED: [[&str; 2]; 5] = [
    ["    ports:\n      - \"7000:7000\"\n      - \"7001:7001\"\n", "    ports: [\"7000:7000\"]\n"],
    ["    volumes:\n      - ./over:/over\n", "    volumes: [./over:/over]\n"],
    ["    labels:\n      Y: \"1\"\n      Z: \"2\"\n", "    labels: { Y: \"1\", Z: \"2\" }\n"],
    ["    healthcheck:\n      timeout: 3s\n", "    healthcheck: { timeout: 3s }\n"],
    ["    cap_add:\n      - KILL\n      - SYS_PTRACE\n", "    cap_add: [KILL]\n"],
];

/// An override, whose places lie before, in and behind those of the base.
fn over(dice: &mut Dice) -> String {
    let mut out = "# what differs here\n".repeat(dice.pick(40));
    out.push_str("services:\n  s0:\n");
    for section in &ADDED {
        if dice.maybe() {
            out.push_str(dice.one(section));
        }
    }
    out.push_str("    environment:\n      C: three # of the override\n");
    out
}

fn section(field: &str, number: usize, dice: &mut Dice) -> String {
    let flow = dice.maybe();
    let list = |items: Vec<&str>| {
        if flow {
            format!("    {field}: [{}]\n", items.iter().map(|item| item.split(" #").next().unwrap()).collect::<Vec<_>>().join(", "))
        } else {
            format!("    {field}:\n{}", items.iter().map(|item| format!("      - {item}\n")).collect::<String>())
        }
    };
    match field {
        "ports" => list((0..=dice.pick(2)).map(|at| PORTS[(at + number * 2) % PORTS.len()]).collect()),
        "volumes" => {
            let first = dice.pick(VOLUMES.len());
            list((0..=dice.pick(3)).map(|at| VOLUMES[(first + at) % VOLUMES.len()]).collect())
        }
        "environment" | "labels" if dice.maybe() => list(vec!["A=1", "B=two"]),
        "environment" | "labels" if flow => format!("    {field}: {{ A: \"1\", B: two }}\n"),
        "environment" | "labels" => format!("    {field}:\n      A: \"1\" # one\n      # and two\n      B: two\n"),
        "healthcheck" => "    healthcheck:\n      test: [CMD, \"true\"]\n      interval: 5s\n".to_owned(),
        "command" => dice.one(&["    command: run it\n", "    command: [run, it]\n", "    command:\n      - run\n"]).to_owned(),
        "cap_add" => list(vec!["NET_ADMIN", "SYS_TIME"]),
        "build" => dice.one(&["    build: .\n", "    build:\n      context: .\n      args: [X=1]\n"]).to_owned(),
        _ if number > 0 => list(vec!["s0"]),
        _ => String::new(),
    }
}

fn entry<'a>(node: Node<'a>, path: &str) -> Option<Node<'a>> {
    path.split('/')
        .filter(|key| !key.is_empty())
        .try_fold(node, |node, key| node.children().find(|child| child.key() == key).or_else(|| node.children().nth(key.parse().ok()?)))
}

/// An op that a rule might ask for.
fn ask(document: &Document, dice: &mut Dice) -> Option<Op> {
    let services: Vec<Node<'_>> = entry(document.doc().root(), "services")?.children().collect();
    let service = services[dice.pick(services.len())];
    let item = |key: &str, dice: &mut Dice| {
        let items: Vec<Node<'_>> = entry(service, key)?.children().collect();
        (!items.is_empty()).then(|| items[dice.pick(items.len())])
    };
    let op = |kind, node: Node<'_>, key: &str, text: Value| {
        Some(Op { kind, document: 0, node: node.index(), key: key.to_owned(), text: text.to_string() })
    };
    // Compose keeps equal ones once.
    let capability = format!("C{}", dice.pick(1_000_000));
    match dice.pick(16) {
        0 => op(OpKind::Set, service, "/image", json!("new:4")),
        1 => op(OpKind::Set, service, "/restart", json!("unless-stopped")),
        2 => op(OpKind::Set, service, "/healthcheck/interval", json!("10s")),
        3 => op(OpKind::Set, service, "/environment/NEW", json!("x y")),
        4 => op(OpKind::Set, service, "/labels/new.label", json!("y")),
        5 => op(OpKind::Append, service, "/cap_drop", json!("NET_RAW")),
        6 => op(OpKind::Set, item("ports", dice)?, "/host_ip", json!("127.0.0.1")),
        7 => op(OpKind::Set, item("volumes", dice)?, "/read_only", json!(true)),
        8 => op(OpKind::Remove, item("environment", dice)?, "", Value::Null),
        9 => op(OpKind::Remove, item("ports", dice)?, "", Value::Null),
        10 => op(OpKind::Remove, item("cap_add", dice)?, "", Value::Null),
        11 => op(OpKind::Set, item("labels", dice)?, "", json!("new")),
        12 => op(OpKind::Set, service, "/read_only", json!(true)),
        13 => op(OpKind::InsertBefore, item("cap_add", dice)?, "", json!(capability)),
        14 => op(OpKind::InsertAfter, item("cap_add", dice)?, "", json!(capability)),
        _ => op(OpKind::Remove, service, dice.one(&["/healthcheck", "/cap_add", "/command", "/labels"]), Value::Null),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn compose_projects_say_what_was_asked_and_keep_the_rest(choices in choices()) {
        let mut dice = Dice::new(choices);
        let windows = dice.maybe();
        let overridden = dice.maybe();
        let mut text = file(&mut dice);
        if windows {
            text = text.replace('\n', "\r\n");
        }
        let over = over(&mut dice);
        let mut files = vec![("compose.yaml", text.as_str())];
        if overridden {
            files.push(("compose.override.yaml", over.as_str()));
        }
        let before = Project::new(Format::Compose, &files);
        let (document, problems) = before.parse();
        prop_assert_eq!(problems, 0, "{}", text);
        let mut plan = Plan::default();
        for _ in 0..=dice.pick(4) {
            let Some(op) = ask(&document, &mut dice) else { continue };
            let mut next = plan.clone();
            if next.add(&[&document], &[op]).is_ok() && render(&[&document], &next).is_ok() {
                plan = next;
            }
        }
        let rendered = render(&[&document], &plan).unwrap();
        prop_assert_eq!(sound(&before, &rendered), Ok(()), "{}", text);
        let after = before.with(&rendered.edits);
        let (new, problems) = after.parse();
        let shown = format!("{:#?}\n=>\n{:#?}\n{plan:?}", before.texts.0, after.texts.0);
        prop_assert_eq!(problems, 0, "{}", shown);
        prop_assert_eq!(patched(&document, &plan, &said(&document)), Ok(said(&new)), "{}", shown);
        let count = |project: &Project, of: &str| project.texts.0.values().map(|text| text.matches(of).count()).sum::<usize>();
        for comment in ["# service", "# all of them", "# of the override", "# why"] {
            prop_assert_eq!(count(&before, comment), count(&after, comment), "{}: {}", comment, shown);
        }
        let (both, single) = line_ends(&after.texts.0["compose.yaml"]);
        prop_assert!(if windows { single == 0 } else { both == 0 }, "line ends: {}", shown);
    }
}
