//! Every public type, shown in every way it can be, after a secret and a token have been through it.

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt::Debug;
use std::time::Duration;

use edx_auth_core::{
    AccessToken, ApiCall, ApiUrl, ClientCredentials, EnvConfig, ErrorCode, ExchangeError,
    IssuedToken, Jitter, Moment, Need, Origins, PageWalk, PlaintextHosts, RenewalError,
    RenewalPolicy, RenewalReason, Step, StoredToken, TokenEndpoint, TokenLifecycle, TokenRequest,
    TokenType, TransportFailure, WaitBudget, WaitDecision,
};
use edx_auth_tests::shown;
use http::{HeaderMap, Method, Response, StatusCode};
use tokio::runtime::Builder;

const SECRET: &str = "plAnted-s3cret";
const TOKEN: &str = "plAnted.t0ken.c2ln";

#[test]
fn no_public_type_shows_a_secret() {
    let mut shown = Shown::default();
    of_an_exchange(&mut shown);
    of_a_life(&mut shown);
    of_a_call(&mut shown);
    of_ureq(&mut shown);
    of_reqwest(&mut shown);

    for (name, texts) in &shown.0 {
        let leak = texts.iter().find(|text| text.contains("plAnted"));
        assert_eq!(leak, None, "{name}");
    }
    let known: BTreeSet<_> = shown.0.iter().map(|(name, _)| *name).collect();
    let known: BTreeSet<_> = known.into_iter().chain(NO_ROOM.iter().copied()).collect();
    assert_eq!(
        known,
        public_types(),
        "a type that nobody has looked at, or that is gone"
    );
}

/// The names of types, and what each of them says of itself.
#[derive(Default)]
struct Shown(Vec<(&'static str, Vec<String>)>);

impl Shown {
    fn add(&mut self, name: &'static str, value: &dyn Debug) {
        self.0.push((name, shown::value(value)));
    }

    fn error(&mut self, name: &'static str, error: &(dyn Error + 'static)) {
        self.0.push((name, shown::error(error)));
    }
}

fn of_an_exchange(shown: &mut Shown) {
    let request = request();
    let (to_send, exchange) = request.begin();
    shown.add("ClientCredentials", request.credentials());
    shown.add("TokenEndpoint", request.endpoint());
    shown.add("TokenRequest", &request);
    shown.add("TransportRules", &request.rules());
    shown.add("TokenExchange", &exchange);
    shown.add("FormBody", to_send.body());
    shown.add("http::Request", &to_send);

    let issued = issued();
    shown.add("IssuedToken", &issued);
    shown.add("AccessToken", issued.token());
    shown.add("Scope", &issued.scope());
    shown.add("HeaderValue", issued.token().authorization());
    shown.add("UnverifiedClaims", &claimed().claims().unwrap());
    shown.error("ClaimsError", &issued.token().claims().unwrap_err());

    let refused = refusal();
    shown.add("ErrorKind", &refused.kind());
    shown.add("ErrorCode", &refused.oauth_code());
    let Some(ErrorCode::Other(text)) = refused.oauth_code() else {
        panic!("a code of the server's own");
    };
    shown.add("ServerText", text);
    shown.error("ExchangeError", &refused);
    let damaged = ClientCredentials::new("acme", format!("{SECRET}\n")).unwrap_err();
    shown.error("CredentialsError", &damaged);
    let not_one = AccessToken::new(TokenType::Jwt, &format!("JWT {TOKEN}")).unwrap_err();
    shown.error("AccessTokenError", &not_one);
    let scope = edx_auth_core::Scope::new(&format!("{SECRET}\n")).unwrap_err();
    shown.error("ScopeError", &scope);
    let url = TokenEndpoint::exact(&format!("https://acme:{SECRET}@lms.example/")).unwrap_err();
    shown.error("UrlError", &url);
    let name = edx_auth_core::ClientName::new(&format!("{SECRET}\n")).unwrap_err();
    shown.error("ClientNameError", &name);

    shown.add("EnvConfig", &environment(SECRET).unwrap());
    let damaged = environment(&format!("{SECRET}\n{SECRET}")).unwrap_err();
    shown.error("EnvConfigError", &damaged);
}

fn of_a_life(shown: &mut Shown) {
    let now = Moment::default();
    let mut life = TokenLifecycle::new(RenewalPolicy::DEFAULT);
    let Step::Fetch(attempt) = life.step(now) else {
        panic!("nothing is at hand");
    };
    shown.add("Attempt", &attempt);
    let event = life.settle(attempt, Err::<IssuedToken, _>(refusal()), now, Jitter::NONE);
    shown.add("Event", &event);
    shown.add("Health", &life.health(now));
    let step = life.step(now);
    shown.add("Step", &step);
    let decision = WaitBudget::new(Duration::ZERO, now).next(&step, now);
    shown.add("WaitDecision", &decision);
    let WaitDecision::GiveUp(error) = decision else {
        panic!("nobody waits without patience");
    };
    shown.error("TokenError", &error);
    shown.error("RenewalError", &RenewalError::from(refusal()));
    shown.add("WaitBudget", &WaitBudget::new(Duration::ZERO, now));
    shown.add("Need", &Need::any());

    let stored = StoredToken::new(issued().into_token(), HOUR, Duration::ZERO);
    shown.add("StoredToken", &stored);
    let cut = stored.to_bytes().split_last().unwrap().1.to_vec();
    shown.error(
        "StoredTokenError",
        &StoredToken::from_bytes(&cut).unwrap_err(),
    );
    let mut life = TokenLifecycle::new(RenewalPolicy::DEFAULT);
    shown.add("Event", &life.adopt(stored, now, Jitter::NONE));
    shown.add("TokenLifecycle", &life);
    let step = life.step(now);
    shown.add("Step", &step);
    let Step::Use(token) = step else {
        panic!("a token just adopted is used");
    };
    shown.add("LiveToken", &token);
    shown.add("Generation", &token.generation());
    shown.add("Invalidation", &life.invalidate(token.generation(), now));
    shown.add("Event", &life.renew_now(RenewalReason::Forced, now));
    shown.add("TokenLifecycle", &life);
}

/// A server that echoes the token wherever it can.
fn of_a_call(shown: &mut Shown) {
    let mut call = ApiCall::new(Method::GET, API, Origins::edx()).unwrap();
    let mut headers = HeaderMap::new();
    let elsewhere = format!("https://api.edx.org/there/#{TOKEN}");
    headers.insert("location", elsewhere.parse().unwrap());
    let step = call.answered(StatusCode::FOUND, &headers, b"");
    shown.add("CallStep", &step);
    if let edx_auth_core::CallStep::Follow(redirect) = step {
        shown.add("Redirect", &redirect);
    }
    let echo = format!(r#"{{"detail": "{TOKEN}"}}"#);
    let verdict = edx_auth_core::Verdict::of(StatusCode::FORBIDDEN, &headers, echo.as_bytes());
    shown.add("Verdict", &verdict);
    let fragment = ApiUrl::new(&format!("{API}#{TOKEN}"), &PlaintextHosts::none());
    shown.error("UrlError", &fragment.unwrap_err());
    let mut walk = PageWalk::new(API, Origins::edx()).unwrap();
    let page = format!(r#"{{"results": ["{TOKEN}"], "next": null}}"#);
    let fault = walk.answered::<u64>(&Response::new(page)).unwrap_err();
    shown.error("PageError", &fault);
    shown.add("PageWalk", &walk);
    shown.error("TransportFailure", &TransportFailure::MaybeSent);
}

fn of_ureq(shown: &mut Shown) {
    use edx_auth_ureq::{AuthorizedClient, TokenSource};
    let builder = TokenSource::builder(request()).credentials(|| Ok(pair()));
    shown.add("TokenSourceBuilder", &builder);
    shown.add("TokenSource", &builder.build().unwrap());
    let source = TokenSource::fixed(issued().into_token(), Origins::edx());
    shown.add("TokenSource", &source);
    shown.add(
        "AuthorizedClientBuilder",
        &AuthorizedClient::builder(source.clone()),
    );
    let client = AuthorizedClient::new(source).unwrap();
    shown.add("AuthorizedClient", &client);
    let call = client.post(API).header("x-key", SECRET).body(SECRET);
    shown.add("RequestBuilder", &call);
    shown.add("Pages", &client.pages::<u64>(API));
    let elsewhere = client
        .get(&format!("https://{SECRET}@evil.example/"))
        .send();
    shown.error("Error", &elsewhere.unwrap_err());
}

fn of_reqwest(shown: &mut Shown) {
    use edx_auth_reqwest::{AuthorizedClient, TokenSource};
    let builder = TokenSource::builder(request()).credentials(|| Ok(pair()));
    shown.add("TokenSourceBuilder", &builder);
    shown.add("TokenSource", &builder.build().unwrap());
    let source = TokenSource::fixed(issued().into_token(), Origins::edx());
    shown.add("TokenSource", &source);
    shown.add(
        "AuthorizedClientBuilder",
        &AuthorizedClient::builder(source.clone()),
    );
    let client = AuthorizedClient::new(source).unwrap();
    shown.add("AuthorizedClient", &client);
    let call = client.post(API).header("x-key", SECRET).body(SECRET);
    shown.add("RequestBuilder", &call);
    shown.add("Pages", &client.pages::<u64>(API));
    let elsewhere = client
        .get(&format!("https://{SECRET}@evil.example/"))
        .send();
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    shown.error("Error", &runtime.block_on(elsewhere).unwrap_err());
}

fn pair() -> ClientCredentials {
    ClientCredentials::new("acme", SECRET).unwrap()
}

fn request() -> TokenRequest {
    TokenRequest::new(TokenEndpoint::edx(), pair()).basic_auth()
}

fn issued() -> IssuedToken {
    let body = format!(
        r#"{{"access_token": "{TOKEN}", "expires_in": 3600, "token_type": "JWT", "scope": "{TOKEN}"}}"#
    );
    let (_, exchange) = request().begin();
    exchange.finish(Response::new(body.as_bytes())).unwrap()
}

/// Its claims name somebody.
fn claimed() -> AccessToken {
    use base64::Engine as _;
    use base64::prelude::BASE64_URL_SAFE_NO_PAD;
    let claims = r#"{"email": "plAnted@example.org", "name": "plAnted", "iat": 1, "exp": 2}"#;
    let claims = BASE64_URL_SAFE_NO_PAD.encode(claims);
    AccessToken::new(TokenType::Jwt, &format!("e30.{claims}.c2ln")).unwrap()
}

/// By a server that echoes what it was sent.
fn refusal() -> ExchangeError {
    let echo = format!(r#"{{"error": "bad {SECRET}", "error_description": "{SECRET}"}}"#);
    let mut reply = Response::new(echo.as_bytes());
    *reply.status_mut() = StatusCode::UNAUTHORIZED;
    let (_, exchange) = request().begin();
    exchange.finish(reply).unwrap_err()
}

fn environment(secret: &str) -> Result<EnvConfig, edx_auth_core::EnvConfigError> {
    let variable = |name: &str| match name {
        "EDX_CLIENT_ID" => Some(b"acme".to_vec()),
        "EDX_CLIENT_SECRET" => Some(secret.as_bytes().to_vec()),
        _ => None,
    };
    EnvConfig::read(variable, |path| std::fs::read(path))
}

fn public_types() -> BTreeSet<&'static str> {
    let apis = [
        include_str!("../../public-api/edx-auth-core.txt"),
        include_str!("../../public-api/edx-auth-ureq.txt"),
        include_str!("../../public-api/edx-auth-reqwest.txt"),
    ];
    let lines = apis.into_iter().flat_map(str::lines);
    let name = |line: &'static str| {
        let (_, path) = line
            .split_once("pub struct ")
            .or_else(|| line.split_once("pub enum "))?;
        let (_, name) = path.split_once("::")?;
        name.split(['<', '(']).next()
    };
    lines.filter_map(name).chain(OF_HTTP).collect()
}

/// Not ours, but made by us.
const OF_HTTP: [&str; 2] = ["http::Request", "HeaderValue"];

/// Numbers, names of places, and words of our own: there is no room in them for a secret.
const NO_ROOM: [&str; 16] = [
    "ApiCall",
    "ApiUrl",
    "ClientName",
    "CredentialPart",
    "Defect",
    "ForeignPair",
    "Jitter",
    "Moment",
    "Origins",
    "PlaintextHosts",
    "PolicyError",
    "RenewalPolicy",
    "RenewalPolicyBuilder",
    "RenewalReason",
    "TokenState",
    "TokenType",
];

const API: &str = "https://api.edx.org/catalog/v1/catalogs";
const HOUR: Duration = Duration::from_secs(3600);
