//! What a module's tree says.

#![allow(clippy::unwrap_used, clippy::format_collect, clippy::format_push_string, reason = "a failing unwrap is a failing test")]

mod support;

use plimsoll_document::{Flags, Role};
use support::{at, main_tf, module, show};

#[track_caller]
fn says(text: &str, path: &str, expected: &str) {
    let parsed = main_tf(text);
    assert_eq!(parsed.problems, [], "{text}");
    support::check_spans(&parsed);
    let found = at(&parsed.document, path).map_or("absent".to_owned(), show);
    assert_eq!(found, expected, "{path} of {text}");
}

#[test]
fn literals_blocks_and_facts_of_a_resource() {
    let text = "resource \"aws_s3_bucket\" \"b\" {\n  bucket = \"x\"\n  versioning {\n    enabled = true\n  }\n  tags = { A = \"1\", \"B\" = 2 }\n}\n";
    says(text, "resources/0/body", r#"{bucket: "x", versioning: [{enabled: true}], tags: {A: "1", B: 2}}"#);
    says(text, "resources/0/facts/address", "\"aws_s3_bucket.b\"");
    says(text, "resources/0/facts/provider", "\"aws\"");
    says(text, "resources/0/facts/tags", r#"{A: "1", B: 2}"#);
    let parsed = main_tf(text);
    let doc = parsed.document.doc();
    let block = at(&parsed.document, "resources/0/body/versioning/0").unwrap();
    assert_eq!(doc.slice(block.span()), "versioning {\n    enabled = true\n  }");
    assert_eq!(doc.slice(block.parent().unwrap().key_span().unwrap()), "versioning");
}

#[test]
fn variables_locals_and_where_they_come_from() {
    let text = "variable \"n\" {\n  default = \"web\"\n}\nlocals {\n  name = var.n\n}\nresource \"a_b\" \"c\" {\n  x = local.name\n  y = \"${local.name}-1\"\n}\n";
    says(text, "resources/0/body", r#"{x: "web", y: "web-1"}"#);
    let parsed = main_tf(text);
    let doc = parsed.document.doc();
    let x = at(&parsed.document, "resources/0/body/x").unwrap();
    assert!(x.flags().has(Flags::FROM_VARIABLE | Flags::DEFAULTED));
    let origin: Vec<_> = x.origin().map(|entry| (entry.role, doc.slice(entry.at))).collect();
    assert_eq!(origin, [(Role::Decided, "\"web\""), (Role::Via, "var.n")]);
    let y = at(&parsed.document, "resources/0/body/y").unwrap();
    let origin: Vec<_> = y.origin().map(|entry| (entry.role, doc.slice(entry.at))).collect();
    assert_eq!(origin, [(Role::Also, "\"web\"")]);
    let reference = at(&parsed.document, "resources/0/facts/references/0").unwrap();
    assert_eq!(show(reference.get_text("address").known().unwrap()), "\"var.n\"");
    assert_eq!(show(reference.get_text("plain").known().unwrap()), "true");
}

#[test]
fn unknown_has_its_cause() {
    says("variable \"x\" {}\nresource \"a_b\" \"c\" {\n  d = var.x\n}", "resources/0/body/d", "?variable x has no value");
    says("resource \"a_b\" \"c\" {\n  d = a_e.f.id\n}", "resources/0/body/d", "?a_e.f is known only after apply");
    says("resource \"a_b\" \"c\" {\n  d = merge(var.t, {A = 1})\n}\nvariable \"t\" {}", "resources/0/body/d", "{A: 1}*");
    says("resource \"a_b\" \"c\" {\n  d = [1][3]\n}", "resources/0/body/d", "?there is no element 3");
}

#[test]
fn a_plain_reference_leads_to_its_target() {
    let text = "locals {\n  id = a_bucket.b.id\n}\nresource \"a_bucket\" \"b\" {}\nresource \"a_block\" \"c\" {\n  bucket = local.id\n  n { k = [\"${a_bucket.b.arn}/*\"] }\n}\n";
    let parsed = main_tf(text);
    let references = at(&parsed.document, "resources/1/facts/references").unwrap();
    let shown: Vec<String> = references
        .children()
        .map(|item| ["path", "address", "attribute", "plain"].map(|key| show(item.get_text(key).known().unwrap())).join(" "))
        .collect();
    assert_eq!(shown, [r#""/bucket" "a_bucket.b" "id" true"#, r#""/n/0/k/0" "a_bucket.b" "arn" false"#]);
    let target = references.children().next().unwrap().get_text("target").known().unwrap();
    assert_eq!(target.target().index(), at(&parsed.document, "resources/0").unwrap().index());
    let referrers = at(&parsed.document, "resources/0/facts/referrers").unwrap();
    assert_eq!(referrers.children().next().unwrap().target().index(), at(&parsed.document, "resources/1").unwrap().index());
}

#[test]
fn count_and_for_each_decide_existence() {
    says("resource \"a_b\" \"c\" {\n  count = 0\n}", "resources", "[]");
    says("variable \"e\" {\n  default = false\n}\nresource \"a_b\" \"c\" {\n  count = var.e ? 1 : 0\n}", "resources", "[]");
    says(
        "variable \"e\" {}\nresource \"a_b\" \"c\" {\n  count = var.e ? 1 : 0\n}",
        "resources/0/facts/instances",
        "?variable e has no value",
    );
    let parsed = main_tf("variable \"e\" {}\nresource \"a_b\" \"c\" {\n  count = var.e\n}");
    assert!(at(&parsed.document, "resources/0").unwrap().flags().has(Flags::MAY_EXIST));
    let each =
        "resource \"a_b\" \"c\" {\n  for_each = { x = { p = 1, q = 2 }, y = { p = 1, q = 3 } }\n  p = each.value.p\n  q = each.value.q\n}";
    says(each, "resources/0/body/p", "1");
    says(each, "resources/0/body/q", "?each.value differs by instance");
    says(each, "resources/0/facts/instances", "2");
    says("resource \"a_b\" \"c\" {\n  for_each = toset([\"x\"])\n  p = each.key\n}", "resources/0/body/p", "\"x\"");
}

#[test]
fn dynamic_blocks_expand_over_known_content() {
    let text = "resource \"a_b\" \"c\" {\n  dynamic \"ingress\" {\n    for_each = [22, 80]\n    iterator = it\n    content {\n      port = it.value\n    }\n  }\n}";
    says(text, "resources/0/body/ingress", "[{port: 22}, {port: 80}]");
    let text = "variable \"p\" {}\nresource \"a_b\" \"c\" {\n  dynamic \"ingress\" {\n    for_each = var.p\n    content {\n      port = ingress.value\n      proto = \"tcp\"\n    }\n  }\n}";
    says(text, "resources/0/body/ingress", "[~{port: ?variable p has no value, proto: \"tcp\"}]*");
    says("resource \"a_b\" \"c\" {\n  dynamic \"ingress\" {\n    for_each = []\n    content {}\n  }\n}", "resources/0/body", "{}");
}

#[test]
fn sensitive_variables_stay_sensitive() {
    let parsed =
        main_tf("variable \"p\" {\n  default = \"hunter2\"\n  sensitive = true\n}\nresource \"a_b\" \"c\" {\n  d = \"x${var.p}\"\n}");
    assert!(at(&parsed.document, "resources/0/body/d").unwrap().flags().has(Flags::SENSITIVE));
    assert!(at(&parsed.document, "variables/0/default").unwrap().flags().has(Flags::SENSITIVE));
}

#[test]
fn tfvars_win_in_terraforms_order() {
    let files = [
        ("main.tf", "variable \"a\" {}\nvariable \"b\" {\n  default = 0\n}\nvariable \"c\" {\n  type = string\n}\n"),
        ("terraform.tfvars", "a = 1\nb = 1\n"),
        ("z.auto.tfvars", "b = 3\n"),
        ("a.auto.tfvars.json", "{\"b\": 2, \"c\": 7}"),
        ("other.tfvars", "a = 9\n"),
    ];
    let parsed = module(&files);
    assert_eq!(parsed.problems, []);
    let value = |at_: usize| show(at(&parsed.document, &format!("variables/{at_}/facts/value")).unwrap());
    assert_eq!([value(0), value(1), value(2)], ["1", "3", "\"7\""]);
    let decided = at(&parsed.document, "variables/1/facts/value").unwrap().origin().next().unwrap();
    assert_eq!(parsed.document.sources[decided.at.source as usize].uri, "z.auto.tfvars");
}

#[test]
fn settings_and_what_follows_from_them() {
    let text = "terraform {\n  required_version = \">= 1.5\"\n  required_providers {\n    aws = {\n      source  = \"hashicorp/aws\"\n      version = \"~> 5.0\"\n    }\n    old = \"1.0\"\n  }\n  backend \"s3\" {\n    bucket = \"b\"\n  }\n}\nprovider \"aws\" {\n  default_tags {\n    tags = { Team = \"x\" }\n  }\n}\nresource \"aws_vpc\" \"v\" {\n  tags = { Name = \"v\" }\n}\nresource \"random_id\" \"r\" {}\n";
    says(text, "terraform/0/required_providers/old/version", "\"1.0\"");
    says(text, "terraform/0/backend", r#"[{type: "s3", body: {bucket: "b"}}]"#);
    says(text, "facts/backend/type", "\"s3\"");
    says(text, "facts/version-constraints", "[\">= 1.5\"]");
    says(text, "facts/used-providers/0/requirement/version", "\"~> 5.0\"");
    says(text, "facts/used-providers/1/name", "\"random\"");
    says(text, "facts/used-providers/1/requirement", "absent");
    says(text, "resources/0/facts/tags", r#"{Name: "v", Team: "x"}"#);
    says(text, "resources/0/facts/provider-config/name", "\"aws\"");
}

#[test]
fn module_calls_split_their_source() {
    let text =
        "module \"m\" {\n  source = \"git::https://example.com/a.git//net?ref=v1\"\n  x = 1\n}\nmodule \"l\" {\n  source = \"./net\"\n}\n";
    says(text, "modules/0/facts/source/kind", "\"git\"");
    says(text, "modules/0/facts/source/ref", "\"v1\"");
    says(text, "modules/0/source", "\"git::https://example.com/a.git//net?ref=v1\"");
    says(text, "modules/1/facts/source/path", "\"net\"");
}

#[test]
fn a_broken_block_costs_its_broken_part() {
    let text = "resource \"a_b\" \"c\" {\n  x = 1\n  y = = 2\n  z {\n    w = 3\n  }\n}\nresource \"a_b\" \"d\" {\n  v = 4\n}\n";
    let parsed = main_tf(text);
    assert_eq!(parsed.problems.len(), 1, "{:?}", parsed.problems);
    assert_eq!(at(&parsed.document, "").map(|root| root.flags().has(Flags::OPEN)), Some(true));
    assert_eq!(show(at(&parsed.document, "resources/0/body").unwrap()), "{x: 1, z: [{w: 3}]}*");
    assert_eq!(show(at(&parsed.document, "resources/1/body").unwrap()), "{v: 4}");
    assert!(at(&parsed.document, "resources").unwrap().flags().has(Flags::OPEN));
}

#[test]
fn what_the_parser_refuses_and_terraform_accepts() {
    says("locals {\n  a = { k = 1, k = 2, \"k\" = 3 }\n}", "locals/a/k", "3");
    says("locals {\n  a = { for k, v in { x = 1 } : k => # why\n    v\n    + 1\n  }\n}", "locals/a", "{x: 2}");
    says("\u{feff}locals {\n  a = 1\n}", "locals/a", "1");
}

#[test]
fn json_syntax_gives_the_same_tree() {
    let json = r#"{"//": "c", "variable": {"n": {"type": "string", "default": 5}}, "resource": {"a_b": {"c": {"x": "${var.n}!", "lifecycle": {"prevent_destroy": true}}, "d": [{"y": [1]}]}}}"#;
    let parsed = module(&[("main.tf.json", json)]);
    assert_eq!(parsed.problems, []);
    assert_eq!(show(at(&parsed.document, "resources/0/body").unwrap()), r#"{x: "5!", lifecycle: [{prevent_destroy: true}]}"#);
    assert_eq!(show(at(&parsed.document, "resources/1/body").unwrap()), "{y: [1]}");
    assert_eq!(show(at(&parsed.document, "variables/0/type").unwrap()), "\"string\"");
}

#[test]
fn override_files_change_what_they_name() {
    let parsed = module(&[
        ("main.tf", "resource \"a_b\" \"c\" {\n  x = 1\n  y = 2\n  n {\n    p = 1\n  }\n}\n"),
        ("x_override.tf", "resource \"a_b\" \"c\" {\n  x = 3\n  n {\n    q = 1\n  }\n}\n"),
    ]);
    assert_eq!(show(at(&parsed.document, "resources/0/body").unwrap()), "{x: 3, y: 2, n: [{q: 1}]}");
}
