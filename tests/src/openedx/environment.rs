//! The Python environment of the site, built once per set of requirements and shared by all tests.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

use sha2::{Digest as _, Sha256};

use super::Release;
use super::command::run;

/// Returns the interpreter that has all requirements, or what this machine lacks to build one.
pub(super) fn python(release: Release) -> Result<&'static Path, &'static str> {
    static PLATFORM: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    static NEWEST: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let python = match release {
        Release::Platform => &PLATFORM,
        Release::Newest => &NEWEST,
    };
    let python = python.get_or_init(|| prepare(release));
    python.as_deref().map_err(String::as_str)
}

fn prepare(release: Release) -> Result<PathBuf, String> {
    let home = home(release);
    if !is_complete(&home) {
        let _lock = lock(&home.with_extension("lock"))?;
        // Another process may have built it while this one waited.
        if !is_complete(&home) {
            build(&home, release)?;
        }
    }
    Ok(interpreter(&home))
}

/// Named after the requirements, so that other requirements get another environment.
fn home(release: Release) -> PathBuf {
    let digest = Sha256::digest(release.requirements());
    let [a, b, c, d, ..] = <[u8; 32]>::from(digest);
    let name = format!("openedx-venv-{a:02x}{b:02x}{c:02x}{d:02x}");
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../target")
        .join(name)
}

fn interpreter(home: &Path) -> PathBuf {
    home.join(if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    })
}

/// Returns the path of a file that is written last: without it the build is incomplete.
fn mark(home: &Path) -> PathBuf {
    home.join("complete")
}

fn is_complete(home: &Path) -> bool {
    mark(home).exists() && interpreter(home).exists()
}

fn build(home: &Path, release: Release) -> Result<(), String> {
    let python = some_python()?;
    run(&mut create(python, home), BUILD_LIMIT)
        .map_err(|problem| format!("{python} makes no virtual environment: {problem}"))?;
    run(&mut install(home, release), BUILD_LIMIT)
        .map_err(|problem| format!("the requirements cannot be installed from PyPI: {problem}"))?;
    fs::write(mark(home), "").map_err(|error| error.to_string())
}

fn some_python() -> Result<&'static str, String> {
    let will_do = |name: &&str| run(Command::new(name).args(["-c", WILL_DO]), LOOK_LIMIT).is_ok();
    let found = PYTHONS.into_iter().find(will_do);
    found.ok_or_else(|| format!("no Python 3.10 or newer with venv and ensurepip ({PYTHONS:?})"))
}

fn create(python: &str, home: &Path) -> Command {
    let mut command = Command::new(python);
    command.args(["-m", "venv", "--clear"]).arg(home);
    command
}

fn install(home: &Path, release: Release) -> Command {
    let mut command = Command::new(interpreter(home));
    command.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]);
    let requirements = Path::new(env!("CARGO_MANIFEST_DIR")).join(release.file());
    command.arg("--requirement").arg(requirements);
    command
}

/// Locks across processes until dropped: two builds at once would overwrite each other.
fn lock(path: &Path) -> Result<File, String> {
    let parent = path.parent().unwrap_or(path);
    fs::create_dir_all(parent).map_err(|error| error.to_string())?;
    let file = File::create(path).map_err(|error| error.to_string())?;
    let deadline = Instant::now() + BUILD_LIMIT;
    // By its full name, because newer standard libraries have a method of the same name.
    while fs4::FileExt::try_lock(&file).is_err() {
        if Instant::now() > deadline {
            return Err(format!("{} is locked by another process", path.display()));
        }
        thread::sleep(POLL);
    }
    Ok(file)
}

/// In order of preference; the last one may have any version.
const PYTHONS: [&str; 5] = [
    "python3.13",
    "python3.12",
    "python3.11",
    "python3.10",
    "python3",
];
const WILL_DO: &str = "import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 10))";

const LOOK_LIMIT: Duration = Duration::from_secs(20);
/// Longer than any build takes, because a process also waits for another process's build.
const BUILD_LIMIT: Duration = Duration::from_secs(1200);
const POLL: Duration = Duration::from_millis(50);
