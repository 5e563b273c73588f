//! The sources of many tenants: their tokens stay apart, and their token requests stay in the limit.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use edx_auth_core::{RenewalError, StoredToken, TokenEndpoint, TokenRequest};
use http::Response;

use crate::testing::{
    Ask, Behavior, Count, Flavor, LONG_BACKOFFS, Site, cause, credentials, in_both_flavors,
    one_error,
};
use crate::{
    Claim, Error, RequestLimit, ResponseBody, StoreError, StoreKey, TenancyError, TokenSource,
    TokenSources, TokenStore,
};

in_both_flavors!(
    a_thousand_tenants_get_their_own_tokens_over_one_store,
    a_source_in_use_stays_and_the_oldest_other_goes,
    a_source_that_requests_a_token_is_in_use,
    all_tenants_of_a_host_share_its_limit_and_no_other_host_does,
    a_request_over_the_limit_gives_the_claim_back,
);

fn a_thousand_tenants_get_their_own_tokens_over_one_store<W: Flavor>() {
    let (requests, shelves) = (Arc::<Count>::default(), Shelves::default());
    let tenants = tenants::<W>(64, &requests, &shelves);

    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..1_000).for_each(|_| ask_one(&tenants, fastrand::usize(0..TENANTS))));
        }
    });
    (0..TENANTS).for_each(|number| ask_one(&tenants, number));

    // However often a source was evicted, its token was in the store.
    assert_eq!(requests.number(), TENANTS);
    assert_eq!(shelves.0.lock().unwrap().len(), TENANTS);
}

/// Asks for the token of a tenant, which names the client ID that it was issued for.
fn ask_one<W: Flavor>(tenants: &TokenSources<W>, number: usize) {
    let source = tenants.source(&request(number)).unwrap();
    let token = W::ask(&source, Ask::Token).unwrap();
    let own = format!("JWT token-of-tenant-{number}");
    assert_eq!(token.authorization(), own.as_str());
}

fn a_source_in_use_stays_and_the_oldest_other_goes<W: Flavor>() {
    let tenants = tenants::<W>(2, &Arc::default(), &Shelves::default());
    let first = tenants.source(&request(1)).unwrap();
    let second = tenants.source(&request(2)).unwrap();

    let full = tenants.source(&request(3)).unwrap_err();
    assert!(matches!(full, Error::Tenancy(TenancyError::AllInUse(2))));
    assert!(full.is_retryable() && full.advice().contains("drop each source"));

    drop(second);
    let _third = tenants.source(&request(3)).unwrap();
    let again = tenants.source(&request(1)).unwrap();
    assert!(Arc::ptr_eq(&first.shared, &again.shared));
    tenants.source(&request(2)).unwrap_err();
}

fn a_source_that_requests_a_token_is_in_use<W: Flavor>() {
    let site = Site::new();
    let transport = site.transport();
    let create = move |request| TokenSource::<W>::over(request, transport.clone()).build();
    let tenants = TokenSources::new(1, create).unwrap();
    tenants.source(&site.request()).unwrap().prefetch();
    site.receives(1);

    let full = tenants.source(&request(1)).unwrap_err();
    assert!(matches!(full, Error::Tenancy(TenancyError::AllInUse(1))));

    site.respond([Behavior::Token]);
    let source = tenants.source(&site.request()).unwrap();
    W::ask(&source, Ask::Token).unwrap();
    assert_eq!(site.requests(), 1);
}

fn all_tenants_of_a_host_share_its_limit_and_no_other_host_does<W: Flavor>() {
    let (site, healthy) = (Site::new(), Site::new());
    let limit = RequestLimit::per(3, DAY).unwrap();
    let source = |site: &Site| {
        site.builder::<W>(LONG_BACKOFFS)
            .request_limit(&limit)
            .build()
    };
    let sources: Vec<_> = (0..10).map(|_| source(&site).unwrap()).collect();
    site.respond([Behavior::Token; 10]);
    healthy.respond([Behavior::Token]);

    let results = sources.iter().map(|source| W::ask(source, Ask::Token));
    let errors: Vec<Error> = results.filter_map(Result::err).collect();

    assert_eq!((site.requests(), errors.len()), (3, 7));
    for error in &errors {
        assert!(
            matches!(cause(error), Some(RenewalError::OverLimit(_))),
            "{error}"
        );
        assert!(error.retry_after() > Some(DAY / 2), "{error}");
    }
    W::ask(&source(&healthy).unwrap(), Ask::Token).unwrap();
}

fn a_request_over_the_limit_gives_the_claim_back<W: Flavor>() {
    let (site, claims) = (Site::new(), Arc::new(Mutex::new(())));
    let limit = RequestLimit::per(1, DAY).unwrap();
    limit.take(&Arc::from(site.host())).unwrap();
    let store = Claims(Arc::clone(&claims));
    let source = site.builder::<W>(LONG_BACKOFFS).store(store);
    let source = source.request_limit(&limit).build().unwrap();

    one_error(vec![W::ask(&source, Ask::Token)]);

    assert_eq!(Arc::strong_count(&claims), 2);
}

#[test]
fn limits_that_allow_nothing_are_named() {
    let limit = RequestLimit::per_minute(0).unwrap_err();
    let create = |_| Err::<TokenSource<crate::Blocking>, _>(TenancyError::NoRequests.into());
    let tenants = TokenSources::new(0, create).unwrap_err();

    assert_eq!(limit, TenancyError::NoRequests);
    assert!(matches!(tenants, Error::Tenancy(TenancyError::NoCapacity)));
    assert!(!tenants.is_retryable());
}

/// Creates a registry over one store, at a site whose tokens name their client IDs.
fn tenants<W: Flavor>(
    capacity: usize,
    requests: &Arc<Count>,
    shelves: &Shelves,
) -> TokenSources<W> {
    let (requests, shelves) = (Arc::clone(requests), shelves.clone());
    let create = move |request| {
        let requests = Arc::clone(&requests);
        let site = move |request: http::Request<edx_auth_core::FormBody>, _| {
            requests.add();
            let form = String::from_utf8_lossy(request.body().as_ref()).into_owned();
            let mut fields = form.split('&');
            let id = fields.find_map(|field| field.strip_prefix("client_id="));
            let token = format!("token-of-{}", id.unwrap());
            let body =
                format!(r#"{{"access_token":"{token}","token_type":"JWT","expires_in":3600}}"#);
            Ok(Response::new(ResponseBody::from(body.into_bytes())))
        };
        let source = TokenSource::<W>::over(request, site);
        source.store(shelves.clone()).build()
    };
    TokenSources::new(capacity, create).unwrap()
}

fn request(tenant: usize) -> TokenRequest {
    let endpoint = TokenEndpoint::open_edx("https://tenants.example").unwrap();
    TokenRequest::new(endpoint, credentials(&format!("tenant-{tenant}")))
}

/// A store in memory for all tenants.
#[derive(Clone, Default)]
struct Shelves(Arc<Mutex<HashMap<StoreKey, StoredToken>>>);

impl TokenStore for Shelves {
    fn load(&self, request: &TokenRequest) -> Result<Option<StoredToken>, StoreError> {
        Ok(self.0.lock().unwrap().get(&StoreKey::of(request)).cloned())
    }

    fn claim(&self, _: &TokenRequest, _: Duration) -> Result<Claim, StoreError> {
        Ok(Claim::new(()))
    }

    fn save(
        &self,
        request: &TokenRequest,
        token: &StoredToken,
        _: Option<&Claim>,
    ) -> Result<(), StoreError> {
        let mut shelves = self.0.lock().unwrap();
        shelves.insert(StoreKey::of(request), token.clone());
        Ok(())
    }
}

/// A store without tokens, whose claims hold a clone of this.
struct Claims(Arc<Mutex<()>>);

impl TokenStore for Claims {
    fn load(&self, _: &TokenRequest) -> Result<Option<StoredToken>, StoreError> {
        Ok(None)
    }

    fn claim(&self, _: &TokenRequest, _: Duration) -> Result<Claim, StoreError> {
        Ok(Claim::new(Arc::clone(&self.0)))
    }

    fn save(&self, _: &TokenRequest, _: &StoredToken, _: Option<&Claim>) -> Result<(), StoreError> {
        Ok(())
    }
}

const TENANTS: usize = 1_000;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
