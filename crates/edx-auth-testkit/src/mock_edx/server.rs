//! Threads and sockets: accepts connections and runs a session for each of them.

use std::io;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

mod executor;
mod request_reader;
mod session;
mod shutdown;

use super::site::Site;
use session::Session;
use shutdown::ShutdownSignal;

/// A thread that accepts connections, and one thread for each connection. Dropping it ends all of
/// them.
#[derive(Debug)]
pub(crate) struct Server {
    address: SocketAddr,
    shutdown: Arc<ShutdownSignal>,
    accepting: Option<JoinHandle<()>>,
}

impl Server {
    pub(crate) fn start(listener: TcpListener, site: Arc<Site>) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let shutdown = Arc::new(ShutdownSignal::default());
        let signal = Arc::clone(&shutdown);
        let accepting = thread::Builder::new()
            .name("mock-edx".to_owned())
            .spawn(move || accept_all(&listener, &site, &signal))?;
        Ok(Self {
            address,
            shutdown,
            accepting: Some(accepting),
        })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shutdown.send();
        let Some(accepting) = self.accepting.take() else {
            return;
        };
        // Only a connection wakes a blocked accept. If the process has no socket left for it, retry
        // until one is free.
        while !accepting.is_finished() && TcpStream::connect(self.address).is_err() {
            thread::sleep(RETRY_INTERVAL);
        }
        // It fails only after a panic, which has been printed.
        let _ = accepting.join();
    }
}

fn accept_all(listener: &TcpListener, site: &Site, shutdown: &ShutdownSignal) {
    let open = OpenConnections::default();
    thread::scope(|threads| {
        for number in 1.. {
            let Some(stream) = next_connection(listener, shutdown) else {
                break;
            };
            if let Some(slot) = open.admit(stream) {
                let run = move || {
                    let session = Session {
                        stream: &slot.stream,
                        number,
                        site,
                        shutdown,
                    };
                    session.run();
                };
                // If no thread starts, the slot is dropped, which closes the connection.
                let _ = thread::Builder::new().spawn_scoped(threads, run);
            }
        }
        open.close_all();
    });
}

/// Returns the next connection, or `None` if the server shuts down.
fn next_connection(listener: &TcpListener, shutdown: &ShutdownSignal) -> Option<TcpStream> {
    loop {
        let accepted = listener.accept();
        if shutdown.is_sent() {
            return None;
        }
        match accepted {
            Ok((stream, _)) => return Some(stream),
            // The process is probably out of sockets. Retrying without a pause would spin.
            Err(_) => thread::sleep(RETRY_INTERVAL),
        }
    }
}

/// The open connections, so that the accepting thread can close them.
#[derive(Debug, Default)]
struct OpenConnections {
    streams: Mutex<Vec<Arc<TcpStream>>>,
}

impl OpenConnections {
    /// Adds a connection. Returns `None` and closes it if too many are open.
    fn admit(&self, stream: TcpStream) -> Option<Slot<'_>> {
        let stream = Arc::new(stream);
        let mut streams = self.streams.lock().unwrap_or_else(PoisonError::into_inner);
        if streams.len() >= MAX_CONNECTIONS {
            return None;
        }
        streams.push(Arc::clone(&stream));
        Some(Slot { open: self, stream })
    }

    /// Shuts down every socket, which wakes the threads that read or write.
    fn close_all(&self) {
        let streams = self.streams.lock().unwrap_or_else(PoisonError::into_inner);
        for stream in streams.iter() {
            // Fails for a connection that the client has reset, which needs no shutdown.
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

/// The slot of one open connection. Dropping it frees the slot.
#[derive(Debug)]
struct Slot<'a> {
    open: &'a OpenConnections,
    stream: Arc<TcpStream>,
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        let mut streams = self
            .open
            .streams
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        streams.retain(|open| !Arc::ptr_eq(open, &self.stream));
    }
}

const RETRY_INTERVAL: Duration = Duration::from_millis(10);
const MAX_CONNECTIONS: usize = 512;
