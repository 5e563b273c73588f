//! Laws that hold for every random history of an agent.
//!
//! Every law has a mutant: a patch in `tests/mutants` that adds a bug which breaks it. `.ci/laws`
//! applies them one by one.

pub(super) mod exchange;
mod found;
pub(super) mod history;
pub(super) mod world;

use core::time::Duration;
use std::vec::Vec;

use proptest::prelude::*;

use super::{Acquire, TokenAgent, Work};
use crate::jitter::Jitter;
use crate::lifecycle::{Need, RenewalPolicy, RenewalReason};
use crate::time::Moment;
use exchange::{Report, Ticket};
use history::Outcome;
use world::World;

/// The laws of an agent. An election lets one caller's need start an attempt, for which all others wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Law {
    /// No expired token is handed out, if one clock alone counted its whole lifetime.
    NoExpiredTokenIsServed,
    /// A caller that reported a token as rejected does not get it again, unless it was in its skew grace.
    NoRejectedTokenComesBack,
    /// A rejection by one caller does not take the token from others.
    RejectionsTakeNoToken,
    /// Elections that rejected tokens cause are never closer together than the rejection backoff.
    RejectionsKeepTheirDistance,
    /// No second attempt starts during a lease, unless the credentials change.
    OneAttemptAtATime,
    /// No caller is elected during a backoff. Only new credentials end one early, after a permanent denial.
    NoElectionInABackoff,
    /// Every wait is longer than zero, and no longer than the caller's budget.
    WaitsArePositiveAndBounded,
    /// A caller that keeps asking gets a token.
    NoCallerIsStuck,
    /// A failed renewal leaves a usable token in use.
    FailuresTakeNoToken,
    /// An issued token that has expired on arrival is not cached, even if there is no other.
    NoExpiredTokenReplacesAToken,
    /// A rejection of a replaced token changes nothing.
    OldRejectionsChangeNothing,
    /// A token is handed out for the first half of its lifetime at least, be that five seconds or a year.
    HalfOfEveryLifeIsUsable,
    /// No work is handed out before the result of the piece before it is reported.
    OneRequestAtATime,
    /// After the token endpoint rejected the credentials, the program is asked for others at most once
    /// before the next election.
    ProgramIsAskedOnceMore,
    /// One election causes two token requests at most, the second with other credentials.
    NoThirdRequest,
    /// Denied credentials are not sent again before the backoff ends, unless the program announced a
    /// change or a token was issued for them.
    DeniedCredentialsRest,
    /// Setting credentials that are in use, or were rejected last, changes nothing.
    KnownCredentialsChangeNothing,
    /// After a change of the credentials a token is requested, even if the cached one is usable.
    NewCredentialsAreUsed,
    /// The result of a token request is ignored if the credentials have changed since it was sent.
    OldCredentialsDoNotCount,
    /// A ticket that was already reported, or belongs to another agent, changes nothing.
    InvalidTicketsChangeNothing,
}

proptest! {
    #[test]
    fn every_history_keeps_every_law(history in history::histories()) {
        prop_assert_eq!(World::live_through(&history), Vec::new());
    }

    #[test]
    fn half_of_every_life_is_usable(life in lives(), jitter in any::<u32>()) {
        prop_assert!(is_half_usable(life, Jitter::from_bits(jitter)), "{:?}", Law::HalfOfEveryLifeIsUsable);
    }
}

/// Returns lifetimes in seconds: from five to a year, short ones as often as long ones.
fn lives() -> impl Strategy<Value = u64> {
    prop_oneof![5..60_u64, 60..4_000_u64, 4_000..=31_536_000_u64]
}

/// Reports whether a token with this lifetime is served at nine moments of its first half.
fn is_half_usable(life: u64, jitter: Jitter) -> bool {
    let mut agent = TokenAgent::new(exchange::request(), RenewalPolicy::DEFAULT);
    let birth = Moment::default();
    let _wait = agent.acquire(Need::any(), &agent.wait_budget(birth), birth);
    let Some(Work::Exchange(ticket, _)) = agent.poll_work(birth) else {
        return false;
    };
    assert_eq!(ticket.reason(), RenewalReason::Cold);
    let issued = Report::Ended(Outcome::Issued { life }, 1);
    let _event = Ticket::Exchange(ticket).report(&mut agent, issued, birth, jitter);
    let half = Duration::from_secs(life - 1) / 2;
    (0..=8).all(|part| {
        let mut agent = agent.clone();
        let age = half * part / 8;
        let now = Moment {
            monotonic: age,
            wall: age,
        };
        let budget = agent.wait_budget(now);
        matches!(agent.acquire(Need::any(), &budget, now), Acquire::Ready(_))
    })
}
