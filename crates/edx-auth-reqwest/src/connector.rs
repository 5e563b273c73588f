//! Connects as reqwest does, within a time limit in real time.
//!
//! reqwest has a limit too, by the runtime's timers: under a test's paused clock those complete at once. And it
//! costs each request 18 allocations that reqwest clones a connector with a layer.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use edx_auth_driver::Timer;
use tower_layer::Layer;
use tower_service::Service;

use crate::tls::BoxError;

/// How long connecting may take, in real time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ConnectTimeout(pub(crate) Duration);

/// A connector that keeps to it.
#[derive(Clone, Debug)]
pub(crate) struct Strict<S> {
    connector: S,
    timeout: Duration,
}

type Connecting<C> = Pin<Box<dyn Future<Output = Result<C, BoxError>> + Send>>;

impl<S> Layer<S> for ConnectTimeout {
    type Service = Strict<S>;

    fn layer(&self, connector: S) -> Strict<S> {
        let timeout = self.0;
        Strict { connector, timeout }
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
        let mut timer = Timer::after(self.timeout);
        let connecting = self.connector.call(target);
        Box::pin(async move {
            let timed_out = || Err(io::Error::from(io::ErrorKind::TimedOut).into());
            timer.limit(connecting).await?.unwrap_or_else(timed_out)
        })
    }
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
        let mut connector = ConnectTimeout(Duration::from_millis(20)).layer(Unreachable);

        let error = connector.call(()).await.unwrap_err();

        let error = error.downcast::<io::Error>().unwrap();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test(start_paused = true)]
    async fn a_reachable_server_is_reached_under_a_paused_clock() {
        let mut connector = ConnectTimeout(Duration::from_secs(60)).layer(Reachable);

        assert_eq!(connector.call(()).await.unwrap(), "connected");
    }
}
