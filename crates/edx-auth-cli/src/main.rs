//! The command `edx-auth`: access tokens and API calls for edX and Open edX, in a terminal and in scripts.

#![allow(clippy::doc_markdown, reason = "the help of a command is plain text")]

mod arguments;
mod commands;
mod credentials;
mod failure;
mod output;
mod private_file;
mod private_variables;
mod profiles;
mod shutdown;
mod source;
mod times;

use std::process::ExitCode;

use clap::Parser as _;

use arguments::Arguments;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let ended = arguments.command.run(&arguments.options);
    ended.unwrap_or_else(|failure| failure.end(arguments.options.json))
}
