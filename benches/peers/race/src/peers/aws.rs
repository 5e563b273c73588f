//! `aws-smithy-runtime`: the identity cache of its SDKs, over a resolver that requests a token by hand.
//! The cache is used as the SDKs use it, with the components of a client.

use std::hint::black_box;
use std::time::{Duration, SystemTime};

use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_async::time::SystemTimeSource;
use aws_smithy_runtime::client::auth::http::BearerAuthScheme;
use aws_smithy_runtime::client::identity::IdentityCache;
use aws_smithy_runtime::client::orchestrator::endpoints::StaticUriEndpointResolver;
use aws_smithy_runtime::client::retries::strategy::NeverRetryStrategy;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::auth::http::HTTP_BEARER_AUTH_SCHEME_ID;
use aws_smithy_runtime_api::client::auth::static_resolver::StaticAuthSchemeOptionResolver;
use aws_smithy_runtime_api::client::identity::http::Token;
use aws_smithy_runtime_api::client::identity::{
    Identity, IdentityFuture, ResolveCachedIdentity as _, ResolveIdentity,
};
use aws_smithy_runtime_api::client::runtime_components::{
    GetIdentityResolver as _, RuntimeComponents,
};
use aws_smithy_types::config_bag::ConfigBag;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue};

/// The parts of an SDK's client that this needs.
#[derive(Debug)]
pub struct Aws {
    components: RuntimeComponents,
    config: ConfigBag,
}

/// Creates a cache in front of this endpoint, over this client.
#[must_use]
pub fn cache(client: reqwest::Client, endpoint: &str) -> Aws {
    let resolver = Resolver {
        client,
        endpoint: endpoint.to_owned(),
    };
    let schemes = StaticAuthSchemeOptionResolver::new(vec![HTTP_BEARER_AUTH_SCHEME_ID]);
    let components = RuntimeComponents::builder("race")
        .with_auth_scheme(BearerAuthScheme::new())
        .with_auth_scheme_option_resolver(Some(schemes))
        .with_endpoint_resolver(Some(StaticUriEndpointResolver::uri(endpoint)))
        .with_identity_cache(Some(IdentityCache::lazy().build()))
        .with_identity_resolver(HTTP_BEARER_AUTH_SCHEME_ID, resolver)
        .with_retry_strategy(Some(NeverRetryStrategy::new()))
        .with_sleep_impl(Some(TokioSleep::new()))
        .with_time_source(Some(SystemTimeSource::new()))
        .build();
    Aws {
        components: components.expect("components"),
        config: ConfigBag::base(),
    }
}

/// Returns the token, as the SDKs get it.
///
/// # Errors
///
/// Returns an error if the resolver fails.
pub async fn token(aws: &Aws) -> Result<Identity, BoxError> {
    let resolver = aws.components.identity_resolver(HTTP_BEARER_AUTH_SCHEME_ID);
    let cache = aws.components.identity_cache();
    let resolver = resolver.expect("the one above");
    let cached = cache.resolve_cached_identity(resolver, &aws.components, &aws.config);
    cached.await
}

/// Makes one call. The signer creates the header each time.
pub async fn call(aws: &Aws, into: &mut HeaderMap) {
    let identity = token(aws).await.expect("a token");
    let token = identity.data::<Token>().expect("what the resolver gave");
    let value = format!("Bearer {}", token.token());
    into.insert(
        AUTHORIZATION,
        HeaderValue::try_from(value).expect("a value"),
    );
    black_box(into);
}

#[derive(Debug)]
struct Resolver {
    client: reqwest::Client,
    endpoint: String,
}

impl ResolveIdentity for Resolver {
    fn resolve_identity<'a>(
        &'a self,
        _components: &'a RuntimeComponents,
        _config: &'a ConfigBag,
    ) -> IdentityFuture<'a> {
        IdentityFuture::new(async {
            let form = "grant_type=client_credentials&client_id=id&client_secret=secret";
            let asked = self.client.post(&self.endpoint).body(form).send().await?;
            let response = asked.error_for_status()?.bytes().await?;
            let response: serde_json::Value = serde_json::from_slice(&response)?;
            let text = response["access_token"].as_str().ok_or("a token")?;
            let life = response["expires_in"].as_u64().ok_or("a life")?;
            let end = Some(SystemTime::now() + Duration::from_secs(life));
            Ok(Identity::new(Token::new(text, end), end))
        })
    }
}
