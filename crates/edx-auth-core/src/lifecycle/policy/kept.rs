//! A policy as a lifecycle keeps it.

use alloc::boxed::Box;
use core::ops::Deref;

use super::RenewalPolicy;

/// A policy that takes no memory if it is the default, as in nearly every lifecycle.
#[derive(Clone, Debug)]
pub(in crate::lifecycle) struct KeptPolicy(Option<Box<RenewalPolicy>>);

impl From<RenewalPolicy> for KeptPolicy {
    fn from(policy: RenewalPolicy) -> Self {
        Self((policy != RenewalPolicy::DEFAULT).then(|| Box::new(policy)))
    }
}

impl Deref for KeptPolicy {
    type Target = RenewalPolicy;

    fn deref(&self) -> &RenewalPolicy {
        self.0.as_deref().unwrap_or(&RenewalPolicy::DEFAULT)
    }
}
