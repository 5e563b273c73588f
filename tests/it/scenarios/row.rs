//! One row of the table: a site, a program, its deeds, and what is to come of them.

use std::fmt;
use std::time::Duration;

use edx_auth_core::{RenewalPolicy, TokenRequest};
use edx_auth_testkit::{Behavior, MockEdxBuilder};
use edx_auth_tests::openedx::{CLIENT, TestClient};

use super::deed::{Deed, Outcome};
use super::sent::Sent;

/// A scenario, told before it is performed. The usual one: a site that knows [`CLIENT`], a program
/// that is it, and pauses so short that they can be waited out.
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) site: fn(MockEdxBuilder) -> MockEdxBuilder,
    pub(super) behaviors: Vec<Behavior>,
    /// One for each time the program is asked who it is; the last one stays.
    pub(super) pairs: Vec<TestClient>,
    pub(super) request: fn(TokenRequest) -> TokenRequest,
    pub(super) policy: RenewalPolicy,
    pub(super) patience: Duration,
    pub(super) deeds: Vec<Deed>,
    outcomes: Vec<Outcome>,
    sent: Vec<Sent>,
}

/// What callers got and what the site was sent, in order.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Story {
    pub(super) outcomes: Vec<Outcome>,
    pub(super) sent: Vec<Sent>,
}

pub(super) fn row(name: &'static str) -> Row {
    Row {
        name,
        site: |site| site,
        behaviors: Vec::new(),
        pairs: vec![CLIENT],
        request: |request| request,
        policy: SHORT_PAUSES,
        patience: PATIENCE,
        deeds: Vec::new(),
        outcomes: Vec::new(),
        sent: Vec::new(),
    }
}

impl Row {
    /// A site that differs from the usual one.
    pub(super) fn site(self, site: fn(MockEdxBuilder) -> MockEdxBuilder) -> Self {
        Self { site, ..self }
    }

    /// What the token endpoint answers first, before it does as a site does.
    pub(super) fn answered<const N: usize>(self, behaviors: [Behavior; N]) -> Self {
        let behaviors = Vec::from(behaviors);
        Self { behaviors, ..self }
    }

    /// Who the program says it is: one, or one after the other.
    pub(super) fn by<const N: usize>(self, pairs: [TestClient; N]) -> Self {
        let pairs = Vec::from(pairs);
        Self { pairs, ..self }
    }

    /// What the program asks for.
    pub(super) fn asking(self, request: fn(TokenRequest) -> TokenRequest) -> Self {
        Self { request, ..self }
    }

    /// What the program goes by.
    pub(super) fn policy(self, policy: RenewalPolicy) -> Self {
        Self { policy, ..self }
    }

    /// Pauses that no caller here lives to see the end of.
    pub(super) fn with_long_pauses(self) -> Self {
        self.policy(LONG_PAUSES)
    }

    /// For how long its callers wait who say nothing else.
    pub(super) fn patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// What callers do, each with what is to come of it.
    pub(super) fn does(mut self, deeds: impl IntoIterator<Item = (Deed, Outcome)>) -> Self {
        (self.deeds, self.outcomes) = deeds.into_iter().unzip();
        self
    }

    /// What the site is to be sent: this, and no more.
    pub(super) fn sends<const N: usize>(self, sent: [Sent; N]) -> Self {
        let sent = Vec::from(sent);
        Self { sent, ..self }
    }

    pub(super) fn story(&self) -> Story {
        Story {
            outcomes: self.outcomes.clone(),
            sent: self.sent.clone(),
        }
    }
}

impl fmt::Display for Story {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.outcomes)?;
        self.sent
            .iter()
            .try_for_each(|sent| write!(f, "\n       {sent}"))
    }
}

/// Far above what a loopback site takes, and far below the shortest wait that nobody here waits out.
const PATIENCE: Duration = Duration::from_secs(5);

const SHORT_PAUSES: RenewalPolicy = pausing(Duration::from_millis(5));
const LONG_PAUSES: RenewalPolicy = pausing(Duration::from_secs(60 * 60));

/// Refused tokens are never taken for young ones, so that no row waits for one to age.
const fn pausing(pause: Duration) -> RenewalPolicy {
    let policy = RenewalPolicy::builder()
        .skew_grace(Duration::from_millis(1))
        .transient_backoff(pause, pause);
    match policy.build() {
        Ok(policy) => policy,
        Err(_) => panic!("these numbers fit together"),
    }
}
