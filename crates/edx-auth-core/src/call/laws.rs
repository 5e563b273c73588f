//! What holds for every API call, no matter what servers, networks and token endpoints do.
//!
//! Every law has a mutant: a patch in `tests/mutants` that adds a bug which breaks it. `.ci/laws`
//! applies them one by one.

mod script;
mod world;

use std::vec::Vec;

use proptest::prelude::*;

use world::World;

/// The laws of an API call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Law {
    /// A call delivers or fails at its deadline, and sends nothing after it.
    CallsEndByTheirDeadline,
    /// Every wait is longer than zero, and ends by the deadline.
    CallWaitsAreBounded,
    /// No redirect takes a token to a URL outside the origins.
    TokensStayInsideTheOrigins,
    /// The caller's headers are sent again on a replay, a resend and a redirect to the same origin with the
    /// same method.
    HeadersAreKept,
    /// A call is replayed once at most, however often APIs reject its token.
    OneReplay,
    /// A replay has a newer token, unless the rejected one is so new that clocks may differ.
    ReplaysTakeANewerToken,
    /// A resend happens once at most, and only for a GET or HEAD whose connection broke.
    OneSafeResend,
    /// A call follows ten redirects at most.
    RedirectsAreBounded,
    /// A body that can be sent once, such as a stream, is sent once at most.
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
