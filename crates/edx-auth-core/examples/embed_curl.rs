//! An API call over libcurl in a blocking program: `edx-auth-driver` around one function that sends.
//!
//! `cargo run --example embed_curl` calls a stand-in for edX that it starts itself. If an `EDX_*`
//! variable is set, it reads those of [`EnvConfig`] instead, and the URL from `EDX_API_URL`.

// clippy.toml forbids the core to read variables or to print. A program may.
#![allow(clippy::disallowed_methods, clippy::print_stdout)]

use std::time::Duration;
use std::{env, ffi::OsString, mem, process};

use curl::easy::{Easy, List};
use edx_auth_core::{
    ApiCall, EnvConfig, TokenRequest,
    TransportFailure::{self, MaybeSent, NotSent, TimedOut, TooLarge},
    TransportRules,
};
use edx_auth_driver::{
    Blocking, CallAction, Error, ResponseBody, TokenSource, TokenSourceBuilder, from_env,
};
use edx_auth_testkit::MockEdx;
use http::{Method, Request, Response, StatusCode, response};

pub(crate) fn source(request: TokenRequest) -> TokenSourceBuilder<Blocking> {
    TokenSource::over(request, |request, rules| {
        Ok(send(&request, rules)?.map(ResponseBody::from))
    })
}

pub(crate) fn call(
    source: &TokenSource<Blocking>,
    mut call: ApiCall,
    body: &[u8],
) -> Result<HttpResponse, Error> {
    let mut received = None;
    loop {
        match source.next_action(&mut call)? {
            CallAction::Send(request) => {
                let (rules, request) = (request.rules(), request.with_body(body));
                received = call.on_result(send(&request, rules));
            }
            CallAction::Deliver(meaning) => return meaning.deliver(received),
        }
    }
}

pub(crate) type HttpResponse = Response<Vec<u8>>;

/// Sends one request. A new handle keeps no connection and no cookie. libcurl follows no redirect and
/// decodes no body by default.
pub(crate) fn send(
    request: &Request<impl AsRef<[u8]>>,
    rules: TransportRules,
) -> Result<HttpResponse, TransportFailure> {
    let mut easy = Easy::new();
    let received = perform(&mut easy, request, rules);
    let status = easy.response_code().unwrap_or_default().try_into();
    let status = StatusCode::from_u16(status.unwrap_or_default());
    match (received, status) {
        (Ok((true, head, body)), Ok(status)) => {
            let response = head.status(status).body(body);
            response.map_err(|_| MaybeSent)
        }
        (Err(e), Ok(status)) if e.is_write_error() => Err(TooLarge { status }),
        (Err(e), _) if e.is_operation_timedout() => Err(TimedOut),
        _ if easy.request_size().is_ok_and(|size| size == 0) => Err(NotSent),
        _ => Err(MaybeSent),
    }
}

type Received = (bool, response::Builder, Vec<u8>);

fn perform(
    easy: &mut Easy,
    request: &Request<impl AsRef<[u8]>>,
    rules: TransportRules,
) -> Result<Received, curl::Error> {
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
        headers.append(&format!(
            "{name}: {}",
            String::from_utf8_lossy(value.as_bytes())
        ))?;
    }
    easy.http_headers(headers)?;
    let (mut is_whole, mut head, mut body) = (false, Response::builder(), Vec::new());
    let mut transfer = easy.transfer();
    transfer.header_function(|line| {
        let line = String::from_utf8_lossy(line);
        match line.split_once(':').filter(|_| !line.starts_with("HTTP/")) {
            Some((name, value)) => head = mem::take(&mut head).header(name, value.trim()),
            None => is_whole = line.trim().is_empty(),
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
    Ok((is_whole, head, body))
}

fn main() {
    if let Err(error) = run() {
        eprintln!("{}", error.report());
        process::exit(1);
    }
}

fn run() -> Result<(), Error> {
    let stand_in = MockEdx::start().map_err(Error::setup)?;
    let variable = |name: &str| match name {
        "EDX_CLIENT_ID" => Some(stand_in.client_id().into()),
        "EDX_CLIENT_SECRET" => Some(stand_in.client_secret().into()),
        "EDX_TOKEN_URL" => Some(stand_in.token_url().into()),
        _ => None,
    };
    let is_set = |(name, _): (OsString, _)| name.as_encoded_bytes().starts_with(b"EDX_");
    let (config, url) = if env::vars_os().any(is_set) {
        (
            from_env()?,
            env::var("EDX_API_URL").map_err(Error::request)?,
        )
    } else {
        (
            EnvConfig::read(variable, |_| Err(""))?,
            stand_in.catalogs_url(),
        )
    };
    let request = ApiCall::new(Method::GET, &url, config.origins().clone())?;
    let source = source(config.token_request().clone()).build()?;
    let response = call(&source, request, b"")?;
    println!("{url}: {}", response.status());
    Ok(())
}
