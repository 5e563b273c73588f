//! Where a token goes, against an independent reading of URLs: the `url` crate's, which is the
//! browsers' and reqwest's own.

mod authorize;
mod hostile;
mod links;
mod permit;
mod redirects;
mod reference;
