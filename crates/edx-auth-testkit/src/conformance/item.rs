//! The list.

use std::fmt;

/// One thing that a driver has to get right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Item {
    /// The token request goes out as the core made it: its headers, among them those that ask for
    /// JSON and for no compression, and its body.
    RequestAsGiven,
    /// The body of an error reply reaches the core.
    ErrorBodies,
    /// No redirect of a token request is followed, whatever its status and wherever it leads.
    TokenRedirects,
    /// A reply that broke off is none, even if a token can be read in it.
    CutReplies,
    /// A server that speaks no HTTP is an error.
    NotHttp,
    /// A closed port is an error.
    NobodyListens,
    /// A token request is sent once, however its connection ends.
    OnePost,
    /// No cookie is kept, of the token endpoint or of an API.
    NoCookies,
    /// Of a token reply no more is read than the core's limit, whatever length it announces.
    BodyLimit,
    /// The body limit holds for the decoded bytes of a reply that is compressed unasked.
    CompressionBomb,
    /// The deadline of an exchange holds against a server that says nothing.
    Stall,
    /// The deadline of an exchange holds against a head that comes byte by byte.
    DrippingHead,
    /// The deadline of an exchange holds against a body that comes byte by byte.
    DrippingBody,
    /// Many callers without a token are one token request.
    SingleFlight,
    /// A caller who gives up takes nothing from those who wait on.
    GivingUp,
    /// While a site fails, all callers together send one token request per pause.
    OneRequestPerPause,
    /// A caller with patience gets the token after a pause.
    PauseWaitedOut,
    /// A token that is due is handed out at once, while another is asked for.
    RenewalWithoutWait,
    /// A token whose life is over is handed out no more.
    Expired,
    /// An API call carries the token, under the scheme that it was issued for.
    TokenAttached,
    /// Without a token there is no API call.
    NoTokenNoCall,
    /// A URL outside the origins is refused, and gets no request.
    OutsideOrigins,
    /// An API's reply is handed over whole, whatever its status.
    ApiReplies,
    /// A redirect inside the origins is followed, with the token and the body.
    RedirectsInside,
    /// A redirect out of the origins is the reply, and is not followed.
    RedirectsOutside,
    /// A refused call is replayed once with a newer token, and then its 401 is the reply.
    ReplayedOnce,
    /// A replay has the body of the call.
    BodyReplayed,
    /// Many calls whose one token is refused are one token request.
    RefusedTogether,
    /// A refused token that is young is tried once more after its time, and not replaced.
    YoungToken,
    /// A GET whose connection broke is sent once more, and no more than that.
    BrokenGet,
    /// A POST whose connection broke is not sent again.
    BrokenPost,
    /// An API call ends within its time, to the last byte of its reply.
    CallTimeout,
    /// No error shows the token or the secret, at any depth.
    SilentErrors,
}

impl Item {
    /// Every item there is, in the order of the report.
    pub const ALL: &[Self] = &[
        Self::RequestAsGiven,
        Self::ErrorBodies,
        Self::TokenRedirects,
        Self::CutReplies,
        Self::NotHttp,
        Self::NobodyListens,
        Self::OnePost,
        Self::NoCookies,
        Self::BodyLimit,
        Self::CompressionBomb,
        Self::Stall,
        Self::DrippingHead,
        Self::DrippingBody,
        Self::SingleFlight,
        Self::GivingUp,
        Self::OneRequestPerPause,
        Self::PauseWaitedOut,
        Self::RenewalWithoutWait,
        Self::Expired,
        Self::TokenAttached,
        Self::NoTokenNoCall,
        Self::OutsideOrigins,
        Self::ApiReplies,
        Self::RedirectsInside,
        Self::RedirectsOutside,
        Self::ReplayedOnce,
        Self::BodyReplayed,
        Self::RefusedTogether,
        Self::YoungToken,
        Self::BrokenGet,
        Self::BrokenPost,
        Self::CallTimeout,
        Self::SilentErrors,
    ];

    /// What a report calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::RequestAsGiven => "request-as-given",
            Self::ErrorBodies => "error-bodies",
            Self::TokenRedirects => "token-redirects",
            Self::CutReplies => "cut-replies",
            Self::NotHttp => "not-http",
            Self::NobodyListens => "nobody-listens",
            Self::OnePost => "one-post",
            Self::NoCookies => "no-cookies",
            Self::BodyLimit => "body-limit",
            Self::CompressionBomb => "compression-bomb",
            Self::Stall => "stall",
            Self::DrippingHead => "dripping-head",
            Self::DrippingBody => "dripping-body",
            Self::SingleFlight => "single-flight",
            Self::GivingUp => "giving-up",
            Self::OneRequestPerPause => "one-request-per-pause",
            Self::PauseWaitedOut => "pause-waited-out",
            Self::RenewalWithoutWait => "renewal-without-wait",
            Self::Expired => "expired",
            Self::TokenAttached => "token-attached",
            Self::NoTokenNoCall => "no-token-no-call",
            Self::OutsideOrigins => "outside-origins",
            Self::ApiReplies => "api-replies",
            Self::RedirectsInside => "redirects-inside",
            Self::RedirectsOutside => "redirects-outside",
            Self::ReplayedOnce => "replayed-once",
            Self::BodyReplayed => "body-replayed",
            Self::RefusedTogether => "refused-together",
            Self::YoungToken => "young-token",
            Self::BrokenGet => "broken-get",
            Self::BrokenPost => "broken-post",
            Self::CallTimeout => "call-timeout",
            Self::SilentErrors => "silent-errors",
        }
    }
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Item;

    #[test]
    fn all_are_in_their_order_and_have_names_of_their_own() {
        let names: BTreeSet<_> = Item::ALL.iter().map(|item| item.name()).collect();

        assert!(Item::ALL.is_sorted());
        assert_eq!(names.len(), Item::ALL.len());
        assert_eq!(names.len(), Item::SilentErrors as usize + 1);
    }
}
