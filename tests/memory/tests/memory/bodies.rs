//! The memory that endless bodies and compression bombs of fifty megabytes take.

use std::net::SocketAddr;

use edx_auth_core::TokenRequest;
use edx_auth_memory::Watching;
use tokio::runtime::Builder;

use crate::request;
use crate::site::{self, Responses};

#[test]
fn an_endless_body_takes_little_more_memory_than_a_short_one() {
    for (driver, exchange) in DRIVERS {
        let short = most_held(exchange, site::start(SHORT));
        for (kind, responses) in ENDLESS {
            let most = most_held(exchange, site::start(responses));

            let more = most.saturating_sub(short);
            assert!(more <= FOUR_LIMITS, "{driver} {kind}: {more} bytes more");
        }
    }
}

#[test]
fn a_compression_bomb_is_not_decompressed() {
    for (driver, exchange) in DRIVERS {
        let short = most_held(exchange, site::start(SHORT));
        let most = most_held(exchange, site::start(BOMB));

        let more = most.saturating_sub(short);
        assert!(more <= FOUR_LIMITS, "{driver}: {more} bytes more");
    }
}

/// Returns the most bytes that an exchange holds at a time. It is the least of five runs, because some
/// allocations happen once, and other threads can only add to them.
fn most_held(exchange: Exchange, address: SocketAddr) -> usize {
    let request = request(&format!("http://{address}/oauth2/access_token"));
    let rounds = (0..5).map(|_| {
        let watching = Watching::for_any_of(&[]);
        exchange(&request);
        watching.most()
    });
    rounds.min().unwrap()
}

type Exchange = fn(&TokenRequest);

const DRIVERS: [(&str, Exchange); 2] = [("ureq", over_ureq), ("reqwest", over_reqwest)];

fn over_ureq(request: &TokenRequest) {
    drop(edx_auth_ureq::exchange(request).unwrap_err());
}

fn over_reqwest(request: &TokenRequest) {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let exchanged = runtime.block_on(edx_auth_reqwest::exchange(request));
    drop(exchanged.unwrap_err());
}

const SHORT: Responses = Responses {
    head: b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}",
    chunk: b"",
    times: 0,
    api: b"",
};

const ENDLESS: [(&str, Responses); 3] = [
    ("without a length", endless(b"HTTP/1.1 200 OK\r\n\r\n")),
    (
        "of ten gigabytes",
        endless(b"HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n"),
    ),
    (
        "in chunks",
        endless(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
    ),
];

const fn endless(head: &'static [u8]) -> Responses {
    Responses {
        head,
        chunk: b"10\r\n                \r\n",
        // Until the client closes the connection.
        times: usize::MAX,
        api: b"",
    }
}

/// 51,023 bytes on the wire.
const BOMB: Responses = Responses {
    head: b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 51023\r\nConnection: close\r\n\r\n",
    chunk: include_bytes!("../../../it/hostile/fifty_megabytes.gz"),
    times: 1,
    api: b"",
};

/// Four times the limit of a body: the buffer for the body, and the buffers of the HTTP stack.
const FOUR_LIMITS: usize = 4 * 64 * 1024;
