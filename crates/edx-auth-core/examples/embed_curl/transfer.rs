//! One request and its reply over libcurl.

use std::error::Error;
use std::str;
use std::time::Duration;

use curl::easy::{Easy2, Handler, HttpVersion, List, NetRc, WriteError};
use edx_auth_core::TransportFailure;
use http::header::{ACCEPT, CONTENT_TYPE, EXPECT};
use http::uri::Scheme;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode};

use super::contract::{Fault, NAME, Reply, Terms};

/// Sends a request once. Each has a handle of its own, so there is no connection, no cookie and no
/// credential that could be left over from another, and no connection that could have gone stale.
///
/// A libcurl that was built without TLS refuses https. The `curl` crate's feature `ssl`, which is
/// its default, switches it on; nothing here has to change for it, since certificates are verified
/// unless somebody says otherwise.
pub(crate) fn carry(request: &Request<impl AsRef<[u8]>>, terms: Terms) -> Reply {
    let is_https = request.uri().scheme() == Some(&Scheme::HTTPS);
    if terms.https_only && !is_https {
        return Err(Fault::of(
            TransportFailure::NotSent,
            "only https may go there",
        ));
    }
    let mut easy = Easy2::new(Exchange::of(request.body().as_ref(), terms.body_limit));
    let set = set_rules(&mut easy, terms).and_then(|()| set_request(&mut easy, request));
    set.map_err(|error| Fault::of(TransportFailure::NotSent, error))?;
    let performed = easy.perform();
    performed.map_err(|error| fault(&easy, &error))?;
    easy.get_mut().whole()
}

/// Most of this is how libcurl is when nobody has touched it; it is said so that it stays so.
fn set_rules<H: Handler>(easy: &mut Easy2<H>, terms: Terms) -> Set {
    // The only redirects are our own, so the URL's scheme is the only protocol too.
    easy.follow_location(false)?;
    easy.fail_on_error(false)?;
    // To libcurl, no time at all means all the time there is.
    easy.timeout(terms.deadline.max(A_MOMENT))?;
    easy.connect_timeout(terms.connect_deadline.max(A_MOMENT))?;
    easy.netrc(NetRc::Ignored)?;
    easy.unrestricted_auth(false)?;
    easy.http_content_decoding(false)?;
    easy.http_09_allowed(false)?;
    easy.http_version(HttpVersion::V11)?;
    easy.fresh_connect(true)?;
    easy.forbid_reuse(true)?;
    // What it tells of a transfer has the headers in it.
    Ok(easy.verbose(false)?)
}

fn set_request<H: Handler>(easy: &mut Easy2<H>, request: &Request<impl AsRef<[u8]>>) -> Set {
    let (method, length) = (request.method(), request.body().as_ref().len());
    easy.url(&request.uri().to_string())?;
    // As it stands: `/../` is the server's to resolve, and nobody else's.
    easy.path_as_is(true)?;
    if request.uri().scheme() == Some(&Scheme::HTTP) {
        easy.proxy("")?;
        easy.noproxy("*")?;
    }
    easy.useragent(NAME)?;
    easy.http_headers(headers(request.headers())?)?;
    if method == Method::HEAD {
        return Ok(easy.nobody(true)?);
    }
    if length > 0 || SAY_THEIR_LENGTH.contains(method) {
        easy.post(true)?;
        easy.post_field_size(length as u64)?;
    } else {
        easy.get(true)?;
    }
    Ok(easy.custom_request(method.as_str())?)
}

fn headers(headers: &HeaderMap) -> Result<List, Box<dyn Error + Send + Sync>> {
    let mut list = List::new();
    for (name, value) in headers {
        // An empty one has to be asked for: a name with nothing after its colon takes a header out.
        list.append(&match str::from_utf8(value.as_bytes())? {
            "" => format!("{name};"),
            value => format!("{name}: {value}"),
        })?;
    }
    for added in [ACCEPT, CONTENT_TYPE, EXPECT] {
        if !headers.contains_key(&added) {
            list.append(&format!("{added}:"))?;
        }
    }
    Ok(list)
}

type Set = Result<(), Box<dyn Error + Send + Sync>>;

/// What libcurl asks for and tells while it transfers.
struct Exchange<'a> {
    unsent: &'a [u8],
    reply: Option<Response<Vec<u8>>>,
    part: Part,
    limit: usize,
    /// Why the transfer was stopped from here.
    stopped: Option<TransportFailure>,
}

/// What of the reply comes now.
#[derive(PartialEq, Eq)]
enum Part {
    Head,
    Body,
}

impl<'a> Exchange<'a> {
    fn of(body: &'a [u8], limit: usize) -> Self {
        Self {
            unsent: body,
            reply: None,
            part: Part::Head,
            limit,
            stopped: None,
        }
    }

    /// libcurl takes a head that is cut short for a reply without a body.
    fn whole(&mut self) -> Reply {
        let reply = self.reply.take().filter(|_| self.part == Part::Body);
        reply.ok_or_else(|| TransportFailure::MaybeSent.into())
    }
}

/// Not by the error alone: libcurl calls a reply that is not HTTP an unsupported protocol too, and
/// then the secret has been sent.
fn fault(easy: &Easy2<Exchange<'_>>, error: &curl::Error) -> Fault {
    let never_left = easy.request_size().is_ok_and(|size| size == 0);
    let failure = match easy.get_ref().stopped {
        Some(failure) => return failure.into(),
        None if error.is_operation_timedout() => TransportFailure::TimedOut,
        None if never_left => TransportFailure::NotSent,
        None => TransportFailure::MaybeSent,
    };
    let status = easy.get_ref().reply.as_ref().map(Response::status);
    Fault::of(failure, error.description().to_owned()).after(status)
}

impl Handler for Exchange<'_> {
    /// The body goes from its own buffer into libcurl's, which is used for the next portion: no
    /// copy of the secret stays.
    fn read(&mut self, into: &mut [u8]) -> Result<usize, curl::easy::ReadError> {
        let (now, later) = self.unsent.split_at(self.unsent.len().min(into.len()));
        if let Some(into) = into.get_mut(..now.len()) {
            into.copy_from_slice(now);
        }
        self.unsent = later;
        Ok(now.len())
    }

    /// A line of a head; `false` ends the transfer. Each head begins with its status: that of 100
    /// Continue is followed by another. What follows a body is no part of a head.
    fn header(&mut self, line: &[u8]) -> bool {
        if line.starts_with(b"HTTP/") {
            self.part = Part::Head;
            self.reply = status(line).map(with_status);
            return self.reply.is_some();
        }
        match (&mut self.reply, &self.part, field(line)) {
            (Some(reply), Part::Head, Some((name, value))) => {
                reply.headers_mut().append(name, value);
                reply.headers().len() <= MOST_HEADERS
            }
            (Some(_), Part::Head, None) => {
                self.part = Part::Body;
                line.trim_ascii().is_empty()
            }
            (reply, ..) => reply.is_some(),
        }
    }

    /// Fewer bytes taken than given end the transfer.
    fn write(&mut self, bytes: &[u8]) -> Result<usize, WriteError> {
        let Some(reply) = &mut self.reply else {
            return Ok(0);
        };
        if reply.body().len() + bytes.len() > self.limit {
            let status = reply.status();
            self.stopped = Some(TransportFailure::TooLarge { status });
            return Ok(0);
        }
        reply.body_mut().extend(bytes);
        Ok(bytes.len())
    }
}

fn status(line: &[u8]) -> Option<StatusCode> {
    let code = line.split(|byte| *byte == b' ').nth(1)?;
    StatusCode::from_bytes(code.trim_ascii()).ok()
}

fn with_status(status: StatusCode) -> Response<Vec<u8>> {
    let mut reply = Response::new(Vec::new());
    *reply.status_mut() = status;
    reply
}

fn field(line: &[u8]) -> Option<(HeaderName, HeaderValue)> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let (name, value) = line.split_at_checked(colon)?;
    let name = HeaderName::from_bytes(name).ok()?;
    let value = HeaderValue::from_bytes(value.get(1..)?.trim_ascii()).ok()?;
    Some((name, value))
}

/// Without a body these say so, or a server may wait for one.
const SAY_THEIR_LENGTH: [Method; 3] = [Method::POST, Method::PUT, Method::PATCH];

const MOST_HEADERS: usize = 100;
const A_MOMENT: Duration = Duration::from_millis(1);
