//! Many callers, and one exchange.

use crate::{Plan, STEADY, Source, callers, site};

pub(super) fn cold_callers_share_one_exchange<S: Source>() {
    let source = S::of(Plan::new(STEADY));

    let _token = callers(8, &source, S::token).one_token();

    assert_eq!(site::requests(), 1);
}
