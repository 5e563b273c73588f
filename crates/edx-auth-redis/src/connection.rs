//! A connection to Redis, for one command.

use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use crate::RedisError;
use crate::address::Address;
use crate::command::Command;
use crate::response::Response;
use crate::server::Server;

/// A connection that ends after a deadline, however slowly the server sends.
pub(crate) struct Connection(Box<dyn Stream>);

pub(crate) trait Stream: Read + Write {}

impl<S: Read + Write> Stream for S {}

impl Connection {
    /// Connects, and tells Redis who this program is.
    pub(crate) fn open(server: &Server, timeout: Duration) -> Result<Self, RedisError> {
        let Server { address, tls } = server;
        let socket = Timed::connect(address, timeout)?;
        let mut connection = Self(tls.over(socket, address)?);
        for command in &address.greeting {
            connection.run(command)?;
        }
        Ok(connection)
    }

    pub(crate) fn run(&mut self, command: &Command) -> Result<Response, RedisError> {
        self.0.write_all(command.as_bytes())?;
        self.0.flush()?;
        let mut bytes = Zeroizing::new(vec![0; LONGEST]);
        let mut length = 0;
        while let Some(room) = bytes.get_mut(length..).filter(|room| !room.is_empty()) {
            length += match self.0.read(room)? {
                0 => return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()),
                received => received,
            };
            let received = bytes.get(..length).unwrap_or_default();
            if let Some(response) = Response::read(received)? {
                return Ok(response);
            }
        }
        Err(RedisError::NotRedis)
    }
}

/// A socket whose reads and writes all end by one deadline.
#[derive(Debug)]
pub(crate) struct Timed {
    socket: TcpStream,
    start: Instant,
    timeout: Duration,
}

impl Timed {
    fn connect(address: &Address, timeout: Duration) -> io::Result<Self> {
        let mut failure = io::Error::from(io::ErrorKind::NotFound);
        let server = (address.host.as_str(), address.port);
        for address in server.to_socket_addrs()?.take(ADDRESSES) {
            match TcpStream::connect_timeout(&address, timeout) {
                Ok(socket) => return Self::over(socket, timeout),
                Err(error) => failure = error,
            }
        }
        Err(failure)
    }

    fn over(socket: TcpStream, timeout: Duration) -> io::Result<Self> {
        socket.set_nodelay(true)?;
        Ok(Self {
            socket,
            start: Instant::now(),
            timeout,
        })
    }

    /// Returns the time that is left, which is never zero: to a socket, that would be no limit.
    fn left(&self) -> io::Result<Option<Duration>> {
        let left = self.timeout.saturating_sub(self.start.elapsed());
        let left = Some(left).filter(|left| !left.is_zero());
        left.map(Some).ok_or_else(|| io::ErrorKind::TimedOut.into())
    }
}

impl Read for Timed {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.socket.set_read_timeout(self.left()?)?;
        self.socket.read(bytes)
    }
}

impl Write for Timed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.socket.set_write_timeout(self.left()?)?;
        self.socket.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.socket.flush()
    }
}

/// A host may have an address that is out of reach, and others.
const ADDRESSES: usize = 4;

/// Redis sends no more than this: the longest token, and what is around it.
const LONGEST: usize = crate::LONGEST_TOKEN + 1024;
