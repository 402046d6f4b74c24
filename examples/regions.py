"""Regions and recipes on arrays: only some of a picture, and filters that are plain data."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import gaussfilt
import numpy as np
from gaussfilt import recipes

photo = np.random.default_rng(1).integers(0, 256, (400, 500, 3), np.uint8)
soft = gaussfilt.gaussian_regions(
    photo, 12, [(210, 80, 96, 96), {"ellipse": (30, 40, 60, 80), "sigma": 5}], feather=16
)
assert (soft[300:] == photo[300:]).all() and soft[128, 258].std() < photo[100:150, 240:280].std()

levels = photo[:, :, 0]
with TemporaryDirectory() as folder:
    file = Path(folder, "recipe.json")
    file.write_text(json.dumps({"version": 1, "filters": [{"name": "soft", "blur": {"sigma": 3}}]}))
    recipe = recipes.load(file)  # or its text, or a dict: checked, and plain data again
soft = recipes.apply(levels, recipe["filters"][0])
relief = recipes.apply(levels, {"convolve": {"kernel": "emboss3x3"}})
assert soft.std() < levels.std() and relief.shape == levels.shape
print(f"{int((soft != levels).sum())} samples smoothed")
