//! A third party's plugin that misbehaves.

use crate::client::{Client, DOCKERFILE};
use plimsoll_artefact::{Guest, build_guest, encode};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

fn component() -> &'static [u8] {
    static COMPONENT: OnceLock<Vec<u8>> = OnceLock::new();
    COMPONENT.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let module = build_guest(&Guest {
            manifest: root.join("tests/hostile/plugin/Cargo.toml"),
            package: "hostile-plugin".to_owned(),
            // Where the built-in guests are built too: their dependencies are there.
            target_dir: PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("../guests"),
            locked: true,
        });
        encode(&module.unwrap()).unwrap()
    })
}

fn settings(rule: &str) -> String {
    let digest: String = Sha256::digest(component()).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("extend-select = [\"{rule}\"]\n\n[[plugin]]\npath = \"hostile.wasm\"\nsha256 = \"{digest}\"\n")
}

fn client(rule: &str, documents: usize) -> Client {
    let documents: Vec<String> = (0..documents).map(|at| format!("{at}/Dockerfile")).collect();
    let settings = settings(rule);
    let mut files: Vec<(&str, &str)> = vec![("plimsoll.toml", settings.as_str())];
    files.extend(documents.iter().map(|name| (name.as_str(), DOCKERFILE)));
    // The project is set up only once the plugin is there, since it is opened before the folder is looked through again.
    let mut client = Client::new(&[]);
    std::fs::write(client.path("hostile.wasm"), component()).unwrap();
    for (name, text) in files {
        client.write(name, text);
    }
    let uri = client.uri("plimsoll.toml");
    client.notify("workspace/didChangeWatchedFiles", json!({"changes": [{"uri": uri, "type": 2}]}));
    client
}

fn messages(client: &Client) -> usize {
    client.notifications.iter().filter(|one| one.method == "window/showMessage").count()
}

#[test]
fn trap_is_one_message_and_one_diagnostic_a_file() {
    let mut client = client("hostile/panics", 3);
    for name in ["0/Dockerfile", "1/Dockerfile"] {
        client.open(name, DOCKERFILE);
        let all = client.diagnostics(name);
        let told: Vec<_> = all.iter().filter(|one| one["message"].as_str().unwrap().contains("plugin `hostile`")).collect();
        assert_eq!(told.len(), 1, "{all:#?}");
        assert_eq!(told[0]["severity"], 3);
        assert!(all.iter().any(|one| one["code"] == "docker/user-root"));
    }
    client.replace("0/Dockerfile", &DOCKERFILE.replace("curl", "wget"));
    client.diagnostics("0/Dockerfile");
    assert_eq!(messages(&client), 1);
    client.shut_down();
}

#[test]
fn endless_loop_holds_up_nobody_else() {
    let mut client = client("hostile/loops", 40);
    client.open("0/Dockerfile", DOCKERFILE);
    client.open("pod.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers: [{name: c, image: nginx}]\n");
    client.diagnostics("pod.yaml");
    // Requests are answered while the plugin is still waited for.
    client.replace("0/Dockerfile", &DOCKERFILE.replace("curl", "wget"));
    let start = Instant::now();
    assert!(client.hover("pod.yaml", 4, 33).contains("kubernetes/"));
    let hover = start.elapsed();
    let all = client.diagnostics("0/Dockerfile");
    assert!(all.iter().any(|one| one["code"] == "docker/user-root"), "{all:#?}");
    assert_eq!(all.iter().filter(|one| one["message"].as_str().unwrap().contains("plugin `hostile`")).count(), 1, "{all:#?}");
    // It is asked no more after a few times: the folder is judged long before forty deadlines have passed one after the other.
    let told = |client: &Client| client.published.iter().filter(|(path, _)| path.ends_with("Dockerfile")).count();
    client.until(|client| told(client) == 40);
    assert_eq!(messages(&client), 1);
    // Far above what it takes; the figure itself is a bench's to measure.
    assert!(hover < Duration::from_secs(20), "{hover:?}");
    client.shut_down();
}
