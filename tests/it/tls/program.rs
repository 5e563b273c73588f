//! A program that runs in its own environment, because a test cannot change the variables of its process.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use edx_auth_tests::timeout::within_timeout;

use super::authority::Authority;
use super::connectors::SECRET;

/// The output of a program, and whether it succeeded.
pub(super) struct Run {
    pub(super) succeeded: bool,
    pub(super) output: String,
}

/// Runs the program over this driver with these variables. It gets a token from this site and calls its API.
pub(super) fn run(driver: &str, site: &str, variables: &[(&str, &str)]) -> Run {
    run_with(&[driver], site, variables)
}

/// Runs the program as [`run`] does, for one token request alone.
pub(super) fn exchange(driver: &str, site: &str, variables: &[(&str, &str)]) -> Run {
    run_with(&[driver, "exchange"], site, variables)
}

fn run_with(arguments: &[&str], site: &str, variables: &[(&str, &str)]) -> Run {
    let mut program = Command::new(env!("CARGO_BIN_EXE_program"));
    program
        .args(arguments)
        .env_clear()
        .envs(env::vars_os().filter(|(name, _)| name == "PATH"))
        .env("EDX_TOKEN_URL", site)
        .env("EDX_API_URL", format!("{site}/api"))
        .env("EDX_CLIENT_ID", "acme")
        .env("EDX_CLIENT_SECRET", SECRET)
        .envs(variables.iter().copied());
    let run = within_timeout(move || program.output()).unwrap();
    let output = [run.stdout, run.stderr].concat();
    let output = String::from_utf8(output).expect("text for a terminal");
    assert!(!output.contains(SECRET), "{output}");
    Run {
        succeeded: run.status.success(),
        output,
    }
}

/// Both drivers.
pub(super) const DRIVERS: [&str; 2] = ["ureq", "reqwest"];

/// Returns the variable with which OpenSSL and others find the system's roots: a file with this
/// authority only.
pub(super) fn system_roots(authority: &Authority, file: &str) -> (&'static str, String) {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(file);
    fs::write(&path, authority.pem()).unwrap();
    ("SSL_CERT_FILE", path.to_str().unwrap().to_owned())
}
