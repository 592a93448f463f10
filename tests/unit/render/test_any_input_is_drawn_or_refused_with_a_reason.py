import io
import pickle
from pathlib import Path
from threading import Thread

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageOps

from openposterdb_render import Info, RenderError, RenderSettings, probe, render, set_limits
from tests.golden.inputs import ADOBE_RGB, DISPLAY_P3, profile, saved

ART = Path(__file__).parents[2] / "fixtures" / "art"
MEDIUM = RenderSettings(chroma="444", quality=100)


def pixels(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), dtype=np.int16)


def drawn(base: bytes) -> np.ndarray:
    return pixels(render("poster", base, [], MEDIUM))


def difference(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.abs(a - b).mean())


def by_pillow(base: bytes) -> np.ndarray:
    """The same job, done by Pillow: turned upright, scaled to cover, what hangs over cut off on both sides."""
    picture = ImageOps.exif_transpose(Image.open(io.BytesIO(base))).convert("RGB")
    scale = max(580 / picture.width, 859 / picture.height)
    width, height = round(picture.width * scale), round(picture.height * scale)
    left, top = (width - 580) // 2, (height - 859) // 2
    scaled = picture.resize((width, height), Image.Resampling.LANCZOS)
    return np.asarray(scaled.crop((left, top, left + 580, top + 859)), dtype=np.int16)


@pytest.mark.parametrize(
    "name",
    [
        "poster_orbital_780x1155_420.jpg",
        "poster_whiskers_780x1155_420_progressive.jpg",
        "poster_liftoff_500x740_420.jpg",
        "poster_macula_1000x1426_420.jpg",
        "poster_liftoff_2000x2962_420_q85.jpg",
        "odd_301x445_420.jpg",
        "odd_301x445_420_restart_rows.jpg",
        "odd_301x445_422.jpg",
        "odd_301x445_444.jpg",
        "odd_301x445_gray.jpg",
        "odd_301x445_exif_rot90.jpg",
        "odd_301x445_rgb_no_ycc.jpg",
        "odd_151x223_rgb.png",
        "backdrop_whiskers_1920x1080_420.jpg",
    ],
)
def test_pictures_look_like_pillows(name, art):
    assert difference(drawn(art(name)), by_pillow(art(name))) < 1


def test_printing_inks_become_screen_colours(art):
    assert difference(drawn(art("odd_301x445_cmyk.jpg")), drawn(art("odd_301x445_444.jpg"))) < 2.5


def test_the_smallest_picture_is_drawn(art):
    assert drawn(art("tiny_1x1.jpg")).shape == (859, 580, 3)


@pytest.mark.parametrize(
    ("form", "mode"),
    [
        ("PNG", "L"), ("PNG", "LA"), ("PNG", "P"), ("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "I;16"), ("PNG", "1"),
        ("WEBP", "RGB"), ("WEBP", "RGBA"), ("GIF", "P"), ("TIFF", "RGB"), ("TIFF", "L"), ("BMP", "RGB"), ("BMP", "P"),
        ("JPEG", "L"), ("JPEG", "CMYK"),
    ],
)  # fmt: skip
def test_formats_are_known_by_content_in_every_colour_mode(form, mode, samples):
    picture = Image.linear_gradient("L").resize((116, 172))
    picture = picture.point(lambda v: v * 256, "I").convert("I;16") if mode == "I;16" else picture.convert(mode)
    out = io.BytesIO()
    picture.save(out, form, **({"lossless": True} if form == "WEBP" else {}))
    info = probe(out.getvalue())
    assert (info.format, info.width, info.height) == (form.lower(), 116, 172)
    got = drawn(out.getvalue())
    assert got[20].mean() < got[430].mean() < got[838].mean()
    for kind in ("poster", "backdrop", "logo"):
        render(kind, out.getvalue(), samples[:2], RenderSettings())


@pytest.mark.parametrize("exif", range(1, 9))
def test_exif_orientation_is_honoured(exif, art):
    picture = Image.open(io.BytesIO(art("odd_301x445_420.jpg")))
    picture.info.pop("exif", None)
    tags = Image.Exif()
    tags[0x0112] = exif
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=100, exif=tags)
    assert difference(drawn(out.getvalue()), by_pillow(out.getvalue())) < 1


@pytest.mark.parametrize("primaries", [DISPLAY_P3, ADOBE_RGB])
@pytest.mark.parametrize(
    ("form", "options"), [("JPEG", {"quality": 98, "subsampling": 0}), ("PNG", {}), ("WEBP", {"lossless": True})]
)
def test_a_wide_gamut_becomes_the_usual_one(form, options, primaries, art):
    """Little CMS stores the same look in another gamut; dropping the profile would leave it pale."""
    picture = Image.open(io.BytesIO(art("odd_301x445_444.jpg"))).convert("RGB")
    wide = ImageCms.ImageCmsProfile(io.BytesIO(profile(primaries)))
    stored = ImageCms.applyTransform(
        picture, ImageCms.buildTransform(ImageCms.createProfile("sRGB"), wide, "RGB", "RGB")
    )
    stored.info.clear()  # Pillow remembers the profile, and some formats are then saved with it unasked
    wanted = drawn(saved(picture, form, **options))
    tagged = difference(drawn(saved(stored, form, icc_profile=profile(primaries), **options)), wanted)
    dropped = difference(drawn(saved(stored, form, **options)), wanted)
    assert tagged < 1.6 < 3 < dropped


@pytest.mark.parametrize(
    "broken", [b"", b"no profile", profile(DISPLAY_P3)[:200], profile(DISPLAY_P3)[:-40] + bytes(40)]
)
def test_a_broken_profile_is_as_good_as_none(broken, art):
    picture = Image.open(io.BytesIO(art("odd_301x445_444.jpg"))).convert("RGB")
    plain = saved(picture, "JPEG", quality=95)
    assert difference(drawn(saved(picture, "JPEG", quality=95, icc_profile=broken)), drawn(plain)) < 8


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("bad_truncated.jpg", "corrupt"),
        ("bad_header_65500x65500.jpg", "too_large"),
        ("bad_scan_bomb_progressive.jpg", "too_large"),
        ("bad_png_bomb_20000x20000.png", "too_large"),
    ],
)
def test_bad_pictures_are_refused(name, code, art):
    for kind in ("poster", "logo"):
        with pytest.raises(RenderError) as caught:
            render(kind, art(name), [], RenderSettings())
        assert caught.value.code == code


@pytest.mark.parametrize("junk", [b"", b"\xff\xd8", b"<svg/>", b"<!doctype html><title>404</title>", bytes(1000)])
def test_what_is_not_a_picture_is_unsupported(junk):
    for attempt in (lambda: probe(junk), lambda: render("poster", junk, [], RenderSettings())):
        with pytest.raises(RenderError) as caught:
            attempt()
        assert caught.value.code == "unsupported"


def test_a_jpeg_cut_anywhere_is_refused(art):
    whole = art("odd_301x445_420.jpg")
    for share in range(1, 20):
        with pytest.raises(RenderError):
            render("poster", whole[: len(whole) * share // 20], [], RenderSettings())


def test_a_download_whose_tail_was_never_written_is_refused(art):
    whole = art("poster_orbital_780x1155_420.jpg")
    for share in (3, 50, 99):
        kept = len(whole) * share // 100
        with pytest.raises(RenderError) as caught:
            render("poster", whole[:kept] + bytes(len(whole) - kept), [], RenderSettings())
        assert caught.value.code == "corrupt"


@given(st.binary(max_size=300), st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"BM", b"II*\x00"]))
def test_random_bytes_behind_a_magic_number_never_break_out(junk, magic):
    with pytest.raises(RenderError):
        render("poster", magic + junk, [], RenderSettings())


@given(st.data())
def test_flipped_bytes_of_a_real_picture_never_break_out(data):
    name = data.draw(st.sampled_from(["tiny_1x1.jpg", "odd_301x445_420_restart_rows.jpg", "odd_301x445_gray.jpg"]))
    whole = bytearray((ART / name).read_bytes())
    for _ in range(data.draw(st.integers(1, 12))):
        whole[data.draw(st.integers(0, min(len(whole), 2000) - 1))] = data.draw(st.integers(0, 255))
    try:
        code = render("poster", bytes(whole), [], RenderSettings())[:3]
    except RenderError as error:
        code = error.code
    assert code in {b"\xff\xd8\xff", "unsupported", "corrupt", "too_large"}


def test_the_header_alone_answers_a_probe(art):
    assert probe(art("bad_truncated.jpg")).width == 301
    info = probe(art("poster_whiskers_780x1155_420_progressive.jpg"))
    assert (info.format, info.progressive, info.colour) == ("jpeg", True, "ycc")
    assert isinstance(info, Info)


def test_limits_can_be_changed(art):
    base = art("odd_301x445_420.jpg")
    try:
        for limit in ({"max_bytes": 1000}, {"max_pixels": 301 * 445 - 1}):
            set_limits(**limit)
            with pytest.raises(RenderError) as caught:
                probe(base)
            assert caught.value.code == "too_large"
            set_limits(max_bytes=30 << 20, max_pixels=50_000_000)
        set_limits(max_scans=2)
        with pytest.raises(RenderError) as caught:
            probe(art("poster_whiskers_780x1155_420_progressive.jpg"))
        assert caught.value.code == "too_large"
    finally:
        set_limits(max_bytes=30 << 20, max_pixels=50_000_000, max_scans=64)


@pytest.mark.parametrize(
    "nonsense",
    [
        {"size": "huge"}, {"position": "x"}, {"style": ""}, {"label": "o"}, {"direction": "up"}, {"fit": "contain"},
        {"chroma": "422"}, {"max_bytes": -1}, {"max_bytes": 2**32}, {"quality": 0}, {"quality": 101}, {"quality": -5}, {"quality": 2**70},
    ],
)  # fmt: skip
def test_nonsense_settings_are_refused(nonsense):
    with pytest.raises(RenderError) as caught:
        RenderSettings(**nonsense)
    assert caught.value.code == "bad_settings"


def test_nonsense_arguments_are_refused(art):
    base = art("tiny_1x1.jpg")
    for kind, badges in (("banner", []), ("poster", [("nobody", "1")]), ("poster", [("imdb", "1")] * 65)):
        with pytest.raises(RenderError) as caught:
            render(kind, base, badges, RenderSettings())
        assert caught.value.code == "bad_settings"


def test_settings_are_values():
    assert RenderSettings(size="large") == RenderSettings(size="large") != RenderSettings()
    assert len({RenderSettings(), RenderSettings(quality=85), RenderSettings(quality=84)}) == 2
    assert "position='tl'" in repr(RenderSettings(position="tl"))
    with pytest.raises(AttributeError):
        RenderSettings().size = "large"  # pyright: ignore


def test_errors_survive_a_process_boundary():
    error = pickle.loads(pickle.dumps(RenderError("corrupt", "cut off")))
    assert (error.code, str(error)) == ("corrupt", "cut off")
    assert isinstance(error, ValueError)


def test_threads_render_at_the_same_time_and_agree(art, samples):
    base, settings = art("poster_orbital_780x1155_420.jpg"), RenderSettings()
    results: list[bytes] = []
    threads = [Thread(target=lambda: results.append(render("poster", base, samples, settings))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 8
    assert len(set(results)) == 1


@pytest.mark.parametrize("size", [(65_501, 1), (1, 65_501), (700_000, 2)])
def test_a_side_longer_than_a_jpeg_can_have_is_refused_from_the_header(size):
    whole = io.BytesIO()
    Image.new("L", size).save(whole, "PNG")
    with pytest.raises(RenderError) as refused:
        render("poster", whole.getvalue(), [], RenderSettings())
    assert refused.value.code == "too_large"


def test_a_poster_that_would_come_out_too_tall_is_refused():
    whole = io.BytesIO()
    Image.new("L", (80, 9500)).save(whole, "JPEG")
    with pytest.raises(RenderError) as refused:
        render("poster", whole.getvalue(), [], RenderSettings(fit="native"))
    assert refused.value.code == "too_large"
