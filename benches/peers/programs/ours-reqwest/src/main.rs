//! One token by edx-auth-reqwest.

use edx_auth_reqwest::{ClientCredentials, TokenEndpoint, TokenRequest, TokenSource};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::args().nth(1).ok_or("a URL")?;
    let credentials = ClientCredentials::new("id", "secret")?;
    let request = TokenRequest::new(TokenEndpoint::open_edx(&url)?, credentials);
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let token = runtime.block_on(TokenSource::new(request)?.token())?;
    println!("{}", token.authorization().len());
    Ok(())
}
