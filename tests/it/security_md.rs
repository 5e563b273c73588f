//! Every test that `SECURITY.md` names exists.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const SECURITY: &str = include_str!("../../SECURITY.md");

#[test]
fn every_test_that_the_document_names_exists() {
    let existing = existing_tests();
    let named = named();

    let missing: Vec<_> = named
        .iter()
        .filter(|name| !existing.contains(**name))
        .collect();
    assert!(missing.is_empty(), "{missing:#?}");
    assert!(named.len() > 80, "{}", named.len());
}

#[test]
fn every_threat_has_a_test_and_a_figure() {
    let (_, threats) = SECURITY.split_once("\n## Threats\n").unwrap();
    let (threats, _) = threats.split_once("\n## ").unwrap();
    let rows: Vec<_> = threats
        .lines()
        .filter(|line| line.starts_with('|'))
        .collect();

    // Without the header and the line below it.
    for row in &rows[2..] {
        let cells: Vec<_> = row.trim_matches('|').split('|').map(str::trim).collect();
        assert_eq!(cells.len(), 4, "{row}");
        assert!(cells.iter().all(|cell| !cell.is_empty()), "{row}");
        assert!(words_in_backticks(cells[2]).any(is_name_of_a_test), "{row}");
    }
    assert!(rows.len() > 40, "{}", rows.len());
}

/// Every letter of the diagram has a row with a test in the table below it.
#[test]
fn every_arrow_of_the_diagram_has_its_row() {
    let picture = SECURITY.split("```").nth(1).unwrap();
    let letters = picture.split_whitespace().filter(|word| word.len() == 1);
    let letters: BTreeSet<_> = letters.filter(|word| word.is_ascii()).collect();

    for letter in &letters {
        let (_, row) = SECURITY
            .split_once(&format!("\n| {letter} | "))
            .unwrap_or_else(|| panic!("no row for {letter}"));
        let shown_by = row.lines().next().unwrap().split(" | ").nth(1).unwrap();
        assert!(
            words_in_backticks(shown_by).any(is_name_of_a_test),
            "{letter}: {shown_by}"
        );
    }
    assert_eq!(letters.len(), 16, "{letters:?}");
}

fn named() -> BTreeSet<&'static str> {
    words_in_backticks(SECURITY)
        .filter(|word| is_name_of_a_test(word))
        .collect()
}

/// Names of tests have more words than other names in backticks.
fn is_name_of_a_test(word: &str) -> bool {
    let is_word = word
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    is_word && word.matches('_').count() >= 3
}

fn words_in_backticks(text: &'static str) -> impl Iterator<Item = &'static str> {
    let outside_of_pictures = text.split("```").step_by(2);
    outside_of_pictures.flat_map(|text| text.split('`').skip(1).step_by(2))
}

/// Returns the names of all tests in the sources, including the interleavings.
fn existing_tests() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut names = BTreeSet::new();
    for room in ["crates", "tests"] {
        visit(&root.join(room), &mut names);
    }
    names
}

fn visit(directory: &Path, names: &mut BTreeSet<String>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("target") {
            visit(&path, names);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let are_facts = path.to_string_lossy().contains("interleavings");
            names.extend(tests_of(&text, are_facts));
        }
    }
}

fn tests_of(text: &str, are_facts: bool) -> impl Iterator<Item = String> + '_ {
    let lines: Vec<_> = text.lines().map(str::trim).collect();
    (0..lines.len()).filter_map(move |number| {
        let marks = &lines[number.saturating_sub(3)..number];
        let is_marked = marks
            .iter()
            .any(|line| line.starts_with("#[test]") || line.starts_with("#[tokio::test"));
        // A macro creates two tests from it, one for each flavor of a source.
        let is_marked = is_marked || lines[number].ends_with("<W: Flavor>() {");
        let name = function(lines[number]).filter(|_| is_marked || are_facts);
        name.map(str::to_owned)
    })
}

fn function(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once("fn ")?;
    rest.split(['(', '<']).next()
}
