//! The threads of many idle sources, in a process that has no others.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test ends where its expectation does")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::thread;
use std::time::Duration;

use edx_auth_core::{ClientCredentials, TokenEndpoint, TokenRequest};
use edx_auth_driver::{Async, Blocking, ResponseBody, TokenSource};
use http::Response;
use tokio::runtime::Builder;

#[test]
fn ten_thousand_idle_sources_have_no_thread_and_wake_none() {
    let others = tasks();
    let blocking: Vec<_> = (0..SOURCES).map(source::<Blocking>).collect();
    blocking.iter().for_each(TokenSource::prefetch);
    for source in &blocking {
        source.token().unwrap();
    }
    until_as_many_as(others.len());

    let runtime = Builder::new_current_thread().build().unwrap();
    let asynchronous: Vec<_> = (0..SOURCES).map(source::<Async>).collect();
    asynchronous.iter().for_each(TokenSource::prefetch);
    for source in &asynchronous {
        runtime.block_on(source.token()).unwrap();
    }
    // Async callers share one thread for timers, which stays.
    until_as_many_as(others.len() + 1);

    let before = tasks();
    thread::sleep(Duration::from_secs(1));
    let after = tasks();
    let of_sources = |tasks: BTreeMap<String, String>| -> BTreeMap<_, _> {
        let is_new = |(task, _): &(String, String)| !others.contains_key(task);
        tasks.into_iter().filter(is_new).collect()
    };
    assert_eq!(of_sources(before), of_sources(after));
}

/// Waits until all threads but these have ended, for at least three minutes.
fn until_as_many_as(threads: usize) {
    let are_more = |_: &i32| tasks().len() > threads;
    for _ in (0..180_000).take_while(are_more) {
        thread::sleep(Duration::from_millis(1));
    }
    assert!(tasks().len() <= threads, "{:?}", tasks());
}

/// Returns the threads of this process, and how often each has begun to wait.
fn tasks() -> BTreeMap<String, String> {
    let tasks = fs::read_dir("/proc/self/task").unwrap().flatten();
    let waits = tasks.filter_map(|task| {
        let waits = waits(&task.path())?;
        Some((task.file_name().into_string().unwrap(), waits))
    });
    waits.collect()
}

/// Returns how often this thread has begun to wait; `None` if it has ended.
fn waits(task: &Path) -> Option<String> {
    let status = fs::read_to_string(task.join("status")).ok()?;
    let mut lines = status.lines();
    let found = lines.find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"));
    found.map(String::from)
}

fn source<W>(number: usize) -> TokenSource<W> {
    let credentials = ClientCredentials::new(number.to_string(), "s3cret").unwrap();
    let request = TokenRequest::new(TokenEndpoint::edx(), credentials);
    let issue = |_, _| Ok(Response::new(ResponseBody::from(TOKEN.to_vec())));
    let source = TokenSource::over(request, issue).token_timeout(AN_HOUR);
    source.build().unwrap()
}

const SOURCES: usize = 10_000;

/// Longer than the test may take on any machine.
const AN_HOUR: Duration = Duration::from_secs(60 * 60);

const TOKEN: &[u8] = br#"{"access_token": "a.b.c", "expires_in": 3600, "token_type": "JWT"}"#;
