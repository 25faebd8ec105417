//! What the fuzz targets call. The roof's tests include these files too, over the checked-in corpus.

pub mod parsers;
pub mod tables;
