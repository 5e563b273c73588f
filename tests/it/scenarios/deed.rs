//! What a caller does, and what comes of it.

use std::time::Duration;

/// One thing that a caller does. Tokens are named by their generation.
#[derive(Clone, Copy, Debug)]
pub(super) enum Deed {
    /// Asks for a token.
    Ask,
    /// The same, with a patience of its own.
    AskWithin(Duration),
    /// Asks for a token that is good for so long.
    AskValidFor(Duration),
    /// Asks on, and never goes without, until the token is another one.
    AskUntilNewer,
    /// Asks on, however often it goes without, until it is served.
    AskUntilServed,
    /// Asks for a newer token than the one at hand.
    RenewNow,
    /// Says that an API refused this token.
    Report(u64),
    /// Says so, and asks for a newer one.
    Refuse(u64),
    /// Lists the catalogs with this token.
    Call(u64),
    /// Asks the source how it is doing.
    LookAtHealth,
    /// The site signs with another key from now on.
    RotateKey,
}

/// What comes of a deed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The token of this generation.
    Token(u64),
    /// No token, for this reason; said of the token endpoint, whose URL is left out.
    Nothing(String),
    /// A reply of this status.
    Status(u16),
    /// A line.
    Line(String),
    /// Nothing that a caller could see.
    Done,
}

pub(super) fn nothing(reason: &str) -> Outcome {
    Outcome::Nothing(String::from(reason))
}

pub(super) fn line(text: &str) -> Outcome {
    Outcome::Line(String::from(text))
}
