//! Objects, their facts and what unreadable texts leave of them.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use plimsoll_document::{Document, Flags, KeyTable, Kind, Node, Table};
use plimsoll_formats::ProblemKind;
use plimsoll_kubernetes::{File, Input, parse};

fn file(text: &str) -> File {
    let keys = KeyTable::new();
    let file = parse(&Input { path: "manifest.yaml", text, keys: &keys });
    for object in &file.objects {
        let (words, text) = object.table.clone().into_parts();
        Table::new(words, text.into_bytes()).unwrap();
    }
    file
}

fn one(text: &str) -> Document {
    let mut file = file(text);
    assert!(file.problems.is_empty(), "{:?}", file.problems);
    assert_eq!(file.objects.len(), 1);
    file.objects.remove(0)
}

fn at<'a>(document: &'a Document, path: &str) -> Option<Node<'a>> {
    path.split('.').try_fold(document.doc().root(), |node, step| match step.parse::<usize>() {
        Ok(index) => node.children().nth(index),
        Err(_) => node.get_text(step).known(),
    })
}

fn text<'a>(document: &'a Document, path: &str) -> Option<&'a str> {
    at(document, path).and_then(Node::as_str)
}

const DEPLOYMENT: &str = "apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    metadata:
      labels: {app: web}
    spec:
      serviceAccount: robot
      securityContext: {runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: RuntimeDefault}}
      initContainers:
        - {name: setup, image: busybox}
        - {name: mesh, image: mesh, restartPolicy: Always}
      containers:
        - name: web
          image: \"host:5000/team/app:1.2@sha256:ab\"
          securityContext: {runAsNonRoot: false, runAsUser: null}
        - name: log
          image: log:{{tag}}
";

#[test]
fn facts_of_a_deployment() {
    let document = one(DEPLOYMENT);
    for (path, expected) in [
        ("facts.group", "apps"),
        ("facts.version", "v1"),
        ("facts.name", "web"),
        ("facts.namespaced-name", "shop/web"),
        ("facts.pod.service-account", "robot"),
        ("facts.pod.metadata.labels.app", "web"),
        ("facts.pod.initContainers.0.facts.role", "init"),
        ("facts.pod.initContainers.1.facts.role", "sidecar"),
        ("facts.pod.containers.0.facts.role", "app"),
        ("spec.template.spec.containers.0.facts.image.registry", "host:5000"),
        ("spec.template.spec.containers.0.facts.image.repository", "team/app"),
        ("spec.template.spec.containers.0.facts.image.name", "app"),
        ("spec.template.spec.containers.0.facts.image.tag", "1.2"),
        ("spec.template.spec.containers.0.facts.image.digest", "sha256:ab"),
        ("spec.template.spec.containers.0.facts.seccomp.type", "RuntimeDefault"),
    ] {
        assert_eq!(text(&document, path), Some(expected), "{path}");
    }
    assert_eq!(at(&document, "facts.workload").unwrap().as_bool(), Some(true));
    assert_eq!(at(&document, "facts.pod.windows").unwrap().as_bool(), Some(false));
    // A finding about the pod points at its spec; one about an image's tag at the tag.
    assert_eq!(at(&document, "facts.pod").unwrap().subject(), at(&document, "spec.template.spec").unwrap());
    let image = at(&document, "spec.template.spec.containers.0.facts.image").unwrap();
    assert_eq!(image.get_text("tag").known().unwrap().source_text(), "1.2");
    assert_eq!(image.subject().source_text(), "\"host:5000/team/app:1.2@sha256:ab\"");
}

#[test]
fn the_container_decides_before_the_pod_and_null_decides_nothing() {
    let document = one(DEPLOYMENT);
    let web = at(&document, "spec.template.spec.containers.0").unwrap();
    let non_root = at(&document, "spec.template.spec.containers.0.facts.non-root").unwrap();
    assert_eq!(non_root.as_bool(), Some(false));
    assert_eq!(non_root.target(), web.get_text("securityContext").known().unwrap().get_text("runAsNonRoot").known().unwrap());
    assert_eq!(at(&document, "spec.template.spec.containers.0.facts.user").unwrap().as_f64(), Some(1000.0));
    assert_eq!(at(&document, "spec.template.spec.containers.1.facts.non-root").unwrap().as_bool(), Some(true));
    assert!(at(&document, "spec.template.spec.containers.1.facts.group").is_none());
}

#[test]
fn an_image_that_is_filled_later_is_unknown() {
    let document = one(DEPLOYMENT);
    let facts = at(&document, "spec.template.spec.containers.1.facts").unwrap();
    assert!(facts.get_text("image").is_unknown());
}

#[test]
fn every_workload_has_its_pod() {
    let template = "template: {spec: {containers: [{name: c, image: x}]}}";
    for (version, kind, spec) in [
        ("v1", "Pod", "containers: [{name: c, image: x}]".to_owned()),
        ("v1", "ReplicationController", template.to_owned()),
        ("apps/v1", "StatefulSet", template.to_owned()),
        ("extensions/v1beta1", "DaemonSet", template.to_owned()),
        ("apps/v1", "ReplicaSet", template.to_owned()),
        ("batch/v1", "Job", template.to_owned()),
        ("batch/v1", "CronJob", format!("jobTemplate: {{spec: {{{template}}}}}")),
        ("argoproj.io/v1alpha1", "Rollout", template.to_owned()),
        ("serving.knative.dev/v1", "Service", template.to_owned()),
        ("apps.openshift.io/v1", "DeploymentConfig", template.to_owned()),
    ] {
        let document = one(&format!("apiVersion: {version}\nkind: {kind}\nspec: {{{spec}}}\n"));
        assert_eq!(text(&document, "facts.pod.containers.0.name"), Some("c"), "{kind}");
        assert_eq!(text(&document, "facts.pod.containers.0.facts.image.name"), Some("x"), "{kind}");
    }
    let template = one("apiVersion: v1\nkind: PodTemplate\ntemplate: {spec: {containers: [{name: c}]}}\n");
    assert_eq!(text(&template, "facts.pod.containers.0.name"), Some("c"));
}

#[test]
fn what_only_looks_like_a_workload_has_no_pod() {
    for (version, kind) in [("monitoring.coreos.com/v1", "Prometheus"), ("v1", "Service"), ("example.com/v1", "Deployment")] {
        let document = one(&format!(
            "apiVersion: {version}\nkind: {kind}\nspec: {{containers: [{{name: c}}], template: {{spec: {{containers: []}}}}}}\n"
        ));
        assert!(at(&document, "facts.pod").is_none(), "{kind}");
        assert_eq!(at(&document, "facts.workload").unwrap().as_bool(), Some(false));
    }
}

#[test]
fn one_document_per_object() {
    let text = "# a\napiVersion: v1\nkind: Pod\n---\nnot: an object\n---\napiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Secret}\n- apiVersion: v1\n  kind: ConfigMapList\n  items: [{apiVersion: v1, kind: ConfigMap}]\n---\n{\"apiVersion\": \"v1\", \"kind\": \"Service\"}\n";
    let file = file(text);
    let kinds: Vec<_> = file.objects.iter().map(|object| crate::text(object, "kind").unwrap().to_owned()).collect();
    assert_eq!(kinds, ["Pod", "Secret", "ConfigMap", "Service"]);
    assert_eq!(file.comments.len(), 1);
    let covered = file.comments[0].covers.unwrap();
    assert_eq!(&text[covered.start as usize..covered.end as usize], "apiVersion: v1\nkind: Pod");
}

#[test]
fn of_equal_keys_the_last_counts_and_the_object_is_judged() {
    let document = one("apiVersion: v1\nkind: Secret\nkind: ConfigMap\ndata: {on: yes, a: 1}\n");
    assert_eq!(text(&document, "kind"), Some("ConfigMap"));
    assert_eq!(at(&document, "data.true").unwrap().as_bool(), Some(true));
}

#[test]
fn a_broken_object_is_open_where_it_is_broken() {
    let file = file(
        "apiVersion: v1\nkind: Pod\nspec:\n  hostPID: true\n  containers:\n  - name: a\n    image: x:1\n  - name: b\n    image: \"y\n",
    );
    assert_eq!(file.problems.iter().map(|problem| problem.kind).collect::<Vec<_>>(), [ProblemKind::Syntax]);
    let pod = &file.objects[0];
    assert_eq!(text(pod, "facts.pod.containers.0.facts.image.tag"), Some("1"));
    assert!(at(pod, "facts.pod.containers.1.facts").unwrap().get_text("image").is_unknown());
    assert!(at(pod, "facts.pod.containers").unwrap().flags().has(Flags::OPEN));
    assert!(at(pod, "spec").unwrap().get_text("hostNetwork").is_unknown());
    assert!(at(pod, "facts.pod.containers.1.facts").unwrap().get_text("user").is_unknown());
    // The first container was complete before the error, but the pod's settings may stand behind it.
    assert!(at(pod, "facts.pod.containers.0.facts").unwrap().get_text("user").is_unknown());
}

#[test]
fn a_template_gives_a_notice_and_no_objects() {
    let file = file("apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ include \"x\" . }}\n");
    assert!(file.objects.is_empty());
    assert_eq!(file.problems[0].kind, ProblemKind::Template);
}

#[test]
fn nothing_said_of_strange_shapes_is_wrong() {
    for text in [
        "",
        "- 1\n",
        "apiVersion: 1\nkind: [x]\n",
        "apiVersion: v1\nkind: Pod\nspec: 1\n",
        "apiVersion: v1\nkind: Pod\nmetadata: 5\nspec: {containers: {a: b}, os: linux}\n",
        "apiVersion: v1\nkind: Pod\nspec: {containers: [1, {image: 5}, null]}\n",
        "&a {apiVersion: v1, kind: List, items: [*a]}\n",
    ] {
        for object in &file(text).objects {
            assert!(at(object, "facts").is_some_and(|facts| facts.kind() == Kind::Map), "{text}");
        }
    }
}

#[test]
fn a_bundle_beyond_the_limit_comes_without_text() {
    let filler = format!("# {}\n", "x".repeat(1 << 20));
    let text = filler + &"---\napiVersion: v1\nkind: Secret\nmetadata: {name: a}\n".repeat(200);
    let file = file(&text);
    assert_eq!(file.objects.len(), 200);
    let held: usize = file.objects.iter().map(|object| object.table.text().len()).sum();
    assert!(held < 70 << 20, "{held} bytes");
    assert_eq!(crate::text(&file.objects[199], "facts.namespaced-name"), Some("a"));
}

/// Every object of the corpus, where it is at hand.
#[test]
#[allow(clippy::print_stderr, reason = "a skipped test says so")]
fn corpus() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/corpus");
    if !root.is_dir() {
        eprintln!("SKIPPED: no corpus at {}", root.display());
        return;
    }
    let (mut objects, mut pods, mut containers, mut broken, mut templates) = (0, 0, 0, 0, 0);
    let mut folders = vec![root];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let (path, kind) = (entry.path(), entry.file_type().unwrap());
            if kind.is_dir() {
                folders.push(path);
                continue;
            }
            if !kind.is_file() || path.extension().is_none_or(|end| end != "yaml" && end != "yml" && end != "json") {
                continue;
            }
            let Ok(text) = std::fs::read_to_string(&path) else { continue };
            let file = file(&text);
            broken += usize::from(file.problems.iter().any(|problem| problem.kind == ProblemKind::Syntax));
            templates += usize::from(file.problems.iter().any(|problem| problem.kind == ProblemKind::Template));
            for object in &file.objects {
                objects += 1;
                let pod = at(object, "facts.pod");
                pods += usize::from(pod.is_some());
                let workload = at(object, "facts.workload").and_then(Node::as_bool) == Some(true);
                assert!(
                    !workload
                        || pod.is_some()
                        || file.problems.iter().any(|problem| problem.kind == ProblemKind::Syntax)
                        || !text.contains("containers:"),
                    "{}",
                    path.display()
                );
                containers += pod.map_or(0, |pod| pod.get_text("containers").known().map_or(0, Node::len));
            }
        }
    }
    eprintln!("corpus: {objects} objects, {pods} pods, {containers} app containers, {broken} broken files, {templates} templates");
    assert!(objects > 1_000 && pods > 300 && containers > 300);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 500, failure_persistence: None, ..Default::default() })]

    /// Whatever stands in a manifest, its documents are well formed.
    #[test]
    fn any_text_gives_well_formed_documents(
        parts in proptest::collection::vec(
            proptest::sample::select(vec![
                "spec:\n", "  containers:\n", "  - image: a/b:c@d\n", "  initContainers: [{restartPolicy: Always}]\n", "    securityContext: {runAsUser: 0}\n",
                "  template: &t\n", "  <<: *t\n", "    spec: *t\n", "---\n", "items:\n- ", "apiVersion: v1\nkind: Pod\n", "apiVersion: apps/v1\nkind: Deployment\n",
                "kind: List\n", "metadata: {name: x, namespace: }\n", "  - ", "\"", "{", "}", "[", "]", ": ", "&a ", "*a", "|\n", "# c\n", "\t", "\r\n", "é", "{{ x }}", "\u{feff}",
            ]),
            0..25,
        )
    ) {
        file(&parts.concat());
    }
}

#[test]
fn objects_of_one_file_carry_their_own_text() {
    let written = "# first\napiVersion: v1\nkind: Pod\nmetadata: {name: a}\n---\napiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  \
                   metadata: &shared {name: b}\n- {apiVersion: v1, kind: Pod, metadata: *shared, spec: }\n";
    let file = file(written);
    let carried: usize = file.objects.iter().map(|object| object.doc().source_length(0) as usize).sum();
    assert!((1..=written.len()).contains(&carried), "{carried} bytes for {} of the file", written.len());
    for object in &file.objects {
        assert_eq!(object.source_text(0), written);
        for node in (0..object.doc().node_count()).filter_map(|index| object.doc().node(index)) {
            let span = node.span();
            // What an anchor in another object gives is not written here.
            let here = object.doc().root().span().contains(span);
            let expected = if here { &written[span.start as usize..span.end as usize] } else { "" };
            assert_eq!(node.source_text(), expected, "{}", node.key());
        }
    }
    assert_eq!(text(&file.objects[2], "metadata.name"), Some("b"));
}
