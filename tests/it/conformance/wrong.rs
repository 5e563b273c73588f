//! A driver by hand that gets one item wrong, or none.

mod body;
mod call;
mod exchange;
mod inflate;
mod source;
mod successor;
mod wire;

use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use edx_auth_core::{LiveToken, Need, TokenError};
use edx_auth_testkit::conformance::{Driver, Item, Setup};
use http::Request;

use call::Called;
use source::Source;

/// What a driver gets wrong.
pub(super) trait Wrong: Send + Sync + 'static {
    /// The item, if any.
    const AT: Option<Fault>;
}

/// A fault that one item is there for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// The plain one.
    Of(Item),
    /// One that is seen by a closer look.
    Finer(Item),
}

/// The driver that does.
pub(super) struct ByHand<W> {
    source: Arc<Source>,
    wrong: PhantomData<W>,
}

impl<W: Wrong> Driver for ByHand<W> {
    fn start(setup: Setup) -> Self {
        Self {
            source: Arc::new(Source::new(setup, W::AT)),
            wrong: PhantomData,
        }
    }

    fn token(&self, patience: Duration) -> Result<LiveToken, TokenError> {
        self.source.ask(Need::any(), patience)
    }

    fn call(&self, request: Request<Vec<u8>>) -> Called {
        self.source.call(request)
    }
}
