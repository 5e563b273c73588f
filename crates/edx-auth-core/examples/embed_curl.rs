//! An API call over libcurl, in a program of threads.
//!
//! `cargo run --example embed_curl` calls a stand-in for edX that it starts itself. If an `EDX_*`
//! variable is set, it reads those of [`EnvConfig`], and the URL to call from `EDX_API_URL`.

// A program has clocks, locks, variables and a terminal. The core has none.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::sync::{Arc, Condvar, LazyLock, Mutex, MutexGuard};
use std::time::{Duration, Instant, UNIX_EPOCH};
use std::{env, error::Error, ffi::OsString, fs, mem, process, thread};

use curl::easy::{Easy, List};
use edx_auth_core::{
    ApiCall, CallError, CallStep, EnvConfig, Jitter, Moment, RenewalPolicy, TokenAgent,
    TransportFailure, TransportRules, Work,
};
use edx_auth_testkit::MockEdx;
use http::{Method, Request, Response, StatusCode};

/// One token for all threads of a program.
pub(crate) struct Edx {
    pub(crate) agent: Arc<Mutex<TokenAgent>>,
    pub(crate) reported: Arc<Condvar>, // notified after each report to the agent
}

impl Edx {
    /// Makes an API call. For a token alone, do the same over `TokenAgent::acquire`.
    pub(crate) fn call(&self, mut call: ApiCall, body: &[u8]) -> Result<Reply, CallError> {
        let mut response = None;
        loop {
            let (step, agent) = self.with(|agent| call.poll(agent, now()));
            match step {
                CallStep::Send(request) => {
                    drop(agent); // it is never locked while a request is under way
                    let (rules, request) = (request.rules(), request.with_body(body));
                    response = call.on_result(send(&request, rules));
                }
                CallStep::Wait(wait) => drop(self.reported.wait_timeout(agent, wait)),
                CallStep::Deliver { .. } => return Ok(response.unwrap()),
                CallStep::Fail(error) => return Err(error),
            }
        }
    }

    /// Uses the agent, and starts the work that comes of it.
    pub(crate) fn with<T>(&self, act: impl FnOnce(&mut TokenAgent) -> T) -> (T, Agent<'_>) {
        let mut agent = self.agent.lock().unwrap();
        let result = act(&mut agent);
        if let Some(Work::Exchange(ticket, request)) = agent.poll_work(now()) {
            let (agent, reported) = (self.agent.clone(), self.reported.clone());
            thread::spawn(move || {
                let result = send(&request, ticket.rules());
                let (mut agent, jitter) = (agent.lock().unwrap(), fastrand::u32(..));
                agent.on_result(ticket, result, now(), Jitter::from_bits(jitter));
                reported.notify_all();
            });
        }
        (result, agent)
    }
}

type Agent<'a> = MutexGuard<'a, TokenAgent>;

pub(crate) fn now() -> Moment {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let (monotonic, wall) = (START.elapsed(), UNIX_EPOCH.elapsed().unwrap_or_default());
    Moment { monotonic, wall }
}

pub(crate) type Reply = Response<Vec<u8>>;

/// Sends one request by a handle of its own, which keeps no connection and no cookie. libcurl follows
/// no redirect and decodes no body unless it is told to.
pub(crate) fn send(
    request: &Request<impl AsRef<[u8]>>,
    rules: TransportRules,
) -> Result<Reply, TransportFailure> {
    let mut easy = Easy::new();
    let response = exchange(&mut easy, request, rules);
    let (size, status) = (easy.request_size(), status(&mut easy));
    response.map_err(
        |error| match (error.downcast_ref::<curl::Error>(), status) {
            (Some(e), _) if e.is_operation_timedout() => TransportFailure::TimedOut,
            (Some(e), Ok(status)) if e.is_write_error() => TransportFailure::TooLarge { status },
            _ if size.is_ok_and(|size| size > 0) => TransportFailure::MaybeSent,
            _ => TransportFailure::NotSent,
        },
    )
}

fn exchange(
    easy: &mut Easy,
    request: &Request<impl AsRef<[u8]>>,
    rules: TransportRules,
) -> Result<Reply, Box<dyn Error>> {
    let (body, milli) = (request.body().as_ref(), Duration::from_millis(1));
    easy.url(&request.uri().to_string())?;
    easy.timeout(rules.deadline().max(milli))?; // zero would be no deadline
    easy.connect_timeout(rules.connect_deadline().max(milli))?;
    if !rules.https_only() {
        easy.noproxy("*")?;
    }
    if !body.is_empty() {
        easy.post_fields_copy(body)?;
    }
    easy.nobody(request.method() == Method::HEAD)?;
    easy.custom_request(request.method().as_str())?;
    let mut headers = List::new();
    for (name, value) in request.headers() {
        headers.append(&format!("{name}: {}", value.to_str()?))?;
    }
    easy.http_headers(headers)?;
    let (mut head, mut is_whole, mut body) = (Response::builder(), false, Vec::new());
    let mut transfer = easy.transfer();
    transfer.header_function(|line| {
        let line = String::from_utf8_lossy(line);
        match line.split_once(':') {
            Some((name, value)) => head = mem::take(&mut head).header(name, value.trim()),
            None if line.starts_with("HTTP/") => (head, is_whole) = Default::default(),
            None => is_whole = true,
        }
        true
    })?;
    transfer.write_function(|bytes| {
        body.extend(bytes);
        let is_too_large = body.len() > rules.body_limit();
        Ok(if is_too_large { 0 } else { bytes.len() })
    })?;
    transfer.perform()?;
    drop(transfer);
    let head = head.status(status(easy)?);
    if is_whole {
        Ok(head.body(body)?)
    } else {
        Err("the head was cut".into())
    }
}

fn status(easy: &mut Easy) -> Result<StatusCode, Box<dyn Error>> {
    Ok(u16::try_from(easy.response_code()?)?.try_into()?)
}

fn main() {
    if let Err(error) = run() {
        eprintln!("{error}");
        process::exit(1);
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let stand_in = MockEdx::start()?;
    let is_set = env::vars_os().any(|(name, _)| name.as_encoded_bytes().starts_with(b"EDX_"));
    let variable = |name: &str| match name {
        _ if is_set => env::var_os(name).map(OsString::into_encoded_bytes),
        "EDX_CLIENT_ID" => Some(stand_in.client_id().into()),
        "EDX_CLIENT_SECRET" => Some(stand_in.client_secret().into()),
        "EDX_TOKEN_URL" => Some(stand_in.token_url().into()),
        "EDX_API_URL" => Some(stand_in.catalogs_url().into()),
        _ => None,
    };
    let config = EnvConfig::read(variable, |path| fs::read(path))?;
    let url = String::from_utf8(variable("EDX_API_URL").ok_or("EDX_API_URL is not set")?)?;
    let call = ApiCall::new(Method::GET, &url, config.origins().clone())?;
    let agent = TokenAgent::new(config.token_request().clone(), RenewalPolicy::DEFAULT);
    let (agent, reported) = (Arc::new(Mutex::new(agent)), Arc::default());
    let response = Edx { agent, reported }.call(call, b"")?;
    println!("{url}: {}", response.status());
    Ok(())
}
