//! A token endpoint with the same response to every request, in a separate process so that its cost is
//! not measured.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use edx_auth_benches::response;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// The endpoint, as the measured program uses it.
#[derive(Debug)]
pub struct Endpoint {
    process: Child,
    port: u16,
}

impl Endpoint {
    /// Starts an endpoint that responds with this status after this many milliseconds. The program calls
    /// [`serve`] if its first argument is `serve`.
    #[must_use]
    pub fn start(status: u16, delay: u64) -> Self {
        let program = std::env::current_exe().expect("a program");
        let mut process = Command::new(program)
            .args(["serve", &status.to_string(), &delay.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a process");
        let mut line = String::new();
        let output = process.stdout.take().expect("its output");
        BufReader::new(output).read_line(&mut line).expect("a port");
        Self {
            process,
            port: line.trim().parse().expect("a port"),
        }
    }

    /// Returns its URL with this path.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Returns the requests and connections since the last call.
    #[must_use]
    pub fn count(&self) -> (usize, usize) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("a connection");
        let asked = stream.write_all(b"GET /count HTTP/1.1\r\nConnection: close\r\n\r\n");
        asked.expect("a request");
        let mut response = String::new();
        let _read = stream.read_to_string(&mut response).expect("a response");
        let counts = response.rsplit("\r\n\r\n").next().unwrap_or_default();
        let mut counts = counts
            .split(' ')
            .map(|count| count.parse().expect("a count"));
        (counts.next().unwrap_or(0), counts.next().unwrap_or(0))
    }
}

impl Drop for Endpoint {
    fn drop(&mut self) {
        let _gone = self.process.kill();
        let _gone = self.process.wait();
    }
}

/// Serves until standard input is closed.
pub fn serve(status: u16, delay: u64) {
    std::thread::spawn(|| {
        let _ended = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime
        .expect("a runtime")
        .block_on(listen(status, Duration::from_millis(delay)));
}

async fn listen(status: u16, delay: Duration) {
    let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
    socket
        .bind("127.0.0.1:0".parse().expect("an address"))
        .expect("a port");
    let listener: TcpListener = socket.listen(16_384).expect("a listener");
    println!("{}", listener.local_addr().expect("an address").port());
    let (requests, connections) = (Arc::new(AtomicUsize::new(0)), AtomicUsize::new(0));
    let connections = Arc::new(connections);
    let body = String::from_utf8(response::with_jwt(1024)).expect("text");
    // Peers accept only their own token type.
    let bearer = response(status, &body.replace(r#""JWT""#, r#""Bearer""#));
    let good = response(status, &body);
    loop {
        let Ok((mut stream, _)) = listener.accept().await else {
            continue;
        };
        let _delayed = stream.set_nodelay(true);
        connections.fetch_add(1, Ordering::Relaxed);
        let (requests, connections) = (requests.clone(), connections.clone());
        let (good, bearer) = (good.clone(), bearer.clone());
        tokio::spawn(async move {
            let mut read = Vec::new();
            while let Some(asks) = request(&mut stream, &mut read).await {
                if asks == Asks::Count {
                    // Without the connection of this request.
                    let counts = (
                        requests.swap(0, Ordering::Relaxed),
                        connections.swap(0, Ordering::Relaxed) - 1,
                    );
                    let text = response(200, &format!("{} {}", counts.0, counts.1));
                    let _sent = stream.write_all(text.as_bytes()).await;
                    return;
                }
                requests.fetch_add(1, Ordering::Relaxed);
                if !delay.is_zero() {
                    tokio::time::sleep(delay).await;
                }
                let response = if asks == Asks::Token { &good } else { &bearer };
                if stream.write_all(response.as_bytes()).await.is_err() {
                    return;
                }
            }
        });
    }
}

#[derive(PartialEq)]
enum Asks {
    Count,
    Token,
    Bearer,
}

/// Reads one whole request; `None` if the connection was closed.
async fn request(stream: &mut tokio::net::TcpStream, read: &mut Vec<u8>) -> Option<Asks> {
    let mut chunk = [0; 4096];
    loop {
        let head = read.windows(4).position(|four| four == b"\r\n\r\n");
        if let Some(head) = head {
            let text = String::from_utf8_lossy(&read[..head]).to_ascii_lowercase();
            let length = text.split("content-length: ").nth(1);
            let length = length.and_then(|rest| rest.split("\r\n").next()?.trim().parse().ok());
            let whole = head + 4 + length.unwrap_or(0_usize);
            if read.len() >= whole {
                read.drain(..whole);
                return Some(match text.split(' ').nth(1) {
                    Some("/count") => Asks::Count,
                    Some("/bearer") => Asks::Bearer,
                    _ => Asks::Token,
                });
            }
        }
        match stream.read(&mut chunk).await {
            Ok(0) | Err(_) => return None,
            Ok(count) => read.extend_from_slice(&chunk[..count]),
        }
    }
}

fn response(status: u16, body: &str) -> String {
    format!(
        "HTTP/1.1 {status} Any\r\nContent-Type: application/json\r\nMetadata-Flavor: Google\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
}
