//! Connections of local programs.

#[cfg(unix)]
mod socket;

use std::convert::Infallible;
use std::io;
use std::net::Ipv4Addr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
#[cfg(unix)]
use tokio::net::UnixListener;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{sleep, timeout};

use super::service::Service;
use crate::shutdown::EndSignals;

/// Where the proxy listens.
#[derive(Debug)]
pub(super) enum Listener {
    Port(TcpListener),
    #[cfg(unix)]
    Socket(UnixListener),
}

impl Listener {
    /// Listens on a port of 127.0.0.1. Returns the number of the port too.
    pub(super) async fn on_port(port: u16) -> io::Result<(Self, u16)> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let port = listener.local_addr()?.port();
        Ok((Self::Port(listener), port))
    }

    /// Listens on a Unix socket that its owner alone can use.
    #[cfg(unix)]
    pub(super) fn on_socket(path: &std::path::Path) -> io::Result<Self> {
        socket::bind(path).map(Self::Socket)
    }

    /// Serves connections until the end. Then it takes no more of them, and lets the requests under way have
    /// their responses, for ten seconds or until the next signal. If the process has no file descriptor left for
    /// a connection, it waits until others have closed.
    pub(super) async fn serve(self, service: Arc<Service>, end: &mut EndSignals) {
        let slots = Arc::new(Semaphore::new(MOST_CONNECTIONS));
        let (open, closed) = watch::channel(());
        tokio::select! {
            never = self.accept_all(&service, &slots, closed) => match never {},
            () = end.wait(None) => drop((open, self)),
        }
        let all = u32::try_from(MOST_CONNECTIONS).unwrap_or(u32::MAX);
        tokio::select! {
            _all_ended = slots.acquire_many(all) => (),
            () = end.wait(Some(LAST_RESPONSES)) => (),
        }
    }

    async fn accept_all(
        &self,
        service: &Arc<Service>,
        slots: &Arc<Semaphore>,
        closed: watch::Receiver<()>,
    ) -> Infallible {
        loop {
            let Ok(slot) = Arc::clone(slots).acquire_owned().await else {
                continue;
            };
            if self.accept(service, slot, closed.clone()).await.is_err() {
                sleep(A_MOMENT).await;
            }
        }
    }

    async fn accept(
        &self,
        service: &Arc<Service>,
        slot: OwnedSemaphorePermit,
        closed: watch::Receiver<()>,
    ) -> io::Result<()> {
        let service = Arc::clone(service);
        match self {
            Self::Port(listener) => {
                let (stream, _) = listener.accept().await?;
                stream.set_nodelay(true)?;
                tokio::spawn(serve(stream, service, slot, closed));
            }
            #[cfg(unix)]
            Self::Socket(listener) => {
                let (stream, _) = listener.accept().await?;
                tokio::spawn(serve(stream, service, slot, closed));
            }
        }
        Ok(())
    }
}

/// Serves one connection. A program that breaks it off, or sends no request in time, gets no response.
async fn serve<S>(
    stream: S,
    service: Arc<Service>,
    _slot: OwnedSemaphorePermit,
    mut closed: watch::Receiver<()>,
) where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let respond = service_fn(|request| {
        let service = Arc::clone(&service);
        async move { Ok::<_, Infallible>(service.respond(request).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(BUFFER)
        .serve_connection(TokioIo::new(stream), respond);
    let mut connection = pin!(connection);
    tokio::select! {
        _ended = connection.as_mut() => return,
        _no_longer_open = closed.changed() => (),
        () = sleep(A_LONG_TIME) => (),
    }
    connection.as_mut().graceful_shutdown();
    let _ended = timeout(A_LONG_TIME, connection).await;
}

/// A connection takes two file descriptors: to the program, and to the API.
const MOST_CONNECTIONS: usize = 2048;

/// How long a connection may be idle, or take to send the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(5);

/// After this time a connection takes no further request, and after as long again it ends: a response takes no
/// longer.
const A_LONG_TIME: Duration = Duration::from_secs(60 * 60);

/// The most that a connection holds of a request or of a response. A head has to fit in.
const BUFFER: usize = 32 * 1024;

/// How long the requests under way may take after the end.
const LAST_RESPONSES: Duration = Duration::from_secs(10);

const A_MOMENT: Duration = Duration::from_millis(50);
