//! The pixels of OpenPosterDB: art and badges in, JPEG and PNG out.
#[cfg(feature = "python")]
#[pyo3::pymodule]
mod _native {}
