//! Every public type, printed in every way after it has processed a secret and a token.

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt::Debug;
use std::time::Duration;

use edx_auth_core::{
    AccessToken, Acquire, ApiCall, ApiUrl, CallBody, CallStep, ClientCredentials, EnvConfig,
    EnvTokenFile, ErrorCode, ExchangeError, IssuedToken, Jitter, Moment, Need, Origins, Paginator,
    PlaintextHosts, Problem, RenewalError, RenewalPolicy, StoredToken, TokenAgent, TokenEndpoint,
    TokenRequest, TokenType, TransportError, TransportFailure, WaitBudget, Work,
};
use edx_auth_driver::{Claim, StoreError, StoreKey};
use edx_auth_tests::debug_output;
use http::{HeaderMap, HeaderName, Method, Response, StatusCode};
use tokio::runtime::Builder;

const SECRET: &str = "plAnted-s3cret";
const TOKEN: &str = "plAnted.t0ken.c2ln";
const ISSUED: &str = r#"{"access_token": "plAnted.t0ken.c2ln", "expires_in": 3600, "token_type": "JWT", "scope": "plAnted.t0ken.c2ln"}"#;

#[test]
fn no_public_type_shows_a_secret() {
    let mut shown = Shown::default();
    of_an_exchange(&mut shown);
    of_an_agent(&mut shown);
    of_a_call(&mut shown);
    of_a_driver(&mut shown);
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
        "a type that this test does not cover, or that no longer exists"
    );
}

/// The names of the types, and their output.
#[derive(Default)]
struct Shown(Vec<(&'static str, Vec<String>)>);

impl Shown {
    fn add(&mut self, name: &'static str, value: &dyn Debug) {
        self.0.push((name, debug_output::of_value(value)));
    }

    fn error(&mut self, name: &'static str, error: &(dyn Error + 'static)) {
        self.0.push((name, debug_output::of_error(error)));
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

    let denied = denial();
    shown.add("ErrorKind", &denied.kind());
    shown.add("ErrorCode", &denied.oauth_code());
    let Some(ErrorCode::Other(text)) = denied.oauth_code() else {
        panic!("a code of the server's own");
    };
    shown.add("ServerText", text);
    shown.error("ExchangeError", &denied);
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

fn of_an_agent(shown: &mut Shown) {
    let now = Moment::default();
    let mut agent = TokenAgent::new(request(), RenewalPolicy::DEFAULT).with_provided_credentials();
    let budget = WaitBudget::new(Duration::ZERO, now);
    shown.add("TokenAgent", &agent);
    shown.add("WaitBudget", &budget);
    shown.add("Need", &Need::any());

    let acquired = agent.acquire(Need::any(), &budget, now);
    shown.add("Acquire", &acquired);
    shown.add("WorkKind", &agent.next_work(now));
    let work = agent.poll_work(now).unwrap();
    shown.add("Work", &work);
    let Work::Credentials(ticket) = work else {
        panic!("the program is asked for the credentials first");
    };
    shown.add("CredentialsTicket", &ticket);
    let event = agent.on_credentials(ticket, Ok(credentials()), now, Jitter::NONE);
    shown.add("Event", &event);
    shown.add("TokenAgent", &agent);

    let work = agent.poll_work(now).unwrap();
    shown.add("Work", &work);
    let Work::Exchange(ticket, _) = work else {
        panic!("the credentials are there");
    };
    shown.add("ExchangeTicket", &ticket);
    let event = agent.on_response(ticket, echo(), now, Jitter::NONE);
    shown.add("Event", &event);
    shown.add("TokenAgent", &agent);
    shown.add("Health", &agent.health(now));
    let acquired = agent.acquire(Need::any(), &budget, now);
    shown.add("Acquire", &acquired);
    let Acquire::Failed(error) = acquired else {
        panic!("a caller without time does not wait")
    };
    shown.error("TokenError", &error);
    shown.error("RenewalError", &RenewalError::from(denial()));

    let stored = StoredToken::new(issued().into_token(), HOUR, Duration::ZERO);
    shown.add("StoredToken", &stored);
    let cut = stored.to_bytes().split_last().unwrap().1.to_vec();
    shown.error(
        "StoredTokenError",
        &StoredToken::from_bytes(&cut).unwrap_err(),
    );
    of_a_store(shown, stored.clone());
    shown.add("Event", &agent.restore(stored, now, Jitter::NONE));
    shown.add("TokenAgent", &agent);
    let acquired = agent.acquire(Need::any(), &budget, now);
    shown.add("Acquire", &acquired);
    let Acquire::Ready(token) = acquired else {
        panic!("a token just restored is used");
    };
    shown.add("LiveToken", &token);
    shown.add("Generation", &token.generation());
    shown.add("Invalidation", &agent.invalidate(token.generation(), now));
    shown.add("Need", &agent.renew_now());
    shown.add("Event", &agent.set_credentials(credentials(), now));
    shown.add("TokenAgent", &agent);
    shown.add("TokenAgent", &TokenAgent::fixed(issued().into_token()));
}

fn of_a_store(shown: &mut Shown, stored: StoredToken) {
    let (mut agent, now) = (TokenAgent::supplied(), Moment::default());
    let budget = WaitBudget::new(Duration::ZERO, now);
    let _elected = agent.acquire(Need::any(), &budget, now);
    let Some(Work::Store(ticket)) = agent.poll_work(now) else {
        panic!("the token is read");
    };
    shown.add("StoreTicket", &ticket);
    shown.add(
        "Event",
        &agent.on_stored(ticket, Ok(Some(stored)), now, Jitter::NONE),
    );
    shown.add("TokenAgent", &agent);
    let path = |name: &str| (name == "EDX_ACCESS_TOKEN_FILE").then(|| TOKEN.into());
    shown.add("EnvTokenFile", &EnvTokenFile::read(path).unwrap());
    shown.add("Claim", &Claim::new(SECRET));
    shown.add("StoreKey", &StoreKey::of(&request()));
    let damaged = StoredToken::read(format!("{TOKEN}\n{TOKEN}").as_bytes(), now).unwrap_err();
    shown.error("StoreError", &StoreError::from(damaged));
}

/// A program with a secret in its headers, and a server that echoes the token in every part of its
/// response.
fn of_a_call(shown: &mut Shown) {
    let (mut agent, now) = (TokenAgent::fixed(issued().into_token()), Moment::default());
    let mut headers = HeaderMap::new();
    headers.insert("x-key", SECRET.parse().unwrap());
    let call = ApiCall::new(Method::GET, API, Origins::edx()).unwrap();
    let mut call = call.headers(headers).body(CallBody::Repeatable);
    shown.add("ApiCall", &call);
    shown.add("ApiUrl", call.url());
    let step = call.poll(&mut agent, now);
    shown.add("CallStep", &step);
    shown.add("ApiCall", &call);
    let CallStep::Send(request) = step else {
        panic!("there is a token");
    };
    shown.add("ApiRequest", &request);

    let mut headers = HeaderMap::new();
    let elsewhere = format!("https://api.edx.org/there/#{TOKEN}");
    headers.insert("location", elsewhere.parse().unwrap());
    headers.insert("sunset", TOKEN.parse().unwrap());
    call.on_response(StatusCode::FOUND, &headers, b"");
    shown.add("CallStep", &call.poll(&mut agent, now));
    shown.add("ApiCall", &call);
    shown.add("Deprecation", &call.take_deprecation().unwrap());
    let echo = format!(r#"{{"detail": "{TOKEN}"}}"#);
    call.on_response(StatusCode::UNAUTHORIZED, &headers, echo.as_bytes());
    shown.add("CallStep", &call.poll(&mut agent, now));
    let mut call = ApiCall::new(Method::POST, API, Origins::edx()).unwrap();
    let _sent = call.poll(&mut agent, now);
    call.on_failure(TransportFailure::MaybeSent);
    let CallStep::Fail(error) = call.poll(&mut agent, now) else {
        panic!("a POST is not sent again")
    };
    shown.error("CallError", &error);

    let verdict = edx_auth_core::Verdict::of(StatusCode::FORBIDDEN, &headers, echo.as_bytes());
    shown.add("Verdict", &verdict);
    let problem = Problem::of(StatusCode::FORBIDDEN, echo.as_bytes());
    shown.add("Problem", &problem);
    let fragment = ApiUrl::new(&format!("{API}#{TOKEN}"), &PlaintextHosts::none());
    shown.error("UrlError", &fragment.unwrap_err());
    let pages = Paginator::new(API, Origins::edx()).unwrap();
    let mut pages = pages.header(HeaderName::from_static("x-key"), SECRET.parse().unwrap());
    shown.add("PageStep", &pages.poll(now));
    let page = format!(r#"{{"results": ["{TOKEN}"], "next": null}}"#);
    let fault = pages.on_response::<u64>(&Response::new(page)).unwrap_err();
    shown.error("PageError", &fault);
    shown.add("Paginator", &pages);
    shown.error("TransportFailure", &TransportFailure::MaybeSent);
    let error = TransportError::from(TransportFailure::MaybeSent).with_cause("no route");
    shown.error("TransportError", &error);
}

fn of_a_driver(shown: &mut Shown) {
    use edx_auth_driver::{
        Blocking, CallAction, CallSettings, EnvProxies, InputError, Items, RequestDraft,
        RequestLimit, ResponseBody, TenancyError, TokenSource, TokenSources,
    };
    let damaged = ClientCredentials::new("acme", format!("{SECRET}\n")).unwrap_err();
    shown.error("InputError", &InputError::from(damaged));
    shown.error("TenancyError", &TenancyError::NoCapacity);
    let proxies = EnvProxies::read(|_| {
        let url = format!("http://acme:{SECRET}@proxy.example:3128");
        Some(url.into_bytes())
    });
    let proxies = proxies.unwrap();
    shown.add("EnvProxies", &proxies);
    shown.add("ProxyUrl", proxies.proxy().unwrap());
    let respond = |_, _| {
        Ok(Response::new(ResponseBody::from(
            ISSUED.as_bytes().to_vec(),
        )))
    };
    let open = move |request| TokenSource::<Blocking>::over(request, respond).build();
    let tenants = TokenSources::new(1, open).unwrap();
    tenants.source(&request()).unwrap().token().unwrap();
    shown.add("TokenSources", &tenants);
    let limit = RequestLimit::per_minute(60).unwrap();
    let builder = TokenSource::<Blocking>::over(request(), respond)
        .credentials(|| Ok(credentials()))
        .request_limit(&limit);
    shown.add("TokenSourceBuilder", &builder);
    let source = builder.build().unwrap();
    shown.add("LiveToken", &source.token().unwrap());
    shown.add("RequestLimit", &limit);
    shown.add("TokenSource", &source);
    shown.add(
        "ResponseBody",
        &ResponseBody::from(ISSUED.as_bytes().to_vec()),
    );
    let draft = RequestDraft::<Vec<u8>, ()>::new(Method::POST, API);
    let draft = draft.header("x-key", SECRET).json(SECRET);
    shown.add("RequestDraft", &draft);
    let (_, payload) = draft
        .into_call(Origins::edx(), CallSettings::default())
        .unwrap();
    shown.add("Payload", &payload);

    let (mut call, _) = RequestDraft::<Vec<u8>, ()>::new(Method::GET, API)
        .into_call(Origins::edx(), CallSettings::default())
        .unwrap();
    shown.add("CallAction", &source.next_action(&mut call));
    let _ = call.on_result(Ok::<_, TransportError>(Response::new(TOKEN)));
    let action = source.next_action(&mut call).unwrap();
    shown.add("CallAction", &action);
    let CallAction::Deliver(meaning) = action else {
        panic!("there is a response");
    };
    shown.add("Meaning", &meaning);
    let broken = edx_auth_driver::Error::transport(call.url(), TransportFailure::MaybeSent);
    shown.error("Error", &broken);

    let mut items = Items::<String>::new(API, Origins::edx());
    shown.add("Items", &items);
    shown.add("ItemStep", &items.next_step(source.now()));
    let page = format!(r#"{{"next": "https://evil.example/{SECRET}", "results": []}}"#);
    let page = (Response::new(page.into_bytes()), API.to_owned());
    items.on_page(Ok(page), &source);
    shown.add("Items", &items);
    shown.add("ItemStep", &items.next_step(source.now()));
}

fn of_ureq(shown: &mut Shown) {
    use edx_auth_ureq::{AuthorizedClient, TokenSource};
    let builder = TokenSource::builder(request()).credentials(|| Ok(credentials()));
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
    let fixed: TokenSource = TokenSource::fixed(issued().into_token(), Origins::edx());
    shown.add("Changes", &fixed.changes());
    of_layers(shown, &fixed);
    let builder = TokenSource::builder(request()).credentials(|| Ok(credentials()));
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

/// The service under the layer echoes the token in its body.
fn of_layers(shown: &mut Shown, source: &edx_auth_reqwest::TokenSource) {
    use edx_auth_reqwest::{AuthorizationLayer, AuthorizationMiddleware, HttpClient};
    use tower::{Layer as _, ServiceExt as _};
    let with_a_key = || {
        let key = SECRET.parse().unwrap();
        let headers = HeaderMap::from_iter([(HeaderName::from_static("x-key"), key)]);
        reqwest::Client::builder().default_headers(headers)
    };
    shown.add("HttpClient", &HttpClient::from(with_a_key));
    shown.add(
        "AuthorizationMiddleware",
        &AuthorizationMiddleware::new(source.clone()),
    );
    let layer = AuthorizationLayer::<String>::new(source.clone());
    shown.add("AuthorizationLayer", &layer);
    let echo = tower::service_fn(|_| async {
        Ok::<_, std::convert::Infallible>(Response::new(TOKEN.to_owned()))
    });
    let service = layer.layer(echo);
    shown.add("Authorization", &service);
    let mut request = http::Request::new(String::new());
    *request.uri_mut() = API.parse().unwrap();
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let response = runtime.block_on(service.oneshot(request)).unwrap();
    shown.add("PeekedBody", response.body());
}

fn credentials() -> ClientCredentials {
    ClientCredentials::new("acme", SECRET).unwrap()
}

fn request() -> TokenRequest {
    TokenRequest::new(TokenEndpoint::edx(), credentials()).basic_auth()
}

fn issued() -> IssuedToken {
    let (_, exchange) = request().begin();
    exchange.finish(Response::new(ISSUED.as_bytes())).unwrap()
}

/// Returns a token whose claims contain personal data.
fn claimed() -> AccessToken {
    use base64::Engine as _;
    use base64::prelude::BASE64_URL_SAFE_NO_PAD;
    let claims = r#"{"email": "plAnted@example.org", "name": "plAnted", "iat": 1, "exp": 2}"#;
    let claims = BASE64_URL_SAFE_NO_PAD.encode(claims);
    AccessToken::new(TokenType::Jwt, &format!("e30.{claims}.c2ln")).unwrap()
}

/// Returns the error of a token request to a server that echoes the secret.
fn denial() -> ExchangeError {
    let (_, exchange) = request().begin();
    let (head, body) = echo().into_parts();
    exchange
        .finish(Response::from_parts(head, body.as_slice()))
        .unwrap_err()
}

fn echo() -> Response<Vec<u8>> {
    let echo = format!(r#"{{"error": "bad {SECRET}", "error_description": "{SECRET}"}}"#);
    let mut response = Response::new(echo.into_bytes());
    *response.status_mut() = StatusCode::UNAUTHORIZED;
    response
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
        include_str!("../../public-api/edx-auth-driver.txt"),
        include_str!("../../public-api/edx-auth-ureq.txt"),
        include_str!("../../public-api/edx-auth-reqwest.txt"),
    ];
    let lines = apis.into_iter().flat_map(str::lines);
    let name = |line: &'static str| {
        let (_, path) = line
            .split_once("pub struct ")
            .or_else(|| line.split_once("pub enum "))?;
        let path = path.split(['<', '(']).next()?;
        path.rsplit("::").next()
    };
    lines.filter_map(name).chain(OF_HTTP).collect()
}

/// Types of other crates that ours create.
const OF_HTTP: [&str; 2] = ["http::Request", "HeaderValue"];

/// Numbers, names of places, and our words: there is no room in them for a secret.
const NO_ROOM: [&str; 31] = [
    "Async",
    "Blocking",
    "CallBody",
    "CallSettings",
    "ClientName",
    "Connection",
    "CredentialPart",
    "Custom",
    "Defect",
    "EnvStore",
    "FileStore",
    "ForeignPair",
    "ItemsPathError",
    "Jitter",
    "Moment",
    "Origins",
    "PagesReport",
    "PlaintextHosts",
    "PolicyError",
    "Position",
    "PositionError",
    "RenewalPolicy",
    "RenewalPolicyBuilder",
    "RenewalReason",
    "Reqwest",
    "StorePart",
    "Timer",
    "TimerError",
    "TokenState",
    "TokenType",
    "Ureq",
];

/// A URL with personal data in its query.
const API: &str = "https://api.edx.org/catalog/v1/catalogs?user=plAnted";
const HOUR: Duration = Duration::from_secs(3600);
