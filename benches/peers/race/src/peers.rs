//! The peers, each used as its documentation says.

pub mod aws;
pub mod azure;
pub mod google;
pub mod oauth2;
pub mod yup;
