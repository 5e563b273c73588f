//! The API: Django REST framework views behind edx-drf-extensions' `JwtAuthentication`.

mod authorization;
pub(crate) mod error;
pub(crate) mod list;
pub(crate) mod page;
mod pagination;
pub(crate) mod throttle;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use super::issuer::Issuer;
use crate::mock_edx::http::request::Request;
use crate::mock_edx::http::response::MockResponse;
use authorization::{authenticate, negotiate};
use error::ApiError;
use list::MockList;
use page::PageFormat;
use throttle::Throttle;

/// The path of the catalog list.
pub(crate) const CATALOGS_PATH: &str = "/api/v1/catalogs/";

/// The views of a site, by path.
#[derive(Debug)]
pub(crate) struct Api {
    root: String,
    format: PageFormat,
    throttle: Option<Throttle>,
    views: Mutex<BTreeMap<String, View>>,
    /// The paths whose errors are problems.
    problems: Mutex<BTreeSet<String>>,
}

/// The view at a path.
#[derive(Clone, Debug)]
pub(crate) enum View {
    List(Arc<MockList>),
    /// Rejects every client: clients act for a user who is not staff.
    StaffOnly,
}

impl Api {
    /// Creates the views of the site at the URL `root`, with pages in this format.
    pub(crate) fn new(root: String, format: PageFormat, throttle: Option<Throttle>) -> Self {
        let catalogs = View::List(Arc::new(MockList::of_catalogs()));
        let views = [
            (CATALOGS_PATH, catalogs),
            (STAFF_ONLY_PATH, View::StaffOnly),
        ];
        Self {
            root,
            format,
            throttle,
            views: Mutex::new(views.map(|(path, view)| (path.to_owned(), view)).into()),
            problems: Mutex::default(),
        }
    }

    /// Adds a list at a path. Replaces an existing view.
    pub(crate) fn add(&self, path: String, list: MockList) {
        let mut views = self.views.lock().unwrap_or_else(PoisonError::into_inner);
        views.insert(path, View::List(Arc::new(list)));
    }

    pub(crate) fn view_at(&self, path: &str) -> Option<View> {
        let views = self.views.lock().unwrap_or_else(PoisonError::into_inner);
        views.get(path).cloned()
    }

    /// Makes the errors of the view at this path problems.
    pub(crate) fn switch_to_problems(&self, path: String) {
        let mut problems = self.problems.lock().unwrap_or_else(PoisonError::into_inner);
        problems.insert(path);
    }

    pub(crate) fn response(&self, view: &View, request: &Request, issuer: &Issuer) -> MockResponse {
        let response = self.checked_response(view, request, issuer);
        let response = response.unwrap_or_else(|error| error.response(MockList::ALLOWED));
        self.in_format_of(request.path(), response)
    }

    /// Returns an error in the format of the view at this path, and any other response unchanged.
    pub(crate) fn in_format_of(&self, path: &str, response: MockResponse) -> MockResponse {
        let problems = self.problems.lock().unwrap_or_else(PoisonError::into_inner);
        if response.status() >= 400 && problems.contains(path) {
            response.as_problem(path)
        } else {
            response
        }
    }

    /// Checks the token of the request and counts the request for the throttle.
    pub(crate) fn authorize(&self, request: &Request, issuer: &Issuer) -> Result<(), ApiError> {
        let user = authenticate(request, issuer)?;
        let throttle = self.throttle.as_ref();
        throttle.map_or(Ok(()), |throttle| {
            throttle.admit(user, issuer.clock().now())
        })
    }

    /// Checks the request as `APIView.initial` does before it looks at the method, in its order.
    fn checked_response(
        &self,
        view: &View,
        request: &Request,
        issuer: &Issuer,
    ) -> Result<MockResponse, ApiError> {
        negotiate(request)?;
        match view {
            View::List(list) => {
                self.authorize(request, issuer)?;
                Ok(list.response(request, &self.root_for(request), self.format))
            }
            View::StaffOnly => {
                authenticate(request, issuer)?;
                Err(ApiError::Forbidden)
            }
        }
    }

    /// Returns the URL of the site as the client knows it: with the host of the request.
    fn root_for(&self, request: &Request) -> String {
        match request.header("host") {
            Some(host) => format!("http://{host}"),
            None => self.root.clone(),
        }
    }
}

const STAFF_ONLY_PATH: &str = "/api/v1/staff-only/";
