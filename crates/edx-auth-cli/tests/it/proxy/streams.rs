//! Many streams at once.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Barrier;
use tokio::time::timeout;

use edx_auth_testkit::MockResponse;

use super::Proxy;
use crate::site::{Ended, Site};

/// Each stream has begun before any of them ends.
#[test]
fn a_thousand_streams_at_once_in_bounded_memory() {
    raise_file_limit();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let site = Site::start();
        let api = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let origin = format!("http://{}", api.local_addr().unwrap());
        let proxy = Proxy::with(&site, &origin, &[]);
        let all_begun = Arc::new(Barrier::new(STREAMS + 1));
        tokio::spawn(serve(api, Arc::clone(&all_begun)));

        let head = format!(
            "GET /stream HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n{}\r\nConnection: close\r\n\r\n",
            proxy.port,
            proxy.secret()
        );
        let streams: Vec<_> = (0..STREAMS)
            .map(|_| tokio::spawn(read(proxy.port, head.clone())))
            .collect();
        timeout(LONG, all_begun.wait())
            .await
            .expect("all streams begin");
        for stream in streams {
            let length = timeout(LONG, stream)
                .await
                .expect("each stream ends")
                .unwrap();
            assert!(length >= BODY, "{length}");
        }

        let memory = proxy.running.memory();
        assert!(memory < 256 * 1024, "{memory} KiB");
        assert_eq!(site.edx.token_requests(), 1);
    });
}

#[test]
fn a_body_may_be_larger_than_the_memory_of_the_proxy() {
    let site = Site::start();
    let length = 96 * 1024 * 1024;
    site.edx
        .on("GET", "/a", MockResponse::new(200).body(vec![b'x'; length]));
    let proxy = Proxy::to(&site);

    let mut curl = proxy.curl(&["-o", "/dev/null", "-w", "%{size_download}"]);
    let received = Ended::of(curl.arg(format!("{}/a", proxy.url()))).success();

    assert_eq!(received, length.to_string());
    let memory = proxy.running.memory() * 1024;
    assert!(memory < length as u64 / 2, "{memory} bytes");
}

/// An API that begins each stream at once, and goes on when all have begun.
async fn serve(api: TcpListener, all_begun: Arc<Barrier>) {
    loop {
        let (mut stream, _) = api.accept().await.unwrap();
        let all_begun = Arc::clone(&all_begun);
        tokio::spawn(async move {
            let mut head = [0; 4096];
            assert!(stream.read(&mut head).await.unwrap() > 0);
            let begin =
                "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\nbegun";
            stream.write_all(begin.as_bytes()).await.unwrap();
            all_begun.wait().await;
            stream.write_all(&vec![b'x'; BODY]).await.unwrap();
        });
    }
}

/// Returns how many bytes arrive. Reads the first of them before the rest is sent.
async fn read(port: u16, head: String) -> usize {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))
        .await
        .unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.unwrap();
    assert!(
        bytes.starts_with(b"HTTP/1.1 200 OK\r\n"),
        "{}",
        String::from_utf8_lossy(&bytes)
    );
    bytes.len()
}

fn raise_file_limit() {
    use rustix::process::{Resource, getrlimit, setrlimit};

    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    setrlimit(Resource::Nofile, limit).unwrap();
}

const STREAMS: usize = 1000;
const BODY: usize = 32 * 1024;
const LONG: Duration = Duration::from_secs(300);
