//! Processes of this program: the server, and those that are measured from outside.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::thread;
use std::time::Duration;

/// A server in a separate process, which ends with this value.
pub(crate) struct Server {
    child: Child,
    input: Option<ChildStdin>,
    pub(crate) token_url: String,
    pub(crate) api_url: String,
}

/// What a process took.
pub(crate) struct Measured {
    pub(crate) seconds: f64,
    pub(crate) mebibytes: f64,
    pub(crate) threads: usize,
}

impl Server {
    pub(crate) fn start() -> Self {
        let mut child = spawn(&["serve"]);
        let mut line = String::new();
        let output = child.stdout.take().expect("its output");
        BufReader::new(output)
            .read_line(&mut line)
            .expect("its URLs");
        let (token_url, api_url) = line.trim().split_once(' ').expect("two URLs");
        Self {
            input: child.stdin.take(),
            token_url: token_url.into(),
            api_url: api_url.into(),
            child,
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ended = self.child.wait();
    }
}

/// Runs this program, and looks at it every millisecond.
pub(crate) fn measure(arguments: &[&str]) -> Measured {
    let mut child = spawn(arguments);
    let status = format!("/proc/{}/status", child.id());
    let (mut threads, mut kibibytes) = (0, 0);
    while child.try_wait().expect("a child").is_none() {
        let status = std::fs::read_to_string(&status).unwrap_or_default();
        threads = number(&status, "Threads:").max(threads);
        kibibytes = number(&status, "VmHWM:").max(kibibytes);
        thread::sleep(Duration::from_millis(1));
    }
    let mut told = String::new();
    let mut output = child.stdout.take().expect("its output");
    output.read_to_string(&mut told).expect("text");
    Measured {
        seconds: told.trim().parse().expect("the seconds"),
        mebibytes: kibibytes as f64 / 1024.0,
        threads,
    }
}

/// Returns the one in the middle.
pub(crate) fn median(numbers: impl Iterator<Item = f64>) -> f64 {
    let mut numbers: Vec<_> = numbers.collect();
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

fn number(status: &str, name: &str) -> usize {
    let mut lines = status.lines();
    let found = lines.find_map(|line| line.strip_prefix(name));
    let digits = found.and_then(|rest| rest.split_whitespace().next());
    digits.and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

fn spawn(arguments: &[&str]) -> Child {
    let program = std::env::current_exe().expect("this program");
    let mut command = Command::new(program);
    command.args(arguments);
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped());
    piped.spawn().expect("a process")
}
