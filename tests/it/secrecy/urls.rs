//! A password in a URL is in no error about that URL.

use edx_auth_core::{ApiUrl, PlaintextHosts, TokenEndpoint, UrlError};
use edx_auth_tests::debug_output;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

const PASSWORD: &str = "pW7xKq9zT4mB";

proptest! {
    #[test]
    fn a_password_is_in_no_error(
        scheme in select(vec!["https://", "http://", "ftp://", "//", "HTTPS://", ""]),
        before in fragment(),
        after in fragment(),
        rest in select(vec!["lms.example", "lms.example:0/", "[::1", "localhost/?a=b", "api.edx.org#x"]),
    ) {
        let url = format!("{scheme}user:{before}{PASSWORD}{after}@{rest}");

        for error in url_errors(&url) {
            let shown = debug_output::of_error(&error).concat() + error.advice();
            prop_assert!(!shown.contains(PASSWORD), "{url}: {shown}");
        }
    }

    #[test]
    fn a_url_with_a_password_is_rejected(user in "[a-z]{0,4}", password in "[a-zA-Z0-9:.]{0,8}") {
        let url = format!("https://{user}:{password}@lms.example/");

        prop_assert_eq!(url_errors(&url), vec![UrlError::Userinfo; 3]);
    }
}

fn url_errors(url: &str) -> Vec<UrlError> {
    let plaintext = PlaintextHosts::none();
    let url_errors = [
        TokenEndpoint::open_edx(url).err(),
        TokenEndpoint::exact(url).err(),
        ApiUrl::new(url, &plaintext).err(),
    ];
    url_errors.into_iter().flatten().collect()
}

/// A piece of a password with characters that could end it for a careless parser.
fn fragment() -> impl Strategy<Value = String> {
    let piece = select(vec![
        "", "a", "@", "/", "\\", ":", "?", "#", "%40", "[", "]", " ", "ü", "80/",
    ]);
    vec(piece, 0..3).prop_map(|pieces| pieces.concat())
}
