//! One authorized GET over reqwest, and the same GET by a plain client with a preset header.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;

use edx_auth_core::Origins;
use edx_auth_reqwest::reqwest::Client;
use edx_auth_reqwest::{AuthorizedClient, TokenSource};
use http::HeaderValue;
use http::header::{ACCEPT, ACCEPT_LANGUAGE, AUTHORIZATION};
use tokio::runtime::{Builder, Runtime};

use crate::hot;

/// A client of each kind, and where their requests go.
#[derive(Debug)]
pub struct Get {
    runtime: Runtime,
    ours: AuthorizedClient,
    plain: Client,
    header: HeaderValue,
    url: String,
}

impl Get {
    /// Creates the clients, and an API that allocates nothing for a request.
    pub fn prepare(length: usize) -> Self {
        let origin = serve();
        let origins = Origins::none().allow(&origin).expect("an origin");
        let header = hot::token(length).into_authorization();
        let source = TokenSource::fixed(hot::token(length), origins);
        let plain = Client::builder().no_proxy().build().expect("a client");
        Self {
            runtime: Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime"),
            ours: AuthorizedClient::new(source).expect("a client"),
            plain,
            header,
            url: format!("{origin}/api"),
        }
    }

    /// Sends a GET with the source's token, and reads its response.
    pub fn ours(&self) {
        self.runtime.block_on(async {
            let response = self.ours.get(&self.url).send().await.expect("a response");
            response.bytes().await.expect("a body");
        });
    }

    /// Sends a GET with the same headers by a plain client. This is the limit.
    pub fn preset(&self) {
        let get = self.plain.get(&self.url);
        let get = get.header(AUTHORIZATION, self.header.clone());
        let get = get
            .header(ACCEPT, "application/json")
            .header(ACCEPT_LANGUAGE, "en");
        self.runtime.block_on(async {
            let response = get.send().await.expect("a response");
            response.bytes().await.expect("a body");
        });
    }
}

/// Starts an API with the same response to every request, and returns its origin.
fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || respond(&stream));
        }
    });
    format!("http://{address}")
}

fn respond(mut stream: &TcpStream) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream);
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line)? > 0 {
        if line == b"\r\n" {
            stream.write_all(RESPONSE)?;
        }
        line.clear();
    }
    Ok(())
}

const RESPONSE: &[u8] =
    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}";
