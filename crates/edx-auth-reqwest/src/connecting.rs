//! A bound on how long a connection may take, in real time.
//!
//! reqwest has one too, by the runtime's timers: under a test's paused clock that rings at once.

use std::error::Error;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tower_layer::Layer;
use tower_service::Service;

use crate::alarm::Alarm;

/// Lays the bound over whatever makes connections.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ConnectDeadline(pub(crate) Duration);

/// What makes connections, within the bound.
#[derive(Clone, Debug)]
pub(crate) struct Bounded<S> {
    connector: S,
    deadline: Duration,
}

type Fault = Box<dyn Error + Send + Sync>;
type Connecting<C> = Pin<Box<dyn Future<Output = Result<C, Fault>> + Send>>;

impl<S> Layer<S> for ConnectDeadline {
    type Service = Bounded<S>;

    fn layer(&self, connector: S) -> Bounded<S> {
        Bounded {
            connector,
            deadline: self.0,
        }
    }
}

impl<S, Target> Service<Target> for Bounded<S>
where
    S: Service<Target, Error = Fault>,
    S::Future: Send + 'static,
    S::Response: 'static,
{
    type Response = S::Response;
    type Error = Fault;
    type Future = Connecting<S::Response>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Fault>> {
        self.connector.poll_ready(context)
    }

    fn call(&mut self, target: Target) -> Self::Future {
        let connected = Alarm::after(self.deadline).limit(self.connector.call(target));
        Box::pin(async {
            let too_late = || Err(io::Error::from(io::ErrorKind::TimedOut).into());
            connected.await?.unwrap_or_else(too_late)
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use std::future::{Pending, Ready, pending, ready};

    use super::*;

    /// A server that nobody can reach, and one that is there at once.
    #[derive(Clone)]
    struct Unreachable;
    struct AtHand;

    impl Service<()> for Unreachable {
        type Response = ();
        type Error = Fault;
        type Future = Pending<Result<(), Fault>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Fault>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, (): ()) -> Self::Future {
            pending()
        }
    }

    impl Service<()> for AtHand {
        type Response = &'static str;
        type Error = Fault;
        type Future = Ready<Result<&'static str, Fault>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Fault>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, (): ()) -> Self::Future {
            ready(Ok("connected"))
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_cannot_be_reached_is_given_up() {
        let mut connector = ConnectDeadline(Duration::from_millis(20)).layer(Unreachable);

        let fault = connector.call(()).await.unwrap_err();

        let fault = fault.downcast::<io::Error>().unwrap();
        assert_eq!(fault.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test(start_paused = true)]
    async fn who_is_at_hand_is_reached_whatever_the_runtimes_clock_says() {
        let mut connector = ConnectDeadline(Duration::from_secs(60)).layer(AtHand);

        assert_eq!(connector.call(()).await.unwrap(), "connected");
    }
}
