//! What the crates' sources must not do: add to a clock reading without an overflow check, run code
//! during the build, or use a dependency from outside the registry.

use std::fs;
use std::path::{Path, PathBuf};

/// `SystemTime + u64::MAX seconds` panics, as `Instant` does, and a server chooses the number.
#[test]
fn no_addition_to_a_clock_reading_can_overflow() {
    let mut sums = Vec::new();
    for (file, text) in sources() {
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        let code = text.lines().filter(|line| !line.trim().starts_with("//"));
        let adds = |line: &&str| CLOCKS.iter().any(|clock| adds_to(line, clock));
        let found = code
            .filter(adds)
            .map(|line| (file.clone(), line.trim().to_owned()));
        sums.extend(found);
    }

    assert!(sums.is_empty(), "{sums:#?}");
}

#[test]
fn a_sum_with_a_clock_is_found() {
    for (line, is_sum) in [
        ("let end = Instant::now() + timeout;", true),
        ("self.end -= wait", true),
        ("weekend + 1", false),
        ("now.saturating_add(wait)", false),
    ] {
        let adds = CLOCKS.iter().any(|clock| adds_to(line, clock));
        assert_eq!(adds, is_sum, "{line}");
    }
}

#[test]
fn no_code_of_ours_runs_during_the_build() {
    for (krate, manifest) in manifests() {
        assert!(!krate.join("build.rs").exists(), "{}", krate.display());
        for word in ["\nbuild =", "proc-macro = true", "git =", "[patch"] {
            assert!(!manifest.contains(word), "{} {word}", krate.display());
        }
    }
}

/// Returns whether a sum or a difference starts with this name, as a whole word.
fn adds_to(line: &str, clock: &str) -> bool {
    line.match_indices(clock).any(|(place, _)| {
        let (before, after) = (&line[..place], &line[place + clock.len()..]);
        let is_word = !before.ends_with(|last: char| last.is_alphanumeric() || last == '_');
        let is_sum = [" + ", " - ", " += ", " -= "]
            .iter()
            .any(|sign| after.starts_with(sign));
        is_word && is_sum
    })
}

/// Returns every file of the published crates, except tests and laws.
fn sources() -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    for (krate, _) in manifests() {
        visit(&krate, Path::new("src"), &mut files);
    }
    assert!(files.len() > 100, "{}", files.len());
    files
}

fn visit(krate: &Path, directory: &Path, files: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(krate.join(directory)).unwrap() {
        let path = directory.join(entry.unwrap().file_name());
        let is_test = path
            .components()
            .any(|part| part.as_os_str() == "tests" || part.as_os_str() == "laws");
        let here = krate.join(&path);
        if here.is_dir() {
            visit(krate, &path, files);
        } else if path.extension().is_some_and(|kind| kind == "rs") && !is_test {
            let text = fs::read_to_string(&here).unwrap();
            files.push((here, text));
        }
    }
}

/// Returns the published crates and their manifests.
fn manifests() -> Vec<(PathBuf, String)> {
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let crates = above
        .map(|directory| directory.join("crates"))
        .find(|crates| crates.is_dir());
    let crates = fs::read_dir(crates.unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let manifests = crates.map(|krate| {
        let manifest = fs::read_to_string(krate.join("Cargo.toml")).unwrap();
        (krate, manifest)
    });
    manifests.collect()
}

/// The names of clock readings in the sources.
const CLOCKS: [&str; 9] = [
    "Instant::now()",
    "SystemTime::now()",
    "UNIX_EPOCH",
    "started",
    "origin",
    "began",
    "now",
    "end",
    "set",
];
