//! A token endpoint that sets cookies, as load balancers and Django's sessions do.

use edx_auth_testkit::{MockEdx, MockResponse};
use edx_auth_tests::timeout::within_timeout;

use super::{over_every_stack, setup};

#[test]
fn a_cookie_of_the_token_endpoint_never_comes_back() {
    over_every_stack(|stack| {
        let edx = MockEdx::start().unwrap();
        for token in ["first.of.two", "second.of.two"] {
            let body = format!(
                r#"{{"access_token": "{token}", "expires_in": 3600, "token_type": "JWT"}}"#
            );
            let response =
                MockResponse::json(200, body).header("Set-Cookie", "sessionid=1; Path=/");
            edx.next_request(MockEdx::TOKEN_PATH, response);
        }
        let setup = setup(&edx);
        let tokens = within_timeout(move || {
            let source = (stack.new_source)(setup);
            [source.token(), source.renew_now()].map(Result::unwrap)
        });

        assert_eq!(tokens[1].token().expose(), "second.of.two");
        let sent = edx.requests();
        assert_eq!(sent.len(), 2, "{}", stack.name);
        for sent in sent {
            assert_eq!(sent.header("cookie"), None, "{}", stack.name);
        }
    });
}
