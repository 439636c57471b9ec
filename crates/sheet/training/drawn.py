"""Draws boxes with handwriting: digits, crosses, dashes, empty ones, and ones that nobody can read.

Two hands are imitated: a free one, and the one of the dotted guides on the papers of 2024, on which a digit is made
of the segments of a calculator's display. Pictures are 40 x 40, grey, from 0 (black) to 1 (white).
"""

import numpy as np
from PIL import Image, ImageDraw

SIDE = 40
SCALE = 4
CROSS, DASH, EMPTY, UNSURE = 10, 11, 12, 13
CLASSES = 14

# Ways to write a digit: strokes of points, right and down, within 0..1.
FREE = {
    0: [[[(.55, .04), (.22, .18), (.08, .5), (.22, .86), (.52, .97), (.82, .8), (.92, .46), (.78, .14), (.5, .05)]],
        [[(.62, .08), (.3, .06), (.1, .34), (.12, .74), (.4, .98), (.74, .88), (.9, .54), (.8, .18), (.52, .04)]],
        [[(.4, .02), (.7, .1), (.9, .4), (.85, .8), (.55, .98), (.2, .88), (.08, .5), (.2, .14), (.48, .0)]]],
    1: [[[(.5, .0), (.5, 1)]], [[(.55, .0), (.47, 1)]], [[(.3, .22), (.56, .02), (.54, .98)]],
        [[(.24, .26), (.54, .03), (.52, .96)], [(.26, .97), (.78, .96)]], [[(.3, .16), (.52, 0), (.5, 1)]],
        [[(.58, .0), (.44, 1)]]],
    2: [[[(.1, .22), (.34, .03), (.72, .08), (.82, .32), (.58, .62), (.1, .97)], [(.1, .97), (.5, .94), (.92, .96)]],
        [[(.12, .26), (.46, .02), (.84, .22), (.66, .58), (.26, .88), (.12, .92), (.3, .8), (.58, .9), (.94, .94)]],
        [[(.08, .12), (.5, .0), (.86, .14), (.8, .42), (.4, .7), (.08, .96)], [(.08, .96), (.95, .98)]]],
    3: [[[(.12, .14), (.46, .02), (.8, .18), (.68, .42), (.38, .48)], [(.38, .48), (.74, .56), (.88, .78), (.56, .98),
        (.1, .88)]],
        [[(.14, .05), (.82, .05)], [(.82, .05), (.46, .42)], [(.46, .42), (.82, .56), (.84, .82), (.5, .98), (.12, .86)]],
        [[(.1, .08), (.6, .0), (.86, .2), (.6, .44), (.3, .46)], [(.3, .46), (.8, .52), (.92, .8), (.5, 1), (.05, .94)]]],
    4: [[[(.62, .04), (.1, .66)], [(.1, .66), (.94, .64)], [(.66, .4), (.64, .98)]],
        [[(.18, .05), (.14, .56), (.82, .54)], [(.76, .08), (.7, .98)]],
        [[(.7, .98), (.7, .04)], [(.7, .04), (.1, .64)], [(.1, .64), (.92, .64)]],
        [[(.3, .0), (.08, .58)], [(.08, .58), (.9, .55)], [(.62, .25), (.6, 1)]]],
    5: [[[(.84, .05), (.22, .06)], [(.22, .06), (.16, .46)], [(.16, .46), (.52, .38), (.86, .6), (.74, .9), (.4, .98),
        (.1, .86)]],
        [[(.24, .06), (.18, .44)], [(.18, .44), (.56, .4), (.86, .66), (.62, .96), (.12, .9)], [(.24, .06), (.86, .04)]],
        [[(.9, .02), (.2, .0), (.2, .42), (.6, .38), (.9, .65), (.6, .98), (.1, .96)]]],
    6: [[[(.74, .04), (.34, .3), (.12, .66), (.28, .94), (.64, .96), (.84, .72), (.62, .52), (.24, .62)]],
        [[(.6, .02), (.24, .42), (.14, .78), (.44, .98), (.8, .82), (.7, .56), (.38, .58), (.18, .74)]],
        [[(.35, .0), (.14, .5), (.14, .85), (.45, 1), (.82, .88), (.84, .6), (.5, .5), (.16, .62)]]],
    7: [[[(.08, .08), (.92, .05)], [(.92, .05), (.6, .46), (.4, .98)]],
        [[(.1, .2), (.12, .06), (.9, .06)], [(.9, .06), (.5, .6), (.36, .97)], [(.26, .5), (.76, .46)]],
        [[(.1, .04), (.88, .04)], [(.88, .04), (.5, 1)]], [[(.12, .06), (.9, .04)], [(.9, .04), (.45, 1)],
        [(.36, .52), (.86, .5)]]],
    8: [[[(.78, .14), (.44, .02), (.2, .2), (.46, .44), (.82, .68), (.7, .94), (.34, .96), (.14, .74), (.48, .46),
        (.8, .24), (.72, .08)]],
        [[(.5, .48), (.18, .26), (.48, .02), (.82, .22), (.5, .48), (.14, .74), (.46, .98), (.86, .78), (.5, .48)]],
        [[(.5, .46), (.24, .34), (.24, .1), (.5, .0), (.76, .1), (.76, .34), (.5, .46)],
         [(.5, .46), (.12, .6), (.12, .9), (.5, 1), (.88, .9), (.88, .6), (.5, .46)]]],
    9: [[[(.84, .26), (.5, .48), (.16, .32), (.34, .06), (.7, .04), (.86, .26), (.78, .66), (.58, .98)]],
        [[(.82, .14), (.44, .03), (.14, .28), (.42, .5), (.8, .3), (.84, .12), (.82, .56), (.8, .98)]],
        [[(.8, .1), (.4, .0), (.14, .22), (.3, .46), (.7, .42), (.84, .12)], [(.84, .12), (.82, .7), (.55, 1), (.15, .94)]]],
}
A, B, C, D, E, F = (0, 0), (1, 0), (1, .5), (1, 1), (0, 1), (0, .5)
# The same by the dotted guides: corners are sharp.
GUIDED = {
    0: [[[A, B, D, E, A]], [[B, A, E, D, B]], [[A, E, D, B, A]]],
    1: [[[B, D]], [[(.5, 0), (.5, 1)]], [[A, E]], [[(.2, .15), (.5, 0), (.5, 1)]]],
    2: [[[A, B, C, F, E, D]], [[(0, .08), A, B, C, F, E, D]]],
    3: [[[A, B, C, F], [C, D, E]], [[A, B, D, E], [F, C]], [[A, B, D, E], [(.25, .5), C]]],
    4: [[[A, F, C], [B, D]], [[A, F, C], [C, D], [(1, .1), C]], [[A, F, C], [(.8, .2), (.8, 1)]]],
    5: [[[B, A, F, C, D, E]], [[A, F, C, D, E], [A, B]]],
    6: [[[B, A, E, D, C, F]], [[A, E, D, C, F]], [[A, E, D, C, F], [A, (.6, 0)]]],
    7: [[[A, B, D]], [[(0, .22), A, B, D]], [[A, B, (.6, 1)]], [[A, B, D], [(.6, .5), (1.2, .5)]]],
    8: [[[A, B, D, E, A], [F, C]], [[C, F, A, B, C, D, E, F]], [[A, B, C, F, A], [F, E, D, C]]],
    9: [[[C, F, A, B, D, E]], [[C, F, A, B, D]], [[F, A, B, C, F], [C, D, (.1, 1)]]],
}


def smooth(points):
    """A Catmull-Rom curve through the points."""
    if len(points) < 3:
        return points
    p = np.array([points[0], *points, points[-1]], float)
    t = np.linspace(0, 1, 6, endpoint=False)[:, None]
    line = []
    for a, b, c, d in zip(p, p[1:], p[2:], p[3:]):
        line.append(.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))
    return np.concatenate([*line, p[-1:]])


def strokes_of(label, r):
    """The strokes of one way to write it, within 0..1, and whether they are rounded."""
    if label == CROSS:
        e = r.uniform(-.12, .12, 8)
        strokes = [[(e[0], e[1]), (1 + e[2], 1 + e[3])], [(1 + e[4], e[5]), (e[6], 1 + e[7])]]
        if r.random() < .3:
            bow = r.uniform(-.08, .08, 2)
            strokes = [[s[0], (.5 + bow[0], .5 + bow[1]), s[1]] for s in strokes]
        return strokes, True
    if label == DASH:
        y = r.uniform(.35, .65)
        tilt = r.uniform(-.12, .12)
        x0, x1 = r.uniform(-.1, .25), r.uniform(.75, 1.1)
        return [[(x0, y - tilt), (.5, y + r.uniform(-.04, .04)), (x1, y + tilt)]], True
    guided = r.random() < .55
    ways = (GUIDED if guided else FREE)[label]
    strokes = ways[r.integers(len(ways))]
    return strokes, not guided or r.random() < .15


def pen_lines(label, r, area):
    """The pen's lines of one sign inside `area` (x, y, width, height), in shares of the picture."""
    strokes, rounded = strokes_of(label, r)
    shake = r.uniform(.005, .045)
    angle, shear = r.normal(0, .05), r.normal(0, .12)
    cos, sin = np.cos(angle), np.sin(angle)
    lines = []
    for stroke in strokes:
        p = np.array(stroke, float)
        p = p + r.normal(0, shake, p.shape)
        if rounded:
            p = np.asarray(smooth([tuple(q) for q in p]))
        else:
            # A hand that follows the guides still shakes between the corners.
            p = np.concatenate([np.linspace(a, b, 4, endpoint=False) for a, b in zip(p, p[1:])] + [p[-1:]])
            p = p + r.normal(0, shake * .35, p.shape)
        q = p - .5
        q = np.stack([q[:, 0] + shear * -q[:, 1], q[:, 1]], 1)
        q = q @ np.array([[cos, sin], [-sin, cos]])
        q = q + .5
        lines.append(np.stack([area[0] + q[:, 0] * area[2], area[1] + q[:, 1] * area[3]], 1))
    return lines


def draw_lines(draw, lines, width, shade, size):
    for line in lines:
        points = [tuple(p * size) for p in line]
        draw.line(points, fill=shade, width=max(1, round(width * size)), joint="curve")
        radius = width * size / 2
        if radius > 1:
            for x, y in (points[0], points[-1]):
                draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=shade)


def scribble(r, area):
    points = r.uniform(0, 1, (r.integers(6, 16), 2))
    line = np.asarray(smooth([tuple(p) for p in points]))
    return [np.stack([area[0] + line[:, 0] * area[2], area[1] + line[:, 1] * area[3]], 1)]


def sign_area(label, r, box):
    """Where in the box a sign is: people write large by the guides, small without them."""
    x, y, w, h = box
    if label == CROSS and r.random() < .5:
        inset = r.uniform(-.04, .1)
        return x + w * inset, y + h * inset, w * (1 - 2 * inset), h * (1 - 2 * inset)
    wide, high = r.uniform(.3, .7), r.uniform(.45, .85)
    if label == DASH:
        wide = r.uniform(.35, .9)
    if label == CROSS:
        wide, high = r.uniform(.3, .75), r.uniform(.3, .8)
    free_x, free_y = 1 - wide, 1 - high
    return (x + w * (free_x * np.clip(r.normal(.5, .2), 0, 1)), y + h * (free_y * np.clip(r.normal(.5, .2), 0, 1)),
            w * wide, h * high)


def empty_box(r):
    """A printed box in grey, at SCALE, and where the box is in it."""
    size = SIDE * SCALE
    paper = r.uniform(.55, .98)
    ink = paper * r.uniform(.05, .55)
    picture = Image.new("F", (size, size), paper)
    draw = ImageDraw.Draw(picture)
    left, top, right, bottom = r.uniform(.02, .16, 4)
    box = (left, top, 1 - left - right, 1 - top - bottom)
    corners = np.array([(left, top), (1 - right, top), (1 - right, 1 - bottom), (left, 1 - bottom), (left, top)])
    corners[:4] += r.normal(0, .008, (4, 2))
    corners[4] = corners[0]
    pen = r.choice([.012, .025, .04, .055])
    kind = r.random()
    if kind < .7:
        draw_lines(draw, [corners], pen, ink, size)
    elif kind < .92:
        # A cell of a table: its lines go on beyond it.
        for share, at in ((left, 0), (1 - right, 0), (top, 1), (1 - bottom, 1)):
            ends = [(share, -.1), (share, 1.1)] if at == 0 else [(-.1, share), (1.1, share)]
            draw_lines(draw, [np.array(ends)], pen, ink, size)
    if r.random() < .55:
        dots(draw, r, box, paper * r.uniform(.45, .9), size)
    return picture, box, paper


def dots(draw, r, box, shade, size):
    """The dotted guides: the segments of a display."""
    x, y, w, h = box
    x0, x1 = x + w * r.uniform(.22, .32), x + w * r.uniform(.68, .78)
    y0, y2 = y + h * r.uniform(.12, .2), y + h * r.uniform(.8, .88)
    y1 = (y0 + y2) / 2
    radius = size * r.uniform(.003, .009)
    steps = r.integers(6, 14)
    for a, b in (((x0, y0), (x1, y0)), ((x0, y1), (x1, y1)), ((x0, y2), (x1, y2)), ((x0, y0), (x0, y2)),
                 ((x1, y0), (x1, y2))):
        for t in np.linspace(0, 1, steps):
            px, py = (a[0] + (b[0] - a[0]) * t) * size, (a[1] + (b[1] - a[1]) * t) * size
            draw.ellipse((px - radius, py - radius, px + radius, py + radius), fill=shade)


def box(label, r, background=None):
    """One box with the sign `label` in it. `background` is an emptied box of a photo, 40 x 40."""
    size = SIDE * SCALE
    if background is None:
        picture, place, paper = empty_box(r)
    else:
        picture = Image.fromarray(background.astype(np.float32), mode="F").resize((size, size), Image.BICUBIC)
        place, paper = (.1, .1, .8, .8), float(np.percentile(background, 70))
    draw = ImageDraw.Draw(picture)
    shade = paper * r.uniform(.1, .72)
    width = r.uniform(.014, .06)

    def write(sign, area=None):
        draw_lines(draw, pen_lines(sign, r, area or sign_area(sign, r, place)), width * r.uniform(.85, 1.15), shade, size)

    if label < EMPTY:
        write(label)
    elif label == UNSURE:
        unreadable(draw, r, place, write, width, shade, size)
    if r.random() < .25:
        neighbours(draw, r, shade, width, size)
    return np.asarray(picture.resize((SIDE, SIDE), Image.BOX), np.float32)


def unreadable(draw, r, place, write, width, shade, size):
    kind = r.random()
    if kind < .35:
        first, second = r.choice(10, 2, replace=False)
        area = sign_area(first, r, place)
        write(first, area)
        write(second, tuple(np.array(area) + np.array([*r.normal(0, .02, 2), 0, 0])))
    elif kind < .6:
        write(r.integers(10))
        write(CROSS)
    elif kind < .75:
        draw_lines(draw, scribble(r, sign_area(0, r, place)), width, shade, size)
    elif kind < .85:
        # Struck through, or half a sign.
        write(r.integers(10))
        draw_lines(draw, [np.array([(place[0], place[1] + place[3] * r.uniform(.3, 1)),
                                    (place[0] + place[2], place[1] + place[3] * r.uniform(0, .7))])], width, shade, size)
    elif kind < .93:
        # One slanted line is a 1, a 7 without its head, or half a cross.
        a = r.uniform(.0, .2, 2)
        ends = [(a[0], 1 - a[1]), (1 - a[1], a[0])]
        if r.random() < .5:
            ends = [(a[0], a[1]), (1 - a[0], 1 - a[1])]
        line = np.array(ends) * np.array([place[2], place[3]]) + np.array([place[0], place[1]])
        draw_lines(draw, [line], width, shade, size)
    else:
        x, y = (np.array(place[:2]) + np.array(place[2:]) * r.uniform(.35, .65, 2)) * size
        radius = size * r.uniform(.15, .35)
        draw.ellipse((x - radius, y - radius * r.uniform(.6, 1.2), x + radius, y + radius), fill=shade)


def neighbours(draw, r, shade, width, size):
    """The end of a stroke from the next box."""
    side = r.choice([-1, 1])
    x = 0 if side < 0 else 1
    y = r.uniform(.1, .9)
    line = np.array([(x - side * .05, y), (x - side * r.uniform(-.03, .1), y + r.normal(0, .15))])
    draw_lines(draw, [line], width, shade, size)


def emptied(picture, r):
    """A photo of a box without its ink: what is dark inside the frame becomes the paper beside it."""
    picture = picture.copy()
    inner = picture[7:33, 7:33]
    paper = np.percentile(inner, 65)
    dark = inner < paper * .93
    grown = dark.copy()
    for dy in (-1, 0, 1):
        for dx in (-1, 0, 1):
            grown |= np.roll(np.roll(dark, dy, 0), dx, 1)
    light = inner[~grown]
    if light.size < 60:
        return None
    inner[grown] = r.choice(light, grown.sum())
    return picture
