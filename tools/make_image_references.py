#!/usr/bin/env python3
"""Writes tests/io/files/images.npz: small image files and what Pillow makes of them. Needs Pillow and NumPy."""
import io, pathlib, sys

import numpy as np
from PIL import Image


def picture(height, width, channels=3):
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(channels), indexing="ij")
    smooth = 127 + 90 * np.sin(x / 5 + c) * np.cos(y / 7) + ((x // 8 + y // 8) % 2) * 30
    return np.clip(smooth, 0, 255).astype(np.uint8)


def encoded(image, **options):
    out = io.BytesIO()
    image.save(out, **options)
    return out.getvalue()


def main():
    arrays = {}

    def add(name, data, mode=None):
        image = Image.open(io.BytesIO(data))
        image = image.convert(mode) if mode else image
        pixels = np.asarray(image)
        arrays["file." + name] = np.frombuffer(data, np.uint8)
        arrays["pixels." + name] = pixels[None] if pixels.ndim == 2 else pixels.transpose(2, 0, 1).copy()

    colour = Image.fromarray(picture(37, 50))
    gray = colour.convert("L")
    alpha = Image.fromarray(picture(21, 17, 4), "RGBA")
    exif = Image.Exif()
    exif[0x0112] = 6
    add("420.jpg", encoded(colour, format="JPEG", quality=90))
    add("444.jpg", encoded(colour, format="JPEG", quality=80, subsampling=0))
    add("422_progressive.jpg", encoded(colour, format="JPEG", quality=75, subsampling=1, progressive=True))
    add("gray.jpg", encoded(gray, format="JPEG", quality=90))
    add("cmyk.jpg", encoded(colour.convert("CMYK"), format="JPEG", quality=95), "RGB")
    add("exif6.jpg", encoded(colour, format="JPEG", quality=90, exif=exif))
    add("rgb.png", encoded(colour, format="PNG"))
    add("rgba.png", encoded(alpha, format="PNG"))
    add("gray.png", encoded(gray, format="PNG"))
    add("gray_alpha.png", encoded(gray.convert("LA"), format="PNG"))
    add("palette.png", encoded(colour.quantize(40), format="PNG"), "RGB")
    add("one_bit.png", encoded(gray.convert("1"), format="PNG"), "L")
    add("rgb.bmp", encoded(colour, format="BMP"))
    add("palette.bmp", encoded(colour.quantize(40), format="BMP"), "RGB")
    add("gray.bmp", encoded(gray, format="BMP"))
    add("rgb.ppm", encoded(colour, format="PPM"))
    add("gray.pgm", encoded(gray, format="PPM"))
    arrays["gray_of_rgb"] = np.asarray(gray)[None]

    filters = {"nearest": Image.NEAREST, "bilinear": Image.BILINEAR, "bicubic": Image.BICUBIC, "lanczos": Image.LANCZOS}
    noise = np.random.RandomState(1).randint(0, 256, (24, 30, 3)).astype(np.uint8)
    arrays["noise"] = noise.transpose(2, 0, 1).copy()
    for name, method in filters.items():
        for height, width in ((7, 9), (30, 20), (33, 41), (24, 5)):
            small = np.asarray(Image.fromarray(noise).resize((width, height), method))
            arrays[f"resize.{name}.{height}.{width}"] = small.transpose(2, 0, 1).copy()
    np.savez_compressed(pathlib.Path(sys.argv[1]) / "images.npz", **arrays)


main()
