//! A connection that carried the secret is not kept: nobody else's request goes over it, and none
//! of ours meets what was left on it.

use edx_auth_testkit::{MockEdx, ReceivedRequest};
use edx_auth_tests::patience::within_patience;

use super::{over_every_stack, setup};

#[test]
fn each_token_request_has_a_connection_of_its_own() {
    over_every_stack(|column| {
        let edx = MockEdx::start().unwrap();
        let setup = setup(&edx);
        within_patience(move || {
            let source = (column.hold)(setup);
            source.token().unwrap();
            for _ in 0..3 {
                source.renew_now().unwrap();
            }
        });

        let sent = edx.requests();
        let mut connections: Vec<_> = sent.iter().map(ReceivedRequest::connection).collect();
        connections.dedup();
        assert_eq!(connections.len(), 4, "{}", column.name);
    });
}
