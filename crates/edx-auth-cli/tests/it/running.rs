//! A command that runs in the background.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

/// A command until it ends or the test does.
pub(crate) struct Running {
    child: Child,
    stdout: BufReader<ChildStdout>,
}

impl Running {
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        Self { child, stdout }
    }

    /// Returns the next line of its output.
    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    /// Reads its output until this text has come.
    pub(crate) fn until(&mut self, text: &str) {
        let mut output = Vec::new();
        while !String::from_utf8_lossy(&output).contains(text) {
            let mut byte = [0];
            let read = self.stdout.read(&mut byte).unwrap();
            assert_eq!(read, 1, "{}", String::from_utf8_lossy(&output));
            output.extend(byte);
        }
    }

    /// Returns what it wrote to standard error, when it has ended.
    pub(crate) fn errors(&mut self) -> String {
        let mut stderr = String::new();
        let errors = self.child.stderr.as_mut().unwrap();
        errors.read_to_string(&mut stderr).unwrap();
        stderr
    }

    /// Returns its next lines as the variables that they export.
    pub(crate) fn variables(&mut self, count: usize) -> Vec<(String, String)> {
        let variable = |line: String| {
            let (name, value) = line
                .strip_prefix("export ")
                .unwrap()
                .split_once('=')
                .unwrap();
            (name.to_owned(), value.trim_matches('\'').to_owned())
        };
        (0..count).map(|_| variable(self.line())).collect()
    }

    pub(crate) fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill")
            .args([format!("-{signal}"), id])
            .status();
        assert!(sent.unwrap().success());
    }

    /// Returns how it ended, and the rest of its output and of its errors.
    pub(crate) fn wait(mut self) -> (ExitStatus, String, String) {
        let mut stdout = String::new();
        self.stdout.read_to_string(&mut stdout).unwrap();
        let stderr = self.errors();
        (self.child.wait().unwrap(), stdout, stderr)
    }

    /// Returns the memory that it has in use, in KiB.
    #[cfg(target_os = "linux")]
    pub(crate) fn memory(&self) -> u64 {
        self.status("VmHWM:")
            .trim_end_matches(" kB")
            .trim()
            .parse()
            .unwrap()
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    #[cfg(target_os = "linux")]
    fn status(&self, field: &str) -> String {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(field));
        line.unwrap().trim().to_owned()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _waited = self.child.wait();
    }
}

/// Waits until this holds.
pub(crate) fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < HANG, "{what}");
        thread::sleep(Duration::from_millis(10));
    }
}

/// Longer than anything takes on the slowest machine.
pub(crate) const HANG: Duration = Duration::from_secs(60);
