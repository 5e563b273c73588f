//! What the paginated lists of all adapters have.

/// Writes the methods that a `Pages` has over every HTTP client, and its `Debug`. They use its field `items`,
/// which are [`Items`](crate::Items).
#[doc(hidden)]
#[macro_export]
macro_rules! pages_methods {
    ($(#[$example:meta])* example of whole_pages) => {
        impl<T: serde::de::DeserializeOwned> Pages<T> {
            /// Adds parameters to those that the URL of the list has already: names with values, a map, or a
            /// struct. The links between the pages contain them: once a page was read, and after
            /// [`pages_from`](super::AuthorizedClient::pages_from), this changes nothing. A mistake is the
            /// first item.
            pub fn query(self, query: &(impl serde::Serialize + ?Sized)) -> Self {
                let items = self.items.query(query);
                Self { items, ..self }
            }

            /// Adds a header to the request for each page. A position contains none: add them again after
            /// [`pages_from`](super::AuthorizedClient::pages_from). `Cookie`, `Host` and
            /// `Proxy-Authorization` go to the origin of the first page alone. A mistake is the first item.
            pub fn header<N, V>(self, name: N, value: V) -> Self
            where
                http::HeaderName: TryFrom<N, Error: Into<http::Error>>,
                http::HeaderValue: TryFrom<V, Error: Into<http::Error>>,
            {
                let items = self.items.header(name, value);
                Self { items, ..self }
            }

            /// Reads the items from this place in each page, instead of `results`: the names of the members
            /// that lead there, with dots between them. Studio's home page has its courses at
            /// `results.courses`, say.
            ///
            /// # Errors
            /// Returns [`Error::ItemsPath`] if the path has an empty name, a number, or more than eight names.
            pub fn items_at(self, path: &str) -> Result<Self, Error> {
                let items = self.items.items_at(path)?;
                Ok(Self { items, ..self })
            }

            /// Returns each page as one item: its whole body, with what it has besides the items. `T` is the
            /// type of a page, such as `serde_json::Value`. A response that is not a page of a list is an
            /// error.
            ///
            $(#[$example])*
            #[doc(alias = "envelope")]
            pub fn whole_pages(self) -> Self {
                let items = self.items.whole_pages();
                Self { items, ..self }
            }

            /// Sets for how long one page is retried, instead of two minutes. Discovery counts its rate limit
            /// by the hour, and a whole crawl may be worth a longer wait.
            pub fn retry_timeout(self, timeout: std::time::Duration) -> Self {
                let items = self.items.retry_timeout(timeout);
                Self { items, ..self }
            }

            /// Returns how many items the list has, if it says so. `None` before the first page; lists with
            /// cursors never say it, and the number may change from page to page.
            #[must_use]
            pub fn total(&self) -> Option<u64> {
                self.items.total()
            }

            /// Returns the position of the page with the next item; `None` at the end of the list. It changes
            /// when all items of a page have been returned: store it with them, and another process can go on
            /// from there with [`pages_from`](super::AuthorizedClient::pages_from).
            #[must_use]
            pub fn position(&self) -> Option<$crate::Position> {
                self.items.position()
            }

            /// Returns what was read until now: items, pages, the list's own count on the first and on the
            /// last page, retries. A count that differs is no error: lists change while they are read.
            #[must_use]
            pub fn report(&self) -> $crate::PagesReport {
                self.items.report()
            }
        }

        impl<T> std::fmt::Debug for Pages<T> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_tuple("Pages").field(&self.items).finish()
            }
        }
    };
}
