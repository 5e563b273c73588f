//! What does not compile: each time the same program without the line that is at fault does, and
//! the error is the one named (which a nightly compiler checks).
//!
//! Two secrets are not compared, for whoever is timed while doing it tells them byte by byte.
//! ```compile_fail,E0369
//! # use edx_auth_core::ClientCredentials;
//! # let pair = ClientCredentials::new("acme", "s3cret")?;
//! assert!(pair == pair.clone());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//! ```
//! # use edx_auth_core::ClientCredentials;
//! # let pair = ClientCredentials::new("acme", "s3cret")?;
//! assert!(pair.is_same_pair(&pair.clone()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//! Nor are two tokens.
//! ```compile_fail,E0369
//! # use edx_auth_core::{AccessToken, TokenType};
//! # let token = AccessToken::new(TokenType::Jwt, "a.b.c")?;
//! assert!(token == token.clone());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//! A token is not written by accident.
//! ```compile_fail,E0277
//! # use edx_auth_core::{AccessToken, TokenType};
//! # let token = AccessToken::new(TokenType::Jwt, "a.b.c")?;
//! println!("{token}");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//! ```compile_fail,E0599
//! # use edx_auth_core::{AccessToken, TokenType};
//! # let token = AccessToken::new(TokenType::Jwt, "a.b.c")?;
//! let text: String = token.to_string();
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//! ```
//! # use edx_auth_core::{AccessToken, TokenType};
//! # let token = AccessToken::new(TokenType::Jwt, "a.b.c")?;
//! println!("{token:?}");
//! let text: String = token.expose().to_string();
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//! Neither a pair nor a token, nor what holds one, is serialized.
//! ```compile_fail,E0277
//! # use edx_auth_core::ClientCredentials;
//! # let pair = ClientCredentials::new("acme", "s3cret")?;
//! serde_json::to_string(&pair)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//! ```compile_fail,E0277
//! # use edx_auth_core::{AccessToken, TokenType};
//! # let token = AccessToken::new(TokenType::Jwt, "a.b.c")?;
//! serde_json::to_string(&token)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//! ```
//! # use edx_auth_core::ClientCredentials;
//! # let pair = ClientCredentials::new("acme", "s3cret")?;
//! serde_json::to_string(pair.client_id())?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//! A pair has its secret, and nobody gets it back.
//! ```compile_fail,E0624
//! # use edx_auth_core::ClientCredentials;
//! # let pair = ClientCredentials::new("acme", "s3cret")?;
//! let secret: &str = pair.client_secret();
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//! ```
//! # use edx_auth_core::ClientCredentials;
//! # let pair = ClientCredentials::new("acme", "s3cret")?;
//! let id: &str = pair.client_id();
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
