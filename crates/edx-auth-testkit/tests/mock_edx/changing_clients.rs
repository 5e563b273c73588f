//! Clients that are regenerated or revoked while the site runs.

use edx_auth_testkit::MockEdx;

use crate::wire::{Received, exchange, fetch_token, get, post_form};

const INVALID_CLIENT: &str = r#"{"error": "invalid_client"}"#;

#[test]
fn a_new_secret_replaces_the_old_one_and_tokens_stay_valid() {
    let edx = MockEdx::start().unwrap();
    let (token, id) = (fetch_token(&edx), edx.client_id());

    edx.set_secret(id, "regenerated");

    assert_eq!(
        with_secret(&edx, id, edx.client_secret()).body,
        INVALID_CLIENT
    );
    assert_eq!(with_secret(&edx, id, "regenerated").status, 200);
    assert_eq!(catalogs_with(&edx, &token), 200);
}

#[test]
fn a_revoked_client_gets_no_token_and_its_tokens_are_rejected() {
    let edx = MockEdx::builder()
        .client("first", "1")
        .client("second", "2")
        .start()
        .unwrap();
    let first = with_secret(&edx, "first", "1").access_token();
    let second = with_secret(&edx, "second", "2").access_token();

    edx.revoke("first");

    assert_eq!(with_secret(&edx, "first", "1").body, INVALID_CLIENT);
    assert_eq!(catalogs_with(&edx, &first), 401);
    assert_eq!(with_secret(&edx, "second", "2").status, 200);
    assert_eq!(catalogs_with(&edx, &second), 200);
}

#[test]
fn a_revoked_client_is_let_in_again_with_a_secret() {
    let edx = MockEdx::start().unwrap();
    let token = fetch_token(&edx);

    edx.revoke(edx.client_id());
    edx.set_secret(edx.client_id(), "again");

    assert_eq!(with_secret(&edx, edx.client_id(), "again").status, 200);
    assert_eq!(catalogs_with(&edx, &token), 200);
}

#[test]
fn a_secret_registers_an_unknown_client() {
    let edx = MockEdx::start().unwrap();

    edx.set_secret("newcomer", "secret");

    assert_eq!(with_secret(&edx, "newcomer", "secret").status, 200);
    assert!(!fetch_token(&edx).is_empty());
}

fn with_secret(edx: &MockEdx, id: &str, secret: &str) -> Received {
    let form = format!(
        "grant_type=client_credentials&token_type=jwt&client_id={id}&client_secret={secret}"
    );
    exchange(edx, &post_form(MockEdx::TOKEN_PATH, "", &form))
}

fn catalogs_with(edx: &MockEdx, token: &str) -> u16 {
    let header = format!("Authorization: JWT {token}\r\n");
    get(edx, MockEdx::CATALOGS_PATH, &header).status
}
