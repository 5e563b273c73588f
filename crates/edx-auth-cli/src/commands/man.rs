//! `edx-auth man`: the manual pages.

use std::process::ExitCode;

use clap::{Args, Command, CommandFactory as _};
use clap_mangen::Man as Page;

use crate::arguments::Arguments;
use crate::failure::Failure;
use crate::output;

/// Print the manual page of edx-auth, or of one command: edx-auth man get | man -l -.
#[derive(Args, Debug)]
pub(crate) struct Man {
    /// The command.
    #[arg(value_parser = find)]
    command: Option<Box<Command>>,
}

impl Man {
    pub(super) fn run(&self) -> Result<ExitCode, Failure> {
        let command = self.command.as_deref().cloned();
        let command = command.unwrap_or_else(Arguments::command);
        let mut page = Vec::new();
        Page::new(command)
            .render(&mut page)
            .map_err(Failure::Output)?;
        output::write(&page)?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Returns the subcommand of this name, with its full name.
fn find(name: &str) -> Result<Box<Command>, String> {
    let mut all = Arguments::command();
    all.build();
    let command = all.find_subcommand(name).cloned();
    command
        .map(Box::new)
        .ok_or_else(|| "there is no such command".to_owned())
}
