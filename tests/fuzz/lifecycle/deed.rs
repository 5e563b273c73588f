//! What can happen to an agent.

use libfuzzer_sys::arbitrary::{self, Arbitrary};

/// One thing that happens. The bytes without a name keep the seeds what they are.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub(crate) enum Action {
    /// Time passes, and both clocks count it.
    Pass(Stretch),
    /// The machine sleeps: the wall clock alone counts it.
    Suspend(Stretch),
    /// Somebody sets the wall clock back.
    SetBack(Stretch),
    /// Somebody sets the wall clock forward.
    SetForward(Stretch),
    /// The monotonic clock goes back, as it never should.
    Falter(Stretch),
    /// A caller asks for a token.
    Ask { caller: u8 },
    /// A caller asks for a token that is good for so long.
    AskFor { caller: u8, validity: Stretch },
    /// The worker looks for work.
    Poll { _byte: u8 },
    /// The token request that is out ends.
    End {
        _byte: u8,
        outcome: Outcome,
        jitter: u32,
    },
    /// The worker does its work at once, and it brings a token.
    Fetch {
        name: u8,
        expires_in: u16,
        jitter: u32,
    },
    /// The worker is lost.
    Lose { _byte: u8, jitter: u32 },
    /// A server refuses a caller the token that it was given last.
    Refuse { caller: u8 },
    /// The program asks for a new token.
    Force,
    /// The program has new credentials.
    ChangeCredentials,
    /// A token is found elsewhere.
    Restore {
        name: u8,
        life: Stretch,
        age: Stretch,
        jitter: u32,
    },
    /// A token is found elsewhere, born when the wall clock will be there.
    RestoreFromFuture {
        name: u8,
        life: Stretch,
        ahead: Stretch,
        jitter: u32,
    },
    /// The program ends, keeps its token in bytes, and begins again.
    Restart { jitter: u32 },
}

/// What comes of an attempt.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub(crate) enum Outcome {
    Issued { name: u8, expires_in: u32 },
    Unavailable { retry_after: Option<u16> },
    Throttled { retry_after: Option<u16> },
    Denied,
    BrokenOff,
    UnknownClient,
}

/// A stretch of time; often one that ends just before, at or just after something.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub(crate) enum Stretch {
    Millis(u16),
    Seconds(u16),
    Hours(u16),
    Until(Mark, Nudge),
}

/// On the dot, or beside it by so many milliseconds.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub(crate) enum Nudge {
    OnTheDot,
    Before(u8),
    After(u8),
}

/// What is worth being early or late for.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub(crate) enum Mark {
    /// The token is no longer young.
    Grown,
    Due,
    Unusable,
    Dead,
    /// The lease or the pause is over.
    Free,
    /// A refused token may be replaced again.
    Rung,
    /// Refusals are forgotten.
    Calm,
}
