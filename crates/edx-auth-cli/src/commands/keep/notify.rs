//! Tells systemd how the service is doing, by the protocol of `sd_notify(3)`: a datagram of lines to the
//! socket that `NOTIFY_SOCKET` names.

use std::env;
use std::io;

/// The service manager that started this process, if one did and wants to know.
#[derive(Debug)]
pub(super) struct ServiceManager {
    socket: Option<String>,
}

impl ServiceManager {
    /// Reads `NOTIFY_SOCKET`. Without it, no service manager is told anything.
    pub(super) fn from_env() -> Self {
        Self {
            socket: env::var(VARIABLE).ok(),
        }
    }

    /// Reports that the service is ready, and its state in one line.
    pub(super) fn ready(&self, state: &str) {
        self.tell(&format!("READY=1\nSTATUS={state}"));
    }

    /// Reports the state of the service in one line.
    pub(super) fn state(&self, state: &str) {
        self.tell(&format!("STATUS={state}"));
    }

    /// Sends lines. The service works without a manager that listens.
    fn tell(&self, lines: &str) {
        if let Some(socket) = &self.socket {
            let _told = send(socket, lines);
        }
    }
}

/// The variable is not for the processes that this one starts.
pub(super) const VARIABLE: &str = "NOTIFY_SOCKET";

#[cfg(unix)]
fn send(socket: &str, lines: &str) -> io::Result<usize> {
    use std::os::unix::net::{SocketAddr, UnixDatagram};

    let address = match socket.strip_prefix('@') {
        None => SocketAddr::from_pathname(socket)?,
        Some(name) => abstract_address(name)?,
    };
    UnixDatagram::unbound()?.send_to_addr(lines.as_bytes(), &address)
}

#[cfg(target_os = "linux")]
fn abstract_address(name: &str) -> io::Result<std::os::unix::net::SocketAddr> {
    use std::os::linux::net::SocketAddrExt as _;

    std::os::unix::net::SocketAddr::from_abstract_name(name)
}

#[cfg(all(unix, not(target_os = "linux")))]
fn abstract_address(_: &str) -> io::Result<std::os::unix::net::SocketAddr> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(not(unix))]
fn send(_: &str, _: &str) -> io::Result<usize> {
    Err(io::ErrorKind::Unsupported.into())
}
