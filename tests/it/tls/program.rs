//! A program with an environment of its own: the one thing that a test cannot change for itself.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use edx_auth_tests::patience::within_patience;

use super::authority::Authority;
use super::doors::SECRET;

/// What a program said, and whether all went well.
pub(super) struct Run {
    pub(super) is_well: bool,
    pub(super) said: String,
}

/// Runs it over either driver, with a token and a call of this site and with these variables.
pub(super) fn run(driver: &str, site: &str, variables: &[(&str, &str)]) -> Run {
    let mut program = Command::new(env!("CARGO_BIN_EXE_program"));
    program
        .arg(driver)
        .env_clear()
        .envs(env::vars_os().filter(|(name, _)| name == "PATH"))
        .env("EDX_TOKEN_URL", site)
        .env("EDX_API_URL", format!("{site}/api"))
        .env("EDX_CLIENT_ID", "acme")
        .env("EDX_CLIENT_SECRET", SECRET)
        .envs(variables.iter().copied());
    let output = within_patience(move || program.output()).unwrap();
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8(said).expect("text for a terminal");
    assert!(!said.contains(SECRET), "{said}");
    Run {
        is_well: output.status.success(),
        said,
    }
}

/// Both drivers.
pub(super) const DRIVERS: [&str; 2] = ["ureq", "reqwest"];

/// The variable by which OpenSSL, and whoever does as it does, finds the system's roots: a file with
/// this authority alone.
pub(super) fn system_roots(authority: &Authority, file: &str) -> (&'static str, String) {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(file);
    fs::write(&path, authority.pem()).unwrap();
    ("SSL_CERT_FILE", path.to_str().unwrap().to_owned())
}
