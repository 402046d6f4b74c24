#!/usr/bin/env python3
"""Writes the first inputs of the fuzz targets: fuzz/corpus.py FOLDER makes FOLDER/recipe, regions, kernel and
gaussian."""

import json
import random
import sys
from pathlib import Path

REGIONS = [[1, 2, 3, 4], [1.5, 2, 3, 4.5, 6], [1, 2, 3, 4, [5, 0]], "10%,10%,50%,50%", "ellipse:1,2,30%,4@sigma=2",
           "polygon:1,2 3,4.5 90%,6@sigma=1,2", {"box": [1, 2, 3, 4]}, {"ellipse": [1, 2, 30, 4], "sigma": 3},
           {"polygon": [[1, 2], [30, 4], [5, 60]], "sigma": [1, 2]}, {"mask": "a.png"}]
COCO = {"images": [{"id": 1, "file_name": "b.png", "width": 40, "height": 30}, {"id": "2", "file_name": "c.png"}],
        "annotations": [{"image_id": 1, "bbox": [1, 2, 3, 4]},
                        {"image_id": "2", "segmentation": [[1, 2, 3, 4, 5, 60]], "bbox": [1, 2, 3, 4]}]}
BLURS = [{"sigma": 2}, {"sigma": [3, 2.5], "truncate": 4, "taps": "discrete", "light": "linear", "tolerance": 1e-4},
         {"fwhm": 9, "radius": [3, 4], "border": "constant:255"},
         {"size": 5, "source": "masked", "regions": REGIONS[:9]},
         {"sigma": 1, "regions": [[1, 2, 3, 4], "25%,0,3,4"], "invert": True, "feather": 2.5}]
CONVOLUTIONS = [{"kernel": "emboss3x3"}, {"kernel": "motion(9, 30)", "signed": "mid"}, {"kernel": "1 2 1; 2 4 2"},
                {"kernel": [[1, 2], [3, -4.5]], "factor": 0.5, "bias": 3, "anchor": [1, 1], "turn": "correlate"},
                {"kernel": "pillow-smooth", "like": "pillow"}, {"kernel": "unsharp(2, 1, 3)"}]
ROWS = ["1 2 1; 2 4 2; 1 2 1", "1,2,1\n2,4,2\n", "1e3 -.5\t+3;",
        '{"kernel": [[1, 2], [3, 4]], "factor": 0.1, "bias": 2}',
        '{"kernel": [[1]], "anchor": [0, 0]}', "[[1, 2, 1]]", "gaussian(5, 1.2)", "motion(9, 30)", "unsharp(2, 1.5, 3)",
        "box(3)"]


def recipes():
    steps = [{"blur": one} for one in BLURS] + [{"convolve": one} for one in CONVOLUTIONS]
    for step in steps:
        yield {"version": 1, "filters": [{"name": "a", **step}]}
    yield {"version": 1, "filters": [{"name": "all", "chain": steps}], "save": {"quality": 80, "compression": "lzw"}}


def regions():
    yield json.dumps(REGIONS)
    yield json.dumps(COCO)
    yield json.dumps({"annotations": COCO["annotations"]})
    yield from ("x,y,w,h,sigma\n1,2,3,4,5\n10%,2,3,4,1\n", "1,2,3,4\r\n5,6,7,8\r\n", "h,w,y,x\n1,2,3,4\n")
    yield from (one for one in REGIONS if isinstance(one, str))


def gaussians():
    draw = random.Random(1)
    for _ in range(100):
        yield draw.randbytes(40)


def main():
    texts = {"recipe": map(json.dumps, recipes()), "regions": regions(), "kernel": ROWS}
    inputs = {name: (text.encode() for text in each) for name, each in texts.items()}
    for name, each in {**inputs, "gaussian": gaussians()}.items():
        folder = Path(sys.argv[1]) / name
        folder.mkdir(parents=True, exist_ok=True)
        for i, data in enumerate(each):
            (folder / f"{i:02}").write_bytes(data)


if __name__ == "__main__":
    main()
