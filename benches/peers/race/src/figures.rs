//! Figures by name, stored in files between the programs that measure and the one that prints them.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// Figures by `row/contestant/measure`.
#[derive(Debug, Default)]
pub struct Figures(pub BTreeMap<String, f64>);

impl Figures {
    /// Loads all figures.
    #[must_use]
    pub fn all() -> Self {
        let mut all = Self::default();
        for entry in std::fs::read_dir(directory()).expect("figures").flatten() {
            let text = std::fs::read_to_string(entry.path()).expect("a file");
            let one: BTreeMap<String, f64> = serde_json::from_str(&text).expect("figures");
            all.0.extend(one);
        }
        all
    }

    /// Adds and prints one figure.
    pub fn note(&mut self, name: impl Into<String>, value: f64) {
        let name = name.into();
        eprintln!("{name}: {value:.2}");
        self.0.insert(name, value);
    }

    /// Returns one figure, if it was measured.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<f64> {
        self.0.get(name).copied()
    }

    /// Stores the figures under this name.
    pub fn save(&self, name: &str) {
        std::fs::create_dir_all(directory()).expect("a directory");
        let text = serde_json::to_string_pretty(&self.0).expect("numbers");
        std::fs::write(directory().join(name).with_extension("json"), text).expect("a file");
    }
}

/// Returns the directory of the figures.
#[must_use]
pub fn directory() -> PathBuf {
    let target = std::env::var("EDX_AUTH_FIGURES").unwrap_or_else(|_| "target/figures".into());
    PathBuf::from(target)
}
