//! Bodies that are deep or long are read like any other.

use edx_auth_core::{Defect, ErrorKind};
use edx_auth_tests::unified::differs;
use http::Response;

use super::{finish, request_for_both};

#[test]
fn a_token_is_read_from_a_body_of_any_depth_and_length() {
    let nested = |open: &str, inner, close: &str| {
        format!("{}{inner}{}", open.repeat(8000), close.repeat(8000))
    };
    let many: Vec<_> = (0..3000).map(|n| format!("\"k{n}\": {n}")).collect();
    for fields in [
        many.join(", "),
        format!("\"x\": \"{}\"", "y".repeat(60_000)),
        format!("\"x\": {}", "9".repeat(50_000)),
        format!("\"x\": {}", nested("[", "", "]")),
        format!("\"x\": {}", nested("{\"\":", "0", "}")),
    ] {
        let body = format!(r#"{{"access_token": "a.b", "token_type": "JWT", {fields}}}"#);

        let issued = finish(&request_for_both(), &Response::new(body.into_bytes())).unwrap();

        assert_eq!(issued.token().expose(), "a.b");
    }
}

#[test]
fn a_number_alone_is_no_token_response() {
    let response = Response::new(b"1e400".to_vec());
    let defect = if differs("serde_json", "1e400") {
        Defect::WrongShape
    } else {
        Defect::NotJson
    };

    let error = finish(&request_for_both(), &response).unwrap_err();

    assert_eq!(error.kind(), ErrorKind::Malformed(defect));
}
