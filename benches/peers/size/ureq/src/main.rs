//! A program over edx-auth-ureq that uses each feature that it enables.

use edx_auth_ureq::{ClientCredentials, Error, TokenEndpoint, TokenRequest, TokenSource};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::args().nth(1).ok_or("a URL")?;
    let credentials = ClientCredentials::new("id", "secret")?;
    let request = TokenRequest::new(TokenEndpoint::open_edx(&url)?, credentials);
    #[cfg(not(feature = "tenants"))]
    let source = source(request)?;
    #[cfg(feature = "tenants")]
    let source = edx_auth_ureq::TokenSources::new(10, source)?.source(&request)?;
    use_source(source, &url)
}

fn source(request: TokenRequest) -> Result<TokenSource, Error> {
    let builder = TokenSource::builder(request);
    #[cfg(feature = "file-store")]
    let builder = builder.store(edx_auth_ureq::FileStore::in_cache());
    builder.build()
}

#[cfg(not(feature = "call"))]
fn use_source(source: TokenSource, _: &str) -> Result<(), Box<dyn std::error::Error>> {
    println!("{}", source.token()?.authorization().len());
    Ok(())
}

#[cfg(feature = "call")]
fn use_source(source: TokenSource, url: &str) -> Result<(), Box<dyn std::error::Error>> {
    let client = edx_auth_ureq::AuthorizedClient::new(source)?;
    let mut response = client.get(url).send()?;
    #[cfg(not(feature = "json"))]
    let body = response.body_mut().read_to_string()?;
    #[cfg(feature = "json")]
    let body: serde_json::Value = response.body_mut().read_json()?;
    println!("{body}");
    Ok(())
}
