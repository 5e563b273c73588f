//! A relay in front of a site, which lets a number of API calls pass and holds the others.

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

use crate::running::HANG;

/// Forwards connections to a site. Links of the site lead through it, since it keeps their `Host`.
pub(super) struct Relay {
    url: String,
    gate: Arc<Gate>,
}

#[derive(Default)]
struct Gate {
    calls: Mutex<Calls>,
    changed: Condvar,
}

#[derive(Default)]
struct Calls {
    /// How many may still pass.
    left: usize,
    /// Whether one is held.
    is_full: bool,
}

impl Relay {
    /// Starts a relay to this URL, through which this many calls pass.
    pub(super) fn to(url: &str, calls: usize) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let own = format!("http://{}", listener.local_addr().unwrap());
        let gate = Arc::new(Gate::default());
        gate.calls.lock().unwrap().left = calls;
        let (site, guard) = (
            url.trim_start_matches("http://").to_owned(),
            Arc::clone(&gate),
        );
        // It waits for connections until the tests end.
        thread::spawn(move || {
            for client in listener.incoming() {
                let (site, guard) = (TcpStream::connect(&site).unwrap(), Arc::clone(&guard));
                forward(client.unwrap(), site, guard);
            }
        });
        Self { url: own, gate }
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// Waits until a call is held.
    pub(super) fn wait_until_full(&self) {
        let calls = self.gate.calls.lock().unwrap();
        let waits = |calls: &mut Calls| !calls.is_full;
        let full = self.gate.changed.wait_timeout_while(calls, HANG, waits);
        assert!(full.unwrap().0.is_full, "no call was held");
    }

    /// Lets all calls pass, but not the one of a client that has gone.
    pub(super) fn open(&self) {
        self.gate.calls.lock().unwrap().left = usize::MAX;
    }
}

impl Gate {
    /// Counts a call. Reports whether it may pass.
    fn pass(&self) -> bool {
        let mut calls = self.calls.lock().unwrap();
        let passes = calls.left > 0;
        calls.left = calls.left.saturating_sub(1);
        calls.is_full = !passes;
        self.changed.notify_all();
        passes
    }
}

fn forward(client: TcpStream, site: TcpStream, gate: Arc<Gate>) {
    let (mut back, mut from_site) = (client.try_clone().unwrap(), site.try_clone().unwrap());
    thread::spawn(move || {
        let _broken = io::copy(&mut from_site, &mut back);
        let _closed = back.shutdown(Shutdown::Write);
    });
    thread::spawn(move || requests(client, site, &gate));
}

/// Forwards requests, each of which begins with its method. One that may not pass is never sent: its
/// client waits until it closes the connection.
fn requests(mut client: TcpStream, mut site: TcpStream, gate: &Gate) {
    let mut bytes = [0; 8192];
    while let Ok(length @ 1..) = client.read(&mut bytes) {
        let request = &bytes[..length];
        if request.starts_with(b"GET ") && !gate.pass() {
            let _closed = client.read(&mut bytes);
            break;
        }
        if site.write_all(request).is_err() {
            break;
        }
    }
    let _closed = site.shutdown(Shutdown::Write);
}
