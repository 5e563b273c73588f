//! A real Redis for one test, in a process that ends with it: also if the test itself is killed.
//!
//! If there is no `redis-server`, the tests that need one pass, and one line says so; with
//! `EDX_AUTH_REQUIRE_REDIS=1` they fail.

use std::env;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Once;
use std::thread;
use std::time::Duration;

use edx_auth_redis::RedisStore;

/// A running Redis.
pub(crate) struct RealRedis {
    port: u16,
    options: Vec<String>,
    folder: PathBuf,
    running: Option<Running>,
}

struct Running {
    /// A shell that ends Redis when its standard input is closed.
    shell: Child,
    redis: String,
}

impl RealRedis {
    /// Starts Redis with these options. Returns `None`, and says so, if this machine has none.
    pub(crate) fn start_or_skip(options: &[&str]) -> Option<Self> {
        let version = Command::new("redis-server").arg("--version").output();
        if version.is_err() {
            skip();
            return None;
        }
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
        let started = (0..20).find_map(|_| {
            let mut redis = Self {
                port: free_port(),
                options: options.iter().map(ToString::to_string).collect(),
                folder: folder.clone(),
                running: None,
            };
            redis.start().then_some(redis)
        });
        assert!(started.is_some(), "Redis does not start with {options:?}");
        started
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Returns a store in this Redis, with time enough on a busy machine.
    pub(crate) fn store(&self) -> RedisStore {
        self.store_as("")
    }

    /// Returns a store for this user and password, as in `user:password@`.
    pub(crate) fn store_as(&self, user: &str) -> RedisStore {
        let url = format!("redis://{user}127.0.0.1:{}", self.port);
        RedisStore::new(&url).unwrap().timeout(LONG)
    }

    /// Sends a command, and returns the response in lines.
    pub(crate) fn run(&self, words: &[&str]) -> Vec<String> {
        let mut command = Command::new("redis-cli");
        command.args(["-p", &self.port.to_string()]).args(words);
        let output = command.output().unwrap();
        let lines = String::from_utf8_lossy(&output.stdout).into_owned();
        lines.lines().map(str::to_owned).collect()
    }

    /// Returns the one key that ends like this.
    pub(crate) fn key(&self, end: &str) -> String {
        let keys = self.run(&["keys", &format!("*{end}")]);
        assert_eq!(keys.len(), 1, "{keys:?}");
        keys[0].clone()
    }

    /// Kills it, with everything that it has stored.
    pub(crate) fn kill(&mut self) {
        if let Some(mut running) = self.running.take() {
            drop(running.shell.stdin.take());
            running.shell.wait().unwrap();
        }
    }

    /// Starts it again on the same port.
    pub(crate) fn restart(&mut self) {
        self.kill();
        assert!(self.start(), "Redis does not start again");
    }

    /// Sends a signal: `STOP` makes it hang, `CONT` lets it continue. Reports whether it runs.
    pub(crate) fn signal(&self, name: &str) -> bool {
        let redis = &self.running.as_ref().unwrap().redis;
        let kill = format!("kill -{name} {redis} 2>/dev/null");
        let sent = Command::new("sh").args(["-c", &kill]).status();
        sent.unwrap().success()
    }

    /// Starts Redis, and reports whether it runs: another process may have taken the port.
    fn start(&mut self) -> bool {
        let port = self.port.to_string();
        let mut shell = Command::new("sh")
            .args(["-c", IN_SHELL, "sh", "--port", &port])
            .args(["--bind", "127.0.0.1", "--save", "", "--dir"])
            .arg(&self.folder)
            .args(&self.options)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut redis = String::new();
        let mut stdout = BufReader::new(shell.stdout.take().unwrap());
        stdout.read_line(&mut redis).unwrap();
        let redis = redis.trim().to_owned();
        self.running = Some(Running { shell, redis });
        (0..600).take_while(|_| self.signal("0")).any(|_| {
            thread::sleep(Duration::from_millis(50));
            self.is_ready()
        })
    }

    /// Reports whether it responds, if only that it wants a password, and is this process.
    fn is_ready(&self) -> bool {
        let running = self.running.as_ref().unwrap();
        let info = self.run(&["info", "server"]).join("\n");
        info.contains(&format!("process_id:{}", running.redis)) || info.contains("NOAUTH")
    }
}

impl Drop for RealRedis {
    fn drop(&mut self) {
        self.kill();
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// Prints once that tests are skipped, past the test harness's capture of output.
fn skip() {
    static SAID: Once = Once::new();
    let required = env::var_os("EDX_AUTH_REQUIRE_REDIS").is_some_and(|value| value == "1");
    assert!(
        !required,
        "EDX_AUTH_REQUIRE_REDIS=1, but there is no redis-server"
    );
    SAID.call_once(|| {
        let line = "\nSKIPPED: every test against a real Redis, for there is no redis-server\n\n";
        io::stderr().write_all(line.as_bytes()).ok();
    });
}

const IN_SHELL: &str = "redis-server \"$@\" >/dev/null & echo $!; read _; kill -KILL $!; wait";

/// Longer than a busy machine takes, and shorter than the time after which a store is passed by.
pub(crate) const LONG: Duration = Duration::from_millis(1500);
