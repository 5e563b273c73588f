//! Proxies, and the bytes that they receive.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread;

use super::listener::{Listener, Tapped};

/// Starts a proxy for `CONNECT` that always connects to this site.
pub(super) fn connecting(site: SocketAddr) -> Listener {
    Listener::start(move |mut client, received| {
        let request = head(&mut client);
        received.open(request.lines().next().unwrap_or_default().as_bytes());
        received.open(b"\n");
        if request.starts_with("CONNECT ") {
            let _told = client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n");
            relay(client, site);
        }
    })
}

/// Starts a proxy that requires another password.
pub(super) fn requiring_password() -> Listener {
    responding(UNKNOWN)
}

/// Starts a proxy that rejects every request.
pub(super) fn forbidding() -> Listener {
    responding(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
}

fn responding(response: &'static [u8]) -> Listener {
    Listener::start(move |mut client, received| {
        received.open(head(&mut client).as_bytes());
        let _told = client.write_all(response);
    })
}

/// Starts a SOCKS5 proxy that always connects to this site.
pub(super) fn socks(site: SocketAddr) -> Listener {
    Listener::start(move |mut client, received| {
        if let Some(target) = socks_request(&mut client) {
            received.open(format!("{target}\n").as_bytes());
            let _told = client.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
            relay(client, site);
        }
    })
}

/// Reads the head of a request byte by byte: what follows is not for the proxy.
fn head(client: &mut Tapped) -> String {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") && client.read(&mut byte).is_ok_and(|count| count > 0) {
        head.extend(byte);
    }
    String::from_utf8_lossy(&head).into_owned()
}

/// Returns the target of a SOCKS request (RFC 1928): a name, or an IPv4 address.
fn socks_request(client: &mut Tapped) -> Option<String> {
    let [_version, methods] = exactly(client)?;
    client.read_exact(&mut vec![0; methods.into()]).ok()?;
    client.write_all(&[5, 0]).ok()?;
    let [_version, _connect, _, kind] = exactly(client)?;
    let host = if kind == 1 {
        exactly::<4>(client)?.map(|byte| byte.to_string()).join(".")
    } else {
        let [length] = exactly(client)?;
        let mut name = vec![0; length.into()];
        client.read_exact(&mut name).ok()?;
        String::from_utf8(name).ok()?
    };
    let port = u16::from_be_bytes(exactly(client)?);
    Some(format!("{host}:{port}"))
}

fn exactly<const COUNT: usize>(client: &mut Tapped) -> Option<[u8; COUNT]> {
    let mut bytes = [0; COUNT];
    client.read_exact(&mut bytes).ok()?;
    Some(bytes)
}

/// Copies bytes in both directions until one side closes.
fn relay(client: Tapped, site: SocketAddr) {
    let (mut client, mut back) = client.split();
    let mut there = TcpStream::connect(site).unwrap();
    let mut here = there.try_clone().unwrap();
    thread::spawn(move || {
        let _carried = std::io::copy(&mut here, &mut back);
        let _closed = back.shutdown(std::net::Shutdown::Both);
    });
    let _carried = std::io::copy(&mut client, &mut there);
    let _closed = there.shutdown(std::net::Shutdown::Write);
}

const UNKNOWN: &[u8] = b"HTTP/1.1 407 Proxy Authentication Required\r\n\
    Proxy-Authenticate: Basic realm=\"acme\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
