"""Lab pictures that become RGB: the colours stay."""
import numpy as np
from PIL import Image, ImageCms
from support import noise, run


def test_lab_with_its_own_profile_becomes_the_same_rgb(tmp_path):
    rgb = Image.fromarray(noise(12, 17, 3, seed=3))
    lab_profile = ImageCms.createProfile("LAB")
    to_lab = ImageCms.buildTransform(ImageCms.createProfile("sRGB"), lab_profile, "RGB", "LAB")
    lab = ImageCms.applyTransform(rgb, to_lab)
    to_rgb = ImageCms.buildTransform(lab_profile, ImageCms.createProfile("sRGB"), "LAB", "RGB")
    expected = np.asarray(ImageCms.applyTransform(lab, to_rgb)).astype(int)
    lab.save(tmp_path / "with.tif", icc_profile=ImageCms.ImageCmsProfile(lab_profile).tobytes())
    lab.info.pop("icc_profile", None)
    lab.save(tmp_path / "without.tif", icc_profile=None)
    for name in ("with", "without"):
        done = run("blur", tmp_path / f"{name}.tif", tmp_path / f"{name}.png", "--sigma", 0)
        assert done.returncode == 0 and "converted to sRGB" in done.stdout
        found = np.asarray(Image.open(tmp_path / f"{name}.png")).astype(int)
        # Both start from eight bits of L, a and b, and round on their own.
        assert np.abs(found - expected).max() <= 10, name
        assert np.abs(found - expected).mean() <= 2, name
