//! What a person can do about it: one sentence for every way an exchange can fail.

use http::StatusCode;

use super::TokenRequest;
use super::verdict::Fault;
use crate::error::{Defect, ErrorCode, ErrorKind};

/// One sentence, in the words of whoever meets this for the first time.
pub(super) fn advice(
    fault: &Fault,
    status: Option<StatusCode>,
    request: &TokenRequest,
) -> &'static str {
    match fault.kind {
        ErrorKind::Denied => refused(fault.code.as_ref(), request),
        ErrorKind::WrongUrl => wrong_url(request),
        ErrorKind::Throttled => THROTTLED,
        ErrorKind::Unavailable if status == Some(StatusCode::OK) => PAGE_INSTEAD_OF_TOKEN,
        ErrorKind::Unavailable => UNAVAILABLE,
        ErrorKind::Redirected => REDIRECTED,
        ErrorKind::Malformed(Defect::TokenCharacters) => TOKEN_CHARACTERS,
        ErrorKind::Malformed(_) => MALFORMED,
        ErrorKind::UnexpectedTokenType => UNEXPECTED_TOKEN_TYPE,
        ErrorKind::NoLifetime => NO_LIFETIME,
        ErrorKind::Transport(failure) => failure.advice(),
    }
}

fn refused(code: Option<&ErrorCode>, request: &TokenRequest) -> &'static str {
    match code {
        Some(ErrorCode::InvalidClient) if request.has_hashed_secret() => HASHED_SECRET,
        Some(ErrorCode::InvalidClient) if request.endpoint().is_edx() => UNKNOWN_AT_EDX,
        Some(ErrorCode::InvalidClient) => UNKNOWN_PAIR,
        Some(ErrorCode::UnauthorizedClient) if request.endpoint().is_edx() => OTHER_GRANT_AT_EDX,
        Some(ErrorCode::UnauthorizedClient) => OTHER_GRANT,
        Some(ErrorCode::UnsupportedGrantType) => GRANT_NOT_SEEN,
        Some(ErrorCode::InvalidScope) => INVALID_SCOPE,
        Some(ErrorCode::InvalidRequest) => INVALID_REQUEST,
        Some(_) => OTHER_REFUSAL,
        None => NO_VERDICT,
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
    This secret is the hash that the admin page shows after saving, not the secret itself: \
    set a new secret there and copy it before you save.";

const UNKNOWN_AT_EDX: &str = "\
    Copy id and secret anew, both of them and without quotes: they are regenerated together, and \
    the old pair dies at once.";

const UNKNOWN_PAIR: &str = "\
    Copy id and secret anew, both of them and without quotes, from the application on this very \
    site: each pair belongs to one site.";

const OTHER_GRANT_AT_EDX: &str = "\
    Set the application to the grant type \"Client credentials\" and the client type \
    \"Confidential\" where its id and secret are shown.";

const OTHER_GRANT: &str = "\
    This application is for another grant, most often the login pair (SOCIAL_AUTH_.., `..-sso`): \
    make one with `./manage.py lms create_dot_application --grant-type client-credentials NAME USER`.";

const GRANT_NOT_SEEN: &str = "\
    The server did not see the form that was sent: look for a proxy or a firewall that changes \
    the body, or a token endpoint of another kind.";

const INVALID_SCOPE: &str = "\
    Ask for no scope to get the application's default, or only for scopes that the application \
    was given.";

const INVALID_REQUEST: &str = "\
    Check that the URL is the token endpoint's alone, without a query, and that nothing between \
    changes the request.";

const OTHER_REFUSAL: &str = "\
    Show the server's own words to whoever runs the site: they are not among those that the \
    OAuth standard explains.";

const NO_VERDICT: &str = "\
    Something before the token endpoint asks for a login of its own, such as a password gate of \
    a test site: ask whoever runs the site for a way around it.";

const WRONG_PATH_AT_EDX: &str = "\
    Ask edX at https://api.edx.org/oauth2/v1/access_token, by POST and without a query.";

const WRONG_SERVICE: &str = "\
    Give the URL of the LMS: Studio and discovery take tokens and issue none.";

const EDX_PATH_ELSEWHERE: &str = "\
    Give the URL of the LMS alone: the path /oauth2/v1/ exists only at api.edx.org, and an LMS \
    issues tokens at /oauth2/access_token.";

const WRONG_URL: &str = "\
    Give the URL of the LMS, such as https://courses.example.org: it issues tokens at \
    /oauth2/access_token, and no other service of a site does.";

const THROTTLED: &str = "\
    Wait a minute, and ask for one token instead of many: the site counts token requests of all \
    programs behind your address together; where it stays so, a firewall may refuse you.";

const UNAVAILABLE: &str = "\
    Try again in a minute; if it stays so, look at the site's status or ask whoever runs it.";

const PAGE_INSTEAD_OF_TOKEN: &str = "\
    A web page came where a token should be: try again in a minute in case of maintenance, and \
    check the URL, which has to be the LMS's.";

const REDIRECTED: &str = "\
    Give the URL that answers by itself, most often with https:// or another host: a redirect is \
    never followed, for it would carry the secret along.";

const TOKEN_CHARACTERS: &str = "\
    Check that the URL is the LMS's: no Open edX issues such a token.";

const MALFORMED: &str = "\
    Check that the URL is the token endpoint's and that no proxy answers in its place.";

const UNEXPECTED_TOKEN_TYPE: &str = "\
    This site issued no JWT: check the URL (a proxy may drop the field `token_type`), or allow \
    Bearer tokens, which only its LMS takes.";

const NO_LIFETIME: &str = "\
    Ask whoever runs the site for a longer token life (JWT_ACCESS_TOKEN_EXPIRE_SECONDS), or \
    whether this application is a restricted one.";

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

    fn said_by(request: &TokenRequest, status: u16, body: &str) -> &'static str {
        let reply = Response::builder().status(status);
        let (_, exchange) = request.begin();
        let error = exchange.finish(reply.body(body.as_bytes()).unwrap());
        error.unwrap_err().advice()
    }

    #[test]
    fn a_refusal_is_explained_by_its_code_its_site_and_its_secret() {
        for (code, site, secret, advice) in [
            ("invalid_client", EDX, "s3cret", UNKNOWN_AT_EDX),
            ("invalid_client", EDX_STAGE, "s3cret", UNKNOWN_AT_EDX),
            ("invalid_client", LMS, "s3cret", UNKNOWN_PAIR),
            ("invalid_client", LMS, "pbkdf2_sha256$1$a$b=", HASHED_SECRET),
            ("invalid_client", EDX, "argon2$argon2id$v=19", HASHED_SECRET),
            ("unauthorized_client", EDX, "s3cret", OTHER_GRANT_AT_EDX),
            ("unauthorized_client", LMS, "s3cret", OTHER_GRANT),
            ("unsupported_grant_type", LMS, "s3cret", GRANT_NOT_SEEN),
            ("invalid_scope", LMS, "s3cret", INVALID_SCOPE),
            ("invalid_request", LMS, "s3cret", INVALID_REQUEST),
            ("account_frozen", LMS, "s3cret", OTHER_REFUSAL),
        ] {
            let body = format!(r#"{{"error": "{code}"}}"#);
            let said = said_by(&request(site, secret), 401, &body);
            assert_eq!(said, advice, "{code} {site} {secret}");
        }
    }

    #[test]
    fn a_wrong_url_is_explained_by_what_stands_in_it() {
        for (site, advice) in [
            (EDX, WRONG_PATH_AT_EDX),
            ("https://studio.example.org", WRONG_SERVICE),
            ("https://cms.example.org", WRONG_SERVICE),
            ("https://discovery.example.org/oauth2/v1", WRONG_SERVICE),
            ("https://example.org/oauth2/v1", EDX_PATH_ELSEWHERE),
            (LMS, WRONG_URL),
        ] {
            let said = said_by(&request(site, "s3cret"), 404, "");
            assert_eq!(said, advice, "{site}");
        }
    }

    #[test]
    fn every_other_reply_is_explained_by_its_kind() {
        let opaque = r#"{"access_token": "x", "token_type": "Bearer", "expires_in": 9}"#;
        let broken = r#"{"access_token": "x y", "token_type": "JWT", "expires_in": 9}"#;
        let dead = r#"{"access_token": "x", "token_type": "JWT", "expires_in": 0}"#;
        for (status, body, advice) in [
            (200, "<html>", PAGE_INSTEAD_OF_TOKEN),
            (503, "<html>", UNAVAILABLE),
            (429, "<html>", THROTTLED),
            (401, "<html>", NO_VERDICT),
            (302, "<html>", REDIRECTED),
            (200, "{}", MALFORMED),
            (200, opaque, UNEXPECTED_TOKEN_TYPE),
            (200, broken, TOKEN_CHARACTERS),
            (200, dead, NO_LIFETIME),
        ] {
            let said = said_by(&request(LMS, "s3cret"), status, body);
            assert_eq!(said, advice, "{status} {body}");
        }
    }

    #[test]
    fn a_broken_transport_is_explained_by_its_failure() {
        let (_, exchange) = request(LMS, "s3cret").begin();
        let failure = TransportFailure::NotSent;

        assert_eq!(exchange.fail(failure).advice(), failure.advice());
    }
}
