//! A site that works: what it is sent, and how seldom.

use std::time::Duration;

use edx_auth_core::{Scope, TokenRequest};
use edx_auth_testkit::MockEdxBuilder;
use edx_auth_tests::openedx::{AWKWARD_CLIENT, CLIENT};

use crate::scenarios::deed::Deed::{Ask, AskValidFor, Call, LookAtHealth};
use crate::scenarios::deed::Outcome::{Status, Token};
use crate::scenarios::deed::line;
use crate::scenarios::row::{Row, row};
use crate::scenarios::sent::{asked, asked_by, asked_by_basic, called_with};

pub(super) fn rows() -> Vec<Row> {
    vec![
        row("a cold start costs one request")
            .does([(Ask, Token(1))])
            .sends([asked()]),
        row("the second call costs nothing")
            .does([(Ask, Token(1)), (Ask, Token(1)), (LookAtHealth, line(WELL))])
            .sends([asked()]),
        row("an API takes the token")
            .does([(Ask, Token(1)), (Call(1), Status(200))])
            .sends([asked(), called_with(1)]),
        row("more validity than any token has is what a fresh one has")
            .does([
                (AskValidFor(A_DAY), Token(1)),
                (AskValidFor(A_DAY), Token(1)),
            ])
            .sends([asked()]),
        row("every character of a pair arrives by form")
            .site(|site| site.client(AWKWARD_CLIENT.id, AWKWARD_CLIENT.secret))
            .by([AWKWARD_CLIENT])
            .does([(Ask, Token(1))])
            .sends([asked_by(AWKWARD_CLIENT)]),
        row("every character of a pair arrives by Basic")
            .site(|site| site.client(AWKWARD_CLIENT.id, AWKWARD_CLIENT.secret))
            .by([AWKWARD_CLIENT])
            .asking(TokenRequest::basic_auth)
            .does([(Ask, Token(1))])
            .sends([asked_by_basic(AWKWARD_CLIENT)]),
        row("a plain pair goes by Basic too")
            .asking(TokenRequest::basic_auth)
            .does([(Ask, Token(1))])
            .sends([asked_by_basic(CLIENT)]),
        row("a scope is asked for")
            .asking(|request| request.scope(Scope::new("read").unwrap()))
            .does([(Ask, Token(1))])
            .sends([asked().scope("read")]),
        row("an opaque token is taken where it is allowed")
            .site(MockEdxBuilder::opaque_tokens)
            .asking(TokenRequest::allow_bearer)
            .does([(Ask, Token(1)), (Ask, Token(1))])
            .sends([asked()]),
    ]
}

const WELL: &str = "fresh, 59m left, generation 1, issued 1, rejected 0";
const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);
