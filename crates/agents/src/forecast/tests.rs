//! Tests of the whole mind.
