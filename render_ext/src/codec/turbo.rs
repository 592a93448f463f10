//! libjpeg-turbo in C for what is frequent: YCbCr pictures in the usual samplings, and encoding. Headers and limits are
//! judged in Rust first, and whatever is unusual stays there.

use std::ffi::{CStr, c_int, c_uchar, c_void};
use std::{ptr, slice};

use turbojpeg_sys as tj;

use super::{Codec, PureRust, markers};
use crate::error::{RenderError, Result};
use crate::limits::Limits;
use crate::picture::{Axis, Canvas, Picture, Plane, Planes};
use crate::probe::{Colour, Info};

/// The implementation of builds with the `turbo` feature.
#[derive(Clone, Copy, Debug)]
pub struct Turbo;

impl Codec for Turbo {
    fn inspect(&self, data: &[u8], limits: &Limits) -> Result<Info> {
        PureRust.inspect(data, limits)
    }

    fn decode(&self, data: &[u8], limits: &Limits) -> Result<Picture> {
        // Scans and pixels are within the limits once this has passed.
        let info = PureRust.inspect(data, limits)?;
        if markers::is_closed(data)
            && info.colour == Colour::Ycc
            && let Some(planes) = Handle::new(tj::TJINIT_TJINIT_DECOMPRESS)?.planes(data, &info)?
        {
            return Ok(Picture::Planes(Box::new(planes)));
        }
        PureRust.decode(data, limits)
    }

    fn encode(&self, canvas: &Canvas, quality: u8) -> Result<Vec<u8>> {
        Handle::new(tj::TJINIT_TJINIT_COMPRESS)?.encode(canvas, quality)
    }
}

/// Pixels per colour sample of a sampling that is decoded here.
fn steps(sampling: c_int) -> Option<(u32, u32)> {
    match sampling {
        tj::TJSAMP_TJSAMP_444 => Some((1, 1)),
        tj::TJSAMP_TJSAMP_422 => Some((2, 1)),
        tj::TJSAMP_TJSAMP_420 => Some((2, 2)),
        tj::TJSAMP_TJSAMP_440 => Some((1, 2)),
        _ => None,
    }
}

/// An instance of the library, never null.
struct Handle(tj::tjhandle);

impl Drop for Handle {
    fn drop(&mut self) {
        // SAFETY: the handle came from `tj3Init` and is not used again.
        unsafe { tj::tj3Destroy(self.0) };
    }
}

impl Handle {
    fn new(purpose: tj::TJINIT) -> Result<Self> {
        // SAFETY: a plain constructor; null is checked.
        let handle = unsafe { tj::tj3Init(purpose as c_int) };
        if handle.is_null() { Err(RenderError::internal("libjpeg-turbo does not start")) } else { Ok(Self(handle)) }
    }

    fn get(&self, parameter: tj::TJPARAM) -> c_int {
        // SAFETY: the handle is live.
        unsafe { tj::tj3Get(self.0, parameter as c_int) }
    }

    fn set(&self, parameter: tj::TJPARAM, value: c_int) -> Result<()> {
        // SAFETY: the handle is live.
        match unsafe { tj::tj3Set(self.0, parameter as c_int, value) } {
            0 => Ok(()),
            _ => Err(RenderError::internal(self.message())),
        }
    }

    fn message(&self) -> String {
        // SAFETY: the handle is live, and its message is a string that lives until the next call.
        let text = unsafe { CStr::from_ptr(tj::tj3GetErrorStr(self.0)) };
        format!("libjpeg-turbo: {}", text.to_string_lossy())
    }

    /// Stray bytes between markers are harmless; any other warning means that samples are missing or wrong.
    fn check_decoded(&self, status: c_int) -> Result<()> {
        let message = self.message();
        if status == 0 || message.contains("extraneous") { Ok(()) } else { Err(RenderError::corrupt(message)) }
    }

    /// Decodes to planes; none when the sampling is unusual.
    fn planes(&self, data: &[u8], info: &Info) -> Result<Option<Planes>> {
        // SAFETY: the pointer and length are a slice's.
        let status = unsafe { tj::tj3DecompressHeader(self.0, data.as_ptr(), data.len() as _) };
        self.check_decoded(status)?;
        let Some((across, down)) = steps(self.get(tj::TJPARAM_TJPARAM_SUBSAMP)) else { return Ok(None) };
        let size = (self.get(tj::TJPARAM_TJPARAM_JPEGWIDTH), self.get(tj::TJPARAM_TJPARAM_JPEGHEIGHT));
        let usual = self.get(tj::TJPARAM_TJPARAM_COLORSPACE) == tj::TJCS_TJCS_YCbCr as c_int;
        if !usual || size != (info.width as c_int, info.height as c_int) {
            return Ok(None);
        }
        // Luma is written rounded up to whole colour samples.
        let (columns, rows) = (info.width.div_ceil(across), info.height.div_ceil(down));
        let luma_stride = (columns * across) as usize;
        let mut luma = vec![0u8; luma_stride * (rows * down) as usize];
        let mut blue = vec![0u8; columns as usize * rows as usize];
        let mut red = blue.clone();
        let mut targets: [*mut c_uchar; 3] = [luma.as_mut_ptr(), blue.as_mut_ptr(), red.as_mut_ptr()];
        let mut strides = [luma_stride as c_int, columns as c_int, columns as c_int];
        // SAFETY: each plane has the library's documented size for this width, height and sampling, which the header
        // read above has fixed in the handle.
        let status = unsafe {
            tj::tj3DecompressToYUVPlanes8(
                self.0,
                data.as_ptr(),
                data.len() as _,
                targets.as_mut_ptr(),
                strides.as_mut_ptr(),
            )
        };
        self.check_decoded(status)?;
        let plane = |samples, stride: usize, (across, down): (u32, u32)| Plane {
            samples,
            stride,
            width: info.width.div_ceil(across) as usize,
            height: info.height.div_ceil(down) as usize,
            x: Axis { origin: 0.0, step: f64::from(across) },
            y: Axis { origin: 0.0, step: f64::from(down) },
        };
        Ok(Some(Planes {
            width: info.width,
            height: info.height,
            luma: plane(luma, luma_stride, (1, 1)),
            chroma: Some([blue, red].map(|samples| plane(samples, columns as usize, (across, down)))),
        }))
    }

    fn encode(&self, canvas: &Canvas, quality: u8) -> Result<Vec<u8>> {
        let sampling = if canvas.chroma_step == 2 { tj::TJSAMP_TJSAMP_420 } else { tj::TJSAMP_TJSAMP_444 };
        self.set(tj::TJPARAM_TJPARAM_SUBSAMP, sampling as c_int)?;
        self.set(tj::TJPARAM_TJPARAM_QUALITY, c_int::from(quality))?;
        let sizes = [0, 1, 2].map(|plane| canvas.plane_size(plane));
        // The library reads luma rounded up to whole colour samples.
        let padded = padded(canvas);
        let luma = padded.as_ref().unwrap_or(&canvas.planes[0]);
        let luma_stride = if padded.is_some() { canvas.width.next_multiple_of(2) as usize } else { sizes[0].0 };
        let planes = [luma.as_ptr(), canvas.planes[1].as_ptr(), canvas.planes[2].as_ptr()];
        let strides = [luma_stride as c_int, sizes[1].0 as c_int, sizes[2].0 as c_int];
        let mut out = Output { bytes: ptr::null_mut(), len: 0 };
        // SAFETY: planes have the library's documented sizes for this width, height and sampling; the library
        // allocates the output, which `Output` frees.
        let status = unsafe {
            tj::tj3CompressFromYUVPlanes8(
                self.0,
                planes.as_ptr(),
                canvas.width as c_int,
                strides.as_ptr(),
                canvas.height as c_int,
                &mut out.bytes,
                &mut out.len,
            )
        };
        if status != 0 || out.bytes.is_null() {
            return Err(RenderError::internal(self.message()));
        }
        // SAFETY: on success the library has written so many bytes there.
        Ok(unsafe { slice::from_raw_parts(out.bytes, out.len as usize) }.to_vec())
    }
}

/// Bytes that the library has allocated.
struct Output {
    bytes: *mut c_uchar,
    len: tj::size_t,
}

impl Drop for Output {
    fn drop(&mut self) {
        // SAFETY: null or the library's own allocation, not used again.
        unsafe { tj::tj3Free(self.bytes.cast::<c_void>()) };
    }
}

/// Luma with its last column and row repeated, when half-resolution colour reaches beyond an odd size.
fn padded(canvas: &Canvas) -> Option<Vec<u8>> {
    if canvas.chroma_step == 1 || (canvas.width.is_multiple_of(2) && canvas.height.is_multiple_of(2)) {
        return None;
    }
    let width = canvas.width as usize;
    let mut luma = Vec::with_capacity((width + 1) * (canvas.height as usize + 1));
    let rows = canvas.planes[0].chunks_exact(width);
    let last = if canvas.height.is_multiple_of(2) { None } else { rows.clone().last() };
    for row in rows.chain(last) {
        luma.extend_from_slice(row);
        if !width.is_multiple_of(2) {
            luma.push(row[width - 1]);
        }
    }
    Some(luma)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::badge::Badge;
    use crate::render::{prepare, render};
    use crate::settings::{Chroma, Kind, Position, Settings, Size};
    use crate::source::Source;

    /// What the library says to a picture when the first warning is an error, as for `djpeg -strict`.
    fn strictly(data: &[u8]) -> String {
        let handle = Handle::new(tj::TJINIT_TJINIT_DECOMPRESS).unwrap();
        handle.set(tj::TJPARAM_TJPARAM_STOPONWARNING, 1).unwrap();
        let info = PureRust.inspect(data, &Limits::DEFAULT).unwrap();
        let planes = handle.planes(data, &info);
        format!("{} {:?}", handle.message(), planes.map(|planes| planes.is_some()).map_err(|error| error.code))
    }

    #[test]
    fn what_is_drawn_and_what_is_spliced_is_decoded_without_a_warning() {
        let art = |name: &str| {
            fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/art").join(name)).unwrap()
        };
        let badges = [(Source::Imdb, "8.2"), (Source::RottenTomatoes, "94%"), (Source::Trakt, "77%")]
            .map(|(source, value)| Badge::new(source, value).unwrap());
        let (poster, backdrop) = (art("poster_liftoff_500x740_420.jpg"), art("backdrop_whiskers_1920x1080_420.jpg"));
        for (kind, art, size) in [(Kind::Poster, &poster, Size::Medium), (Kind::Backdrop, &backdrop, Size::Small)] {
            for &chroma in Chroma::ALL {
                for (position, max_bytes) in
                    [(Position::BottomCentre, 0), (Position::TopRight, 0), (Position::Left, 50_000)]
                {
                    let settings = Settings { size, chroma, position, max_bytes, ..Settings::default() };
                    let spliced = prepare(kind, art, &settings).unwrap().render(&badges, &settings).unwrap();
                    for picture in [render(kind, art, &badges, &settings).unwrap(), spliced] {
                        assert_eq!(strictly(&picture), "libjpeg-turbo: No error Ok(true)");
                    }
                }
            }
        }
    }

    #[test]
    fn a_warning_would_be_heard() {
        let mut picture = fs::read(
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/art/odd_301x445_420_restart_rows.jpg"),
        )
        .unwrap();
        let marker = memchr::memmem::find(&picture, &[0xff, 0xd2]).unwrap();
        picture[marker + 1] = 0xd5;
        assert!(!strictly(&picture).contains("No error"));
    }
}
