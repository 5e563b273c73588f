//! A port to which connecting never ends, as to a host behind a firewall that drops packets.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::OnceLock;
use std::time::Duration;

use super::fixture::kit_error;
use super::result::ItemResult;

/// Returns the address of the port. There is one for the whole process, since it takes more than a
/// hundred connections.
///
/// Some systems close connections to a busy port instead: there, connecting ends at once.
pub(super) fn full_port() -> ItemResult<SocketAddr> {
    static FULL: OnceLock<io::Result<FullPort>> = OnceLock::new();
    let full = FULL.get_or_init(FullPort::new).as_ref();
    full.map(|full| full.address).map_err(kit_error)
}

/// A listener that accepts nothing, and the connections that wait for it.
struct FullPort {
    address: SocketAddr,
    _listener: TcpListener,
    _waiting: Vec<TcpStream>,
}

impl FullPort {
    fn new() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let mut waiting = Vec::new();
        let error = loop {
            match TcpStream::connect_timeout(&address, A_MOMENT) {
                Ok(connection) => waiting.push(connection),
                Err(error) => break error,
            }
        };
        match error.kind() {
            io::ErrorKind::TimedOut | io::ErrorKind::ConnectionRefused => Ok(Self {
                address,
                _listener: listener,
                _waiting: waiting,
            }),
            _ => Err(error),
        }
    }
}

/// The system accepts a connection to a listener on the same machine at once, or not at all.
const A_MOMENT: Duration = Duration::from_millis(500);
