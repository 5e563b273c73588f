//! Connects as reqwest does, within a time limit, and names the proxy that did not connect.
//!
//! reqwest has a limit too, by the runtime's timers: under a test's paused clock those complete at once.

use std::error::Error;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use edx_auth_driver::{ProxyUrl, Timer, TransportError, TransportFailure};
use http::StatusCode;
use tower_layer::Layer;
use tower_service::Service;

use crate::tls::BoxError;

/// The rules for every connection of a client.
#[derive(Clone, Debug)]
pub(crate) struct ConnectRules {
    /// How long connecting may take, in real time.
    pub(crate) timeout: Duration,
    /// The proxy, to name it in an error. `None` for a client of the program, whose builder does not tell
    /// its proxy.
    pub(crate) proxy: Option<ProxyUrl>,
}

/// A connector that keeps the rules.
#[derive(Clone, Debug)]
pub(crate) struct Strict<S> {
    connector: S,
    /// Shared: reqwest clones its connector for each request.
    rules: Arc<ConnectRules>,
}

type Connecting<C> = Pin<Box<dyn Future<Output = Result<C, BoxError>> + Send>>;

impl<S> Layer<S> for ConnectRules {
    type Service = Strict<S>;

    fn layer(&self, connector: S) -> Strict<S> {
        let rules = Arc::new(self.clone());
        Strict { connector, rules }
    }
}

impl<S, Target> Service<Target> for Strict<S>
where
    S: Service<Target, Error = BoxError>,
    S::Future: Send + 'static,
    S::Response: 'static,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = Connecting<S::Response>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.connector.poll_ready(context)
    }

    fn call(&mut self, target: Target) -> Self::Future {
        let connected = Timer::after(self.rules.timeout).limit(self.connector.call(target));
        let rules = Arc::clone(&self.rules);
        Box::pin(async move {
            let timed_out = || Err(io::Error::from(io::ErrorKind::TimedOut).into());
            let connected = connected.await?.unwrap_or_else(timed_out);
            connected.map_err(|error| with_proxy(error, rules.proxy.as_ref()))
        })
    }
}

/// Names the proxy in the error of a connection that it rejected.
fn with_proxy(error: BoxError, proxy: Option<&ProxyUrl>) -> BoxError {
    let text = error.to_string();
    if !is_rejection(&*error, &text) {
        return error;
    }
    let status = text
        .ends_with("proxy authorization required")
        .then_some(StatusCode::PROXY_AUTHENTICATION_REQUIRED);
    let rejected = TransportError::from(TransportFailure::ProxyRejected { status });
    match proxy {
        Some(proxy) => rejected.with_cause(format!("{proxy}: {text}")).into(),
        None => rejected.with_cause(error).into(),
    }
}

/// Reports whether the proxy opened no tunnel: it responded to CONNECT with an error, or closed the
/// connection. hyper-util does not export the type of this error, and tells no status but 407. An error
/// while connecting to the proxy has a source; this one has none.
fn is_rejection(error: &(dyn Error + 'static), text: &str) -> bool {
    text.starts_with("tunnel error: ") && error.source().is_none()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use std::future::{Pending, Ready, pending, ready};

    use super::*;

    /// A server that cannot be reached, and one that is reached at once.
    #[derive(Clone)]
    struct Unreachable;
    struct Reachable;

    impl Service<()> for Unreachable {
        type Response = ();
        type Error = BoxError;
        type Future = Pending<Result<(), BoxError>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, (): ()) -> Self::Future {
            pending()
        }
    }

    impl Service<()> for Reachable {
        type Response = &'static str;
        type Error = BoxError;
        type Future = Ready<Result<&'static str, BoxError>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, (): ()) -> Self::Future {
            ready(Ok("connected"))
        }
    }

    #[tokio::test(start_paused = true)]
    async fn connecting_to_an_unreachable_server_times_out() {
        let mut connector = within(Duration::from_millis(20)).layer(Unreachable);

        let error = connector.call(()).await.unwrap_err();

        let error = error.downcast::<io::Error>().unwrap();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test(start_paused = true)]
    async fn a_reachable_server_is_reached_under_a_paused_clock() {
        let mut connector = within(Duration::from_secs(60)).layer(Reachable);

        assert_eq!(connector.call(()).await.unwrap(), "connected");
    }

    fn within(timeout: Duration) -> ConnectRules {
        let proxy = None;
        ConnectRules { timeout, proxy }
    }
}
