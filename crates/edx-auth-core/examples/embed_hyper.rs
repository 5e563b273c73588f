//! An API call over hyper in an async program whose tasks run on one thread.
//!
//! `cargo run --example embed_hyper` calls a stand-in for edX that it starts itself. If an `EDX_*`
//! variable is set, it reads those of [`EnvConfig`] instead, and the URL from `EDX_API_URL`.

// clippy.toml forbids the core clocks, locks, variables and printing. A program may use them.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Instant, UNIX_EPOCH};
use std::{env, error::Error, ffi::OsString, fs, mem, process};

use bytes::Bytes;
use edx_auth_core::{
    ApiCall, CallError, CallStep, EnvConfig, Jitter, Moment, RenewalPolicy, TokenAgent,
    TransportFailure, TransportRules, Work,
};
use edx_auth_testkit::MockEdx;
use http::{HeaderValue, Method, Request, Response, header::HOST};
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, runtime::Builder, sync::Notify, task::JoinSet, time::timeout};

/// One token for all tasks of a program; clones share it.
#[derive(Clone)]
pub(crate) struct Edx {
    agent: Arc<Mutex<TokenAgent>>,
    pub(crate) reported: Arc<Notify>, // notified after each report to the agent
}

impl Edx {
    pub(crate) fn new(agent: TokenAgent) -> Self {
        let (agent, reported) = (Arc::new(Mutex::new(agent)), Arc::default());
        Self { agent, reported }
    }

    /// Makes an API call. To get only a token, write the same loop over `TokenAgent::acquire`.
    pub(crate) async fn call(&self, mut call: ApiCall, body: Bytes) -> Called {
        let mut response = None;
        loop {
            let reported = self.reported.notified();
            match self.with(|agent| call.poll(agent, now())) {
                CallStep::Send(request) => {
                    let (rules, request) = (request.rules(), request.with_body(body.clone()));
                    response = call.on_result(send(request, rules).await);
                }
                CallStep::Wait(wait) => drop(timeout(wait, reported).await),
                CallStep::Deliver { .. } => return Ok(response.unwrap()),
                CallStep::Fail(error) => return Err(error),
            }
        }
    }

    /// Calls `act` with the agent, then starts the agent's work if there is any.
    pub(crate) fn with<T>(&self, act: impl FnOnce(&mut TokenAgent) -> T) -> T {
        let mut agent = self.agent.lock().unwrap();
        let result = act(&mut agent);
        if let Some(Work::Exchange(ticket, request)) = agent.poll_work(now()) {
            let edx = self.clone();
            tokio::spawn(async move {
                let result = send(request, ticket.rules()).await;
                let (mut agent, jitter) = (edx.agent.lock().unwrap(), fastrand::u32(..));
                agent.on_result(ticket, result, now(), Jitter::from_bits(jitter));
                edx.reported.notify_waiters();
            });
        }
        result
    }
}

pub(crate) fn now() -> Moment {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let (monotonic, wall) = (START.elapsed(), UNIX_EPOCH.elapsed().unwrap_or_default());
    Moment { monotonic, wall }
}

pub(crate) type HttpResponse = Response<Bytes>;
type Sent = Result<HttpResponse, TransportFailure>;
type Called = Result<HttpResponse, CallError>;

/// Sends one request. hyper follows no redirect, uses no proxy, keeps no cookie and decodes no body.
pub(crate) async fn send<B>(request: Request<B>, rules: TransportRules) -> Sent
where
    B: AsRef<[u8]> + Send + 'static,
{
    let request = request.map(|body| Full::new(Bytes::from_owner(body)));
    let response = timeout(rules.deadline(), exchange(request, rules)).await;
    response.unwrap_or(Err(TransportFailure::TimedOut))
}

/// Opens a new connection. For https, wrap its stream with tokio-rustls.
async fn exchange(mut request: Request<Full<Bytes>>, rules: TransportRules) -> Sent {
    let uri = mem::take(request.uri_mut());
    let (Some("http"), Some(host)) = (uri.scheme_str(), uri.authority()) else {
        return Err(TransportFailure::NotSent);
    };
    let stream = TcpStream::connect((host.host(), host.port_u16().unwrap_or(80)));
    let Ok(Ok(stream)) = timeout(rules.connect_deadline(), stream).await else {
        return Err(TransportFailure::NotSent);
    };
    let host = HeaderValue::from_str(host.as_str()).unwrap();
    request.headers_mut().insert(HOST, host);
    *request.uri_mut() = uri.path_and_query().unwrap().clone().into();
    let broken = |_| TransportFailure::MaybeSent;
    let (mut http, stream) = (http1::Builder::new(), TokioIo::new(stream));
    let connection = http.max_buf_size(64 * 1024).handshake(stream).await;
    let (mut sender, connection) = connection.map_err(broken)?;
    let mut tasks = JoinSet::new(); // ends its tasks when it is dropped
    tasks.spawn(connection);
    let response = sender.send_request(request).await.map_err(broken)?;
    let (head, body) = response.into_parts();
    let status = head.status;
    match Limited::new(body, rules.body_limit()).collect().await {
        Ok(body) => Ok(Response::from_parts(head, body.to_bytes())),
        Err(e) if e.is::<LengthLimitError>() => Err(TransportFailure::TooLarge { status }),
        Err(_) => Err(TransportFailure::MaybeSent),
    }
}

fn main() {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    if let Err(error) = runtime.block_on(run()) {
        eprintln!("{error}");
        process::exit(1);
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
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
    match Edx::new(agent).call(call, Bytes::new()).await {
        Ok(response) => println!("{url}: {}", response.status()),
        Err(error) => Err(format!("{error}\n{}", error.advice()))?,
    }
    Ok(())
}
