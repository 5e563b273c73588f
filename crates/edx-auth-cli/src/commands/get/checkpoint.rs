//! The file from which an interrupted list goes on.

use std::fs;
use std::io;
use std::path::{self, Path, PathBuf};

use edx_auth_ureq::Position;
use serde::{Deserialize, Serialize};

use super::Get;
use crate::failure::Failure;
use crate::output;

/// How far a list was written.
pub(super) struct Checkpoint {
    path: PathBuf,
    list: List,
    saved: Option<(Position, u64)>,
}

/// What is written to where, so that no other list goes on from here.
#[derive(Deserialize, PartialEq, Eq, Serialize)]
pub(super) struct List {
    #[serde(rename = "list")]
    url: String,
    items_at: Option<String>,
    output: Option<String>,
}

impl List {
    /// Creates the list that the command writes.
    pub(super) fn of(command: &Get, url: &str) -> Self {
        let absolute = |path: &PathBuf| path::absolute(path).unwrap_or_else(|_| path.clone());
        let output = command.output.as_ref().map(absolute);
        Self {
            url: url.to_owned(),
            items_at: command.items_at.clone(),
            output: output.map(|path| path.to_string_lossy().into_owned()),
        }
    }
}

/// A checkpoint in its file.
#[derive(Deserialize, Serialize)]
struct Saved<L> {
    #[serde(flatten)]
    list: L,
    position: String,
    /// The length of the output, without the page that is at the position.
    written: u64,
}

impl Checkpoint {
    /// Reads the checkpoint of this list, if there is one.
    pub(super) fn at(path: &Path, list: List) -> Result<Self, Failure> {
        let saved = match fs::read(path) {
            Ok(bytes) => Some(read(&bytes, path, &list)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(source) => return Err(cannot_use(path, source)),
        };
        Ok(Self {
            path: path.to_owned(),
            list,
            saved,
        })
    }

    /// Returns where the list goes on.
    pub(super) fn position(&self) -> Option<&Position> {
        self.saved.as_ref().map(|(position, _)| position)
    }

    /// Returns the length of the output at that position.
    pub(super) fn written(&self) -> Option<u64> {
        self.saved.as_ref().map(|(_, written)| *written)
    }

    /// Saves the position of the next page, after the output before it was written.
    pub(super) fn save(&mut self, next: &Position, written: u64) -> Result<(), Failure> {
        let saved = Saved {
            list: &self.list,
            position: next.to_string(),
            written,
        };
        let json = serde_json::to_vec(&saved).unwrap_or_default();
        output::replace(&self.path, &json)
    }

    /// Removes the file: the list is whole.
    pub(super) fn remove(self) -> Result<(), Failure> {
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(cannot_use(&self.path, error))
            }
            _ => Ok(()),
        }
    }
}

fn read(bytes: &[u8], path: &Path, list: &List) -> Result<(Position, u64), Failure> {
    let other = |source| Failure::Resume {
        path: path.to_owned(),
        source,
    };
    let saved: Saved<List> = serde_json::from_slice(bytes).map_err(|_| other(None))?;
    if saved.list != *list {
        return Err(other(None));
    }
    let position = saved.position.parse();
    let position = position.map_err(|error| other(Some(error)))?;
    Ok((position, saved.written))
}

fn cannot_use(path: &Path, source: io::Error) -> Failure {
    let path = path.to_owned();
    Failure::File { path, source }
}
