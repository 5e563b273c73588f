//! What a program keeps of a list that it reads: all items before a position, and that position.

use std::fs;
use std::path::PathBuf;

use edx_auth_core::Position;
use serde_json::{Value, json};

pub(crate) struct Store {
    file: PathBuf,
    ids: Vec<u64>,
    position: Option<Position>,
    /// Not stored yet: lost if the program ends.
    of_the_page: Vec<u64>,
}

impl Store {
    pub(crate) fn open(file: PathBuf) -> Self {
        let text = fs::read_to_string(&file).unwrap_or_else(|_| "{}".to_owned());
        let stored: Value = serde_json::from_str(&text).unwrap();
        let ids = stored["ids"].as_array().into_iter().flatten();
        let position = stored["position"].as_str();
        Self {
            file,
            ids: ids.filter_map(Value::as_u64).collect(),
            position: position.map(|text| text.parse().unwrap()),
            of_the_page: Vec::new(),
        }
    }

    pub(crate) fn position(&self) -> Option<Position> {
        self.position.clone()
    }

    /// Adds an item, and where the list goes on after it. All items of a page are stored in one step.
    pub(crate) fn add(&mut self, id: u64, position: Option<Position>) {
        self.of_the_page.push(id);
        if self.position != position {
            self.ids.append(&mut self.of_the_page);
            self.position = position;
            self.save();
        }
    }

    fn save(&self) {
        let position = self.position.as_ref().map(ToString::to_string);
        let stored = json!({"ids": self.ids, "position": position});
        let written = self.file.with_extension("new");
        fs::write(&written, stored.to_string()).unwrap();
        fs::rename(written, &self.file).unwrap();
    }
}
