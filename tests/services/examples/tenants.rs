//! Many tenants, each with its own client credentials in a folder, which may be replaced at any time.
//!
//! ```text
//! tenants/acme/client_id    tenants/acme/client_secret
//! tenants/umbrella/client_id ..
//!
//! cargo run -p edx-auth-services --example tenants -- tenants https://courses.example.org acme
//! ```
//!
//! It requests a token for one tenant and prints its health.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::Path;

use edx_auth_ureq::{ClientCredentials, RequestLimit, TokenEndpoint, TokenRequest, TokenSource};

#[expect(clippy::print_stdout, reason = "a program for a person at a terminal")]
fn main() -> Result<(), BoxError> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [folder, site, tenant] = &arguments[..] else {
        return Err("usage: tenants FOLDER SITE TENANT".into());
    };
    let tenants = Tenants::open(folder.as_ref(), &TokenEndpoint::open_edx(site)?)?;
    let source = tenants.get(tenant).ok_or("there is no such tenant")?;
    source.token()?;
    println!("{}", source.health());
    Ok(())
}

/// One token source for each tenant.
pub(crate) struct Tenants {
    sources: BTreeMap<String, TokenSource>,
}

impl Tenants {
    /// Creates a source for each folder in this one. Nothing is requested yet.
    pub(crate) fn open(folder: &Path, endpoint: &TokenEndpoint) -> Result<Self, BoxError> {
        let limit = RequestLimit::per_minute(60)?; // of 120 that a site allows each IP address
        let mut sources = BTreeMap::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            sources.insert(
                name.clone(),
                source(name, entry.path(), (endpoint, &limit))?,
            );
        }
        Ok(Self { sources })
    }

    /// Returns the source of a tenant. Create the tenant's client from it, and keep that.
    pub(crate) fn get(&self, name: &str) -> Option<&TokenSource> {
        self.sources.get(name)
    }
}

/// Creates a source that reads the files again before each token request, and once more if the site rejects
/// what they say: replacing them is all that a rotation takes.
fn source(
    name: String,
    folder: std::path::PathBuf,
    (endpoint, limit): (&TokenEndpoint, &RequestLimit),
) -> Result<TokenSource, BoxError> {
    let request = TokenRequest::new(endpoint.clone(), credentials(&folder)?);
    let source = TokenSource::builder(request)
        .label(name) // in logs and health, instead of client ID and host
        .request_limit(limit)
        .credentials(move || credentials(&folder));
    Ok(source.build()?)
}

fn credentials(folder: &Path) -> Result<ClientCredentials, BoxError> {
    let id = fs::read_to_string(folder.join("client_id"))?;
    let secret = fs::read_to_string(folder.join("client_secret"))?;
    Ok(ClientCredentials::new(id.trim_end(), secret.trim_end())?)
}

type BoxError = Box<dyn Error + Send + Sync>;
