//! The advice for every way in which an exchange can fail.

use http::StatusCode;

use super::TokenRequest;
use super::verdict::ExchangeFailure;
use crate::error::{Defect, ErrorCode, ErrorKind};

/// Returns one sentence on what to do next.
pub(super) fn advice(
    failure: &ExchangeFailure,
    status: Option<StatusCode>,
    request: &TokenRequest,
) -> &'static str {
    match failure.kind {
        ErrorKind::Denied => denied(failure.code.as_ref(), request),
        ErrorKind::WrongUrl => wrong_url(request),
        ErrorKind::Throttled => THROTTLED,
        ErrorKind::Unavailable if status == Some(StatusCode::OK) => PAGE_INSTEAD_OF_TOKEN,
        ErrorKind::Unavailable => UNAVAILABLE,
        ErrorKind::Redirected => REDIRECTED,
        ErrorKind::Malformed(Defect::TokenCharacters) => TOKEN_CHARACTERS,
        ErrorKind::Malformed(_) => MALFORMED,
        ErrorKind::UnexpectedTokenType => UNEXPECTED_TOKEN_TYPE,
        ErrorKind::NoLifetime => NO_LIFETIME,
        ErrorKind::Transport(transport) => transport.advice(),
    }
}

fn denied(code: Option<&ErrorCode>, request: &TokenRequest) -> &'static str {
    match code {
        Some(ErrorCode::InvalidClient) if request.has_hashed_secret() => HASHED_SECRET,
        Some(ErrorCode::InvalidClient) if request.endpoint().is_edx() => UNKNOWN_AT_EDX,
        Some(ErrorCode::InvalidClient) => UNKNOWN_CLIENT,
        Some(ErrorCode::UnauthorizedClient) if request.endpoint().is_edx() => OTHER_GRANT_AT_EDX,
        Some(ErrorCode::UnauthorizedClient) => OTHER_GRANT,
        Some(ErrorCode::UnsupportedGrantType) => GRANT_TYPE_LOST,
        Some(ErrorCode::InvalidScope) => INVALID_SCOPE,
        Some(ErrorCode::InvalidRequest) => INVALID_REQUEST,
        Some(_) => OTHER_CODE,
        None => FOREIGN_LOGIN,
    }
}

fn wrong_url(request: &TokenRequest) -> &'static str {
    let uri = request.endpoint().uri();
    let first_label = uri.host().and_then(|host| host.split('.').next());
    match first_label.unwrap_or_default() {
        _ if request.endpoint().is_edx() => WRONG_PATH_AT_EDX,
        "studio" | "cms" | "discovery" => WRONG_SERVICE,
        _ if uri.path().contains("/oauth2/v1/") => EDX_PATH_ELSEWHERE,
        _ => WRONG_URL,
    }
}

const HASHED_SECRET: &str = "\
    Set a new client secret on the admin page and copy it before you save: this one is the hash \
    that the page shows afterwards.";

const UNKNOWN_AT_EDX: &str = "\
    Copy both the client ID and the client secret again, without quotes: edX replaces both when \
    the credentials are regenerated.";

const UNKNOWN_CLIENT: &str = "\
    Copy both the client ID and the client secret again, without quotes, from the application on \
    this site: client credentials are valid at one site only.";

const OTHER_GRANT_AT_EDX: &str = "\
    Set the application to the grant type \"Client credentials\" and the client type \
    \"Confidential\" on the page that shows its client ID and secret.";

const OTHER_GRANT: &str = "\
    Create an application with `./manage.py lms create_dot_application --grant-type \
    client-credentials NAME USER`: this one is registered for another grant type, and is probably \
    the SSO login client (SOCIAL_AUTH_.., `..-sso`).";

const GRANT_TYPE_LOST: &str = "\
    Look for a proxy or a firewall that changes the request body, or for another kind of token \
    endpoint: the server did not see the form that was sent.";

const INVALID_SCOPE: &str = "\
    Request only scopes that the application has, or none to get its default scope.";

const INVALID_REQUEST: &str = "\
    Check that the URL is the token endpoint's, without a query, and that no proxy changes the \
    request.";

const OTHER_CODE: &str = "\
    Send the error code to the site's operator: the OAuth standard does not define it.";

const FOREIGN_LOGIN: &str = "\
    Ask the site's operator for access: a proxy in front of the token endpoint requires its own \
    login (for example HTTP Basic on a staging site).";

const WRONG_PATH_AT_EDX: &str = "\
    Use https://api.edx.org/oauth2/v1/access_token, by POST and without a query.";

const WRONG_SERVICE: &str = "\
    Use the URL of the LMS: Studio and the discovery service accept tokens but issue none.";

const EDX_PATH_ELSEWHERE: &str = "\
    Use the URL of the LMS without a path: /oauth2/v1/ exists only at api.edx.org, and an LMS \
    issues tokens at /oauth2/access_token.";

const WRONG_URL: &str = "\
    Use the URL of the LMS, such as https://courses.example.org: no other service of a site \
    issues tokens, and the LMS does at /oauth2/access_token.";

const THROTTLED: &str = "\
    Wait a minute, and share one token: the site counts the token requests of all programs behind \
    your IP address together. If it persists, ask its operator whether a firewall blocks you.";

const UNAVAILABLE: &str = "\
    Try again in a minute. If it persists, check the site's status or contact its operator.";

const PAGE_INSTEAD_OF_TOKEN: &str = "\
    Try again in a minute in case of maintenance, and check that the URL is the LMS's.";

const REDIRECTED: &str = "\
    Use the final URL, the one that does not redirect, most often with https:// or another host: \
    a redirect is never followed, because that would send the client secret along.";

const TOKEN_CHARACTERS: &str = "\
    Check that the URL is the LMS's: no Open edX site issues such a token.";

const MALFORMED: &str = "\
    Check that the URL is the token endpoint's, and that no proxy responds in its place.";

const UNEXPECTED_TOKEN_TYPE: &str = "\
    Check the URL, and that no proxy drops the field `token_type`: this site issued no JWT. Or allow \
    Bearer tokens with TokenRequest::allow_bearer; only the site's LMS accepts them.";

const NO_LIFETIME: &str = "\
    Ask the site's operator for a longer token lifetime (JWT_ACCESS_TOKEN_EXPIRE_SECONDS), and \
    whether this application is restricted: such applications get expired tokens.";

#[cfg(test)]
mod tests {
    use alloc::format;

    use http::Response;

    use super::*;
    use crate::error::TransportFailure;
    use crate::exchange::{ClientCredentials, TokenEndpoint};

    const EDX: &str = "https://api.edx.org";
    const EDX_STAGE: &str = "https://api.stage.edx.org";
    const LMS: &str = "https://courses.example.org";

    fn request(site: &str, secret: &str) -> TokenRequest {
        let credentials = ClientCredentials::new("acme", secret).unwrap();
        TokenRequest::new(TokenEndpoint::open_edx(site).unwrap(), credentials)
    }

    fn advice_for(request: &TokenRequest, status: u16, body: &str) -> &'static str {
        let response = Response::builder().status(status);
        let (_, exchange) = request.begin();
        let error = exchange.finish(response.body(body.as_bytes()).unwrap());
        error.unwrap_err().advice()
    }

    #[test]
    fn the_advice_on_a_denial_depends_on_code_site_and_secret() {
        for (code, site, secret, advice) in [
            ("invalid_client", EDX, "s3cret", UNKNOWN_AT_EDX),
            ("invalid_client", EDX_STAGE, "s3cret", UNKNOWN_AT_EDX),
            ("invalid_client", LMS, "s3cret", UNKNOWN_CLIENT),
            ("invalid_client", LMS, "pbkdf2_sha256$1$a$b=", HASHED_SECRET),
            ("invalid_client", EDX, "argon2$argon2id$v=19", HASHED_SECRET),
            ("unauthorized_client", EDX, "s3cret", OTHER_GRANT_AT_EDX),
            ("unauthorized_client", LMS, "s3cret", OTHER_GRANT),
            ("unsupported_grant_type", LMS, "s3cret", GRANT_TYPE_LOST),
            ("invalid_scope", LMS, "s3cret", INVALID_SCOPE),
            ("invalid_request", LMS, "s3cret", INVALID_REQUEST),
            ("account_frozen", LMS, "s3cret", OTHER_CODE),
        ] {
            let body = format!(r#"{{"error": "{code}"}}"#);
            let given = advice_for(&request(site, secret), 401, &body);
            assert_eq!(given, advice, "{code} {site} {secret}");
        }
    }

    #[test]
    fn the_advice_on_a_wrong_url_depends_on_the_url() {
        for (site, advice) in [
            (EDX, WRONG_PATH_AT_EDX),
            ("https://studio.example.org", WRONG_SERVICE),
            ("https://cms.example.org", WRONG_SERVICE),
            ("https://discovery.example.org/oauth2/v1", WRONG_SERVICE),
            ("https://example.org/oauth2/v1", EDX_PATH_ELSEWHERE),
            (LMS, WRONG_URL),
        ] {
            let given = advice_for(&request(site, "s3cret"), 404, "");
            assert_eq!(given, advice, "{site}");
        }
    }

    #[test]
    fn the_advice_on_any_other_response_depends_on_its_kind() {
        let opaque = r#"{"access_token": "x", "token_type": "Bearer", "expires_in": 9}"#;
        let broken = r#"{"access_token": "x y", "token_type": "JWT", "expires_in": 9}"#;
        let dead = r#"{"access_token": "x", "token_type": "JWT", "expires_in": 0}"#;
        for (status, body, advice) in [
            (200, "<html>", PAGE_INSTEAD_OF_TOKEN),
            (503, "<html>", UNAVAILABLE),
            (429, "<html>", THROTTLED),
            (401, "<html>", FOREIGN_LOGIN),
            (302, "<html>", REDIRECTED),
            (200, "{}", MALFORMED),
            (200, opaque, UNEXPECTED_TOKEN_TYPE),
            (200, broken, TOKEN_CHARACTERS),
            (200, dead, NO_LIFETIME),
        ] {
            let given = advice_for(&request(LMS, "s3cret"), status, body);
            assert_eq!(given, advice, "{status} {body}");
        }
    }

    #[test]
    fn the_advice_on_a_broken_transport_depends_on_its_failure() {
        let (_, exchange) = request(LMS, "s3cret").begin();
        let failure = TransportFailure::NotSent;

        assert_eq!(exchange.fail(failure).advice(), failure.advice());
    }
}
