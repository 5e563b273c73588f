//! Whole processes: one token each, from start to end, and the size of the program.
//!
//! Its argument is the directory of the programs.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use edx_auth_race::endpoint::{self, Endpoint};
use edx_auth_race::figures::Figures;
use edx_auth_race::rounds;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let directory = arguments.next().unwrap_or_default();
    if directory == "serve" {
        let mut number = || {
            arguments
                .next()
                .and_then(|text| text.parse().ok())
                .unwrap_or(0)
        };
        return endpoint::serve(u16::try_from(number()).expect("a status"), number());
    }
    let directory = PathBuf::from(directory);
    let mut figures = Figures::default();
    whole(&directory, &mut figures);
    for name in PROGRAMS {
        figures.note(format!("program/{name}/bytes"), stripped(&directory, name));
        figures.note(format!("program/{name}/crates"), crates(name));
    }
    figures.save("process");
}

const PROGRAMS: [&str; 5] = [
    "ours-ureq",
    "ours-reqwest",
    "hand-ureq",
    "hand-reqwest",
    "oauth2-ureq",
];

const ROUNDS: usize = 25;

fn whole(directory: &Path, figures: &mut Figures) {
    let endpoint = Endpoint::start(200, 0);
    let url = endpoint.url("/oauth2/access_token");
    // A peer accepts only its own token type.
    let bearer = endpoint.url("/bearer");
    let form = "grant_type=client_credentials&client_id=id&client_secret=secret";
    let curl = vec![
        "curl".into(),
        "-s".into(),
        "-d".into(),
        form.into(),
        url.clone(),
    ];
    let mut commands: Vec<(&str, Vec<String>)> = vec![("curl", curl)];
    for name in PROGRAMS {
        let program = directory.join(name).display().to_string();
        let url = if name.starts_with("oauth2") {
            &bearer
        } else {
            &url
        };
        commands.push((name, vec![program, url.clone()]));
    }
    for name in PROGRAMS {
        as_installed(&directory.join(name));
    }
    let mut times = vec![Vec::new(); commands.len()];
    for _ in 0..ROUNDS {
        for ((_, command), times) in commands.iter().zip(&mut times) {
            let start = Instant::now();
            run(command);
            times.push(start.elapsed().as_secs_f64() * 1000.0);
        }
    }
    for ((name, command), times) in commands.iter().zip(times) {
        figures.note(format!("program/{name}/ms"), rounds::median(times));
        figures.note(
            format!("program/{name}/peak"),
            rounds::median((0..ROUNDS).map(|_| peak(command)).collect()),
        );
    }
}

/// Makes the system read a program from disk again: for a file just written by the linker it maps up
/// to a tenth more memory.
fn as_installed(program: &Path) {
    let written = format!("of={}", program.display());
    let dropped = Command::new("dd")
        .args(["oflag=nocache", "conv=notrunc,fdatasync", "count=0"])
        .args(["status=none", &written])
        .status();
    assert!(dropped.expect("dd").success(), "{written}");
}

fn run(command: &[String]) {
    let (program, arguments) = command.split_first().expect("a program");
    let status = Command::new(program)
        .args(arguments)
        .stdout(Stdio::null())
        .status();
    assert!(status.expect("a program").success(), "{program}");
}

/// Returns the most memory that the process had, in MiB, by GNU time. Most of it is file pages, of
/// which the system maps more or fewer around those that are touched.
fn peak(command: &[String]) -> f64 {
    let output = Command::new("/usr/bin/time")
        .args(["-f", "%M"])
        .args(command)
        .output();
    let told = String::from_utf8(output.expect("GNU time").stderr).expect("text");
    let kib: f64 = told
        .lines()
        .last()
        .and_then(|line| line.parse().ok())
        .expect("a number");
    kib / 1024.0
}

fn stripped(directory: &Path, name: &str) -> f64 {
    let copy = std::env::temp_dir().join(format!("{name}-{}", std::process::id()));
    let strip = Command::new("strip")
        .arg("-o")
        .arg(&copy)
        .arg(directory.join(name))
        .status();
    assert!(strip.expect("strip").success(), "{name}");
    let bytes = std::fs::metadata(&copy).expect("a copy").len();
    std::fs::remove_file(&copy).expect("a copy");
    bytes as f64
}

/// Returns the number of crates in a program, without the program itself.
fn crates(name: &str) -> f64 {
    let tree = [
        "tree",
        "--locked",
        "-p",
        name,
        "-e",
        "normal",
        "--prefix",
        "none",
        "--no-dedupe",
    ];
    let output = Command::new("cargo").args(tree).output().expect("cargo");
    let text = String::from_utf8(output.stdout).expect("text");
    let words = |line: &str| line.split(' ').take(2).collect::<Vec<_>>().join(" ");
    let crates: std::collections::BTreeSet<_> = text.lines().map(words).collect();
    crates.len().saturating_sub(1) as f64
}
