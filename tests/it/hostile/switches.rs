//! What the drivers offer has no switch that turns verification off, and what is dangerous is named
//! so.

const CORE: &str = include_str!("../../public-api/edx-auth-core.txt");
const UREQ: &str = include_str!("../../public-api/edx-auth-ureq.txt");
const REQWEST: &str = include_str!("../../public-api/edx-auth-reqwest.txt");

#[test]
fn no_switch_turns_verification_off() {
    for line in [CORE, UREQ, REQWEST].into_iter().flat_map(str::lines) {
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
fn the_dangerous_doors_are_these_two() {
    let lines = [CORE, UREQ, REQWEST].into_iter().flat_map(str::lines);
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
