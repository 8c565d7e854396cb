"""Renders the pictures the small network is trained on: one shape on a textured background.

A picture is fully determined by (seed, split, index): every picture has a random generator of its own, so the order in
which pictures are rendered, and the number of processes that render them, do not matter.

Colour says nothing about the class.  In every class a share of the objects is exactly black (0, 0, 0) and a share is
exactly white (1, 1, 1), so that the effect of a black or white reference picture can be shown.

Needs numpy only.
"""

import math

import numpy as np

CLASSES = ("disc", "ring", "triangle", "square", "star", "cross", "heart", "crescent", "arrow", "hourglass")
SIZE = 64
SUPERSAMPLING = 4       # coverage is the mean of this many samples per pixel and axis
BLACK_SHARE = 0.15      # share of exactly black objects
WHITE_SHARE = 0.15      # share of exactly white objects

# Unit shapes live in a disc of radius 1, x to the right and y down.


def _regular_star(points, inner):
    """Vertices of a star with its first tip up."""
    vertices = []
    for k in range(2 * points):
        radius = 1.0 if k % 2 == 0 else inner
        angle = math.pi * k / points - math.pi / 2
        vertices.append((radius * math.cos(angle), radius * math.sin(angle)))
    return vertices


def _heart(vertices):
    """Two lobes with a clear notch, tip down."""
    t = [2 * math.pi * k / vertices for k in range(vertices)]
    return [(0.98 * math.sin(a) ** 3,
             -(13 * math.cos(a) - 5 * math.cos(2 * a) - 2 * math.cos(3 * a) - math.cos(4 * a) + 2.5) / 15.5) for a in t]


POLYGONS = {
    "heart": _heart(36),
    "triangle": [(0.0, -1.0), (0.87, 0.5), (-0.87, 0.5)],
    "star": _regular_star(5, 0.42),
    "arrow": [(1.0, 0.0), (0.1, -0.75), (0.1, -0.26), (-0.95, -0.26), (-0.95, 0.26), (0.1, 0.26), (0.1, 0.75)],
    "hourglass": [(-0.68, -0.85), (0.68, -0.85), (-0.68, 0.85), (0.68, 0.85)],
}


def _inside_polygon(vertices, x, y):
    """Even-odd rule."""
    inside = np.zeros(x.shape, dtype=bool)
    x0, y0 = vertices[-1]
    for x1, y1 in vertices:
        if y0 != y1:
            crosses = (y0 > y) != (y1 > y)
            inside ^= crosses & (x < (x1 - x0) / (y1 - y0) * (y - y0) + x0)
        x0, y0 = x1, y1
    return inside


def inside_shape(name, x, y):
    """Which of the points (x, y) lie in the unit shape."""
    if name in POLYGONS:
        return _inside_polygon(POLYGONS[name], x, y)
    r2 = x * x + y * y
    if name == "disc":
        return r2 < 0.9 ** 2
    if name == "ring":
        return (r2 < 0.98 ** 2) & (r2 > 0.55 ** 2)
    if name == "square":
        return np.maximum(np.abs(x), np.abs(y)) < 0.74
    if name == "cross":
        ax, ay = np.abs(x), np.abs(y)
        return ((ax < 0.27) & (ay < 0.95)) | ((ay < 0.27) & (ax < 0.95))
    if name == "crescent":
        return (r2 < 0.98 ** 2) & ((x - 0.45) ** 2 + y * y > 0.76 ** 2)
    raise ValueError(name)


def coverage(name, height, width, centre_x, centre_y, radius, stretch, angle):
    """Anti-aliased mask in [0, 1]; lengths in pixels.  stretch > 1 widens the shape along its own x axis."""
    reach = radius * max(stretch, 1.0 / stretch) + 2
    top, bottom = max(0, int(centre_y - reach)), min(height, int(centre_y + reach) + 1)
    left, right = max(0, int(centre_x - reach)), min(width, int(centre_x + reach) + 1)
    s = SUPERSAMPLING
    ys = top + (np.arange((bottom - top) * s) + 0.5) / s - centre_y
    xs = left + (np.arange((right - left) * s) + 0.5) / s - centre_x
    cos, sin = math.cos(angle) / radius, math.sin(angle) / radius
    u = (xs[None, :] * cos + ys[:, None] * sin) / stretch
    v = (ys[:, None] * cos - xs[None, :] * sin) * stretch
    fine = inside_shape(name, u, v).astype(np.float32)
    mask = np.zeros((height, width), dtype=np.float32)
    mask[top:bottom, left:right] = fine.reshape(bottom - top, s, right - left, s).mean(axis=(1, 3))
    return mask


def _interpolation(cells, count):
    """count x (cells + 1) matrix of smooth interpolation weights from a coarse lattice."""
    position = (np.arange(count) + 0.5) / count * cells
    cell = np.minimum(position.astype(int), cells - 1)
    t = position - cell
    t = t * t * (3 - 2 * t)
    matrix = np.zeros((count, cells + 1))
    matrix[np.arange(count), cell] = 1 - t
    matrix[np.arange(count), cell + 1] = t
    return matrix


_INTERPOLATION = {}


def _value_noise(rng, height, width, cells):
    """Noise whose grain is 1/cells of the picture's width; values in [0, 1]."""
    rows = max(1, round(cells * height / width))
    for key in ((rows, height), (cells, width)):
        if key not in _INTERPOLATION:
            _INTERPOLATION[key] = _interpolation(*key)
    lattice = rng.random((rows + 1, cells + 1))
    return _INTERPOLATION[rows, height] @ lattice @ _INTERPOLATION[cells, width].T


def _cloud(rng, height, width, coarsest):
    """Noise at several scales, stretched to [0, 1]."""
    total, amplitude, cells = np.zeros((height, width)), 1.0, coarsest
    for _ in range(4):
        total += amplitude * _value_noise(rng, height, width, cells)
        amplitude *= rng.uniform(0.4, 0.75)
        cells *= 2
    low, high = total.min(), total.max()
    return (total - low) / (high - low)


def _texture(rng, height, width):
    """One of: clouds, fine grain, gradient, stripes, checks, dots; values in [0, 1], lengths relative to the width."""
    kind = rng.integers(6)
    if kind == 0:
        return _cloud(rng, height, width, int(rng.integers(2, 5)))
    if kind == 1:
        return _cloud(rng, height, width, int(rng.integers(8, 13)))
    y, x = np.mgrid[0:height, 0:width] / width
    angle = rng.uniform(0, 2 * math.pi)
    u = x * math.cos(angle) + y * math.sin(angle)
    v = y * math.cos(angle) - x * math.sin(angle)
    if kind == 2:
        t = (u - u.min()) / (u.max() - u.min())
        return 0.75 * t + 0.25 * _cloud(rng, height, width, 4)
    warp = 0.08 * rng.random() * _value_noise(rng, height, width, 4)
    frequency = 2 * math.pi * rng.uniform(4, 9)
    phase = rng.uniform(0, 2 * math.pi)
    sharpness = rng.uniform(0.7, 4.0)
    if kind == 3:
        wave = np.sin((u + warp) * frequency + phase)
    elif kind == 4:
        wave = 1.4 * np.sin((u + warp) * frequency + phase) * np.sin((v + warp) * frequency)
    else:
        wave = np.sin((u + warp) * frequency + phase) + np.sin((v + warp) * frequency) - 0.6
    return 0.5 + 0.5 * np.tanh(sharpness * wave) / math.tanh(sharpness * 1.4)


def background(rng, height, width):
    """height x width x 3 picture in [0, 1], two related colours mixed by a texture, and its two colours."""
    first = rng.uniform(0.08, 0.92, 3)
    step = rng.normal(size=3)
    step *= rng.uniform(0.10, 0.42) / np.linalg.norm(step)
    second = np.clip(first + step, 0.03, 0.97)
    t = _texture(rng, height, width)
    if rng.random() < 0.4:
        t = 0.65 * t + 0.35 * _texture(rng, height, width)
    picture = first + (second - first) * t[:, :, None]
    grain = rng.uniform(0.0, 0.05)
    picture = picture + grain * rng.normal(size=(height, width, 1)) + 0.3 * grain * rng.normal(size=(height, width, 3))
    return np.clip(picture, 0.0, 1.0)


def _visible(picture, mask, colour, least):
    """Whether the colour stands out from the background around the object: mean and 90 % of the pixels."""
    around = (mask > 0.0) & (mask < 1.0) if mask.max() > 0 else mask >= 0
    distance = np.linalg.norm(picture[around] - colour, axis=1)
    return distance.mean() > least and np.quantile(distance, 0.1) > 0.7 * least


def draw_picture(rng, name, paint, height=SIZE, width=SIZE, colour=None):
    """Picture (height x width x 3) and mask (height x width), both in [0, 1].

    paint: "black", "white" or "colour"; colour fixes the object's colour for "colour".  Drawn again until the object
    stands out from its background.
    """
    scale = min(height, width)
    while True:
        radius = scale * rng.uniform(0.22, 0.36)
        stretch = math.exp(rng.uniform(-0.16, 0.16))
        margin = radius + 1
        centre_x, centre_y = rng.uniform(margin, width - margin), rng.uniform(margin, height - margin)
        angle = rng.uniform(-0.6, 0.6) if name == "heart" else rng.uniform(0, 2 * math.pi)
        mask = coverage(name, height, width, centre_x, centre_y, radius, stretch, angle)
        picture = background(rng, height, width)
        least = rng.uniform(0.35, 0.6)
        for _ in range(6):
            if paint == "black":
                object_colour = np.zeros(3)
            elif paint == "white":
                object_colour = np.ones(3)
            else:
                object_colour = np.array(colour) if colour is not None else rng.uniform(0.0, 1.0, 3)
            if _visible(picture, mask, object_colour, least):
                break
            if paint != "colour" or colour is not None:
                picture = background(rng, height, width)
        else:
            continue
        surface = np.broadcast_to(object_colour, picture.shape)
        if paint == "colour":
            # A little shading keeps coloured objects from being perfectly flat; black and white ones stay exact.
            shade = 0.10 * (_value_noise(rng, height, width, 4) - 0.5) + 0.012 * rng.normal(size=(height, width))
            surface = np.clip(surface + shade[:, :, None], 0.0, 1.0)
        picture = picture + mask[:, :, None] * (surface - picture)
        return picture, mask


def to_bytes(values):
    """[0, 1] to 0 ... 255, rounded."""
    return np.floor(np.clip(values, 0.0, 1.0) * 255.0 + 0.5).astype(np.uint8)


def sample(seed, split, index):
    """The index-th picture of a split: (label, paint, 3 x 64 x 64 bytes, 64 x 64 bytes of mask)."""
    rng = np.random.default_rng([seed, split, index])
    label = index % len(CLASSES)
    draw = rng.random()
    paint = "black" if draw < BLACK_SHARE else "white" if draw < BLACK_SHARE + WHITE_SHARE else "colour"
    picture, mask = draw_picture(rng, CLASSES[label], paint)
    return label, paint, to_bytes(picture).transpose(2, 0, 1), to_bytes(mask)
