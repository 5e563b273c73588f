//! How far a list is, on a terminal.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use edx_auth_ureq::PagesReport;

/// A line on standard error that shows how far a list is, if standard error is a terminal.
pub(super) struct Progress {
    shown: Option<(Sender<String>, JoinHandle<()>)>,
}

impl Progress {
    pub(super) fn start() -> Self {
        if !io::stderr().is_terminal() {
            return Self { shown: None };
        }
        let (sender, receiver) = mpsc::channel();
        let thread = thread::spawn(move || show(&receiver));
        Self {
            shown: Some((sender, thread)),
        }
    }

    pub(super) fn update(&self, report: &PagesReport) {
        if let Some((sender, _)) = &self.shown {
            let _ended = sender.send(text(report));
        }
    }
}

/// Removes the line.
impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((sender, thread)) = self.shown.take() {
            drop(sender);
            let _ended = thread.join();
        }
    }
}

fn text(report: &PagesReport) -> String {
    let (pages, items) = (report.pages, report.items);
    match report.last_total {
        Some(total) => format!("pages: {pages}, items: {items} of {total}"),
        None => format!("pages: {pages}, items: {items}"),
    }
}

/// Shows each update, and how long there has been none: a throttled page is retried after a wait.
fn show(updates: &Receiver<String>) {
    let (mut text, mut since) = ("no page yet".to_owned(), Instant::now());
    loop {
        match updates.recv_timeout(TICK) {
            Ok(update) => (text, since) = (update, Instant::now()),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return draw(""),
        }
        let waits = since.elapsed().as_secs();
        if waits < 2 {
            draw(&text);
        } else {
            draw(&format!("{text}, waiting for the next page for {waits} s"));
        }
    }
}

/// Replaces the line.
fn draw(text: &str) {
    let mut stderr = io::stderr().lock();
    let _closed = write!(stderr, "\r\x1b[K{text}").and_then(|()| stderr.flush());
}

const TICK: Duration = Duration::from_secs(1);
