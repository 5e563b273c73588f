//! The example in the README is what its commands print.
//!
//! `EDX_AUTH_WRITE_README=1` writes what they print in this run there.

use std::env;
use std::fs;
use std::process::Command;

use edx_auth_testkit::{MockEdx, MockResponse};

use crate::site::{Ended, Site};

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
const BEGIN: &str = "```console\n";
const SITE: &str = "https://courses.example.org";

#[test]
fn the_commands_in_the_readme_print_what_it_shows() {
    let readme = fs::read_to_string(PATH).unwrap();
    let (before, rest) = readme.split_once(BEGIN).unwrap();
    let (example, after) = rest.split_once("```\n").unwrap();

    let site = site();
    let commands = example.lines().filter(|line| line.starts_with("$ "));
    let played: String = commands.map(|command| play(&site, command)).collect();

    if env::var_os("EDX_AUTH_WRITE_README").is_some() {
        fs::write(PATH, format!("{before}{BEGIN}{played}```\n{after}")).unwrap();
        return;
    }
    assert_eq!(example, played, "set EDX_AUTH_WRITE_README=1 to write it");
}

fn site() -> Site {
    let site = Site::of(MockEdx::builder().client("acme-api", "planted-secret"));
    let catalog = r#"{"id": 7, "name": "Physics"}"#;
    let catalog = MockResponse::json(200, format!("{catalog}\n"));
    site.edx
        .on_authorized("GET", "/catalog/v1/catalogs/7", catalog);
    let missing = MockResponse::json(404, r#"{"detail": "Not found."}"#);
    site.edx
        .on_authorized("GET", "/catalog/v1/catalogs/8", missing);
    let user = MockResponse::json(200, r#"{"username": "mock-worker"}"#);
    site.edx.on_authorized("GET", "/api/user/v1/me", user);
    let courses = ["Algebra", "Botany", "Chemistry"];
    let courses = courses.map(|title| format!(r#"{{"title": "{title}"}}"#));
    site.edx.list("/api/v1/courses/", courses);
    site
}

/// Runs one command of the example, and returns it with what it wrote.
fn play(site: &Site, line: &str) -> String {
    let command = line.trim_start_matches("$ ").replace(SITE, site.edx.url());
    let mut shell = Command::new("sh");
    shell
        .args(["-c", &format!("exec 2>&1; {command}")])
        .env_clear()
        .env("PATH", path())
        .env("HOME", site.home())
        .env("EDX_TOKEN_URL", site.edx.url())
        .env("EDX_CLIENT_ID", "acme-api")
        .env(
            "EDX_CLIENT_SECRET_FILE",
            site.write("secret", "planted-secret"),
        );
    let output = Ended::of(&mut shell).stdout;
    let output: String = output.lines().map(|line| shown(site, line)).collect();
    format!("{line}\n{output}")
}

/// Returns a line of output without what differs from run to run.
fn shown(site: &Site, line: &str) -> String {
    let home = site.home().display().to_string();
    let address = site.edx.url().trim_start_matches("http://");
    let line = line
        .replace(site.edx.url(), SITE)
        .replace(address, "courses.example.org")
        .replace(&format!("{home}/secret"), "/run/secrets/edx");
    let words = line.split(' ').map(|word| match word {
        token if token.starts_with("eyJ") => "eyJhbGciOi…",
        word => word,
    });
    let line = words.collect::<Vec<_>>().join(" ");
    for time in ["issued", "expires"] {
        if line.starts_with(time) {
            return format!("{time:<14} …\n");
        }
    }
    line + "\n"
}

fn path() -> String {
    let command = std::path::Path::new(env!("CARGO_BIN_EXE_edx-auth"));
    let folder = command.parent().unwrap().display();
    format!("{folder}:{}", env::var("PATH").unwrap())
}
