"""Animations frame by frame, documents page by page: each is blurred for itself, timing and loop stay."""
import numpy as np
import png
import pytest
import tiff
import tifffile
from PIL import Image, ImageSequence
from support import assert_close, blur, gaussian, noise, refused, run, weighted

DELAYS = [40, 250, 100, 70, 1000]


def frames_of(file):
    """RGBA of each frame as it is shown, delays in ms, and how often all of it is shown (0: for ever; None: unsaid)."""
    with Image.open(file) as picture:
        frames, delays = [], []
        for frame in ImageSequence.Iterator(picture):
            frames.append(np.asarray(frame.convert("RGBA")))
            delays.append(frame.info.get("duration"))
        return frames, delays, picture.info.get("loop")


def webp(file, loop=3, transparent=True, **options):
    """Frames that differ everywhere: noise, a moving transparent block."""
    frames = []
    for index in range(len(DELAYS)):
        levels = np.dstack([noise(22, 31, 3, seed=index), np.full((22, 31), 255, np.uint8)])
        levels[index:index + 9, 2 * index:2 * index + 12, 3] = 0 if transparent else 255
        frames.append(Image.fromarray(levels))
    frames[0].save(file, "webp", save_all=True, append_images=frames[1:], duration=DELAYS, loop=loop,
                   **{"lossless": True, "exact": True, **options})


def gif(file, loop=3, disposal=2, transparent=True):
    frames = []
    for index in range(len(DELAYS)):
        indices = np.repeat(np.repeat(noise(6, 8, 1, seed=index) % 14 + 1, 4, axis=0), 4, axis=1)
        if transparent:
            indices[index:index + 9, 2 * index:2 * index + 12] = 0
        frame = Image.fromarray(indices, "P")
        frame.putpalette(noise(16, 1, 3, seed=7).tobytes())
        frames.append(frame)
    frames[0].save(file, "gif", save_all=True, append_images=frames[1:], duration=DELAYS, loop=loop, disposal=disposal,
                   **({"transparency": 0} if transparent else {}))


MAKERS = {"webp": webp, "gif": gif}


@pytest.mark.parametrize("loop", [0, 1, 3])
@pytest.mark.parametrize("source", MAKERS)
def test_frame_by_frame(source, loop, tmp_path):
    MAKERS[source](tmp_path / f"in.{source}", loop=loop)
    frames, delays, loops = frames_of(tmp_path / f"in.{source}")
    assert len(frames) == len(DELAYS) and delays == DELAYS
    blur(tmp_path / f"in.{source}", tmp_path / "out.webp", "--compression", "lossless")
    blurred, blurred_delays, blurred_loops = frames_of(tmp_path / "out.webp")
    assert blurred_delays == delays
    # GIF counts repetitions where WebP counts showings; readers name either as they stand.
    assert (blurred_loops or 0) == (loops or 0) or (source == "gif" and loops and blurred_loops == loops + 1)
    for before, after in zip(frames, blurred, strict=True):
        assert_close(after, weighted(before, 255), alpha=True)


@pytest.mark.parametrize("source", MAKERS)
@pytest.mark.parametrize("target", MAKERS)
def test_timing_and_loop_through_both_formats(source, target, tmp_path):
    MAKERS[source](tmp_path / f"in.{source}", loop=0)
    frames, delays, _ = frames_of(tmp_path / f"in.{source}")
    blur(tmp_path / f"in.{source}", tmp_path / f"out.{target}", sigma=4)
    blurred, blurred_delays, loop = frames_of(tmp_path / f"out.{target}")
    assert blurred_delays == delays and loop == 0 and len(blurred) == len(frames)


@pytest.mark.parametrize("loop", [0, 1, 4])
@pytest.mark.parametrize("name", MAKERS)
def test_loop_stays_what_the_file_said(name, loop, tmp_path):
    MAKERS[name](tmp_path / f"in.{name}", loop=loop)
    blur(tmp_path / f"in.{name}", tmp_path / f"out.{name}")
    assert frames_of(tmp_path / f"out.{name}")[2] == frames_of(tmp_path / f"in.{name}")[2]


def test_a_gif_keeps_to_256_colours_as_well_as_it_can(tmp_path):
    gif(tmp_path / "in.gif", transparent=False)
    frames = frames_of(tmp_path / "in.gif")[0]
    blur(tmp_path / "in.gif", tmp_path / "out.gif", sigma=3)
    for before, after in zip(frames, frames_of(tmp_path / "out.gif")[0], strict=True):
        difference = np.abs(after[..., :3] - gaussian(before[..., :3], 3))
        assert difference.mean() < 8 and (after[..., 3] == 255).all()


@pytest.mark.parametrize("disposal", [0, 1, 2])
def test_frames_that_build_on_others_are_whole_pictures(disposal, tmp_path):
    gif(tmp_path / "in.gif", disposal=disposal, transparent=False)
    frames = frames_of(tmp_path / "in.gif")[0]
    blur(tmp_path / "in.gif", tmp_path / "out.webp", "--compression", "lossless")
    for before, after in zip(frames, frames_of(tmp_path / "out.webp")[0], strict=True):
        assert_close(after[..., :3], gaussian(before[..., :3]))


@pytest.mark.parametrize("name", MAKERS)
@pytest.mark.parametrize("page", [1, 3, 5])
def test_one_frame(name, page, tmp_path):
    MAKERS[name](tmp_path / f"in.{name}")
    blur(tmp_path / f"in.{name}", tmp_path / "out.png", "--page", page)
    before = frames_of(tmp_path / f"in.{name}")[0][page - 1]
    result = png.decode((tmp_path / "out.png").read_bytes())
    assert_close(result, weighted(before, 255) if result.shape[-1] == 4 else gaussian(before[..., :3]),
                 alpha=result.shape[-1] == 4)


@pytest.mark.parametrize("page", [0, 6, -1])
def test_a_frame_that_is_not_there_is_refused(page, tmp_path):
    webp(tmp_path / "in.webp")
    done = run("blur", tmp_path / "in.webp", tmp_path / "out.png", f"--page={page}")
    assert done.returncode in (1, 2) and "page" in done.stderr and done.stderr.count("\n") == 1
    assert not (tmp_path / "out.png").exists()


def test_regions_of_an_animation_are_those_of_each_frame(tmp_path):
    webp(tmp_path / "in.webp", transparent=False)
    before = frames_of(tmp_path / "in.webp")[0]
    blur(tmp_path / "in.webp", tmp_path / "out.webp", "--compression", "lossless", "--region", "5,4,13,11")
    for one, other in zip(before, frames_of(tmp_path / "out.webp")[0], strict=True):
        expected = one[..., :3].astype(np.float64)
        expected[4:15, 5:18] = gaussian(one[..., :3])[4:15, 5:18]
        assert_close(other[..., :3], expected)
        outside = np.ones(one.shape[:2], bool)
        outside[4:15, 5:18] = False
        assert np.array_equal(other[outside], one[outside])


def write_pages(file, pages, **options):
    with tifffile.TiffWriter(file) as writer:
        for page in pages:
            writer.write(page, photometric="rgb" if page.ndim == 3 else "minisblack", metadata=None, **options)


@pytest.mark.parametrize("dtype, count", [(np.uint8, 1), (np.uint8, 3), (np.uint16, 3), (np.float32, 1)], ids=str)
def test_page_by_page(dtype, count, tmp_path):
    pages = [noise(18, 27, count, dtype, seed) for seed in range(4)]
    write_pages(tmp_path / "in.tif", pages)
    blur(tmp_path / "in.tif", tmp_path / "out.tif", sigma=6)
    blurred = tiff.pages(tmp_path / "out.tif")
    assert len(blurred) == len(pages)
    for before, after in zip(pages, blurred, strict=True):
        assert after.dtype == dtype
        assert_close(after, gaussian(before, 6))
    blur(tmp_path / "in.tif", tmp_path / "third.tif", "--page", 3, sigma=6)
    (third,) = tiff.pages(tmp_path / "third.tif")
    assert_close(third, gaussian(pages[2], 6))


def test_pages_of_different_sizes_are_refused_or_kept(tmp_path):
    """Never a picture in which one page stands on another's lines."""
    pages = [noise(18, 27, 1, seed=1), noise(9, 41, 1, seed=2)]
    write_pages(tmp_path / "in.tif", pages)
    (tmp_path / "out").mkdir()
    assert "page" in refused(tmp_path / "in.tif", tmp_path / "out/out.tif")
    for number, page in enumerate(pages, 1):
        blur(tmp_path / "in.tif", tmp_path / f"out/{number}.tif", "--page", number)
        assert_close(tiff.pages(tmp_path / f"out/{number}.tif")[0], gaussian(page))


def test_too_many_pages_are_refused(tmp_path):
    with tifffile.TiffWriter(tmp_path / "in.tif") as writer:
        for _ in range(10001):
            writer.write(np.zeros((1, 1), np.uint8), metadata=None, contiguous=False)
    assert "10000" in refused(tmp_path / "in.tif", tmp_path / "out.tif")


def test_no_frame_is_lost_without_a_word(tmp_path):
    """Readers of GIF have limits of their own."""
    frames = [Image.fromarray(noise(2, 2, 1, seed=seed), "L") for seed in range(4)]
    frames[0].save(tmp_path / "in.gif", save_all=True, append_images=frames[1:] + frames * 1249, duration=20)
    with Image.open(tmp_path / "in.gif") as opened:
        assert opened.n_frames == 5000
    done = run("blur", tmp_path / "in.gif", tmp_path / "out.webp")
    if done.returncode == 0:
        assert len(frames_of(tmp_path / "out.webp")[0]) == 5000
    assert done.returncode in (0, 1)
