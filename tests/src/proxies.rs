//! Real reverse proxies for one test: nginx and Apache, each in a process that ends with its [`Proxy`].
//!
//! If one of them is not installed, its tests pass, and one line says so; with `EDX_AUTH_REQUIRE_PROXIES=1`
//! they fail.

use std::env;
use std::fs;
use std::io::{self, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

/// A reverse proxy that many sites of Open edX run.
#[derive(Clone, Copy, Debug)]
pub struct Software {
    /// The name of the program.
    pub name: &'static str,
    settings: &'static str,
    arguments: &'static [&'static str],
}

/// Both proxies.
pub const PROXIES: [Software; 2] = [
    Software {
        name: "nginx",
        settings: include_str!("../proxies/nginx.conf"),
        arguments: &["-e", "stderr", "-c"],
    },
    Software {
        name: "apache2",
        settings: include_str!("../proxies/apache.conf"),
        arguments: &["-X", "-f"],
    },
];

/// A running proxy before one site.
#[derive(Debug)]
pub struct Proxy {
    port: u16,
    folder: PathBuf,
    /// A shell that ends the proxy when its standard input is closed.
    shell: Child,
}

impl Software {
    /// Starts this proxy before the site. Returns `None`, and says so, if this machine does not have it.
    ///
    /// # Panics
    /// Panics if the proxy is installed but does not start, or is not installed with
    /// `EDX_AUTH_REQUIRE_PROXIES=1`.
    pub fn start_or_skip(self, site: &str) -> Option<Proxy> {
        if Command::new(self.name).arg("-v").output().is_err() {
            self.skip();
            return None;
        }
        let started = (0..20).find_map(|_| self.start(site, free_port()));
        assert!(started.is_some(), "{} does not start", self.name);
        started
    }

    /// Starts the proxy at this port. Returns `None` if another process has taken it.
    fn start(self, site: &str, port: u16) -> Option<Proxy> {
        let folder = env::temp_dir().join(format!("edx-auth-{}-{port}", self.name));
        fs::create_dir_all(&folder).unwrap();
        let settings = folder.join("settings");
        fs::write(
            &settings,
            self.settings(site, port, &folder.to_string_lossy()),
        )
        .unwrap();
        let shell = Command::new("sh")
            .args(["-c", IN_SHELL, "sh", self.name])
            .args(self.arguments)
            .arg(&settings)
            .stdin(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut proxy = Proxy {
            port,
            folder,
            shell,
        };
        proxy.is_ready().then_some(proxy)
    }

    fn settings(self, site: &str, port: u16, folder: &str) -> String {
        self.settings
            .replace("SITE", site.trim_start_matches("http://"))
            .replace("PORT", &port.to_string())
            .replace("FOLDER", folder)
            .replace("MODULES", MODULES)
    }

    /// Prints that tests are skipped, past the test harness's capture of output.
    fn skip(self) {
        let name = self.name;
        let required = env::var_os("EDX_AUTH_REQUIRE_PROXIES").is_some_and(|value| value == "1");
        assert!(
            !required,
            "EDX_AUTH_REQUIRE_PROXIES=1, but there is no {name}"
        );
        let line = format!("\nSKIPPED: every test behind {name}, which is not installed\n\n");
        io::stderr().write_all(line.as_bytes()).ok();
    }
}

impl Proxy {
    /// Returns its URL, which stands for the site's.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Takes the token out of every request from now on.
    ///
    /// # Panics
    /// Panics if its folder cannot be written.
    pub fn drop_tokens(&self) {
        fs::write(self.folder.join("drop"), "").unwrap();
    }

    /// Passes requests on as they are again.
    ///
    /// # Panics
    /// Panics if it dropped no tokens.
    pub fn pass_tokens(&self) {
        fs::remove_file(self.folder.join("drop")).unwrap();
    }

    /// Waits until it accepts connections. Reports `false` if it has ended instead.
    fn is_ready(&mut self) -> bool {
        (0..600).any(|_| {
            thread::sleep(Duration::from_millis(50));
            TcpStream::connect(("127.0.0.1", self.port)).is_ok()
                || matches!(self.shell.try_wait(), Ok(Some(_)))
        }) && matches!(self.shell.try_wait(), Ok(None))
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        self.shell.wait().ok();
        fs::remove_dir_all(&self.folder).ok();
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// Runs the proxy until it ends or the standard input is closed.
const IN_SHELL: &str = r#"exec 3<&0; "$@" <&- 3<&- & proxy=$!
(read _ <&3; kill -KILL $proxy) & wait $proxy"#;

/// Where Debian and Ubuntu keep Apache's modules.
const MODULES: &str = "/usr/lib/apache2/modules";
