//! One token by edx-auth-ureq.

use edx_auth_ureq::{ClientCredentials, TokenEndpoint, TokenRequest, TokenSource};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::args().nth(1).ok_or("a URL")?;
    let credentials = ClientCredentials::new("id", "secret")?;
    let request = TokenRequest::new(TokenEndpoint::open_edx(&url)?, credentials);
    let token = TokenSource::new(request)?.token()?;
    println!("{}", token.authorization().len());
    Ok(())
}
