//! The documents of the workspace and their blocks of code.

use std::fs;
use std::path::{Path, PathBuf};

/// One block of code.
pub(super) struct Block {
    /// Its document, from the root of the workspace on.
    pub(super) document: PathBuf,
    /// What follows the fence: its language.
    pub(super) language: String,
    pub(super) text: String,
}

/// The root of the workspace.
pub(super) fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// Returns every block of every document.
pub(super) fn all() -> Vec<Block> {
    let documents = files(root(), "md");
    assert!(documents.len() > 15, "{documents:?}");
    documents.iter().flat_map(|path| of(path)).collect()
}

/// Returns the blocks of one document.
fn of(path: &Path) -> Vec<Block> {
    let text = fs::read_to_string(path).unwrap();
    let document = path.strip_prefix(root()).unwrap();
    let parts: Vec<_> = text.split("\n```").collect();
    // A fence begins a block, and the next one ends it.
    let blocks = parts.iter().skip(1).step_by(2);
    let block = |part: &&str| {
        let (language, text) = part.split_once('\n').unwrap();
        Block {
            document: document.to_owned(),
            language: language.to_owned(),
            text: text.to_owned(),
        }
    };
    blocks.map(block).collect()
}

/// Returns all files with this extension that belong to the workspace.
fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let found = entries.flat_map(|entry| {
        let path = entry.path();
        let name = entry.file_name();
        match entry.file_type().unwrap().is_dir() {
            true if name == "target" || name.as_encoded_bytes().starts_with(b".") => Vec::new(),
            true => files(&path, extension),
            false if path.extension().is_some_and(|is| is == extension) => vec![path],
            false => Vec::new(),
        }
    });
    found.collect()
}

/// A block is compiled as a documentation test if a crate includes its document.
#[test]
fn every_block_of_rust_is_a_documentation_test() {
    let sources = files(root(), "rs");
    let included: Vec<_> = sources.iter().flat_map(|path| included_by(path)).collect();
    let is_rust = |block: &Block| {
        let is_code = |word| ["rust", "no_run", "should_panic", "ignore"].contains(&word);
        block.language.is_empty() || block.language.split(',').any(is_code)
    };
    let blocks: Vec<_> = all().into_iter().filter(is_rust).collect();

    for block in &blocks {
        let document = block.document.display();
        let path = root().join(&block.document).canonicalize().unwrap();
        assert!(included.contains(&path), "{document} is not compiled");
        assert!(!block.language.contains("ignore"), "{document}");
    }
    assert!(blocks.len() > 15, "{}", blocks.len());
}

/// Returns the documents that a source file includes as documentation.
fn included_by(source: &Path) -> Vec<PathBuf> {
    let text = fs::read_to_string(source).unwrap();
    let folder = source.parent().unwrap();
    let inclusions = text.split("doc = include_str!(\"").skip(1);
    let paths = inclusions.filter_map(|rest| rest.split('"').next());
    paths
        .filter_map(|path| folder.join(path).canonicalize().ok())
        .collect()
}
