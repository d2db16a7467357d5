//! The pages about documents say what the schema says.

use std::path::Path;

#[test]
fn pages_are_fresh() {
    for target in ["docker", "compose", "kubernetes", "terraform"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/documents").join(format!("{target}.md"));
        let page = std::fs::read_to_string(&path).unwrap_or_default();
        let fresh = page == plimsoll_sdk::document_page(target);
        assert!(fresh, "{} is stale: run `cargo run --release -p plimsoll-sdk --example documents`", path.display());
    }
}
