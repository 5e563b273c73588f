//! The counters: the fields that `tracing-opentelemetry` reads.

#[path = "../../examples/metrics.rs"]
mod example;

use std::io;
use std::sync::mpsc::{self, Sender};

use edx_auth_testkit::{MockEdx, MockResponse};
use edx_auth_ureq::{RenewalPolicy, TokenSource};

use super::{TIMEOUT, request_at};

#[test]
fn renewals_and_failures_are_counted() {
    let site = MockEdx::start().unwrap();
    site.next_request(MockEdx::TOKEN_PATH, MockResponse::html(503, ""));
    let (tell, events) = mpsc::channel();
    let source = TokenSource::builder(request_at(&site))
        .policy(RenewalPolicy::FOR_TESTS)
        .on_event(move |event| tell.send(event.clone()).unwrap());
    source.build().unwrap().token().unwrap();
    let (written, lines) = mpsc::channel();
    let subscriber = tracing_subscriber::fmt()
        .with_writer(move || Lines(written.clone()))
        .with_ansi(false)
        .finish();

    tracing::subscriber::with_default(subscriber, || {
        for _ in 0..2 {
            example::count(&events.recv_timeout(TIMEOUT).unwrap());
        }
    });

    let lines: Vec<_> = lines.try_iter().collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(
        lines[0].contains("monotonic_counter.edx_auth.failures=1"),
        "{lines:?}"
    );
    assert!(
        lines[1].contains("monotonic_counter.edx_auth.renewals=1"),
        "{lines:?}"
    );
}

/// Sends each line that is written.
struct Lines(Sender<String>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let _ = self.0.send(String::from_utf8_lossy(bytes).into_owned());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
