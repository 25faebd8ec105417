//! What the fuzz targets call. The roof's tests include `parsers` too, over the checked-in corpus.

pub mod parsers;
