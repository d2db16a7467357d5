//! What kind of module a directory holds.

use plimsoll_sdk::document::Flags;
use plimsoll_sdk::terraform::{Backend, Module, Node, Truth};

/// Whether a part of it could not be read, so that nothing in it can be called missing.
pub(crate) fn is_partial(module: Module<'_>) -> bool {
    module.node().flags().has(Flags::OPEN)
}

/// Whether it is applied by itself: it configures providers, or says where its state lies.
pub(crate) fn is_root(module: Module<'_>) -> Truth {
    let configures = !module.providers().is_empty();
    configures | module.facts().backend().exists() | module.facts().cloud().exists()
}

/// Whether its directory says that others call it, or that it shows how something is called.
pub(crate) fn is_part_or_sample(module: Module<'_>) -> bool {
    const PARTS: [&str; 10] = ["modules", "module", "examples", "example", "samples", "test", "tests", "fixtures", "testdata", "wrappers"];
    module.facts().path().holds(|path| path.split('/').any(|part| PARTS.contains(&part))).is_true()
}

/// Where to point for something that the whole module lacks: its `terraform` block, else its first provider, resource, data source or call.
pub(crate) fn place(module: Module<'_>) -> Option<Node<'_>> {
    let first = [
        module.terraform().items().next().map(|item| item.node()),
        module.providers().items().next().map(|item| item.node()),
        module.resources().items().next().map(|item| item.node()),
        module.data().items().next().map(|item| item.node()),
        module.modules().items().next().map(|item| item.node()),
    ];
    first.into_iter().flatten().next()
}

/// Whether an S3 backend is written out. Without bucket or key the rest is given on the command line, which cannot be seen.
pub(crate) fn is_whole_backend(backend: Backend<'_>) -> bool {
    let body = backend.body();
    (body.get("bucket").exists() & body.get("key").exists()).is_true()
}
