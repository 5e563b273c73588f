//! A program over edx-auth-reqwest that uses each feature that it enables.

use edx_auth_reqwest::{ClientCredentials, Error, TokenEndpoint, TokenRequest, TokenSource};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::args().nth(1).ok_or("a URL")?;
    #[cfg(feature = "ring")]
    let _first = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_current_thread();
    runtime_of(runtime)?.block_on(run(&url))
}

/// A call needs the runtime's I/O and timers, a token request has its own.
fn runtime_of(mut runtime: tokio::runtime::Builder) -> std::io::Result<tokio::runtime::Runtime> {
    #[cfg(feature = "call")]
    runtime.enable_all();
    runtime.build()
}

async fn run(url: &str) -> Result<(), Box<dyn std::error::Error>> {
    let credentials = ClientCredentials::new("id", "secret")?;
    let request = TokenRequest::new(TokenEndpoint::open_edx(url)?, credentials);
    #[cfg(not(feature = "tenants"))]
    let source = source(request)?;
    #[cfg(feature = "tenants")]
    let source = edx_auth_reqwest::TokenSources::new(10, source)?.source(&request)?;
    use_source(source, url).await
}

fn source(request: TokenRequest) -> Result<TokenSource, Error> {
    let builder = TokenSource::builder(request);
    #[cfg(feature = "file-store")]
    let builder = builder.store(edx_auth_reqwest::FileStore::in_cache());
    builder.build()
}

#[cfg(not(feature = "call"))]
async fn use_source(source: TokenSource, _: &str) -> Result<(), Box<dyn std::error::Error>> {
    println!("{}", source.token().await?.authorization().len());
    Ok(())
}

#[cfg(feature = "call")]
async fn use_source(source: TokenSource, url: &str) -> Result<(), Box<dyn std::error::Error>> {
    let client = edx_auth_reqwest::AuthorizedClient::new(source)?;
    let response = client.get(url).send().await?;
    #[cfg(not(feature = "json"))]
    let body = response.text().await?;
    #[cfg(feature = "json")]
    let body: serde_json::Value = response.json().await?;
    println!("{body}");
    Ok(())
}
