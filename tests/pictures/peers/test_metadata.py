"""What belongs to a picture stays, in every format that has a place for it: ICC profile byte for byte, resolution,
EXIF, XMP; orientation is applied once. What may show the sharp picture goes: exiftool finds no preview."""
import base64
import io
import json
import shutil
import struct
import subprocess

import numpy as np
import pytest
import tifffile
from PIL import Image, ImageCms, ImageOps
from PIL.PngImagePlugin import PngInfo
from support import assert_close, blur, gaussian, smooth

SIZE = (30, 44)
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
XMP = (b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
       b'<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" dc:source="a lake"%s/></rdf:RDF>'
       b"</x:xmpmeta>")
HIDING = (b' xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:xmpGImg="http://ns.adobe.com/xap/1.0/g/img/"><xmp:Thumbnails>'
          b'<rdf:Alt><rdf:li rdf:parseType="Resource" xmpGImg:format="JPEG" xmpGImg:image="%s"/></rdf:Alt>'
          b"</xmp:Thumbnails></rdf:Description><rdf:Description")
FORMATS = ["jpg", "png", "webp", "tif", "avif"]
SAVED = {"jpg": "jpeg", "tif": "tiff"}


def small_jpeg(size=(16, 12)):
    data = io.BytesIO()
    Image.fromarray(smooth(size[1], size[0], 3, seed=9)).save(data, "jpeg")
    return data.getvalue()


def exif(orientation=1, thumbnail=b""):
    """An EXIF block by hand: camera, orientation, 300 dpi, an exposure, GPS; and IFD 1 with the thumbnail."""
    def entry(tag, kind, count, value):
        return struct.pack("<HHI4s", tag, kind, count, value if isinstance(value, bytes) else struct.pack("<I", value))
    camera = b"A lens and a box\0"
    first = 8 + 2 + 7 * 12 + 4
    sub, rational = first + len(camera) + 1, first + len(camera) + 1 + 2 + 12 + 4
    last = rational + 24
    tiff = b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", 7) + entry(0x010F, 2, len(camera), first)
    tiff += entry(0x0112, 3, 1, orientation) + entry(0x011A, 5, 1, rational) + entry(0x011B, 5, 1, rational)
    tiff += entry(0x0128, 3, 1, 2) + entry(0x0131, 2, 4, b"own\0") + entry(0x8769, 4, 1, sub)
    tiff += struct.pack("<I", last if thumbnail else 0) + camera + b"\0"
    tiff += struct.pack("<H", 1) + entry(0x829A, 5, 1, rational + 8) + struct.pack("<I", 0)
    tiff += struct.pack("<6I", 300, 1, 1, 60, 0, 0)
    if thumbnail:
        tiff += struct.pack("<H", 3) + entry(0x0103, 3, 1, 6) + entry(0x0201, 4, 1, last + 2 + 36 + 4)
        tiff += entry(0x0202, 4, 1, len(thumbnail)) + struct.pack("<I", 0) + thumbnail
    return b"Exif\0\0" + tiff


def write(file, levels=None, **more):
    """By Pillow, as good as the format can."""
    extension = file.suffix[1:]
    best = {"jpg": {"quality": 95}, "webp": {"lossless": True},
            "avif": {"quality": 100, "subsampling": "4:4:4"}}.get(extension, {})
    if extension == "png" and "xmp" in more:
        more["pnginfo"] = PngInfo()
        more["pnginfo"].add_itxt("XML:com.adobe.xmp", more.pop("xmp").decode())
    picture = Image.fromarray(smooth(*SIZE, 3) if levels is None else levels)
    picture.save(file, SAVED.get(extension, extension), **best, **more)


def tags(file, *options):
    """What exiftool says of a file."""
    if not shutil.which("exiftool"):
        pytest.fail("exiftool is missing: install libimage-exiftool-perl")
    done = subprocess.run(["exiftool", "-j", "-a", "-G1", *options, str(file)], capture_output=True, text=True)
    (found,) = json.loads(done.stdout)
    return found


def assert_no_preview(file, secret=b""):
    found = tags(file, "-preview:all", "-ThumbnailImage", "-PhotoshopThumbnail", "-PreviewImage", "-ThumbnailTIFF",
                 "-XMP:ThumbnailsImage", "-ThumbnailOffset", "-ThumbnailLength")
    assert list(found) == ["SourceFile"], found
    assert not secret or secret not in file.read_bytes()


@pytest.mark.parametrize("target", FORMATS)
@pytest.mark.parametrize("source", FORMATS)
def test_the_icc_profile_is_the_same_bytes(source, target, tmp_path):
    write(tmp_path / f"in.{source}", icc_profile=PROFILE)
    blur(tmp_path / f"in.{source}", tmp_path / f"out.{target}")
    with Image.open(tmp_path / f"out.{target}") as opened:
        assert opened.info.get("icc_profile") == PROFILE


@pytest.mark.parametrize("target", FORMATS)
def test_no_profile_is_made_up(target, tmp_path):
    write(tmp_path / "in.png")
    blur(tmp_path / "in.png", tmp_path / f"out.{target}")
    with Image.open(tmp_path / f"out.{target}") as opened:
        assert not opened.info.get("icc_profile")


@pytest.mark.parametrize("target", FORMATS)
@pytest.mark.parametrize("source", ["jpg", "png", "webp", "avif"])
def test_exif_and_xmp_stay(source, target, tmp_path):
    """libvips writes no EXIF into TIFF: there it must be told."""
    write(tmp_path / f"in.{source}", exif=exif(), xmp=XMP % b"")
    said = blur(tmp_path / f"in.{source}", tmp_path / f"out.{target}")
    found = tags(tmp_path / f"out.{target}")
    values = {name.split(":")[-1]: value for name, value in found.items()}
    assert values.get("Source") == "a lake"
    kept = values.get("Make") == "A lens and a box" and values.get("ExposureTime") == "1/60"
    assert kept or (target == "tif" and "EXIF" in said)


@pytest.mark.parametrize("source", ["jpg", "png", "tif"])
@pytest.mark.parametrize("target", ["jpg", "png", "tif"])
def test_the_resolution_stays(source, target, tmp_path):
    write(tmp_path / f"in.{source}", dpi=(240, 240))
    blur(tmp_path / f"in.{source}", tmp_path / f"out.{target}")
    with Image.open(tmp_path / f"out.{target}") as opened:
        assert np.allclose([float(v) for v in opened.info["dpi"]], 240, atol=0.6)


def test_png_text_stays(tmp_path):
    info = PngInfo()
    info.add_text("Title", "At the lake")
    write(tmp_path / "in.png", pnginfo=info)
    blur(tmp_path / "in.png", tmp_path / "out.png")
    with Image.open(tmp_path / "out.png") as opened:
        assert opened.text.get("Title") == "At the lake"


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("source", ["jpg", "png", "webp", "tif", "avif"])
def test_orientation_is_applied_once(source, orientation, tmp_path):
    """Pillow turns AVIF itself while it reads, and so does the program: the same comparison holds."""
    more = {"tiffinfo": {0x0112: orientation}} if source == "tif" else {"exif": exif(orientation)}
    write(tmp_path / f"in.{source}", **more)
    with Image.open(tmp_path / f"in.{source}") as opened:
        shown = np.asarray(ImageOps.exif_transpose(opened))
    blur(tmp_path / f"in.{source}", tmp_path / "out.png")
    with Image.open(tmp_path / "out.png") as opened:
        assert opened.getexif().get(0x0112, 1) == 1
        assert_close(np.asarray(opened), gaussian(shown), close=2 if source == "avif" else None)
    blur(tmp_path / f"in.{source}", tmp_path / f"same.{source}")
    with Image.open(tmp_path / f"same.{source}") as opened:
        assert opened.getexif().get(0x0112, 1) == 1
        again = np.asarray(ImageOps.exif_transpose(opened))
    assert again.shape == shown.shape and np.abs(again - gaussian(shown)).mean() < 3


@pytest.mark.parametrize("target", FORMATS)
@pytest.mark.parametrize("source", ["jpg", "png", "webp", "avif"])
def test_no_exif_thumbnail_comes_through(source, target, tmp_path):
    secret = small_jpeg()
    write(tmp_path / f"in.{source}", exif=exif(thumbnail=secret))
    if source in ("jpg", "webp"):
        assert "IFD1:ThumbnailLength" in tags(tmp_path / f"in.{source}"), "the trial file has no thumbnail"
    blur(tmp_path / f"in.{source}", tmp_path / f"out.{target}")
    assert_no_preview(tmp_path / f"out.{target}", secret[-120:-2])


def segment(number, content):
    return b"\xff" + bytes([0xE0 + number]) + struct.pack(">H", len(content) + 2) + content


def jpeg_with(*segments):
    data = io.BytesIO()
    Image.fromarray(smooth(*SIZE, 3)).save(data, "jpeg", quality=95)
    return data.getvalue()[:2] + b"".join(segment(*one) for one in segments) + data.getvalue()[2:]


def photoshop(thumbnail):
    def resource(number, content):
        return b"8BIM" + struct.pack(">HHI", number, 0, len(content)) + content + bytes(len(content) % 2)
    head = struct.pack(">IIIIIIHH", 1, 16, 12, 48, 576, len(thumbnail), 24, 1)
    return b"Photoshop 3.0\0" + resource(0x040C, head + thumbnail) + resource(0x0409, head + thumbnail)


@pytest.mark.parametrize("target", FORMATS)
def test_no_photoshop_thumbnail_comes_through(target, tmp_path):
    secret = small_jpeg()
    (tmp_path / "in.jpg").write_bytes(jpeg_with((13, photoshop(secret))))
    assert "Photoshop:PhotoshopThumbnail" in tags(tmp_path / "in.jpg"), "the trial file has no thumbnail"
    blur(tmp_path / "in.jpg", tmp_path / f"out.{target}")
    assert_no_preview(tmp_path / f"out.{target}", secret[-120:-2])


@pytest.mark.parametrize("target", FORMATS)
def test_no_jfif_or_xmp_thumbnail_comes_through(target, tmp_path):
    secret = small_jpeg()
    hidden = b"http://ns.adobe.com/xap/1.0/\0" + XMP % (HIDING % base64.b64encode(secret))
    (tmp_path / "in.jpg").write_bytes(jpeg_with((0, b"JFXX\0\x10" + secret), (1, hidden)))
    assert "XMP-xmp:ThumbnailsImage" in tags(tmp_path / "in.jpg") or \
        "XMP-xmp:ThumbnailImage" in tags(tmp_path / "in.jpg"), tags(tmp_path / "in.jpg")
    blur(tmp_path / "in.jpg", tmp_path / f"out.{target}")
    assert_no_preview(tmp_path / f"out.{target}", secret[-120:-2])
    assert base64.b64encode(secret)[100:300] not in (tmp_path / f"out.{target}").read_bytes()


@pytest.mark.parametrize("target", FORMATS)
def test_no_small_copy_in_a_tiff_comes_through(target, tmp_path):
    """As a sub-IFD; the picture itself stays."""
    levels = smooth(64, 80, 3)
    with tifffile.TiffWriter(tmp_path / "in.tif") as writer:
        writer.write(levels, photometric="rgb", subifds=1, metadata=None)
        writer.write(levels[::2, ::2], photometric="rgb", subfiletype=1, metadata=None)
    blur(tmp_path / "in.tif", tmp_path / f"out.{target}")
    assert_no_preview(tmp_path / f"out.{target}", np.ascontiguousarray(levels[::2, ::2]).tobytes()[500:700])
    with Image.open(tmp_path / f"out.{target}") as opened:
        assert opened.size == (80, 64) and getattr(opened, "n_frames", 1) == 1


def test_bytes_after_the_picture_are_not_copied(tmp_path):
    """Where phones keep a film or a second picture."""
    secret = small_jpeg((40, 30))
    (tmp_path / "in.jpg").write_bytes(jpeg_with() + secret)
    blur(tmp_path / "in.jpg", tmp_path / "out.jpg")
    assert_no_preview(tmp_path / "out.jpg", secret[-120:-2])
