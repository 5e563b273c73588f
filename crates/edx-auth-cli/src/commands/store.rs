//! `edx-auth store`: the tokens that runs share.

mod files;
mod listed;

use std::process::ExitCode;

use clap::{Args, Subcommand};
use edx_auth_ureq::{EnvStore, FileStore};

use crate::arguments::Options;
use crate::failure::Failure;
use crate::{output, source};

/// Show or remove the tokens that runs share.
#[derive(Args, Debug)]
pub(crate) struct Store {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Show whose tokens are stored, and until when they are valid.
    List,
    /// Remove all stored tokens. They stay valid until they expire.
    Clear,
}

impl Store {
    pub(super) fn run(&self, options: &Options) -> Result<ExitCode, Failure> {
        let store = store(options)?;
        let folder = store.folder()?;
        let text = match self.action {
            Action::List => listed::describe(folder, options.json)?,
            Action::Clear => format!("tokens removed: {}\n", files::clear(folder)?),
        };
        output::write(text.as_bytes())?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Returns the store that the variables name, which needs no client credentials.
fn store(options: &Options) -> Result<FileStore, Failure> {
    let variables = source::variables(options)?;
    Ok(match variables.token_store()? {
        Some(EnvStore::Folder(path)) => FileStore::new(path),
        _ => FileStore::in_cache(),
    })
}
