//! Writes `docs/documents/<target>.md` from the schema: `cargo run --release -p plimsoll-sdk --example documents`.

use std::path::Path;

fn main() -> std::io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/documents");
    std::fs::create_dir_all(&folder)?;
    for target in ["docker", "compose", "kubernetes", "terraform"] {
        std::fs::write(folder.join(format!("{target}.md")), plimsoll_sdk::document_page(target))?;
    }
    Ok(())
}
