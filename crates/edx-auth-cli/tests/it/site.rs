//! A mock of edX, a home folder, and the command between them.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, fs, io, process};

use edx_auth_testkit::{MockEdx, MockEdxBuilder};

/// A site and a user of it.
pub(crate) struct Site {
    pub(crate) edx: MockEdx,
    home: PathBuf,
}

impl Site {
    pub(crate) fn start() -> Self {
        Self::of(MockEdx::builder())
    }

    pub(crate) fn of(edx: MockEdxBuilder) -> Self {
        Self {
            edx: edx.start().unwrap(),
            home: new_folder(),
        }
    }

    /// Returns the command with the client credentials in its environment.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.bare_command(arguments);
        command
            .env("EDX_TOKEN_URL", self.edx.url())
            .env("EDX_CLIENT_ID", self.edx.client_id())
            .env("EDX_CLIENT_SECRET", self.edx.client_secret());
        command
    }

    /// Stops the site. Another one takes its place, elsewhere.
    pub(crate) fn stop(&mut self) {
        self.edx = MockEdx::start().unwrap();
    }

    /// Starts a site with the same client at this port, which the one before it has left.
    pub(crate) fn start_again(&mut self, port: u16) -> io::Result<()> {
        let (id, secret) = (self.edx.client_id(), self.edx.client_secret());
        self.edx = MockEdx::builder().client(id, secret).port(port).start()?;
        Ok(())
    }

    /// Returns the command with a home folder and nothing else in its environment.
    pub(crate) fn bare_command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_edx-auth"));
        command
            .args(arguments)
            .env_clear()
            .env("HOME", &self.home)
            .env("PATH", env::var_os("PATH").unwrap_or_default())
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        Ended::of(&mut self.command(arguments))
    }

    pub(crate) fn home(&self) -> &Path {
        &self.home
    }

    /// Writes a file below the home folder, readable by its owner alone.
    pub(crate) fn write(&self, path: &str, content: &str) -> PathBuf {
        let path = self.home.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        set_mode(&path, 0o600);
        path
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _gone = fs::remove_dir_all(&self.home);
    }
}

/// How a command ended, and what it wrote.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ended {
    pub(crate) fn of(command: &mut Command) -> Self {
        Self::from(command.output().unwrap())
    }

    /// Returns what a command that succeeds without a warning writes.
    pub(crate) fn success(self) -> String {
        assert_eq!((self.code, self.stderr.as_str()), (Some(0), ""), "{self:?}");
        self.stdout
    }
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// Gives a command the variables of another and no others, and no input.
pub(crate) fn take_variables(command: &mut Command, other: &Command) {
    command.env_clear().stdin(Stdio::null());
    for (name, value) in other.get_envs() {
        command.env(name, value.unwrap_or_default());
    }
}

pub(crate) fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;

    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn new_folder() -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let name = format!(
        "{}-{}",
        process::id(),
        COUNT.fetch_add(1, Ordering::Relaxed)
    );
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).unwrap();
    folder
}
