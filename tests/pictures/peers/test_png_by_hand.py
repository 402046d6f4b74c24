"""The PNG writer and reader of these tests agree with Pillow and OpenCV, which they stand in for."""
import io

import cv2
import numpy as np
import png
import pytest
from PIL import Image
from support import bands, noise


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_the_reader_agrees_with_pillow(count):
    levels = noise(13, 17, count)
    data = io.BytesIO()
    Image.fromarray(levels, ("L", "LA", "RGB", "RGBA")[count - 1]).save(data, "png")
    assert np.array_equal(png.decode(data.getvalue()), bands(levels))


@pytest.mark.parametrize("filtered", [cv2.IMWRITE_PNG_FILTER_SUB, cv2.IMWRITE_PNG_FILTER_AVG,
                                      cv2.IMWRITE_PNG_FILTER_PAETH, cv2.IMWRITE_PNG_ALL_FILTERS])
def test_the_reader_agrees_with_opencv_at_16_bit(filtered):
    levels = noise(13, 17, 3, np.uint16)
    _, data = cv2.imencode(".png", levels[..., ::-1], [cv2.IMWRITE_PNG_FILTER, filtered])
    assert np.array_equal(png.decode(data.tobytes()), levels)


@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize("count", [1, 3])
def test_the_writer_agrees_with_opencv_at_16_bit(count, interlaced):
    levels = noise(13, 17, count, np.uint16)
    data = np.frombuffer(png.encode(levels, 16, interlaced=interlaced), np.uint8)
    read = cv2.imdecode(data, cv2.IMREAD_UNCHANGED)
    assert np.array_equal(read[..., ::-1] if count == 3 else read, levels)


@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize("depth", [1, 2, 4, 8])
def test_the_writer_agrees_with_pillow_below_8_bit(depth, interlaced):
    samples = noise(13, 17, 1) >> (8 - depth)
    read = Image.open(io.BytesIO(png.encode(samples, depth, interlaced=interlaced))).convert("L")
    assert np.array_equal(np.asarray(read), samples * (255 // (2**depth - 1)))
