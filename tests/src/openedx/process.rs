//! The process of one site. It ends when its standard input is closed.

use std::io::{BufRead as _, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    url: String,
    complaints: Complaints,
}

impl Process {
    /// Returns once the site listens. The error is what the site printed instead.
    pub(super) fn start(python: &Path, arguments: &[String]) -> Result<Self, String> {
        let mut child = Command::new(python)
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("openedx/open_edx.py"))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| error.to_string())?;
        let ready = first_line(child.stdout.take().expect("a piped stdout"));
        let complaints = Complaints::of(child.stderr.take().expect("a piped stderr"));
        let mut process = Self {
            child,
            url: String::new(),
            complaints,
        };
        match listening_at(&ready) {
            Some(url) => process.url = url,
            None => return Err(process.last_words()),
        }
        Ok(process)
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// Returns what the process has written to standard error so far.
    pub(super) fn complaints(&self) -> String {
        self.complaints.text()
    }

    fn last_words(&mut self) -> String {
        drop(self.child.stdin.take());
        self.ends_within(END_LIMIT);
        self.complaints()
    }

    fn ends_within(&mut self, limit: Duration) -> bool {
        let deadline = Instant::now() + limit;
        while Instant::now() < deadline {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return true;
            }
            thread::sleep(POLL);
        }
        false
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        if !self.ends_within(END_LIMIT) {
            self.child.kill().ok();
            self.child.wait().ok();
        }
    }
}

/// Returns the `url` of the line that a site prints when it is ready.
fn listening_at(ready: &Receiver<String>) -> Option<String> {
    let line = ready.recv_timeout(START_LIMIT).ok()?;
    let facts: serde_json::Value = serde_json::from_str(&line).ok()?;
    Some(facts.get("url")?.as_str()?.to_owned())
}

/// Reads the first line on another thread, so that waiting for it can time out.
fn first_line(stdout: ChildStdout) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut line = String::new();
        if BufReader::new(stdout).read_line(&mut line).is_ok() {
            sender.send(line).ok();
        }
    });
    receiver
}

/// Standard error, read continuously: a full pipe would block the site.
#[derive(Clone, Debug)]
struct Complaints(Arc<Mutex<Vec<u8>>>);

impl Complaints {
    fn of(mut stderr: ChildStderr) -> Self {
        let complaints = Self(Arc::default());
        let heard = complaints.clone();
        thread::spawn(move || {
            let mut chunk = [0; 4096];
            while let Ok(length @ 1..) = stderr.read(&mut chunk) {
                heard.0.lock().unwrap().extend(chunk.iter().take(length));
            }
        });
        complaints
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

const START_LIMIT: Duration = Duration::from_secs(300);
const END_LIMIT: Duration = Duration::from_secs(5);
const POLL: Duration = Duration::from_millis(5);
