//! The public API has no switch that turns verification off, names dangerous functions as such, and
//! reveals a token in few places.

const CORE: &str = include_str!("../../public-api/edx-auth-core.txt");
const DRIVER: &str = include_str!("../../public-api/edx-auth-driver.txt");
const UREQ: &str = include_str!("../../public-api/edx-auth-ureq.txt");
const REQWEST: &str = include_str!("../../public-api/edx-auth-reqwest.txt");

#[test]
fn no_switch_turns_verification_off() {
    for line in [CORE, DRIVER, UREQ, REQWEST]
        .into_iter()
        .flat_map(str::lines)
    {
        let line = line.to_lowercase();
        for word in [
            "verif", "certif", "insecure", "accept_", "disable_", "tls", "ssl", "skip_",
        ] {
            let is_known = line.contains("unverifiedclaims") || line.contains("is_email_verified");
            assert!(is_known || !line.contains(word), "{word}: {line}");
        }
    }
}

#[test]
fn there_are_exactly_two_dangerous_functions() {
    let lines = [CORE, DRIVER, UREQ, REQWEST]
        .into_iter()
        .flat_map(str::lines);
    let dangerous: Vec<_> = lines
        .filter(|line| line.contains("danger") || line.contains("unsafe"))
        .filter_map(|line| line.split(['<', '(']).next())
        .collect();

    assert_eq!(
        dangerous,
        [
            "pub fn edx_auth_core::PlaintextHosts::dangerously_allow",
            "pub fn edx_auth_reqwest::AuthorizedClientBuilder::dangerously_use_client",
        ]
    );
}

/// `authorize` is not listed, because it returns no text: it writes the token into the caller's headers, if
/// the origins allow the URL.
#[test]
fn only_these_functions_reveal_a_token() {
    let lines = [CORE, DRIVER, UREQ, REQWEST]
        .into_iter()
        .flat_map(str::lines);
    let ways_out: Vec<_> = lines
        .filter(|line| HOLDERS.iter().any(|holder| line.contains(holder)))
        .filter(|line| gives_away_text(line))
        .filter_map(|line| line.split(['<', '(']).next())
        .collect();

    assert_eq!(
        ways_out,
        [
            "pub fn edx_auth_core::AccessToken::authorization",
            "pub fn edx_auth_core::AccessToken::expose",
            "pub fn edx_auth_core::AccessToken::into_authorization",
            "pub fn edx_auth_core::ApiRequest::with_body",
            "pub fn edx_auth_core::LiveToken::authorization",
            "pub fn edx_auth_core::LiveToken::into_authorization",
            "pub fn edx_auth_core::StoredToken::to_bytes",
            "pub fn edx_auth_driver::ResponseBody::as_ref",
            "pub fn edx_auth_driver::StoreKey::seal",
        ]
    );
}

fn gives_away_text(line: &str) -> bool {
    let result = line.rsplit_once(" -> ").map(|(_, result)| result);
    let result = result.and_then(|result| result.split(" where ").next());
    result.is_some_and(|result| TEXTS.iter().any(|text| result.contains(text)))
}

/// The types that contain a token.
const HOLDERS: [&str; 17] = [
    "::TokenExchange::",
    "::IssuedToken::",
    "::AccessToken::",
    "::StoredToken::",
    "::TokenAgent::",
    "::Work::",
    "::StoreKey::",
    "::StoreTicket::",
    "::Changes<",
    "::ExchangeTicket::",
    "::ApiCall::",
    "::ApiRequest::",
    "::ResponseBody::",
    "::LiveToken::",
    "::TokenSource<",
    "::AuthorizedClient::",
    "::RequestBuilder::",
];

/// The types that could carry a token out.
const TEXTS: [&str; 6] = [
    "str",
    "String",
    "u8",
    "Bytes",
    "HeaderValue",
    "http::request::Request",
];
