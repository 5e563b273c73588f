//! APIs that refuse a token.

use std::iter::{once, repeat_n};

use crate::scenarios::deed::Deed::{Ask, Call, LookAtHealth, Refuse, RotateKey};
use crate::scenarios::deed::Outcome::{Done, Status, Token};
use crate::scenarios::deed::{line, nothing};
use crate::scenarios::row::{Row, row};
use crate::scenarios::sent::{asked, called_with};

pub(super) fn rows() -> Vec<Row> {
    vec![
        row("a refused token is replaced")
            .does([
                (Ask, Token(1)),
                (Refuse(1), Token(2)),
                (Ask, Token(2)),
                (LookAtHealth, line(ONE_REFUSAL)),
            ])
            .sends([asked(), asked()]),
        row("twenty refusals of one old token cost one")
            .does(once((Ask, Token(1))).chain(repeat_n((Refuse(1), Token(2)), 20)))
            .sends([asked(), asked()]),
        row("a second refusal waits for its turn and all others are served")
            .does([
                (Ask, Token(1)),
                (Refuse(1), Token(2)),
                (
                    Refuse(2),
                    nothing("an API rejected the token, and the tokens before it"),
                ),
                (Ask, Token(2)),
            ])
            .sends([asked(), asked()]),
        row("a token signed with an old key is refused, replaced and accepted")
            .does([
                (Ask, Token(1)),
                (Call(1), Status(200)),
                (RotateKey, Done),
                (Call(1), Status(401)),
                (Refuse(1), Token(2)),
                (Call(2), Status(200)),
            ])
            .sends([
                asked(),
                called_with(1),
                called_with(1),
                asked(),
                called_with(2),
            ]),
    ]
}

const ONE_REFUSAL: &str = "fresh, 59m left, generation 2, issued 2, rejected 1";
