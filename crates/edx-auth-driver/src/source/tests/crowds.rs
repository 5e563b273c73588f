//! Ten thousand cold sources of one host, and a source of another beside them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use edx_auth_core::{TokenEndpoint, TokenRequest};
use http::Response;

use crate::testing::{
    Ask, Behavior, Count, Flavor, LONG_BACKOFFS, Site, TIMEOUT, credentials, in_both_flavors,
};
use crate::{ResponseBody, TokenSource};

in_both_flavors!(a_crowd_gets_its_tokens_over_the_places_of_its_host_and_delays_no_other);

fn a_crowd_gets_its_tokens_over_the_places_of_its_host_and_delays_no_other<W: Flavor>() {
    let (door, other) = (Arc::<Door>::default(), Site::new());
    let endpoint = TokenEndpoint::open_edx(&crowded_host()).unwrap();
    let source = |number| source_behind::<W>(&door, &endpoint, number);
    let crowd: Vec<_> = (0..CROWD).map(source).collect();

    crowd.iter().for_each(TokenSource::prefetch);
    door.inside.reaches(PLACES);
    other.respond([Behavior::Token]);
    W::ask(&other.source(LONG_BACKOFFS), Ask::Token).unwrap();

    assert_eq!(door.inside.number(), PLACES);
    door.open.add();
    for (number, source) in crowd.iter().enumerate() {
        let token = W::ask(source, Ask::Token).unwrap();
        assert_eq!(
            token.authorization(),
            format!("JWT token-{number}").as_str()
        );
    }
    assert_eq!(door.inside.number(), CROWD);
    assert_eq!(door.most.load(Ordering::SeqCst), PLACES);
}

/// Returns the URL of another host each time: tests that run at once would wait for each other's places.
fn crowded_host() -> String {
    static HOSTS: AtomicUsize = AtomicUsize::new(0);
    let number = HOSTS.fetch_add(1, Ordering::SeqCst);
    format!("https://crowded-{number}.example")
}

/// Lets in as many token requests as come, and out when it is open.
#[derive(Default)]
struct Door {
    inside: Count,
    open: Count,
    now: AtomicUsize,
    most: AtomicUsize,
}

impl Door {
    fn pass(&self) {
        let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        self.inside.add();
        self.open.reaches(1);
        self.now.fetch_sub(1, Ordering::SeqCst);
    }
}

fn source_behind<W>(door: &Arc<Door>, endpoint: &TokenEndpoint, number: usize) -> TokenSource<W> {
    let door = Arc::clone(door);
    let request = TokenRequest::new(endpoint.clone(), credentials(&number.to_string()));
    let issue = move |_, _| {
        door.pass();
        let body = format!(
            r#"{{"access_token": "token-{number}", "expires_in": 3600, "token_type": "JWT"}}"#
        );
        Ok(Response::new(ResponseBody::from(body.into_bytes())))
    };
    let source = TokenSource::over(request, issue).policy(LONG_BACKOFFS);
    source.token_timeout(TIMEOUT).build().unwrap()
}

const CROWD: usize = 10_000;
const PLACES: usize = 16;
