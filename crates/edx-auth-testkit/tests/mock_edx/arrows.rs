//! The modules behind `MockEdx` import each other in one direction.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Each module, and those it imports.
type Imports = BTreeMap<String, BTreeSet<String>>;

#[test]
fn no_import_leads_back() {
    let mut imports = imports();
    assert!(imports.len() > 30, "{imports:?}");

    while let Some(leaf) = leaf_of(&imports) {
        imports.remove(&leaf);
    }

    assert!(
        imports.is_empty(),
        "these are a circle or lead to one: {imports:#?}"
    );
}

/// A module that imports nothing of what is left.
fn leaf_of(imports: &Imports) -> Option<String> {
    let is_leaf = |imported: &BTreeSet<String>| !imported.iter().any(|m| imports.contains_key(m));
    let leaf = imports.iter().find(|(_, imported)| is_leaf(imported));
    leaf.map(|(module, _)| module.clone())
}

fn imports() -> Imports {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/mock_edx");
    fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| {
            let module = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (module, imported_by(&fs::read_to_string(path).unwrap()))
        })
        .collect()
}

/// The siblings in `use super::a::B;` and `use super::{a, b::C};`, those of tests apart. Names of
/// types do not matter: no module is called like one.
fn imported_by(source: &str) -> BTreeSet<String> {
    let code = source.split("#[cfg(test)]").next().unwrap();
    code.split("use super::")
        .skip(1)
        .filter_map(|import| import.split_once(';'))
        .flat_map(|(import, _)| import.trim_matches(['{', '}']).split(','))
        .filter_map(|path| path.trim().split("::").next())
        .map(str::to_owned)
        .collect()
}
