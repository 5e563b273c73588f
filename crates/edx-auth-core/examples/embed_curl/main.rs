//! A token and an API call over libcurl, in a program that has threads.
//!
//! ```text
//! cargo run --example embed_curl
//! ```
//!
//! It reads the variables of `embedding/program.rs`. `driver.rs` and what it includes is the part
//! to take along.

#![allow(clippy::print_stdout, reason = "a program for a person at a terminal")]
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the core has no clock, no variables, no threads and no locks: its host has them"
)]

mod driver;
#[path = "../embedding/program.rs"]
mod program;

use std::process::ExitCode;

use edx_auth_core::EnvConfig;
use http::Request;

use driver::Driver;
use program::Trouble;

fn main() -> ExitCode {
    program::run(work)
}

fn work(environment: &EnvConfig, request: Option<Request<Vec<u8>>>) -> Result<(), Trouble> {
    let asked = environment.token_request().clone();
    let origins = environment.origins().clone();
    let identity = Box::new(move || asked.clone());
    let edx = Driver::new(identity, program::AT_A_TERMINAL, origins, program::TIMEOUT);

    let token = edx.token(program::TOKEN_TIMEOUT)?;
    let health = edx.lifecycle(|lifecycle, now| lifecycle.health(now));
    program::say_token(environment, &token, &health);

    let Some(request) = request else {
        return Ok(());
    };
    let url = request.uri().clone();
    let reply = edx.call(request)?;
    program::say_reply(&url, &reply)
}
