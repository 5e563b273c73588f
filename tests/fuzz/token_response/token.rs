//! The response as a token response: a token, or an error that can be printed.

use std::error::Error;
use std::iter;
use std::sync::LazyLock;
use std::time::Duration;

use edx_auth_core::{
    Acquire, Event, ExchangeError, IssuedToken, Jitter, Moment, Need, RenewalPolicy, TokenAgent,
    TokenRequest, TokenType, Work,
};
use http::Response;
use serde_json::Value;

use crate::canary;

pub(crate) fn check(response: &Response<Vec<u8>>) {
    let [jwt_alone, bearer_too] = [&*canary::REQUEST, &*REQUEST_FOR_BOTH].map(|request| {
        let end = finish(request, response);
        assert!(is_same(&end, &finish(request, response)), "read twice");
        end
    });
    assert!(jwt_alone.is_err() || is_same(&jwt_alone, &bearer_too));
    if let Ok(issued) = &jwt_alone {
        assert_eq!(issued.token().token_type(), TokenType::Jwt);
    }
    for end in [jwt_alone, bearer_too] {
        canary::assert_absent_from_the_end_of(response.body(), &shown(&end));
        match &end {
            Ok(issued) => check_token(issued, response),
            Err(error) => check_error(error, response),
        }
    }
    for request in [&*canary::REQUEST, &*REQUEST_FOR_BOTH] {
        check_agent(request, response);
    }
}

type End = Result<IssuedToken, ExchangeError>;

static REQUEST_FOR_BOTH: LazyLock<TokenRequest> =
    LazyLock::new(|| canary::REQUEST.clone().allow_bearer());

fn finish(request: &TokenRequest, response: &Response<Vec<u8>>) -> End {
    let (_, exchange) = request.begin();
    exchange.finish(response.clone().map(|_| response.body().as_slice()))
}

/// Checks that the token fits into a header (RFC 6750 section 2.1) and lives for less than `expires_in`.
fn check_token(issued: &IssuedToken, response: &Response<Vec<u8>>) {
    let token = issued.token();
    let unpadded = token.expose().trim_end_matches('=');
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "-._~+/".contains(c);
    assert!(!unpadded.is_empty() && unpadded.chars().all(is_allowed));
    let scheme = match token.token_type() {
        TokenType::Jwt => "JWT",
        _ => "Bearer",
    };
    let header = format!("{scheme} {}", token.expose());
    assert_eq!(token.authorization(), header.as_str());
    assert!(token.authorization().is_sensitive());

    let fields: Value = serde_json::from_slice(response.body()).unwrap_or_default();
    let told = fields["expires_in"].as_u64().map(Duration::from_secs);
    let life = issued.lifetime();
    assert!(response.status().is_success());
    assert!(life >= Duration::from_secs(1) && life <= YEAR, "{life:?}");
    assert!(told.is_none_or(|told| life < told), "{life:?} of {told:?}");
    let own = token.claims().ok();
    let own = own.and_then(|claims| Some((claims.issued_at()?, claims.expires_at()?)));
    let own = own.map(|(iat, exp)| exp.saturating_sub(iat));
    assert!(own.is_none_or(|own| life <= own), "{life:?} of {own:?}");

    let is_name = |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_graphic());
    assert!(issued.scope().is_none_or(|scope| scope.iter().all(is_name)));
}

/// Checks that the error has a short message in one line without control characters, advice, and a wait only
/// if waiting helps.
fn check_error(error: &ExchangeError, response: &Response<Vec<u8>>) {
    let shown = error.to_string();
    let steers = |c: char| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c);
    let code = error.oauth_code().map_or("", |code| code.as_str());
    let wait = error.retry_after();
    assert_eq!(error.status(), Some(response.status()));
    assert!(!shown.contains(steers), "{shown:?}");
    assert!(code.chars().count() <= 256 && shown.chars().count() < 700);
    assert!(!error.advice().is_empty());
    assert!(wait.is_none_or(|wait| error.is_retryable() && wait <= HOUR));
}

/// Checks that an agent continues after any result: it serves the token, or backs off.
fn check_agent(request: &TokenRequest, response: &Response<Vec<u8>>) {
    let mut agent = TokenAgent::new(request.clone(), RenewalPolicy::DEFAULT);
    let now = Moment::default();
    let Acquire::Wait(_) = agent.acquire(Need::any(), &agent.wait_budget(now), now) else {
        panic!("a caller without a token does not wait");
    };
    let Some(Work::Exchange(ticket, _)) = agent.poll_work(now) else {
        panic!("no token is requested");
    };
    match agent.on_response(ticket, response.clone(), now, Jitter::FULL) {
        Event::Renewed { usable_for, .. } => assert!(usable_for < YEAR && !usable_for.is_zero()),
        Event::Failed { backoff, .. } => {
            assert!(backoff >= Duration::from_secs(1) && backoff <= HOUR + HOUR / 4);
        }
        event => panic!("{event:?}"),
    }
}

fn is_same(one: &End, other: &End) -> bool {
    match (one, other) {
        (Ok(one), Ok(other)) => {
            let values = [one, other].map(|issued| issued.token().authorization());
            values[0] == values[1]
                && one.lifetime() == other.lifetime()
                && one.scope() == other.scope()
        }
        (Err(one), Err(other)) => format!("{one:?}") == format!("{other:?}"),
        _ => false,
    }
}

fn shown(end: &End) -> Vec<String> {
    match end {
        Ok(issued) => vec![
            format!("{issued:?}"),
            format!("{:?}", issued.token().authorization()),
            issued.scope().map(ToString::to_string).unwrap_or_default(),
        ],
        Err(error) => {
            let first: &(dyn Error + 'static) = error;
            let chain = iter::successors(Some(first), |error| (*error).source());
            let chain = chain.flat_map(|error| [format!("{error:?}"), error.to_string()]);
            let code = error.oauth_code().map(ToString::to_string);
            chain.chain(code).collect()
        }
    }
}

const HOUR: Duration = Duration::from_secs(60 * 60);
const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
