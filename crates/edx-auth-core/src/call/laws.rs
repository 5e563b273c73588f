//! What holds for every API call, no matter what servers, networks and token endpoints do.
//!
//! Every law has a mutant of the product that breaks it; `.ci/laws` applies them one by one.

mod script;
mod world;

use std::vec::Vec;

use proptest::prelude::*;

use world::World;

/// The laws of an API call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Law {
    /// It delivers or fails at its deadline, and sends nothing after it.
    CallsEndByTheirDeadline,
    /// Every wait ends by the deadline, and no caller spins.
    CallWaitsAreBounded,
    /// No server can name a URL outside of them that gets one.
    TokensStayInsideTheOrigins,
    /// On a replay, a resend and a redirect to the same origin with the same method.
    HeadersAreKept,
    /// However often APIs reject its token.
    OneReplay,
    /// Unless the rejected one is so young that clocks may differ.
    ReplaysTakeANewerToken,
    /// Once, for a GET or HEAD whose connection broke.
    OneSafeResend,
    /// Ten at most.
    RedirectsAreBounded,
    /// A stream cannot be sent again.
    OnceMeansOnce,
    /// A response or a failure without a request changes nothing.
    ReportsNeedARequest,
    /// A call that has ended says the same on every poll.
    EndsAreFinal,
}

proptest! {
    #[test]
    fn every_call_keeps_every_law(script in script::scripts()) {
        prop_assert_eq!(World::perform(&script), Vec::new());
    }
}
