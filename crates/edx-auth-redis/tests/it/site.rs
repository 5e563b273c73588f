//! A site in this process, and sources of its tokens.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, mpsc};
use std::thread;
use std::time::Duration;

use edx_auth_driver::{
    Blocking, ClientCredentials, Event, FormBody, RenewalPolicy, ResponseBody, TokenSource,
    TokenSourceBuilder, TokenStore,
};

use crate::tokens::{HOUR, request, request_with};

/// A site with one client: it issues tokens that show the client secret. Clones are the same site.
#[derive(Clone)]
pub(crate) struct Site {
    requests: Arc<AtomicUsize>,
    secrets: Arc<Mutex<Vec<String>>>,
    outdated: Arc<AtomicUsize>,
    lifetime: Duration,
    responds_after: Duration,
}

impl Default for Site {
    fn default() -> Self {
        Self::issuing_for(HOUR)
    }
}

impl Site {
    /// Creates a site whose tokens last this long, and whose client has the secret `first`.
    pub(crate) fn issuing_for(lifetime: Duration) -> Self {
        Self {
            requests: Arc::default(),
            secrets: Arc::new(Mutex::new(vec!["first".to_owned()])),
            outdated: Arc::default(),
            lifetime,
            responds_after: Duration::ZERO,
        }
    }

    /// Creates a site that takes half a second for each token request, so that many processes wait for it.
    pub(crate) fn slow() -> Self {
        Self {
            responds_after: Duration::from_millis(500),
            ..Self::default()
        }
    }

    /// Creates a source that shares its token in this store.
    pub(crate) fn source(&self, store: impl TokenStore) -> TokenSource<Blocking> {
        self.builder().store(store).build().unwrap()
    }

    /// Creates a source, and returns what it tells.
    pub(crate) fn listened_to(
        &self,
        store: impl TokenStore,
    ) -> (TokenSource<Blocking>, mpsc::Receiver<Event>) {
        let (tell, events) = mpsc::channel();
        let source = self.builder().store(store);
        let source = source.on_event(move |event| drop(tell.send(event.clone())));
        (source.build().unwrap(), events)
    }

    /// Creates a source without a store, unless one is added.
    pub(crate) fn builder(&self) -> TokenSourceBuilder<Blocking> {
        let (site, credentials) = (self.clone(), self.clone());
        let transport = move |request: http::Request<_>, _| Ok(site.serve(&request));
        TokenSource::<Blocking>::over(request(), transport)
            .credentials(move || Ok(credentials.credentials()))
            .policy(RenewalPolicy::FOR_TESTS)
    }

    fn serve(&self, request: &http::Request<FormBody>) -> http::Response<ResponseBody> {
        let number = self.requests.fetch_add(1, Ordering::SeqCst);
        thread::sleep(self.responds_after);
        let form = std::str::from_utf8(request.body().as_ref()).unwrap();
        let (_, secret) = form.split_once("client_secret=").unwrap();
        let secret = secret.split('&').next().unwrap();
        let seconds = self.lifetime.as_secs();
        let (status, body) = if self.accepts(secret) {
            let token = format!("name-{number}-{secret}");
            let rest = format!(r#""token_type":"JWT","expires_in":{seconds}"#);
            (200, format!(r#"{{"access_token":"{token}",{rest}}}"#))
        } else {
            (401, r#"{"error":"invalid_client"}"#.to_owned())
        };
        let mut response = http::Response::new(ResponseBody::from(body.into_bytes()));
        *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
        response
    }

    /// Receives an API call with a token that this secret brought.
    pub(crate) fn call(&self, secret: &str) {
        self.accepts(secret);
    }

    /// Reports whether this secret is valid, and counts it if it is valid no longer.
    fn accepts(&self, secret: &str) -> bool {
        let is_valid = self.secrets().iter().any(|valid| valid == secret);
        self.outdated
            .fetch_add(usize::from(!is_valid), Ordering::SeqCst);
        is_valid
    }

    /// Gives the client another secret. The old one is valid until it is [revoked](Self::revoke_old).
    pub(crate) fn add_secret(&self, secret: &str) {
        self.secrets().push(secret.to_owned());
    }

    pub(crate) fn revoke_old(&self) {
        let mut secrets = self.secrets();
        let newest = secrets.pop();
        *secrets = newest.into_iter().collect();
    }

    fn credentials(&self) -> ClientCredentials {
        let newest = self.secrets().last().cloned();
        request_with(&newest.unwrap()).credentials().clone()
    }

    fn secrets(&self) -> MutexGuard<'_, Vec<String>> {
        self.secrets.lock().unwrap()
    }

    /// Returns how many token requests there were.
    pub(crate) fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    /// Returns how many token requests and calls came with a secret that had been revoked.
    pub(crate) fn outdated(&self) -> usize {
        self.outdated.load(Ordering::SeqCst)
    }
}
