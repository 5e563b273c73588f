//! The files of the repository whose words are checked.

use std::fs;
use std::path::Path;

/// Returns the path and the content of each file.
pub(super) fn all() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut texts = Vec::new();
    visit(root, root, &mut texts);
    texts
}

fn visit(root: &Path, directory: &Path, texts: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let name = path.strip_prefix(root).unwrap().to_str().unwrap();
        if SKIPPED.iter().any(|skipped| name.ends_with(skipped)) {
            continue;
        }
        if path.is_dir() {
            visit(root, &path, texts);
        } else if is_text(&path) {
            texts.push((name.to_owned(), fs::read_to_string(&path).unwrap()));
        }
    }
}

/// Scripts have no extension.
fn is_text(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default();
    let is_text = TEXTS.iter().any(|known| extension == *known);
    let is_license = path.ends_with("LICENSE-APACHE") || path.ends_with("LICENSE-MIT");
    is_text && !is_license
}

const TEXTS: [&str; 8] = ["", "dict", "md", "patch", "py", "rs", "toml", "txt"];

/// Build output, Git's files, recorded inputs of the fuzzers, and the list of words itself.
const SKIPPED: [&str; 7] = [
    "tests/fuzz/artifacts",
    "target",
    ".git",
    "tests/fuzz/seeds",
    "tests/proptest-regressions",
    "tests/it/language",
    "tests/it/language.rs",
];
