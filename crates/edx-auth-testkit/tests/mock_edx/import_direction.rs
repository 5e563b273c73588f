//! The modules behind `MockEdx` import each other in one direction.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Each module, and the modules that it imports. A module is named by its path below `mock_edx`, as
/// in `openedx::api`.
type Imports = BTreeMap<String, BTreeSet<String>>;

#[test]
fn no_import_of_a_module_leads_back() {
    let imports = imports();
    assert!(imports.len() > 30, "{imports:#?}");
    assert!(imports["site"].contains("openedx"), "{imports:#?}");
    assert!(imports["openedx"].contains("openedx::api"), "{imports:#?}");

    assert_one_direction(imports);
}

#[test]
fn no_import_of_a_folder_leads_back() {
    let mut folders = Imports::new();
    for (module, imported) in imports() {
        let folder = folder_of(&module);
        let others = imported.iter().map(|module| folder_of(module));
        let others: Vec<_> = others.filter(|other| *other != folder).collect();
        folders.entry(folder).or_default().extend(others);
    }
    assert!(folders.len() > 5, "{folders:#?}");

    assert_one_direction(folders);
}

#[track_caller]
fn assert_one_direction(mut imports: Imports) {
    while let Some(leaf) = leaf_of(&imports) {
        imports.remove(&leaf);
    }

    assert!(
        imports.is_empty(),
        "these form a circle or lead to one: {imports:#?}"
    );
}

/// Returns a module that imports none of the others.
fn leaf_of(imports: &Imports) -> Option<String> {
    let is_leaf = |imported: &BTreeSet<String>| !imported.iter().any(|m| imports.contains_key(m));
    let leaf = imports.iter().find(|(_, imported)| is_leaf(imported));
    leaf.map(|(module, _)| module.clone())
}

fn folder_of(module: &str) -> String {
    module.split("::").next().unwrap().to_owned()
}

fn imports() -> Imports {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/mock_edx");
    let files = rust_files(&root);
    let module_of = |file: &PathBuf| {
        let module = file.strip_prefix(&root).unwrap().with_extension("");
        module.to_str().unwrap().replace(['/', '\\'], "::")
    };
    let modules: BTreeSet<_> = files.iter().map(module_of).collect();
    files
        .iter()
        .map(|file| {
            let module = module_of(file);
            let source = fs::read_to_string(file).unwrap();
            let imported = imported_by(&source, &module, &modules);
            (module, imported)
        })
        .collect()
}

fn rust_files(directory: &Path) -> Vec<PathBuf> {
    let paths = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    paths
        .flat_map(|path| match path.extension() {
            None => rust_files(&path),
            Some(extension) if extension == "rs" => vec![path],
            Some(_) => Vec::new(),
        })
        .collect()
}

/// Returns the modules in the `use` declarations of a file, without those of its tests and without
/// `MockEdx` itself.
fn imported_by(source: &str, module: &str, modules: &BTreeSet<String>) -> BTreeSet<String> {
    let code = source.split("#[cfg(test)]").next().unwrap();
    code.split("\nuse ")
        .skip(1)
        .filter_map(|import| import.split_once(';'))
        .flat_map(|(import, _)| paths(import))
        .filter_map(|path| resolved(&path, module, modules))
        .collect()
}

/// Returns the paths of `a::B` and of `a::{B, c::D}`.
fn paths(import: &str) -> Vec<String> {
    let (base, names) = import.split_once('{').unwrap_or(("", import));
    let names = names.trim_end_matches('}').split(',').map(str::trim);
    names
        .filter(|name| !name.is_empty())
        .map(|name| format!("{base}{name}"))
        .collect()
}

/// Returns the module that a path in `module` leads to. Returns `None` for another crate.
fn resolved(path: &str, module: &str, modules: &BTreeSet<String>) -> Option<String> {
    let parent = module.rsplit_once("::").map_or("", |(parent, _)| parent);
    let mut path = if let Some(path) = path.strip_prefix("crate::mock_edx::") {
        path.to_owned()
    } else if let Some(path) = path.strip_prefix("super::") {
        format!("{parent}::{path}")
    } else {
        let child = path.split("::").next()?;
        modules.get(&format!("{module}::{child}"))?;
        format!("{module}::{path}")
    };
    // The last names of a path are types and functions.
    loop {
        let name = path.trim_start_matches("::");
        if modules.contains(name) {
            return Some(name.to_owned());
        }
        path = path.rsplit_once("::")?.0.to_owned();
    }
}
