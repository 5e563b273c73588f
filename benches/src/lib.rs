//! What edx-auth costs: nothing is measured here yet.
