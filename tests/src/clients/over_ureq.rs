//! The blocking client over ureq.

use std::io::{Cursor, Read as _};
use std::sync::Barrier;
use std::thread;

use edx_auth_core::{Health, LiveToken, Problem, Verdict};
use edx_auth_testkit::Fingerprint;
use edx_auth_ureq::{
    AuthorizedClient, Error, Pages, RequestBuilder, RequireSuccess as _, TokenSource,
};
use http::header::AUTHORIZATION;
use http::{HeaderMap, Request, Response};
use serde::de::DeserializeOwned;
use serde_json::Value;
use ureq::Body;

use super::{
    ApiResponse, Broken, Call, Called, Client, Content, Ending, Failure, Item, List, Listing,
    Setup, Start,
};

pub(super) fn client(setup: Setup) -> AuthorizedClient {
    let (timeout, retry_for) = (setup.timeout, setup.retry_for);
    let token_timeout = setup.token_timeout;
    let mut builder = AuthorizedClient::builder(source(setup)).timeout(timeout);
    if let Some(retry_for) = retry_for {
        builder = builder.retry_for(retry_for);
    }
    if let Some(timeout) = token_timeout {
        builder = builder.token_timeout(timeout);
    }
    builder.build().unwrap()
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

impl Client for AuthorizedClient {
    fn call(&self, call: Call) -> Called {
        read(request(self, call).send())
    }

    fn require(&self, call: Call) -> Result<u16, Error> {
        let response = request(self, call).send()?;
        Ok(response.require_success()?.status().as_u16())
    }

    fn execute(&self, call: Call) -> Called {
        let mut request = Request::builder().method(call.method).uri(call.url);
        for (name, value) in &call.headers {
            request = request.header(name, value);
        }
        let body = match call.content {
            Content::Nothing => Vec::new(),
            Content::Repeatable(body) => body,
            other => panic!("a request of http's own has no such body: {other:?}"),
        };
        read(Self::execute(self, request.body(body).unwrap()))
    }

    fn at_once(&self, calls: Vec<Call>) -> Vec<Called> {
        let start = Barrier::new(calls.len());
        let carry = |call| {
            start.wait();
            Client::call(self, call)
        };
        thread::scope(|scope| {
            let calls: Vec<_> = calls
                .into_iter()
                .map(|call| scope.spawn(|| carry(call)))
                .collect();
            calls.into_iter().map(|one| one.join().unwrap()).collect()
        })
    }

    fn read(&self, list: &List, after_each: &mut dyn FnMut(Item)) -> Listing {
        let items = pages(self, list).take(list.most_items);
        Listing::through(items.map(|item| item.map_err(broken)), after_each)
    }

    fn whole_pages(&self, list: &List) -> Vec<Result<Value, Broken>> {
        let pages = pages(self, list).whole_pages();
        pages.map(|page| page.map_err(broken)).collect()
    }

    fn authorize(&self, url: &str) -> Result<Fingerprint, String> {
        let mut headers = HeaderMap::new();
        let authorized = self.source().authorize(&mut headers, url);
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
        self.source().health()
    }

    fn token(&self) -> Result<LiveToken, Error> {
        self.source().token()
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

fn request(client: &AuthorizedClient, call: Call) -> RequestBuilder<'_> {
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
        Content::Once(body) => request.body_once(Cursor::new(body)),
        Content::Json(value) => request.json(&value),
        Content::Form(fields) => request.form(&fields),
    }
}

fn read(called: Result<Response<Body>, Error>) -> Called {
    let (head, body) = called.map_err(|error| failure(&error))?.into_parts();
    let mut read = Vec::new();
    let ending = match body.into_reader().read_to_end(&mut read) {
        Ok(_) => Ending::Whole,
        Err(error) => Ending::of(&error),
    };
    Ok(ApiResponse {
        status: head.status.as_u16(),
        verdict: head.extensions.get::<Verdict>().copied(),
        problem: head.extensions.get::<Problem>().cloned(),
        headers: head.headers,
        body: read,
        ending,
    })
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
