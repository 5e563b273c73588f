//! What the clones and threads of `edx-auth-reqwest` share, word for word, on another machine.
//!
//! The files are the driver's own. What they call `std`, `tokio`, `futures_timer` and `reqwest` here
//! is the scenario's.
#![allow(dead_code, reason = "a driver has more than is asked of it here")]
#![allow(
    clippy::large_enum_variant,
    reason = "the locks of this machine are larger"
)]

extern crate machine as std;
extern crate self as futures_timer;
extern crate self as reqwest;
extern crate self as tokio;

#[path = "../../../../crates/edx-auth-reqwest/src"]
mod driver {
    pub(crate) mod alarm;
    pub(crate) mod environment;
    pub(crate) mod exchanges;
    #[path = "silence.rs"]
    pub(crate) mod trace;

    pub(crate) mod source;
}

use edx_auth_core::{
    ClientName, ExchangeError, Invalidation, IssuedToken, LiveToken, TokenRequest,
};
use machine::time::Duration;
use scenarios::{Asked, Places, Plan, Source, site};
use shuttle::future::block_on;

use driver::exchanges::Exchanges;
pub use driver::source::{TokenSource, TokenSourceBuilder};
use driver::{alarm, environment, exchanges, trace};
pub use edx_auth_core::{AccessToken, Origins, RenewalPolicy, TokenType};
pub use environment::{from_env, from_open_edx_env};
pub use machine::delay::Delay;
pub use scenarios::Error;

/// tokio's bell.
pub mod sync {
    pub use machine::notify::Notify;

    pub mod futures {
        pub use machine::notify::Notified;
    }
}

/// reqwest's, which the scenario's site has no use for.
#[derive(Clone, Debug)]
pub struct ClientBuilder(());

/// The same.
#[derive(Clone, Debug)]
struct Client(());

mod exchange {
    use super::*;

    pub(crate) fn exchange_over(
        _over: &Client,
        request: &TokenRequest,
    ) -> Result<IssuedToken, ExchangeError> {
        site::answer(request)
    }
}

mod stack {
    use super::*;

    type Made = Result<Client, Box<dyn std::error::Error + Send + Sync>>;

    pub(crate) fn client(_reach: tls::Reach, _name: Option<&ClientName>) -> Made {
        Ok(Client(()))
    }

    pub(crate) fn client_over(_builder: ClientBuilder, _reach: tls::Reach) -> Made {
        Ok(Client(()))
    }
}

mod tls {
    pub(crate) struct Reach;

    impl Reach {
        pub(crate) fn of(_is_https: bool) -> Self {
            Self
        }
    }
}

impl Source for TokenSource {
    fn of(plan: Plan) -> Self {
        let source = Self::builder(plan.request)
            .policy(plan.policy)
            .token_timeout(plan.patience);
        let source = match plan.credentials {
            Some(pair) => source.credentials(pair).build(),
            None => source.build(),
        };
        source.unwrap()
    }

    fn token(&self) -> Asked {
        block_on(self.token())
    }

    fn token_within(&self, patience: Duration) -> Asked {
        block_on(self.token_within(patience))
    }

    fn renew_now(&self) -> Asked {
        block_on(self.renew_now())
    }

    fn token_newer_than(&self, refused: &LiveToken) -> Asked {
        block_on(self.token_newer_than(refused))
    }

    fn invalidate(&self, token: &LiveToken) -> Invalidation {
        self.invalidate(token)
    }

    fn credentials_changed(&self) {
        self.credentials_changed();
    }

    fn exchanges() -> String {
        format!("{:?}", exchanges::ALL)
    }

    fn places(at_once: usize) -> impl Places {
        Exchanges::new(at_once, None)
    }
}

impl Places for Exchanges {
    fn run(&'static self, job: impl FnOnce() + Send + 'static) {
        self.run(job);
    }
}
