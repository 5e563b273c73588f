//! A minimal HTTP client.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use edx_auth_testkit::MockEdx;

/// Longer than any test takes.
pub(crate) const HANG: Duration = Duration::from_secs(30);

/// A parsed response.
#[derive(Debug)]
pub(crate) struct Received {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub(crate) fn access_token(&self) -> String {
        self.json()["access_token"].as_str().unwrap().to_owned()
    }
}

/// A persistent connection.
pub(crate) struct Client {
    input: BufReader<TcpStream>,
}

impl Client {
    pub(crate) fn of(edx: &MockEdx) -> Self {
        let stream = TcpStream::connect(edx.address()).unwrap();
        stream.set_read_timeout(Some(HANG)).unwrap();
        Self {
            input: BufReader::new(stream),
        }
    }

    pub(crate) fn send(&mut self, request: &str) {
        self.input.get_mut().write_all(request.as_bytes()).unwrap();
    }

    /// Reads the next response, except to `HEAD`.
    pub(crate) fn receive(&mut self) -> Received {
        let mut received = self.receive_head();
        let length = received.header("Content-Length").unwrap_or("0");
        let mut body = vec![0; length.parse().unwrap()];
        self.input.read_exact(&mut body).unwrap();
        received.body = String::from_utf8(body).unwrap();
        received
    }

    pub(crate) fn receive_head(&mut self) -> Received {
        let status_line = self.line();
        let headers = std::iter::from_fn(|| {
            let line = self.line();
            let (name, value) = line.split_once(": ")?;
            Some((name.to_owned(), value.to_owned()))
        });
        Received {
            headers: headers.collect(),
            status: status_line.split(' ').nth(1).unwrap().parse().unwrap(),
            body: String::new(),
        }
    }

    pub(crate) fn input(&mut self) -> &mut impl Read {
        &mut self.input
    }

    pub(crate) fn wait_at_most(&mut self, timeout: Duration) {
        let stream = self.input.get_ref();
        stream.set_read_timeout(Some(timeout)).unwrap();
    }

    /// Reads until the server closes the connection.
    pub(crate) fn rest(&mut self) -> Vec<u8> {
        self.try_rest().unwrap()
    }

    pub(crate) fn try_rest(&mut self) -> io::Result<Vec<u8>> {
        let mut rest = Vec::new();
        self.input.read_to_end(&mut rest)?;
        Ok(rest)
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.input.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }
}

/// Sends one request on a new connection, which the server then closes without a reset.
pub(crate) fn exchange(edx: &MockEdx, request: &str) -> Received {
    let mut client = Client::of(edx);
    client.send(&request.replacen("\r\n", "\r\nHost: edx\r\nConnection: close\r\n", 1));
    let received = if request.starts_with("HEAD ") {
        client.receive_head()
    } else {
        client.receive()
    };
    assert_eq!(client.rest(), b"", "{request}");
    received
}

/// Returns a `GET` with these header lines, each with its line break.
pub(crate) fn get(edx: &MockEdx, target: &str, headers: &str) -> Received {
    exchange(edx, &format!("GET {target} HTTP/1.1\r\n{headers}\r\n"))
}

pub(crate) fn post_form(target: &str, headers: &str, form: &str) -> String {
    post(target, headers, ("application/x-www-form-urlencoded", form))
}

/// Returns a `POST` with this media type and body.
pub(crate) fn post(target: &str, headers: &str, (media_type, body): (&str, &str)) -> String {
    let length = body.len();
    format!(
        "POST {target} HTTP/1.1\r\n{headers}Content-Type: {media_type}\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    )
}

/// Returns the form of a valid request for a JWT.
pub(crate) fn good_form(edx: &MockEdx) -> String {
    format!(
        "grant_type=client_credentials&client_id={}&client_secret={}&token_type=jwt",
        edx.client_id(),
        edx.client_secret()
    )
}

/// Returns a new token of the token endpoint.
pub(crate) fn fetch_token(edx: &MockEdx) -> String {
    let response = exchange(edx, &post_form(MockEdx::TOKEN_PATH, "", &good_form(edx)));
    assert_eq!(response.status, 200);
    response.access_token()
}

/// Drops a site. Panics if that takes too long.
pub(crate) fn drop_in_time(edx: MockEdx) {
    let (dropped, when_dropped) = mpsc::channel();
    thread::spawn(move || {
        drop(edx);
        dropped.send(()).unwrap();
    });
    when_dropped.recv_timeout(HANG).unwrap();
}

/// Returns the header line of HTTP Basic with these credentials, unencoded.
pub(crate) fn basic(id_and_secret: &str) -> String {
    format!(
        "Authorization: Basic {}\r\n",
        STANDARD.encode(id_and_secret)
    )
}
