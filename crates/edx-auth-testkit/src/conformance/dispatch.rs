//! Runs the function of an item.

use super::result::ItemResult;
use super::{
    Driver, Item, api_redirects, bodies, calls, clocks, cookies, deadlines, exchange, jitter, life,
    redirects, rejections, retries, secrets, single_flight,
};

impl Item {
    /// Runs the item with drivers of this type.
    pub(super) fn run<D: Driver>(self) -> ItemResult {
        match self {
            Self::RequestAsGiven => exchange::request_as_given::<D>(),
            Self::ErrorBodies => exchange::error_bodies::<D>(),
            Self::TokenRedirects => redirects::token_redirects::<D>(),
            Self::TruncatedResponses => exchange::truncated_responses::<D>(),
            Self::NotHttp => exchange::not_http::<D>(),
            Self::ClosedPort => exchange::closed_port::<D>(),
            Self::OnePost => retries::one_post::<D>(),
            Self::NoCookies => cookies::no_cookies::<D>(),
            Self::BodyLimit => bodies::body_limit::<D>(),
            Self::CompressionBomb => bodies::compression_bomb::<D>(),
            Self::Stall => deadlines::stall::<D>(),
            Self::SlowHead => deadlines::slow_head::<D>(),
            Self::SlowBody => deadlines::slow_body::<D>(),
            Self::ConnectTimeout => deadlines::connect_timeout::<D>(),
            Self::SingleFlight => single_flight::single_flight::<D>(),
            Self::EarlyTimeout => single_flight::early_timeout::<D>(),
            Self::OneRequestPerBackoff => single_flight::one_request_per_backoff::<D>(),
            Self::BackoffWaitedOut => single_flight::backoff_waited_out::<D>(),
            Self::Jitter => jitter::jitter::<D>(),
            Self::RenewalWithoutWait => life::renewal_without_wait::<D>(),
            Self::Expired => life::expired::<D>(),
            Self::AgeFromRequest => clocks::age_from_request::<D>(),
            Self::WallClock => clocks::wall_clock::<D>(),
            Self::TokenAttached => calls::token_attached::<D>(),
            Self::CallWithoutToken => calls::call_without_token::<D>(),
            Self::OutsideOrigins => calls::outside_origins::<D>(),
            Self::ApiResponses => calls::api_responses::<D>(),
            Self::RedirectsInside => api_redirects::redirects_inside::<D>(),
            Self::RedirectHeaders => api_redirects::redirect_headers::<D>(),
            Self::RedirectsOutside => api_redirects::redirects_outside::<D>(),
            Self::ReplayedOnce => rejections::replayed_once::<D>(),
            Self::RejectionReported => rejections::rejection_reported::<D>(),
            Self::RejectionDelivered => rejections::rejection_delivered::<D>(),
            Self::BodyReplayed => rejections::body_replayed::<D>(),
            Self::RejectedTogether => rejections::rejected_together::<D>(),
            Self::YoungToken => rejections::young_token::<D>(),
            Self::BrokenGet => retries::broken_get::<D>(),
            Self::BrokenPost => retries::broken_post::<D>(),
            Self::CallTimeout => deadlines::call_timeout::<D>(),
            Self::SecretsInErrors => secrets::secrets_in_errors::<D>(),
        }
    }
}
