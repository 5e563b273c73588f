//! API calls of a thousand accounts in one event loop, without a thread or a task for each account.
//!
//! `cargo run --example embed_event_loop` calls a stand-in for edX that it starts itself. If an `EDX_*`
//! variable is set, it has only the account in the variables of [`EnvConfig`], and calls the URL in
//! `EDX_API_URL`.

// clippy.toml forbids the core clocks, sockets, variables and printing. A program may use them.
#![allow(clippy::disallowed_methods, clippy::print_stdout)]
#![allow(clippy::indexing_slicing, reason = "accounts are never removed")]

mod event_loop;
mod http1;
mod socket;

use std::sync::mpsc::{self, TryRecvError};
use std::{env, error::Error, ffi::OsString, fs, process, time::Duration};

use edx_auth_core::{ApiCall, ClientCredentials, EnvConfig, RenewalPolicy, TokenAgent};
use edx_auth_testkit::MockEdx;
use http::{Method, Response};

use event_loop::{Account, Call, EventLoop};

fn main() {
    if let Err(error) = run() {
        eprintln!("{error}");
        process::exit(1);
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let ids: Vec<_> = (0..1000)
        .map(|number| format!("account-{number}"))
        .collect();
    let stand_in = ids.iter().fold(MockEdx::builder(), |stand_in, id| {
        stand_in.client(id, SECRET)
    });
    let stand_in = stand_in.start()?;
    let is_set = env::vars_os().any(|(name, _)| name.as_encoded_bytes().starts_with(b"EDX_"));
    let variable = |name: &str| match name {
        _ if is_set => env::var_os(name).map(OsString::into_encoded_bytes),
        "EDX_CLIENT_ID" => Some(stand_in.client_id().into()),
        "EDX_CLIENT_SECRET" => Some(SECRET.into()),
        "EDX_TOKEN_URL" => Some(stand_in.token_url().into()),
        "EDX_API_URL" => Some(stand_in.catalogs_url().into()),
        _ => None,
    };
    let config = EnvConfig::read(variable, |path| fs::read(path))?;
    let url = String::from_utf8(variable("EDX_API_URL").ok_or("EDX_API_URL is not set")?)?;
    let (sender, results) = mpsc::channel();
    let account = |id: &str| {
        let mut request = config.token_request().clone();
        if !is_set {
            request = request.with_credentials(ClientCredentials::new(id, SECRET)?);
        }
        let sender = sender.clone();
        let call = Call {
            request: ApiCall::new(Method::GET, &url, config.origins().clone())?,
            body: Vec::new(),
            response: Response::default(),
            done: Box::new(move |result| drop(sender.send(result))),
        };
        Ok::<_, Box<dyn Error>>(Account {
            agent: TokenAgent::new(request, RenewalPolicy::DEFAULT),
            calls: vec![call],
            due: Duration::ZERO,
        })
    };
    let ids = ids.iter().take(if is_set { 1 } else { usize::MAX });
    let accounts = ids.map(|id| account(id)).collect::<Result<_, _>>()?;
    let mut event_loop = EventLoop::new(accounts)?;
    drop(sender); // each call has its own, and drops it when it ends
    loop {
        match results.try_recv() {
            Ok(Ok(response)) => println!("{url}: {}", response.status()),
            Ok(Err(error)) => return Err(format!("{error}\n{}", error.advice()).into()),
            Err(TryRecvError::Empty) => event_loop.turn(A_WHILE)?,
            Err(TryRecvError::Disconnected) => return Ok(()),
        }
    }
}

const A_WHILE: Duration = Duration::from_secs(60);
const SECRET: &str = "s3cret";
