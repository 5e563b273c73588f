//! One request and its reply over hyper.

use bytes::Bytes;
use edx_auth_core::TransportFailure;
use http::header::{HOST, USER_AGENT};
use http::uri::{Authority, Scheme};
use http::{HeaderValue, Request, Response, Uri};
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::contract::{Fault, NAME, Reply, Terms};

/// Sends a request once, on a connection of its own, which is never used again: so none can have
/// gone stale, and nothing is ever sent twice. hyper alone follows no redirect, asks no proxy,
/// keeps no cookies and decodes no body.
pub(crate) async fn carry<B>(request: Request<B>, terms: Terms) -> Reply
where
    B: AsRef<[u8]> + Send + 'static,
{
    let exchanged = timeout(terms.deadline, exchange(request, terms)).await;
    exchanged.unwrap_or_else(|_| Err(TransportFailure::TimedOut.into()))
}

async fn exchange<B>(request: Request<B>, terms: Terms) -> Reply
where
    B: AsRef<[u8]> + Send + 'static,
{
    let stream = connect(request.uri(), terms).await?;
    let mut connection = http1::Builder::new();
    connection.max_headers(MOST_HEADERS).max_buf_size(MOST_HEAD);
    let (mut sender, connection) = connection
        .handshake(TokioIo::new(stream))
        .await
        .map_err(broken)?;
    // Ends with this future, however that ends.
    let mut tasks = JoinSet::new();
    tasks.spawn(connection);
    let reply = sender.send_request(in_origin_form(request)).await;
    read(reply.map_err(broken)?, terms.body_limit).await
}

/// For https, wrap the stream here: `tokio-rustls` with the system's roots.
async fn connect(uri: &Uri, terms: Terms) -> Result<TcpStream, Fault> {
    let is_plain = uri.scheme() == Some(&Scheme::HTTP) && !terms.https_only;
    let (Some(host), true) = (uri.host(), is_plain) else {
        return Err(Fault::of(TransportFailure::NotSent, NO_TLS));
    };
    let address = format!("{host}:{}", uri.port_u16().unwrap_or(80));
    let connected = timeout(terms.connect_deadline, TcpStream::connect(address)).await;
    let connected = connected.unwrap_or_else(|late| Err(late.into()));
    connected.map_err(|error| Fault::of(TransportFailure::NotSent, error))
}

/// A connection speaks to one server: the host goes into a header, the path into the first line.
/// The body stays in its own buffer, which is wiped after use.
fn in_origin_form<B>(request: Request<B>) -> Request<Full<Bytes>>
where
    B: AsRef<[u8]> + Send + 'static,
{
    let (mut head, body) = request.into_parts();
    let authority = head.uri.authority().map(Authority::as_str);
    if let Ok(host) = HeaderValue::from_str(authority.unwrap_or_default()) {
        head.headers.insert(HOST, host);
    }
    let name = HeaderValue::from_static(NAME);
    head.headers.entry(USER_AGENT).or_insert(name);
    let path = head.uri.path_and_query().cloned();
    head.uri = path.map(Uri::from).unwrap_or_default();
    Request::from_parts(head, Full::new(Bytes::from_owner(body)))
}

async fn read(reply: Response<Incoming>, limit: usize) -> Reply {
    let (head, body) = reply.into_parts();
    let read = Limited::new(body, limit).collect().await;
    let body = read.map_err(|error| match error.downcast::<LengthLimitError>() {
        Ok(_) => TransportFailure::TooLarge {
            status: head.status,
        }
        .into(),
        Err(error) => Fault::of(TransportFailure::MaybeSent, error).after(Some(head.status)),
    })?;
    Ok(Response::from_parts(head, body.to_bytes().into()))
}

fn broken(error: hyper::Error) -> Fault {
    Fault::of(TransportFailure::MaybeSent, error)
}

const MOST_HEADERS: usize = 100;
const MOST_HEAD: usize = 64 * 1024;
const NO_TLS: &str = "this program speaks plain http alone";
