use std::io;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::connection;
use super::site::Site;
use super::stop::Stop;

/// A thread that accepts connections, and one for each of them. Dropping it ends them all.
#[derive(Debug)]
pub(crate) struct Server {
    address: SocketAddr,
    stop: Arc<Stop>,
    accepting: Option<JoinHandle<()>>,
}

impl Server {
    pub(crate) fn start(listener: TcpListener, site: Arc<Site>) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let stop = Arc::new(Stop::default());
        let seen = Arc::clone(&stop);
        let accepting = thread::Builder::new()
            .name("mock-edx".to_owned())
            .spawn(move || accept_all(&listener, &site, &seen))?;
        Ok(Self {
            address,
            stop,
            accepting: Some(accepting),
        })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.call();
        let Some(accepting) = self.accepting.take() else {
            return;
        };
        // A blocked accept wakes up for a connection only. Should the process have no socket left
        // for it, one will be free sooner or later.
        while !accepting.is_finished() && TcpStream::connect(self.address).is_err() {
            thread::sleep(BREATH);
        }
        // It only fails with a panic, which has been printed already.
        let _ = accepting.join();
    }
}

fn accept_all(listener: &TcpListener, site: &Site, stop: &Stop) {
    let open = OpenConnections::default();
    thread::scope(|threads| {
        for number in 1.. {
            let Some(stream) = next_connection(listener, stop) else {
                break;
            };
            if let Some(place) = open.admit(stream) {
                let serve = move || connection::serve(&place.stream, number, site, stop);
                // A connection that gets no thread is closed by losing its place.
                let _ = thread::Builder::new().spawn_scoped(threads, serve);
            }
        }
        open.close_all();
    });
}

/// `None` when the server is being dropped.
fn next_connection(listener: &TcpListener, stop: &Stop) -> Option<TcpStream> {
    loop {
        let accepted = listener.accept();
        if stop.is_called() {
            return None;
        }
        match accepted {
            Ok((stream, _)) => return Some(stream),
            // Out of sockets, most likely: trying again at once would only spin.
            Err(_) => thread::sleep(BREATH),
        }
    }
}

/// The connections that are open, so that they can be closed from outside of their threads.
#[derive(Debug, Default)]
struct OpenConnections {
    streams: Mutex<Vec<Arc<TcpStream>>>,
}

impl OpenConnections {
    /// `None`, and the connection is closed, where too many are open.
    fn admit(&self, stream: TcpStream) -> Option<Place<'_>> {
        let stream = Arc::new(stream);
        let mut streams = self.streams.lock().unwrap_or_else(PoisonError::into_inner);
        if streams.len() >= MOST_CONNECTIONS {
            return None;
        }
        streams.push(Arc::clone(&stream));
        Some(Place { open: self, stream })
    }

    /// Wakes every thread that reads or writes: its socket is at its end.
    fn close_all(&self) {
        let streams = self.streams.lock().unwrap_or_else(PoisonError::into_inner);
        for stream in streams.iter() {
            // A connection that the client has reset cannot be shut down, and need not be.
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

/// A connection's place among the open ones, given up when dropped.
#[derive(Debug)]
struct Place<'a> {
    open: &'a OpenConnections,
    stream: Arc<TcpStream>,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut streams = self
            .open
            .streams
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        streams.retain(|open| !Arc::ptr_eq(open, &self.stream));
    }
}

const BREATH: Duration = Duration::from_millis(10);
const MOST_CONNECTIONS: usize = 512;
