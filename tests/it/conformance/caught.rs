//! Drivers with one fault each: the item of the kit that is about the fault fails, and no other does.

use edx_auth_testkit::conformance::{self, Item, Outcome};

use super::faulty_drivers::{Fault, Faulty, FaultyDriver};

/// Creates a test for each driver with one fault.
macro_rules! caught {
    ($list:ident, $fault:ident: $($fact:ident: $item:ident,)*) => {
        $(
            #[test]
            fn $fact() {
                struct Here;
                impl Faulty for Here {
                    const FAULT: Option<Fault> = Some(Fault::$fault(Item::$item));
                }
                assert_eq!(failed_items::<Here>(), [Item::$item]);
            }
        )*

        const $list: &[Item] = &[$(Item::$item),*];
    };
}

caught! {
    USUAL, Usual:
    a_driver_that_asks_for_gzip_is_caught: RequestAsGiven,
    a_driver_that_drops_error_bodies_is_caught: ErrorBodies,
    a_driver_that_follows_a_redirect_with_the_secret_is_caught: TokenRedirects,
    a_driver_that_accepts_a_truncated_response_is_caught: TruncatedResponses,
    a_driver_that_accepts_bytes_that_are_not_http_is_caught: NotHttp,
    a_driver_that_panics_without_a_connection_is_caught: ClosedPort,
    a_driver_that_posts_twice_is_caught: OnePost,
    a_driver_with_a_cookie_jar_is_caught: NoCookies,
    a_driver_that_reads_a_megabyte_is_caught: BodyLimit,
    a_driver_that_unpacks_everything_is_caught: CompressionBomb,
    a_driver_that_waits_for_the_first_byte_is_caught: Stall,
    a_driver_that_counts_each_read_of_a_head_is_caught: SlowHead,
    a_driver_that_counts_each_read_of_a_body_is_caught: SlowBody,
    a_driver_that_connects_until_its_deadline_is_caught: ConnectTimeout,
    a_driver_whose_callers_each_ask_is_caught: SingleFlight,
    a_driver_that_forgets_who_stays_is_caught: EarlyTimeout,
    a_driver_that_tries_again_in_a_pause_is_caught: OneRequestPerBackoff,
    a_driver_that_never_waits_is_caught: BackoffWaitedOut,
    a_driver_without_jitter_is_caught: Jitter,
    a_driver_that_waits_for_renewals_is_caught: RenewalWithoutWait,
    a_driver_that_serves_an_expired_token_is_caught: Expired,
    a_driver_that_sends_before_it_polls_is_caught: AgeFromRequest,
    a_driver_without_a_wall_clock_is_caught: WallClock,
    a_driver_that_knows_one_scheme_is_caught: TokenAttached,
    a_driver_that_calls_without_a_token_is_caught: CallWithoutToken,
    a_driver_that_calls_any_origin_is_caught: OutsideOrigins,
    a_driver_that_makes_errors_of_responses_is_caught: ApiResponses,
    a_driver_that_loses_the_token_on_its_way_is_caught: RedirectsInside,
    a_driver_that_keeps_the_headers_of_a_body_is_caught: RedirectHeaders,
    a_driver_that_follows_out_of_the_origins_is_caught: RedirectsOutside,
    a_driver_that_replays_twice_is_caught: ReplayedOnce,
    a_driver_that_does_not_report_a_second_rejection_is_caught: RejectionReported,
    a_driver_that_loses_a_rejection_is_caught: RejectionDelivered,
    a_driver_that_replays_without_the_body_is_caught: BodyReplayed,
    a_driver_that_renews_for_each_rejection_is_caught: RejectedTogether,
    a_driver_that_replaces_a_token_that_was_just_issued_is_caught: YoungToken,
    a_driver_that_does_not_repeat_a_broken_get_is_caught: BrokenGet,
    a_driver_that_repeats_a_broken_post_is_caught: BrokenPost,
    a_driver_whose_timeout_restarts_with_each_read_of_a_response_is_caught: CallTimeout,
    a_driver_that_shows_the_token_is_caught: SecretsInErrors,
}

caught! {
    SUBTLE, Subtle:
    a_driver_that_adds_a_form_field_is_caught: RequestAsGiven,
    a_driver_that_drops_the_headers_of_errors_is_caught: ErrorBodies,
    a_driver_that_follows_redirects_within_a_server_is_caught: TokenRedirects,
    a_driver_that_accepts_a_truncated_api_response_is_caught: TruncatedResponses,
    a_driver_that_reads_endless_chunks_is_caught: BodyLimit,
    a_driver_that_keeps_a_caller_beyond_its_timeout_is_caught: EarlyTimeout,
    a_driver_that_never_renews_is_caught: RenewalWithoutWait,
    a_driver_that_appends_the_token_is_caught: TokenAttached,
    a_driver_that_loses_headers_is_caught: ApiResponses,
    a_driver_that_loses_the_body_on_its_way_is_caught: RedirectsInside,
    a_driver_that_carries_cookies_to_another_origin_is_caught: RedirectHeaders,
    a_driver_that_loses_the_end_of_a_401_is_caught: ReplayedOnce,
    a_driver_that_does_not_wait_for_a_young_token_is_caught: YoungToken,
    a_driver_that_retries_a_get_without_end_is_caught: BrokenGet,
}

/// Such a driver replays by itself.
#[test]
fn a_driver_that_reports_no_rejection_is_caught() {
    struct Here;
    impl Faulty for Here {
        const FAULT: Option<Fault> = Some(Fault::Subtle(Item::RejectionReported));
    }

    let failed = failed_items::<Here>();

    assert!(failed.contains(&Item::YoungToken) && failed.contains(&Item::RejectionReported));
}

#[test]
fn every_item_has_a_driver_that_it_catches() {
    assert_eq!(USUAL, Item::ALL);
    assert!(SUBTLE.is_sorted());
}

#[test]
fn the_same_driver_without_a_fault_conforms() {
    struct Nowhere;
    impl Faulty for Nowhere {
        const FAULT: Option<Fault> = None;
    }

    conformance::check::<FaultyDriver<Nowhere>>().assert_conforming();
}

fn failed_items<F: Faulty>() -> Vec<Item> {
    let report = conformance::check::<FaultyDriver<F>>();
    // Printed if the test fails.
    eprint!("{report}");
    let failed = |outcome: &Outcome| matches!(outcome, Outcome::Failed(_));
    let findings = report.findings().iter();
    let failed = findings.filter(|finding| failed(&finding.outcome));
    failed.map(|finding| finding.item).collect()
}
