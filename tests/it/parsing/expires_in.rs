//! `expires_in` with every number that JSON allows.

use std::time::Duration;

use edx_auth_core::{ErrorKind, ExchangeError, IssuedToken};
use http::Response;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::YEAR;

proptest! {
    #[test]
    fn a_whole_number_is_a_lifetime_of_that_many_seconds_minus_one(seconds in seconds()) {
        let life = life(&seconds.to_string());

        match u64::try_from(seconds - 1) {
            Ok(left @ 1..) => prop_assert_eq!(life.unwrap(), YEAR.min(Duration::from_secs(left))),
            _ if seconds > 1 => prop_assert_eq!(life.unwrap(), YEAR),
            _ => prop_assert_eq!(life.unwrap_err().kind(), without_life(seconds < 0)),
        }
    }

    #[test]
    fn any_other_number_is_a_lifetime_within_bounds_or_none(number in number()) {
        let seconds: f64 = number.parse().unwrap();

        match life(&number) {
            Ok(life) => {
                prop_assert!(life >= SECOND && life <= YEAR, "{life:?}");
                prop_assert!(life.as_secs_f64() < seconds, "{life:?}");
            }
            Err(error) => {
                prop_assert_eq!(error.kind(), without_life(seconds < 0.0));
                prop_assert!(seconds < 2.0);
            }
        }
    }

    #[test]
    fn a_number_in_quotes_is_that_number(number in number()) {
        let [plain, quoted] = [number.clone(), format!("\"{number}\"")].map(|text| life(&text).ok());

        prop_assert_eq!(plain, quoted);
    }
}

/// Returns the expected error. A site whose token is about to expire will issue another; a site that says a
/// negative lifetime will say so again.
fn without_life(is_negative: bool) -> ErrorKind {
    if is_negative {
        ErrorKind::NoLifetime
    } else {
        ErrorKind::Expiring
    }
}

/// The shortest lifetime that is accepted: with shorter ones, a program would request tokens without end.
const SECOND: Duration = Duration::from_secs(1);

fn life(expires_in: &str) -> Result<Duration, ExchangeError> {
    let body = format!(
        r#"{{"access_token": "opaque", "token_type": "Bearer", "expires_in": {expires_in}}}"#
    );
    let (_, exchange) = super::request_for_both().begin();
    let issued = exchange.finish(Response::new(body.as_bytes()))?;
    Ok(IssuedToken::lifetime(&issued))
}

/// Generates numbers of every size, and the neighbours of the limits.
fn seconds() -> impl Strategy<Value = i128> {
    let ends = vec![0, 1, 2, 31_536_000, 31_536_001, 1 << 53, 1 << 63, 1 << 64];
    prop_oneof![
        any::<i64>().prop_map(i128::from),
        any::<i128>(),
        -5_000..50_000_i128,
        (select(ends), -2..=2_i128).prop_map(|(end, off)| end + off),
    ]
}

/// Generates a number by the grammar of RFC 8259 section 6.
fn number() -> impl Strategy<Value = String> {
    let digits =
        |most| vec(b'0'..=b'9', 1..most).prop_map(|digits| String::from_utf8(digits).unwrap());
    let whole = prop_oneof![Just("0".to_owned()), "[1-9][0-9]{0,24}"];
    let fraction = option::of(digits(24).prop_map(|digits| format!(".{digits}")));
    let exponent = (select(vec!["e", "E", "e+", "E-"]), digits(5));
    let exponent = option::of(exponent.prop_map(|(e, digits)| format!("{e}{digits}")));
    (select(vec!["", "-"]), whole, fraction, exponent).prop_map(
        |(sign, whole, fraction, exponent)| {
            [
                sign,
                &whole,
                &fraction.unwrap_or_default(),
                &exponent.unwrap_or_default(),
            ]
            .concat()
        },
    )
}
