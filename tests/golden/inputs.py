"""One piece of art in every form that upstreams may send it in: all of them show the same, so far as the form can."""

import io
import struct
import zlib
from collections.abc import Callable, Iterator
from functools import cache, partial

import numpy as np
from PIL import Image, ImageCms

SIZE = (390, 580)
ORIENTATIONS = range(1, 9)

_ORIENTATION_TAG = 0x0112
#: How stored pixels lie for EXIF's 2 to 8, so that turned upright they are the art.
_STORED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}

#: Chromaticities of red, green, blue.
DISPLAY_P3 = ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060))
ADOBE_RGB = ((0.640, 0.330), (0.210, 0.710), (0.150, 0.060))


@cache
def art() -> Image.Image:
    """Gradients, lines of every width, saturated patches, and a mark of its own in each corner."""
    width, height = SIZE
    y, x = np.mgrid[0:height, 0:width]
    rgb = np.stack([40 + x * 150 // width, 50 + y * 150 // height, 190 - (x + y) * 150 // (width + height)], axis=-1)
    for index in range(6):
        period = 2 + index
        part = (slice(60 + index * 80, 110 + index * 80), slice(60, 200))
        rgb[part] = np.where((x[part] // period % 2)[..., None], (235, 230, 220), (25, 20, 30))
        part = (slice(60 + index * 80, 110 + index * 80), slice(220, 330))
        rgb[part] = ((200, 30, 40), (30, 170, 60), (40, 60, 200), (220, 200, 40), (230, 230, 230), (10, 10, 12))[index]
    for corner, colour in zip(
        ((0, 0), (0, 1), (1, 0), (1, 1)), ((255, 0, 0), (0, 255, 0), (0, 0, 255), (255,) * 3), strict=True
    ):
        top, left = corner[0] * (height - 40), corner[1] * (width - 40)
        rgb[top : top + 40, left : left + 40] = colour
    return Image.fromarray(rgb.clip(0, 255).astype(np.uint8))


@cache
def fitting() -> Image.Image:
    """The art as wide as a medium poster and a little taller: its pixels are those of the picture."""
    return art().resize((580, 875), Image.Resampling.LANCZOS)


@cache
def lettering() -> Image.Image:
    """The art where it is bright, nothing elsewhere, soft edges between: what a logo is like."""
    alpha = np.asarray(art().convert("L")).astype(np.int16)
    picture = art().convert("RGBA")
    picture.putalpha(Image.fromarray(((alpha - 60) * 3).clip(0, 255).astype(np.uint8)))
    return picture


def saved(picture: Image.Image, form: str, **options: object) -> bytes:
    """The picture as a file."""
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def stored(exif: int) -> tuple[Image.Image, Image.Exif]:
    """The art as a camera stores it that says how to turn it, and what it says."""
    tags = Image.Exif()
    tags[_ORIENTATION_TAG] = exif
    return (art() if exif == 1 else art().transpose(_STORED[exif])), tags


def profile(primaries: tuple[tuple[float, float], ...], gamma: float = 2.2) -> bytes:
    """An ICC profile of three primaries and a gamma, for white at D65."""
    white = np.array([0.95047, 1.0, 1.08883])
    xyz = np.array([[x / y, 1, (1 - x - y) / y] for x, y in primaries]).T
    bradford = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
    cone = np.diag((bradford @ [0.9642, 1.0, 0.8249]) / (bradford @ white))
    columns = (np.linalg.inv(bradford) @ cone @ bradford @ xyz @ np.diag(np.linalg.solve(xyz, white))).T

    def fixed(values: np.ndarray) -> bytes:
        return b"".join(struct.pack(">i", round(float(value) * 65536)) for value in values)

    curve = b"curv" + bytes(4) + struct.pack(">IHH", 1, round(gamma * 256), 0)
    text = b"desc" + bytes(4) + struct.pack(">I", 5) + b"test\0" + bytes(78) + b"\0"
    parts = {b"desc": text, b"wtpt": b"XYZ " + bytes(4) + fixed(np.array([0.9642, 1.0, 0.8249]))}
    parts |= {
        name: b"XYZ " + bytes(4) + fixed(it) for name, it in zip((b"rXYZ", b"gXYZ", b"bXYZ"), columns, strict=True)
    }
    parts |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    table, body, at = b"", b"", 128 + 4 + 12 * len(parts)
    for name, part in parts.items():
        table += name + struct.pack(">II", at + len(body), len(part))
        body += part + bytes(-len(part) % 4)
    head = struct.pack(">I4sI4s4s4s", at + len(body), bytes(4), 0x02400000, b"mntr", b"RGB ", b"XYZ ")
    head += bytes(12) + b"acsp" + bytes(28) + fixed(np.array([0.9642, 1.0, 0.8249])) + bytes(48)
    return head + struct.pack(">I", len(parts)) + table + body


def srgb() -> bytes:
    """The usual profile."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def deep_png(mode: str) -> bytes:
    """The art as a PNG with 16 bits a sample, which Pillow does not write; mode `L`, `LA`, `RGB` or `RGBA`."""
    samples = np.asarray((lettering() if mode.endswith("A") else art()).convert(mode)).astype(">u2") * 257
    rows = samples.reshape(SIZE[1], -1)
    raw = b"".join(b"\0" + row.tobytes() for row in rows)
    colour = {"L": 0, "RGB": 2, "LA": 4, "RGBA": 6}[mode]

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", *SIZE, 16, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(raw, 1)) + chunk(b"IEND", b"")


def _forms() -> Iterator[tuple[str, Callable[[], bytes]]]:
    def plain(name: str, form: str, picture: Callable[[], Image.Image] = art, **options: object):
        return name, lambda: saved(picture(), form, **options)

    def as_mode(mode: str, picture: Callable[[], Image.Image] = art) -> Callable[[], Image.Image]:
        return lambda: picture().convert(mode)

    for sampling in ("4:2:0", "4:2:2", "4:4:4"):
        for progressive in (False, True):
            name = f"jpeg-{sampling.replace(':', '')}{'-progressive' if progressive else ''}"
            yield plain(name, "JPEG", quality=92, subsampling=sampling, progressive=progressive)
    yield plain("jpeg-restarts", "JPEG", quality=92, restart_marker_rows=1)
    yield plain("jpeg-optimised", "JPEG", quality=92, optimize=True)
    yield plain("jpeg-coarse", "JPEG", quality=35)
    yield plain("jpeg-odd", "JPEG", lambda: art().crop((0, 0, 389, 579)), quality=92)
    yield plain("jpeg-grey", "JPEG", as_mode("L"), quality=92)
    yield plain("jpeg-grey-progressive", "JPEG", as_mode("L"), quality=92, progressive=True)
    for sampling in ("4:2:0", "4:2:2", "4:4:4"):
        for progressive in (False, True):
            name = f"jpeg-fitting-{sampling.replace(':', '')}{'-progressive' if progressive else ''}"
            yield plain(name, "JPEG", fitting, quality=92, subsampling=sampling, progressive=progressive)
    yield plain("png-fitting", "PNG", fitting)
    yield plain("jpeg-rgb", "JPEG", quality=92, keep_rgb=True)
    yield plain("jpeg-cmyk", "JPEG", as_mode("CMYK"), quality=92)
    yield plain("jpeg-cmyk-progressive", "JPEG", as_mode("CMYK"), quality=92, progressive=True)
    for mode in ("1", "L", "P", "RGB"):
        yield plain(f"png-{mode.lower()}", "PNG", as_mode(mode))
    for mode in ("LA", "RGBA"):
        yield plain(f"png-{mode.lower()}", "PNG", as_mode(mode, lettering))
    for mode in ("L", "LA", "RGB", "RGBA"):
        yield f"png-{mode.lower()}-16", partial(deep_png, mode)
    yield plain("webp", "WEBP", quality=90)
    yield plain("webp-lossless", "WEBP", lossless=True)
    yield plain("webp-alpha", "WEBP", lettering, quality=90)
    yield plain("webp-alpha-lossless", "WEBP", lettering, lossless=True)
    yield plain("gif", "GIF", as_mode("P"))
    yield plain("gif-animated", "GIF", as_mode("P"), save_all=True, append_images=[art().rotate(180).convert("P")])
    yield plain("tiff", "TIFF")
    yield plain("tiff-deflate", "TIFF", compression="tiff_adobe_deflate")
    yield plain("tiff-grey", "TIFF", as_mode("L"))
    yield plain("tiff-alpha", "TIFF", lettering)
    yield plain("bmp", "BMP")
    yield plain("bmp-palette", "BMP", as_mode("P"))
    sharp = {"quality": 98, "subsampling": "4:4:4"}
    for exif in ORIENTATIONS:
        for form, options in (("JPEG", sharp), ("PNG", {}), ("WEBP", {"lossless": True}), ("TIFF", {})):
            yield f"{form.lower()}-exif-{exif}", partial(_turned, form, exif, options)
    for form, options in (("JPEG", sharp), ("PNG", {}), ("WEBP", {"lossless": True})):
        for name, make in (("srgb", srgb), ("p3", lambda: profile(DISPLAY_P3)), ("adobe", lambda: profile(ADOBE_RGB))):
            yield f"{form.lower()}-icc-{name}", lambda f=form, o=options, m=make: saved(art(), f, icc_profile=m(), **o)


def _turned(form: str, exif: int, options: dict[str, object]) -> bytes:
    picture, tags = stored(exif)
    return saved(picture, form, exif=tags, **options)


FORMS = dict(_forms())
"""Every form by its name; made when called."""


@cache
def form(name: str) -> bytes:
    """The file of a form."""
    return FORMS[name]()
