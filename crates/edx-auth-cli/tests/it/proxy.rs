//! `edx-auth proxy`.

mod admission;
mod outages;
mod programs;
mod responses;
mod sockets;
mod streams;
mod web_pages;

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::Command;

use crate::running::{HANG, Running};
use crate::site::Site;

/// A proxy on a port.
struct Proxy {
    running: Running,
    port: u16,
    secret_file: PathBuf,
}

/// The head of a response, and its body as it came.
#[derive(Debug)]
struct Received {
    status: u16,
    head: String,
    body: String,
}

impl Proxy {
    /// Starts a proxy to the site.
    fn to(site: &Site) -> Self {
        Self::with(site, site.edx.url(), &[])
    }

    fn with(site: &Site, origin: &str, arguments: &[&str]) -> Self {
        let secret_file = site.home().join("secret");
        let mut command = site.command(&["proxy", "--no-store", "--port", "0", "--to", origin]);
        command
            .arg("--secret-file")
            .arg(&secret_file)
            .args(arguments);
        let mut running = Running::start(&mut command);
        let url = running.line();
        let port = url.rsplit(':').next().unwrap().parse();
        Self {
            port: port.unwrap_or_else(|_| panic!("{url:?} {:?}", running.errors())),
            running,
            secret_file,
        }
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Returns the header with the secret of this run.
    fn secret(&self) -> String {
        fs::read_to_string(&self.secret_file)
            .unwrap()
            .trim_end()
            .to_owned()
    }

    /// Sends a request with the secret, and these headers beside.
    fn send(&self, method: &str, target: &str, headers: &str) -> Received {
        let host = format!("Host: 127.0.0.1:{}", self.port);
        self.send_bare(&format!(
            "{method} {target} HTTP/1.1\r\n{host}\r\n{}\r\n{headers}",
            self.secret()
        ))
    }

    fn get(&self, target: &str) -> Received {
        self.send("GET", target, "")
    }

    /// Sends a request with these lines alone, and reads all that comes.
    fn send_bare(&self, lines: &str) -> Received {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(HANG)).unwrap();
        let ending = if lines.ends_with("\r\n") { "" } else { "\r\n" };
        let end = "Connection: close\r\n\r\n";
        stream
            .write_all(format!("{lines}{ending}{end}").as_bytes())
            .unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        Received::of(&String::from_utf8_lossy(&bytes))
    }

    /// Returns curl with the secret, which it reads from the file.
    fn curl(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("curl");
        command.args(["-sS", "--max-time", "60", "-H"]);
        command
            .arg(format!("@{}", self.secret_file.display()))
            .args(arguments);
        command
    }
}

impl Received {
    fn of(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok());
        Self {
            status: status.unwrap_or_default(),
            head: head.to_ascii_lowercase(),
            body: body.to_owned(),
        }
    }

    fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines();
        let value = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        value.map(str::trim)
    }
}
