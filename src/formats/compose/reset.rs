//! `!reset` and `!override`: what a file takes away from the files before it.

use crate::tree::{Tag, Tree, Val};

/// Paths that a file resets, as keys from the root.
pub(crate) type Resets = Vec<Vec<String>>;

/// Takes `!reset` values out of a file and says which paths they and `!override` values name.
pub(crate) fn collect(tree: &mut Tree) -> Resets {
    let mut out = vec![];
    walk(tree, &mut vec![], &mut out);
    out
}

fn walk(tree: &mut Tree, path: &mut Vec<String>, out: &mut Resets) {
    let Val::Map(entries) = &mut tree.value else { return };
    entries.retain_mut(|entry| {
        path.push(entry.key.clone());
        let tag = std::mem::take(&mut entry.value.tag);
        if tag == Tag::None {
            walk(&mut entry.value, path, out);
        } else {
            out.push(path.clone());
        }
        path.pop();
        tag != Tag::Reset
    });
}

/// Removes what a later file resets.
pub(crate) fn apply(tree: &mut Tree, resets: &Resets) {
    for path in resets {
        apply_at(tree, path);
    }
}

/// The same for a value that stands at `prefix`.
pub(crate) fn apply_below(tree: &mut Tree, prefix: [&str; 2], resets: &Resets) {
    for path in resets {
        if let [section, name, rest @ ..] = path.as_slice()
            && prefix == [section.as_str(), name.as_str()]
            && !rest.is_empty()
        {
            apply_at(tree, rest);
        }
    }
}

fn apply_at(tree: &mut Tree, path: &[String]) {
    match path {
        [] => {}
        [last] => {
            tree.take(last);
        }
        [first, rest @ ..] => {
            if let Some(below) = tree.get_mut(first) {
                apply_at(below, rest);
            }
        }
    }
}
