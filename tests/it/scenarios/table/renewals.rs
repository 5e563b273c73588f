//! Tokens that are replaced while they are good.

use edx_auth_testkit::{Behavior, Reply};

use crate::scenarios::deed::Deed::{Ask, AskUntilNewer, LookAtHealth, RenewNow, Report};
use crate::scenarios::deed::Outcome::{Done, Token};
use crate::scenarios::deed::{line, nothing};
use crate::scenarios::row::{Row, row};
use crate::scenarios::sent::asked;

pub(super) fn rows() -> Vec<Row> {
    vec![
        row("a token near its end is renewed and nobody goes without")
            .answered([token_for("2")])
            .does([(Ask, Token(1)), (AskUntilNewer, Token(2)), (Ask, Token(2))])
            .sends([asked(), asked()]),
        row("a renewal behind the callers' backs keeps none of them")
            .does([
                (Ask, Token(1)),
                (Report(1), Done),
                (Ask, Token(1)),
                (AskUntilNewer, Token(2)),
            ])
            .sends([asked(), asked()]),
        row("a forced renewal brings another token")
            .does([(Ask, Token(1)), (RenewNow, Token(2)), (Ask, Token(2))])
            .sends([asked(), asked()]),
        row("a forced renewal before the first token is the first")
            .does([(RenewNow, Token(1)), (Ask, Token(1))])
            .sends([asked()]),
        row("a renewal that fails takes no token")
            .with_long_pauses()
            .answered([token_for("3600"), Reply::new(503).into()])
            .does([
                (Ask, Token(1)),
                (RenewNow, nothing(UNAVAILABLE)),
                (Ask, Token(1)),
                (RenewNow, nothing(UNAVAILABLE)),
            ])
            .sends([asked(), asked()]),
        row("a renewal that fails at first is made again")
            .answered([token_for("3600"), Reply::new(503).into()])
            .does([
                (Ask, Token(1)),
                (RenewNow, Token(2)),
                (LookAtHealth, line(ONE_FAILURE)),
            ])
            .sends([asked(), asked(), asked()]),
    ]
}

/// A token that says nothing of itself, with this life. One of two seconds counts as one of one,
/// and is due before that is over.
fn token_for(expires_in: &str) -> Behavior {
    let token = format!(
        r#"{{"access_token": "e30.e30.c2ln", "expires_in": {expires_in}, "token_type": "JWT"}}"#
    );
    Reply::json(200, token).into()
}

const UNAVAILABLE: &str = "is temporarily unavailable (status 503)";
const ONE_FAILURE: &str = "fresh, 59m left, generation 2, issued 2, rejected 0, failures 1";
