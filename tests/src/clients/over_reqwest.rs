//! The async client over reqwest, for callers that block.

use edx_auth_core::{Health, LiveToken, Problem, Verdict};
use edx_auth_reqwest::{
    AuthorizedClient, Error, Pages, RequestBuilder, RequireSuccess as _, TokenSource,
};
use edx_auth_testkit::Fingerprint;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use reqwest::{Body, Request, Response};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

use super::{
    ApiResponse, Broken, Call, Called, Client, Content, Ending, Failure, Item, List, Listing,
    Setup, Start,
};

/// An async client and a runtime to wait for its calls.
pub(super) struct Blocked {
    client: AuthorizedClient,
    runtime: Runtime,
}

impl Blocked {
    pub(super) fn client(setup: Setup) -> Self {
        let (timeout, retry_for) = (setup.timeout, setup.retry_for);
        let token_timeout = setup.token_timeout;
        let mut builder = AuthorizedClient::builder(source(setup)).timeout(timeout);
        if let Some(retry_for) = retry_for {
            builder = builder.retry_for(retry_for);
        }
        if let Some(timeout) = token_timeout {
            builder = builder.token_timeout(timeout);
        }
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build();
        Self {
            client: builder.build().unwrap(),
            runtime: runtime.unwrap(),
        }
    }

    fn wait<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }
}

fn source(setup: Setup) -> TokenSource {
    if let Some(token) = setup.fixed {
        return TokenSource::fixed(token, setup.origins);
    }
    let mut builder = TokenSource::builder(setup.request)
        .policy(setup.policy)
        .origins(setup.origins);
    if let Some(credentials) = setup.credentials {
        builder = builder.credentials(move || Ok(credentials()));
    }
    if let Some(name) = setup.name {
        builder = builder.client_name(name);
    }
    builder.build().unwrap()
}

impl Client for Blocked {
    fn call(&self, call: Call) -> Called {
        self.wait(carry(self.client.clone(), call))
    }

    fn require(&self, call: Call) -> Result<u16, Error> {
        let response = self.wait(request(&self.client, call).send())?;
        Ok(response.require_success()?.status().as_u16())
    }

    fn execute(&self, call: Call) -> Called {
        let mut request = Request::new(call.method, call.url.parse().unwrap());
        for (name, value) in call.headers {
            let name: http::HeaderName = name.parse().unwrap();
            request.headers_mut().append(name, value.parse().unwrap());
        }
        *request.body_mut() = match call.content {
            Content::Nothing => None,
            Content::Repeatable(body) => Some(body.into()),
            Content::Once(body) => Some(Body::wrap(Body::from(body))),
            other => panic!("a request of reqwest's own is bytes: {other:?}"),
        };
        self.wait(async { read(self.client.execute(request).await).await })
    }

    fn at_once(&self, calls: Vec<Call>) -> Vec<Called> {
        let carry = |call| self.runtime.spawn(carry(self.client.clone(), call));
        let calls: Vec<_> = calls.into_iter().map(carry).collect();
        calls
            .into_iter()
            .map(|one| self.wait(one).unwrap())
            .collect()
    }

    fn read(&self, list: &List, after_each: &mut dyn FnMut(Item)) -> Listing {
        let mut pages = pages(&self.client, list);
        let items = std::iter::from_fn(|| self.wait(pages.next())).take(list.most_items);
        Listing::through(items.map(|item| item.map_err(broken)), after_each)
    }

    fn whole_pages(&self, list: &List) -> Vec<Result<Value, Broken>> {
        let mut pages = pages(&self.client, list).whole_pages();
        let pages = std::iter::from_fn(|| self.wait(pages.next()));
        pages.map(|page| page.map_err(broken)).collect()
    }

    fn authorize(&self, url: &str) -> Result<Fingerprint, String> {
        let mut headers = HeaderMap::new();
        let authorized = self.wait(self.client.source().authorize(&mut headers, url));
        let attached = headers.get(AUTHORIZATION).map(Fingerprint::of);
        match authorized {
            Ok(_) => Ok(attached.unwrap()),
            Err(error) => {
                assert_eq!(attached, None, "{url}");
                Err(error.to_string())
            }
        }
    }

    fn health(&self) -> Health {
        self.client.source().health()
    }

    fn token(&self) -> Result<LiveToken, Error> {
        self.wait(self.client.source().token())
    }
}

fn pages<T: DeserializeOwned>(client: &AuthorizedClient, list: &List) -> Pages<T> {
    let mut pages = match &list.start {
        Start::Url(url) => client.pages(url),
        Start::Position(position) => client.pages_from(position),
    };
    if !list.query.is_empty() {
        pages = pages.query(&list.query);
    }
    for (name, value) in &list.headers {
        pages = pages.header(name, value);
    }
    if let Some(path) = &list.items_at {
        pages = pages.items_at(path).unwrap();
    }
    match list.retry_timeout {
        Some(timeout) => pages.retry_timeout(timeout),
        None => pages,
    }
}

async fn carry(client: AuthorizedClient, call: Call) -> Called {
    read(request(&client, call).send().await).await
}

fn request(client: &AuthorizedClient, call: Call) -> RequestBuilder {
    let mut request = client.request(call.method, &call.url);
    for (name, value) in &call.headers {
        request = request.header(name, value);
    }
    if !call.query.is_empty() {
        request = request.query(&call.query);
    }
    if let Some(timeout) = call.timeout {
        request = request.timeout(timeout);
    }
    if let Some(timeout) = call.retry_for {
        request = request.retry_for(timeout);
    }
    if let Some(timeout) = call.token_timeout {
        request = request.token_timeout(timeout);
    }
    match call.content {
        Content::Nothing => request,
        Content::Repeatable(body) => request.body(body),
        Content::Once(body) => request.body_once(body),
        Content::Json(value) => request.json(&value),
        Content::Form(fields) => request.form(&fields),
    }
}

async fn read(called: Result<Response, Error>) -> Called {
    let mut received = called.map_err(|error| failure(&error))?;
    let mut response = ApiResponse {
        status: received.status().as_u16(),
        verdict: received.extensions().get::<Verdict>().copied(),
        problem: received.extensions().get::<Problem>().cloned(),
        headers: received.headers().clone(),
        body: Vec::new(),
        ending: Ending::Whole,
    };
    loop {
        match received.chunk().await {
            Ok(Some(chunk)) => response.body.extend_from_slice(&chunk),
            Ok(None) => return Ok(response),
            Err(error) => {
                response.ending = Ending::of(&error);
                return Ok(response);
            }
        }
    }
}

fn broken(error: Error) -> Broken {
    match error {
        Error::Pagination { page, cause, .. } => Broken {
            page: Some(page.to_string()),
            failure: failure(&cause),
        },
        other => Broken {
            page: None,
            failure: failure(&other),
        },
    }
}

fn failure(error: &Error) -> Failure {
    Failure {
        words: error.to_string(),
        is_retryable: error.is_retryable(),
        retry_after: error.retry_after(),
    }
}
