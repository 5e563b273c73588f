use std::sync::atomic::{AtomicUsize, Ordering};

use super::error::ApiError;
use super::page::{Page, PageFormat};
use super::pagination::{Pagination, Part};
use crate::mock_edx::http::request::Request;
use crate::mock_edx::http::response::MockResponse;

/// A paginated list, as the APIs of Open edX serve it: by default with numbered pages, whose body has
/// `count`, `next`, `previous` and `results`.
///
/// Any items that [`MockEdx::list`](crate::MockEdx::list) takes become such a list. The methods change how
/// it is split, and where in the body its items are.
///
/// ```
/// use edx_auth_testkit::{MockEdx, MockList};
///
/// let edx = MockEdx::start()?;
/// let courses = || (1..=25).map(|id| format!(r#"{{"id": {id}}}"#));
/// edx.list("/api/home/v4/courses", MockList::new(courses()).items_at("results.courses"));
/// edx.list("/api/enrollment/v1/enrollments/", MockList::new(courses()).by_cursor());
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
#[must_use = "a list does nothing until a site serves it"]
pub struct MockList {
    name: &'static str,
    /// Each item is a JSON text.
    items: Vec<String>,
    pagination: Pagination,
    /// The names that lead to the items, with dots between them.
    items_at: String,
    links_below: Option<String>,
    headers: Vec<(String, String)>,
    /// How much the count grows with each page, and how much it has grown.
    growth: (usize, AtomicUsize),
}

impl MockList {
    /// Creates a list of these items with numbered pages. Each item is a JSON text.
    pub fn new(items: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self::named("List", items.into_iter().map(Into::into).collect())
    }

    /// Splits the list by `limit` and `offset`, as the catalogs of api.edx.org.
    pub fn by_offset(self) -> Self {
        self.split(Pagination::Offset)
    }

    /// Splits the list by an opaque `cursor` and says no `count`, as enrollments and grades.
    pub fn by_cursor(self) -> Self {
        self.split(Pagination::Cursor)
    }

    /// Puts all about the pages into `pagination`, next to `results`, as the Courses API.
    pub fn namespaced(self) -> Self {
        self.split(Pagination::Namespaced)
    }

    /// Puts the items here in the body, instead of `results`. What is said about the pages stands next to
    /// `results`, or else next to the first name.
    ///
    /// ```
    /// use edx_auth_testkit::MockList;
    ///
    /// // {"count": 1, "next": null, .., "results": {"courses": [..]}}, as Studio's home page
    /// let home = MockList::new([r#"{"id": 1}"#]).items_at("results.courses");
    /// // {"enrollments": {"count": 1, "next": null, .., "results": [..]}}, as the mobile API
    /// let mobile = MockList::new([r#"{"id": 1}"#]).items_at("enrollments.results");
    /// # let _ = (home, mobile);
    /// ```
    pub fn items_at(mut self, path: impl Into<String>) -> Self {
        self.items_at = path.into();
        self
    }

    /// Makes the links to other pages begin with this URL, instead of the host that the client called:
    /// a site behind a proxy may name the host that only the proxy sees.
    ///
    /// Without this, a proxy that ends TLS in front of the site gets links with `http:`, as real ones do.
    pub fn links_below(mut self, url: impl Into<String>) -> Self {
        self.links_below = Some(url.into());
        self
    }

    /// Makes `count` grow by one with every page, as if items were added while the list is read. The
    /// items stay the same.
    pub fn growing(mut self) -> Self {
        self.growth.0 = 1;
        self
    }

    /// Adds a header to every page, such as `Deprecation`.
    ///
    /// ```
    /// use edx_auth_testkit::MockList;
    ///
    /// let list = MockList::new(["1"]).header("Deprecation", "@1767225600"); // RFC 9745
    /// # let _ = list;
    /// ```
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    pub(crate) fn of_catalogs() -> Self {
        Self::named("Catalogs", (1..=25).map(catalog).collect())
    }

    fn named(name: &'static str, items: Vec<String>) -> Self {
        Self {
            name,
            items,
            pagination: Pagination::Numbers,
            items_at: "results".to_owned(),
            links_below: None,
            headers: Vec::new(),
            growth: (0, AtomicUsize::new(0)),
        }
    }

    fn split(self, pagination: Pagination) -> Self {
        Self { pagination, ..self }
    }

    /// The allowed methods.
    pub(crate) const ALLOWED: &str = "GET, HEAD, OPTIONS";

    /// Returns the response to an authorized request. `root` is the URL of the site as the client knows
    /// it.
    pub(crate) fn response(
        &self,
        request: &Request,
        root: &str,
        format: PageFormat,
    ) -> MockResponse {
        match request.method() {
            "GET" | "HEAD" => self.page(request, root, format),
            "OPTIONS" => MockResponse::json(200, self.metadata()).header("Allow", Self::ALLOWED),
            _ => ApiError::method(request.method()).response(Self::ALLOWED),
        }
    }

    fn page(&self, request: &Request, root: &str, format: PageFormat) -> MockResponse {
        let part = match Part::requested_by(request, self.pagination, self.items.len()) {
            Ok(part) => part,
            Err(error) => return error.response(Self::ALLOWED),
        };
        let (step, grown) = &self.growth;
        let page = Page {
            part,
            url: format!(
                "{}{}",
                self.links_below.as_deref().unwrap_or(root),
                request.path()
            ),
            count: self.items.len() + grown.fetch_add(*step, Ordering::Relaxed),
        };
        let json = page.json(&self.items, &self.items_at, format);
        let response = MockResponse::json(200, json).header("Allow", Self::ALLOWED);
        let headers = self.headers.iter();
        headers.fold(response, |response, (name, value)| {
            response.header(name, value)
        })
    }

    fn metadata(&self) -> String {
        format!(
            r#"{{"name":"{}","description":"","renders":["application/json"],"parses":["application/json","application/x-www-form-urlencoded","multipart/form-data"]}}"#,
            self.name
        )
    }
}

impl<I: IntoIterator<Item: Into<String>>> From<I> for MockList {
    fn from(items: I) -> Self {
        Self::new(items)
    }
}

fn catalog(id: usize) -> String {
    format!(r#"{{"id":{id},"name":"Catalog {id}"}}"#)
}
