//! The boundary to Python: plain values in, bytes out, the GIL released while pixels are drawn, panics kept inside.

use std::panic::{self, AssertUnwindSafe};

use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyBytes;

use crate::badge::Badge;
use crate::error::{ErrorCode, RenderError, Result};
use crate::limits::Limits;
use crate::settings::{Chroma, Direction, Encoding, Fit, Kind, Label, Position, Settings, Size, Style};
use crate::source::Source;

impl From<RenderError> for PyErr {
    fn from(error: RenderError) -> Self {
        static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        Python::attach(|py| {
            let class = CLASS.get_or_try_init(py, || {
                Ok::<_, PyErr>(py.import("openposterdb_render.errors")?.getattr("RenderError")?.unbind())
            });
            match class.and_then(|class| class.bind(py).call1((error.code.as_str(), &error.message))) {
                Ok(value) => PyErr::from_value(value),
                Err(failed) => failed,
            }
        })
    }
}

/// Runs without the GIL, and turns a panic into an error.
fn detached<T: Send>(py: Python<'_>, work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    py.detach(|| {
        panic::catch_unwind(AssertUnwindSafe(work))
            .unwrap_or_else(|_| Err(RenderError::new(ErrorCode::Internal, "the renderer panicked")))
    })
}

/// A quality from 1 to 100, or none when it is anything else, however large.
struct Quality(Option<u8>);

impl<'a, 'py> FromPyObject<'a, 'py> for Quality {
    type Error = std::convert::Infallible;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> std::result::Result<Self, Self::Error> {
        Ok(Self(object.extract().ok().filter(|quality| (1..=100).contains(quality))))
    }
}

/// A number of bytes that a JPEG may have, or none when it is anything else.
struct Bytes(Option<u32>);

impl<'a, 'py> FromPyObject<'a, 'py> for Bytes {
    type Error = std::convert::Infallible;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> std::result::Result<Self, Self::Error> {
        Ok(Self(object.extract().ok()))
    }
}

/// Every choice that changes a pixel, apart from art and badges. Immutable and hashable.
///
/// With `max_bytes` the quality of a JPEG falls, at most to 20, until the file has at most so many bytes; 0 is any
/// number. Raises `RenderError("bad_settings")` for unknown names and numbers out of range.
#[pyclass(frozen, eq, hash, name = "RenderSettings", module = "openposterdb_render")]
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct RenderSettings(Settings);

#[pymethods]
impl RenderSettings {
    #[new]
    #[pyo3(signature = (*, size="medium", position="bc", style="d", label="i", direction="d", fit="cover", chroma="420", quality=Quality(Some(85)), max_bytes=Bytes(Some(0)), encoding="usual"))]
    #[expect(clippy::too_many_arguments, reason = "Python's callers name them")]
    fn new(
        size: &str,
        position: &str,
        style: &str,
        label: &str,
        direction: &str,
        fit: &str,
        chroma: &str,
        quality: Quality,
        max_bytes: Bytes,
        encoding: &str,
    ) -> Result<Self> {
        Ok(Self(Settings {
            size: Size::parse(size)?,
            position: Position::parse(position)?,
            style: Style::parse(style)?,
            label: Label::parse(label)?,
            direction: Direction::parse(direction)?,
            fit: Fit::parse(fit)?,
            chroma: Chroma::parse(chroma)?,
            quality: quality.0.ok_or_else(|| RenderError::bad_settings("quality is 1 to 100"))?,
            max_bytes: max_bytes.0.ok_or_else(|| RenderError::bad_settings("max_bytes is 0 to 4294967295"))?,
            encoding: Encoding::parse(encoding)?,
        }))
    }

    #[getter]
    fn size(&self) -> &'static str {
        self.0.size.as_str()
    }

    #[getter]
    fn position(&self) -> &'static str {
        self.0.position.as_str()
    }

    #[getter]
    fn style(&self) -> &'static str {
        self.0.style.as_str()
    }

    #[getter]
    fn label(&self) -> &'static str {
        self.0.label.as_str()
    }

    #[getter]
    fn direction(&self) -> &'static str {
        self.0.direction.as_str()
    }

    #[getter]
    fn fit(&self) -> &'static str {
        self.0.fit.as_str()
    }

    #[getter]
    fn chroma(&self) -> &'static str {
        self.0.chroma.as_str()
    }

    #[getter]
    fn quality(&self) -> u8 {
        self.0.quality
    }

    #[getter]
    fn max_bytes(&self) -> u32 {
        self.0.max_bytes
    }

    #[getter]
    fn encoding(&self) -> &'static str {
        self.0.encoding.as_str()
    }

    fn __repr__(&self) -> String {
        format!(
            "RenderSettings(size='{}', position='{}', style='{}', label='{}', direction='{}', fit='{}', chroma='{}', \
             quality={}, max_bytes={}, encoding='{}')",
            self.size(),
            self.position(),
            self.style(),
            self.label(),
            self.direction(),
            self.fit(),
            self.chroma(),
            self.quality(),
            self.max_bytes(),
            self.encoding()
        )
    }
}

/// A picture without badges at its final size, ready for any badges. Immutable; made by `prepare`.
#[pyclass(frozen, eq, module = "openposterdb_render")]
#[derive(PartialEq)]
struct Prepared(crate::prepared::Prepared);

#[pymethods]
impl Prepared {
    /// Draws badges on the picture, without the GIL: JPEG for posters and backdrops, PNG or WebP for logos.
    ///
    /// Position, style, label, direction and encoding are free; the other settings are those of `prepare`, else
    /// `RenderError("bad_settings")` is raised. `RenderError("corrupt")` says that the bytes it was read from were broken:
    /// prepare the picture anew.
    fn render<'py>(
        &self,
        py: Python<'py>,
        badges: Vec<(PyBackedStr, PyBackedStr)>,
        settings: &RenderSettings,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let (badges, settings) = (badges_of(&badges)?, settings.0);
        let picture = detached(py, || self.0.draw(&badges, &settings))?;
        let write = |room: &mut [u8]| {
            picture.write(room);
            Ok(())
        };
        PyBytes::new_with(py, picture.size(), write)
    }

    /// Whether pictures with these settings can be made of this one.
    fn fits(&self, settings: &RenderSettings) -> bool {
        self.0.fits(&settings.0)
    }

    /// Bytes for a cache, which `from_bytes` of the same `RENDERER_EPOCH` reads.
    fn to_bytes<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyBytes>> {
        let data = detached(py, || Ok(self.0.to_bytes()))?;
        Ok(PyBytes::new(py, &data))
    }

    /// Reads what `to_bytes` wrote; the bytes may come from anywhere.
    ///
    /// Raises `RenderError("corrupt")` for anything else, and for what another epoch wrote.
    #[staticmethod]
    fn from_bytes(py: Python<'_>, kind: &str, data: &[u8]) -> Result<Self> {
        let kind = Kind::parse(kind)?;
        detached(py, || crate::prepared::Prepared::from_bytes(kind, data)).map(Self)
    }

    #[getter]
    fn kind(&self) -> &'static str {
        self.0.kind().as_str()
    }

    /// Bytes that `render` needs at most at once, drawn badges that are kept for the next picture left out.
    fn estimate(&self, settings: &RenderSettings) -> u64 {
        crate::estimate::splice(&self.0, &settings.0)
    }

    /// Width in pixels.
    #[getter]
    fn width(&self) -> u32 {
        self.0.size().0
    }

    /// Height in pixels; a logo's without the strip for badges.
    #[getter]
    fn height(&self) -> u32 {
        self.0.size().1
    }

    /// Bytes in memory.
    #[getter]
    fn nbytes(&self) -> usize {
        self.0.bytes()
    }

    fn __repr__(&self) -> String {
        format!("<Prepared {} {}x{}, {} bytes>", self.kind(), self.width(), self.height(), self.nbytes())
    }
}

/// What a picture's header says. Width and height are as stored, before EXIF orientation.
#[pyclass(frozen, eq, get_all, module = "openposterdb_render")]
#[derive(Clone, PartialEq)]
struct Info {
    format: &'static str,
    width: u32,
    height: u32,
    progressive: bool,
    colour: &'static str,
}

#[pymethods]
impl Info {
    fn __repr__(&self) -> String {
        format!(
            "Info(format='{}', width={}, height={}, progressive={}, colour='{}')",
            self.format,
            self.width,
            self.height,
            if self.progressive { "True" } else { "False" },
            self.colour
        )
    }
}

/// Badges that have something to show.
fn badges_of(pairs: &[(PyBackedStr, PyBackedStr)]) -> Result<Vec<Badge>> {
    let badges = pairs.iter().map(|(source, value)| Ok(Badge::new(Source::parse(source)?, value)));
    badges.filter_map(Result::transpose).collect()
}

/// Source key, x, y, width, height.
type Place = (&'static str, u32, u32, u32, u32);

#[pymodule(gil_used = false)]
mod _native {
    use super::*;

    #[pymodule_export]
    use super::{Info, Prepared, RenderSettings};

    #[pymodule_init]
    fn init(_module: &Bound<'_, PyModule>) -> PyResult<()> {
        crate::limits::keep_what_is_freed();
        Ok(())
    }

    #[pymodule_export]
    const RENDERER_EPOCH: u32 = crate::RENDERER_EPOCH;

    #[pymodule_export]
    const CODEC: &str = crate::codec::NAME;

    /// Draws badges on art, without the GIL: JPEG for posters and backdrops, PNG for logos.
    ///
    /// `badges` are pairs of source key and value text, already ordered and limited; what the font cannot write is left
    /// out of a text, and a badge of which nothing is left is not drawn. Raises `RenderError`.
    #[pyfunction]
    fn render<'py>(
        py: Python<'py>,
        kind: &str,
        base: &[u8],
        badges: Vec<(PyBackedStr, PyBackedStr)>,
        settings: &RenderSettings,
    ) -> Result<Bound<'py, PyBytes>> {
        let (kind, badges, settings) = (Kind::parse(kind)?, badges_of(&badges)?, settings.0);
        let picture = detached(py, || crate::render::render(kind, base, &badges, &settings))?;
        Ok(PyBytes::new(py, &picture))
    }

    /// Draws everything of a picture but its badges, without the GIL.
    ///
    /// With `max_bytes` some of them are left for badges. Raises `RenderError`.
    #[pyfunction]
    fn prepare(py: Python<'_>, kind: &str, base: &[u8], settings: &RenderSettings) -> Result<Prepared> {
        let (kind, settings) = (Kind::parse(kind)?, settings.0);
        detached(py, || crate::render::prepare(kind, base, &settings)).map(Prepared)
    }

    /// Draws the picture that stands in where there is no art, at the full size asked for.
    ///
    /// JPEG for posters and backdrops, PNG with alpha for logos.
    #[pyfunction]
    fn placeholder<'py>(py: Python<'py>, kind: &str, settings: &RenderSettings) -> Result<Bound<'py, PyBytes>> {
        let (kind, settings) = (Kind::parse(kind)?, settings.0);
        let picture = detached(py, || crate::placeholder::placeholder(kind, &settings))?;
        Ok(PyBytes::new(py, &picture))
    }

    /// Draws the plain picture that previews are drawn on, as PNG.
    #[pyfunction]
    fn sample<'py>(py: Python<'py>, kind: &str) -> Result<Bound<'py, PyBytes>> {
        let kind = Kind::parse(kind)?;
        let picture = detached(py, || Ok(crate::png::encode(&crate::sample::picture(kind))))?;
        Ok(PyBytes::new(py, &picture))
    }

    /// Reads a picture's header and no pixel.
    ///
    /// Raises `RenderError` for whatever `render` would refuse because of the header.
    #[pyfunction]
    fn probe(py: Python<'_>, data: &[u8]) -> Result<Info> {
        let info = detached(py, || crate::probe::probe(data))?;
        Ok(Info {
            format: info.format.as_str(),
            width: info.width,
            height: info.height,
            progressive: info.progressive,
            colour: info.colour.as_str(),
        })
    }

    /// Bytes that `render`, or `prepare` and `Prepared.render`, need at most at once for this picture, as its header tells:
    /// the picture itself and drawn badges that are kept for the next one left out.
    ///
    /// Raises `RenderError` for whatever `render` would refuse because of the header.
    #[pyfunction]
    fn estimate(py: Python<'_>, kind: &str, base: &[u8], settings: &RenderSettings) -> Result<u64> {
        let (kind, settings) = (Kind::parse(kind)?, settings.0);
        detached(py, || crate::estimate::render(kind, base, &settings))
    }

    /// Panics inside, for the test that nothing but an error comes out.
    #[pyfunction]
    fn _panic(py: Python<'_>) -> Result<()> {
        detached(py, || panic!("as asked"))
    }

    /// Says where badges are drawn: (source, x, y, width, height) in pixels of the output.
    ///
    /// The canvas is the output of a poster or backdrop; for a logo it is the scaled art, below which badges stand.
    #[pyfunction]
    fn layout(
        py: Python<'_>,
        kind: &str,
        canvas_width: u32,
        canvas_height: u32,
        badges: Vec<(PyBackedStr, PyBackedStr)>,
        settings: &RenderSettings,
    ) -> Result<Vec<Place>> {
        let (kind, badges, settings) = (Kind::parse(kind)?, badges_of(&badges)?, settings.0);
        Limits::current().check_size(canvas_width.into(), canvas_height.into())?;
        let layout = detached(py, || crate::layout::arrange(kind, canvas_width, canvas_height, &badges, &settings))?;
        Ok(layout
            .places
            .into_iter()
            .map(|place| (place.source.key(), place.x, place.y, place.width, place.height))
            .collect())
    }

    /// The quality from 1 to 100 that a JPEG of the renderer was written with: the one asked for, or less where
    /// `max_bytes` made it fall. None for logos, and for JPEGs with tables of their own.
    #[pyfunction]
    fn quality_of(picture: &[u8]) -> Option<u8> {
        crate::jpeg::quality::of(picture)
    }

    /// Makes this process decode with the port in Rust, whatever was built: for comparing both libraries.
    #[pyfunction]
    fn use_port(wanted: bool) {
        crate::codec::use_port(wanted);
    }

    /// Changes this process's bounds; what is not given stays.
    ///
    /// Defaults: 30 MiB of input, 50 million pixels of input and of output, 64 scans, 32 MiB of drawn badges.
    #[pyfunction]
    #[pyo3(signature = (*, max_bytes=None, max_pixels=None, max_scans=None, sprite_cache_bytes=None))]
    fn set_limits(
        max_bytes: Option<u64>,
        max_pixels: Option<u64>,
        max_scans: Option<u64>,
        sprite_cache_bytes: Option<usize>,
    ) {
        let now = Limits::current();
        Limits {
            bytes: max_bytes.unwrap_or(now.bytes),
            pixels: max_pixels.unwrap_or(now.pixels),
            scans: max_scans.unwrap_or(now.scans),
        }
        .install();
        if let Some(bytes) = sprite_cache_bytes {
            crate::render::sprites().resize(bytes);
        }
    }
}
