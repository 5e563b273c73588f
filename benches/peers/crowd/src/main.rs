//! API calls for a thousand client IDs in one process: by the event loop of the example `embed_event_loop`,
//! over ureq and over reqwest, in turns, against one `MockEdx` in a separate process.
//!
//! All start without a token, and make [`CALLS`] calls each, at most [`AT_ONCE`] at a time.

mod by_event_loop;
mod by_reqwest;
mod by_ureq;
#[path = "../../../../crates/edx-auth-core/examples/embed_event_loop/event_loop.rs"]
#[allow(dead_code, reason = "the example uses the rest")]
mod event_loop;
#[path = "../../../../crates/edx-auth-core/examples/embed_event_loop/http1.rs"]
mod http1;
mod process;
#[path = "../../../../crates/edx-auth-core/examples/embed_event_loop/socket.rs"]
mod socket;

use std::io::{self, Read as _};
use std::time::Instant;

use edx_auth_core::{ClientCredentials, TokenEndpoint, TokenRequest};
use edx_auth_testkit::MockEdx;
use process::{Measured, Server};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["serve"] => serve(),
        ["event-loop", token_url, api_url] => timed(|| by_event_loop::run(token_url, api_url)),
        ["ureq", token_url, api_url] => timed(|| by_ureq::run(token_url, api_url)),
        ["reqwest", token_url, api_url] => timed(|| by_reqwest::run(token_url, api_url)),
        _ => table(),
    }
}

/// Serves until the standard input ends.
fn serve() {
    let edx = (0..CLIENTS).fold(MockEdx::builder(), |edx, number| {
        edx.client(client_id(number), SECRET)
    });
    let edx = edx.start().expect("a server");
    println!("{} {}", edx.token_url(), edx.catalogs_url());
    let _ended = io::stdin().read_to_end(&mut Vec::new());
}

/// Prints how long it took.
fn timed(work: impl FnOnce()) {
    let start = Instant::now();
    work();
    println!("{}", start.elapsed().as_secs_f64());
}

/// Measures each way in turns, and prints the medians.
fn table() {
    let mut rounds: Vec<Vec<Measured>> = WAYS.map(|_| Vec::new()).into();
    for _ in 0..ROUNDS {
        for (way, rounds) in WAYS.iter().zip(&mut rounds) {
            let server = Server::start();
            rounds.push(process::measure(&[way, &server.token_url, &server.api_url]));
        }
    }
    println!("| {CLIENTS} client IDs | requests/s | peak memory, MiB | threads, at most |");
    println!("|---|---|---|---|");
    for (way, rounds) in WAYS.iter().zip(rounds) {
        let seconds = process::median(rounds.iter().map(|measured| measured.seconds));
        let memory = process::median(rounds.iter().map(|measured| measured.mebibytes));
        let threads = process::median(rounds.iter().map(|measured| measured.threads as f64));
        let rate = REQUESTS as f64 / seconds;
        println!("| {way} | {rate:.0} | {memory:.1} | {threads:.0} |");
    }
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    println!("\nLoad at the end: {load}");
}

/// Returns the request of one client ID. All share their endpoint.
fn request(endpoint: &TokenEndpoint, number: usize) -> TokenRequest {
    let credentials = ClientCredentials::new(client_id(number), SECRET).expect("valid credentials");
    TokenRequest::new(endpoint.clone(), credentials)
}

fn endpoint(url: &str) -> TokenEndpoint {
    TokenEndpoint::exact(url).expect("a URL")
}

fn client_id(number: usize) -> String {
    format!("{number:0>40}")
}

const WAYS: [&str; 3] = ["event-loop", "ureq", "reqwest"];
const ROUNDS: usize = 5;
const CLIENTS: usize = 1000;
const CALLS: usize = 10;
const AT_ONCE: usize = 64;

/// The calls, and the token requests before them.
const REQUESTS: usize = CLIENTS * (CALLS + 1);

const SECRET: &str = "Zt4Rk9Wq2Xv7Bn5Mj8Lp3Hg6Fd1Sa0Qe9Uy4Ti7Ro2Pw5Ek8Nc3Vb6Xz1Jm4Gh7Df0Ls9Ay2Qt5Wr8\
                      Eu3Io6Pk1Zx4Cv7Bn0Ml9Kj2Hg5Fd8Sa3Tq6We1R";
