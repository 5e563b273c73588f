//! The resource side: Django REST framework views behind edx-drf-extensions' `JwtAuthentication`.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::admission::{authenticate, negotiate};
use super::issuer::Issuer;
use super::list::List;
use super::page::Shape;
use super::refusal::Refusal;
use super::reply::Reply;
use super::request::Request;
use super::throttle::Throttle;

/// Where catalogs are listed.
pub(crate) const CATALOGS_PATH: &str = "/api/v1/catalogs/";

/// The views of a site, by path.
#[derive(Debug)]
pub(crate) struct Api {
    root: String,
    shape: Shape,
    throttle: Option<Throttle>,
    views: Mutex<BTreeMap<String, View>>,
}

/// What is to be had at a path.
#[derive(Clone, Debug)]
pub(crate) enum View {
    List(Arc<List>),
    /// Nothing for anybody: clients act for a user who is not staff.
    StaffOnly,
}

impl Api {
    /// The views of the site at the URL `root`, with pages of this shape.
    pub(crate) fn new(root: String, shape: Shape, throttle: Option<Throttle>) -> Self {
        let catalogs = View::List(Arc::new(List::of_catalogs()));
        let views = [
            (CATALOGS_PATH, catalogs),
            (STAFF_ONLY_PATH, View::StaffOnly),
        ];
        Self {
            root,
            shape,
            throttle,
            views: Mutex::new(views.map(|(path, view)| (path.to_owned(), view)).into()),
        }
    }

    /// Puts a list at a path, in place of what is there.
    pub(crate) fn add(&self, path: String, list: List) {
        let mut views = self.views.lock().unwrap_or_else(PoisonError::into_inner);
        views.insert(path, View::List(Arc::new(list)));
    }

    pub(crate) fn view_at(&self, path: &str) -> Option<View> {
        let views = self.views.lock().unwrap_or_else(PoisonError::into_inner);
        views.get(path).cloned()
    }

    pub(crate) fn reply(&self, view: &View, request: &Request, issuer: &Issuer) -> Reply {
        self.admitted(view, request, issuer)
            .unwrap_or_else(|refusal| refusal.reply(List::ALLOWED))
    }

    /// Whether the request carries a good token, and not too often.
    pub(crate) fn authorize(&self, request: &Request, issuer: &Issuer) -> Result<(), Refusal> {
        let user = authenticate(request, issuer)?;
        let throttle = self.throttle.as_ref();
        throttle.map_or(Ok(()), |throttle| {
            throttle.admit(user, issuer.clock().now())
        })
    }

    /// What `APIView.initial` checks before it looks at the method, in its order.
    fn admitted(&self, view: &View, request: &Request, issuer: &Issuer) -> Result<Reply, Refusal> {
        negotiate(request)?;
        match view {
            View::List(list) => {
                self.authorize(request, issuer)?;
                Ok(list.reply(request, &self.url_of(request), self.shape))
            }
            View::StaffOnly => {
                authenticate(request, issuer)?;
                Err(Refusal::Forbidden)
            }
        }
    }

    /// A view's own URL as the client knows it, by the host it asked for.
    fn url_of(&self, request: &Request) -> String {
        match request.header("host") {
            Some(host) => format!("http://{host}{}", request.path()),
            None => format!("{}{}", self.root, request.path()),
        }
    }
}

const STAFF_ONLY_PATH: &str = "/api/v1/staff-only/";
