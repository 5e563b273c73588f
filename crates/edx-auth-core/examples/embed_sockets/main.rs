//! A token and an API call in a program that has one thread, and must never stand still: a game, a
//! simulation, a kiosk. Sockets that do not block, `httparse`, and a frame loop; no async runtime.
//!
//! ```text
//! cargo run --example embed_sockets
//! ```
//!
//! It reads the variables of `embedding/program.rs`. `driver.rs` and what it includes is the part
//! to take along.

#![allow(clippy::print_stdout, reason = "a program for a person at a terminal")]
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the core has no clock, no variables and no sockets: its host has them"
)]

mod driver;
#[path = "../embedding/program.rs"]
mod program;

use std::process::ExitCode;
use std::task::Poll;
use std::thread;
use std::time::Duration;

use edx_auth_core::{EnvConfig, Moment};
use http::Request;

use driver::call::Call;
use driver::clock::Clock;
use driver::{Ask, Driver};
use program::Trouble;

fn main() -> ExitCode {
    program::run(play)
}

fn play(environment: &EnvConfig, request: Option<Request<Vec<u8>>>) -> Result<(), Trouble> {
    let asked = environment.token_request().clone();
    let origins = environment.origins().clone();
    let identity = Box::new(move || asked.clone());
    let mut edx = Driver::new(identity, program::AT_A_TERMINAL, origins);

    let clock = Clock::start();
    let ask = Ask::token(program::TOKEN_TIMEOUT, clock.now());
    let token = frames(clock, |now| {
        edx.poll(now);
        edx.ask(&ask, now)
    })?;
    program::say_token(environment, &token, &edx.lifecycle().health(clock.now()));

    let Some(request) = request else {
        return Ok(());
    };
    let url = request.uri().clone();
    let mut call = Call::new(request, program::TIMEOUT, &edx, clock.now())?;
    let reply = frames(clock, |now| {
        edx.poll(now);
        call.poll(&mut edx, now)
    })?;
    program::say_reply(&url, &reply)
}

/// One frame after the other, until something has come of it.
fn frames<T>(clock: Clock, mut frame: impl FnMut(Moment) -> Poll<T>) -> T {
    loop {
        if let Poll::Ready(done) = frame(clock.now()) {
            return done;
        }
        // Here the world moves on, and is drawn.
        thread::sleep(FRAME);
    }
}

/// Sixty frames a second, about.
const FRAME: Duration = Duration::from_millis(16);
