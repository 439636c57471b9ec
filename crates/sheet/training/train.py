"""Trains the reader of digit boxes and writes its weights: see README.md beside this file."""

import argparse
import json
import os
from pathlib import Path

os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")

import jax
import jax.numpy as jnp
import numpy as np
import onnx
import optax
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

import drawn
from drawn import CLASSES, CROSS, DASH, EMPTY, SIDE, UNSURE

HERE = Path(__file__).parent
INPUT = 32
NAMES = [*map(str, range(10)), "x", "dash", "empty", "unsure"]
# The layers: kernel side, stride, channels, and whether the largest of 2 x 2 is taken afterwards.
LAYERS = [(5, 2, 16, False), (3, 1, 32, True), (3, 1, 48, False), (3, 1, 64, True)]
HIDDEN = 48


# --- the boxes

def real_boxes(folder, provinces, last_share):
    """Pictures, labels and whether each is kept aside: of each label the last boxes, which are from other stations."""
    sorted_zeros = json.loads((HERE / "sorted_zeros.json").read_text())
    wrong = json.loads((HERE / "wrong_labels.json").read_text())
    pictures, labels, aside, names = [], [], [], []
    for label in range(10):
        files = sorted(Path(folder, str(label)).glob("*.jpg"))
        for index, file in enumerate(files):
            name = file.stem
            meaning = sorted_zeros.get(name, CROSS) if label == 0 else label
            meaning = wrong.get(name, meaning)
            if name[:2] not in provinces or meaning is None:
                continue
            grey = Image.open(file).convert("L").resize((SIDE, SIDE), Image.BILINEAR)
            pictures.append(np.asarray(grey, np.float32) / 255)
            labels.append(meaning)
            aside.append(index >= len(files) * (1 - last_share))
            names.append(name)
    return np.array(pictures), np.array(labels), np.array(aside), names


def drawn_pool(count, real, seed):
    """Drawn boxes, a third of them on real boxes whose ink was taken away."""
    r = np.random.default_rng(seed)
    pictures, labels = [], []
    while len(pictures) < count:
        label = len(pictures) % CLASSES
        background = None
        if len(real) and r.random() < .35:
            background = drawn.emptied(real[r.integers(len(real))], r)
        pictures.append(drawn.box(label, r, background))
        labels.append(label)
    return np.array(pictures), np.array(labels)


# --- what a camera does to them

def gaussian(sigma):
    x = jnp.arange(-3, 4)
    kernel = jnp.exp(-.5 * (x / jnp.maximum(sigma, 1e-3)) ** 2)
    return kernel / kernel.sum()


def photographed(key, picture):
    """Turned, moved, scaled, blurred, unevenly lit, with grain: another photo of the same box, 32 x 32."""
    k = jax.random.split(key, 12)
    u = lambda i, low, high, shape=(): jax.random.uniform(k[i], shape, minval=low, maxval=high)
    angle, shear = jax.random.normal(k[0]) * .07, jax.random.normal(k[1]) * .08
    zoom = jnp.exp(jax.random.normal(k[2], (2,)) * .09)
    shift = jax.random.normal(k[3], (2,)) * 1.3
    grid = (jnp.arange(INPUT) + .5) / INPUT - .5
    y, x = jnp.meshgrid(grid, grid, indexing="ij")
    cos, sin = jnp.cos(angle), jnp.sin(angle)
    x, y = (cos * x - sin * y + shear * y) * zoom[0], (sin * x + cos * y) * zoom[1]
    at_x = (x + .5) * SIDE - .5 + shift[0] + u(4, -.5, .5)
    at_y = (y + .5) * SIDE - .5 + shift[1]
    seen = jax.scipy.ndimage.map_coordinates(picture, [at_y, at_x], order=1, mode="nearest")
    across, down = gaussian(u(5, 0., 1.) ** 2 * 1.5), gaussian(u(6, 0., 1.) ** 2 * 1.5)
    seen = jax.vmap(lambda row: jnp.convolve(jnp.pad(row, 3, mode="edge"), across, mode="valid"))(seen)
    seen = jax.vmap(lambda row: jnp.convolve(jnp.pad(row, 3, mode="edge"), down, mode="valid"))(seen.T).T
    slope = u(7, -.25, .25, (2,))
    light = 1 + slope[0] * x + slope[1] * y
    contrast = u(8, .35, 1.)
    paper = jnp.percentile(seen, 75)
    seen = (paper + (seen - paper) * contrast) * light * u(9, .3, 1.)
    return seen + jax.random.normal(k[10], seen.shape) * u(11, 0., .02)


def normal(seen):
    """Ink from 0 to about 1, whatever the light: the same as in `digit.rs`."""
    ordered = jnp.sort(seen.reshape(-1))
    paper = jnp.maximum(ordered[(ordered.size * 3) // 4], 1 / 255)
    ink = (paper - seen) / paper
    most = jnp.sort(ink.reshape(-1))[(ink.size * 97) // 100]
    return jnp.clip(ink / jnp.maximum(most, .1), -.5, 1.5)


# --- the network

def new_network(key):
    network, channels = [], 1
    for side, _, wide, _ in LAYERS:
        key, k = jax.random.split(key)
        network.append((jax.random.normal(k, (side, side, channels, wide)) * np.sqrt(2 / (side * side * channels)),
                        jnp.zeros(wide)))
        channels = wide
    for inputs, outputs in ((4 * 4 * channels, HIDDEN), (HIDDEN, CLASSES)):
        key, k = jax.random.split(key)
        network.append((jax.random.normal(k, (inputs, outputs)) * np.sqrt(2 / inputs), jnp.zeros(outputs)))
    return network


def scores(network, pictures, key=None):
    seen = pictures[..., None]
    for (weights, bias), (_, stride, _, pool) in zip(network, LAYERS):
        seen = jax.lax.conv_general_dilated(seen, weights, (stride, stride), [((weights.shape[0] - 1) // 2,) * 2] * 2,
                                            dimension_numbers=("NHWC", "HWIO", "NHWC"))
        seen = jax.nn.relu(seen + bias)
        if pool:
            seen = seen.reshape(seen.shape[0], seen.shape[1] // 2, 2, seen.shape[2] // 2, 2, -1).max((2, 4))
    # Channels first, as ONNX flattens them.
    flat = seen.transpose(0, 3, 1, 2).reshape(seen.shape[0], -1)
    if key is not None:
        flat = flat * jax.random.bernoulli(key, .8, flat.shape) / .8
    hidden = jax.nn.relu(flat @ network[-2][0] + network[-2][1])
    if key is not None:
        hidden = hidden * jax.random.bernoulli(jax.random.fold_in(key, 1), .8, hidden.shape) / .8
    return hidden @ network[-1][0] + network[-1][1]


def trained(real, labels, options):
    pool, pool_labels = drawn_pool(options.drawn, real, options.seed)
    r = np.random.default_rng(options.seed + 1)
    by_label = [np.flatnonzero(labels == label) for label in range(CLASSES)]
    # A label with few real boxes is not shown over and over.
    share = np.array([min(len(of), 150) for of in by_label], float)
    share = share / max(share.sum(), 1)
    optimiser = optax.adamw(optax.cosine_decay_schedule(2e-3, options.steps, .01), weight_decay=1e-3)
    network = new_network(jax.random.PRNGKey(options.seed))
    state = optimiser.init(network)

    @jax.jit
    def step(network, average, state, key, pictures, wanted):
        def loss(network):
            keys = jax.random.split(key, len(pictures))
            seen = jax.vmap(lambda k, p: normal(photographed(k, p)))(keys, pictures)
            of = scores(network, seen, jax.random.fold_in(key, 7))
            return optax.softmax_cross_entropy(of, optax.smooth_labels(jax.nn.one_hot(wanted, CLASSES), .01)).mean()
        value, slope = jax.value_and_grad(loss)(network)
        change, state = optimiser.update(slope, state, network)
        network = optax.apply_updates(network, change)
        average = jax.tree.map(lambda a, b: .995 * a + .005 * b, average, network)
        return network, average, state, value

    average, half = network, options.batch // 2
    for number in range(min(options.steps, options.stop)):
        chosen = r.integers(len(pool), size=options.batch)
        pictures, wanted = pool[chosen], pool_labels[chosen]
        if len(real):
            of = r.choice(CLASSES, half, p=share)
            index = np.array([r.choice(by_label[label]) for label in of])
            pictures[:half], wanted[:half] = real[index], labels[index]
        key = jax.random.PRNGKey(options.seed * 1_000_003 + number)
        network, average, state, value = step(network, average, state, key, pictures, wanted)
        if number % 100 == 0:
            print(f"step {number}: loss {float(value):.4f}", flush=True)
            if options.save and number:
                save(average, options.save)
    return average


# --- what it says

def small(picture):
    return normal(jnp.asarray(Image.fromarray(np.asarray(picture)).resize((INPUT, INPUT), Image.BILINEAR)))


def table(network, pictures, labels, names, sure):
    """Prints how many were spoken of and wrong, by label."""
    seen = jnp.array([small(p) for p in pictures])
    shares = np.asarray(jax.nn.softmax(scores(network, seen)))
    said, certainty = shares.argmax(1), shares.max(1)
    spoken = (certainty >= sure) & (said != UNSURE)
    print("label  boxes spoken wrong silent")
    for label in sorted(set(labels)):
        of = labels == label
        print(f"{NAMES[label]:>6} {of.sum():6} {(of & spoken).sum():6} {(of & spoken & (said != labels)).sum():5} "
              f"{(of & ~spoken).sum():6}")
    bad = spoken & (said != labels)
    print(f"   all {len(labels):6} {spoken.sum():6} {bad.sum():5} {(~spoken).sum():6}")
    for index in np.flatnonzero(bad):
        print(f"  wrong: {names[index]} is {NAMES[labels[index]]}, read as {NAMES[said[index]]} at {certainty[index]:.4f}")


# --- the file

def rounded(weights, axis):
    """Weights in 8 bits with one scale for each output channel."""
    weights = np.asarray(weights, np.float32)
    other = tuple(i for i in range(weights.ndim) if i != axis)
    scale = np.maximum(np.abs(weights).max(other), 1e-8) / 127
    shape = [1] * weights.ndim
    shape[axis] = -1
    return np.round(weights / scale.reshape(shape)).astype(np.int8), scale.astype(np.float32)


def save(network, path):
    nodes, values, flow = [], [], "boxes"

    def constant(name, array):
        values.append(numpy_helper.from_array(array, name))

    def layer(index, weights, bias):
        eight, scale = rounded(weights, 0)
        constant(f"w{index}q", eight)
        constant(f"w{index}s", scale)
        constant(f"w{index}z", np.zeros_like(scale, np.int8))
        constant(f"b{index}", np.asarray(bias, np.float32))
        nodes.append(helper.make_node("DequantizeLinear", [f"w{index}q", f"w{index}s", f"w{index}z"], [f"w{index}"], axis=0))

    def node(kind, inputs, output, **attributes):
        nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    for index, ((weights, bias), (side, stride, _, pool)) in enumerate(zip(network, LAYERS)):
        layer(index, np.asarray(weights).transpose(3, 2, 0, 1), bias)
        flow = node("Conv", [flow, f"w{index}", f"b{index}"], f"c{index}", kernel_shape=[side, side],
                    strides=[stride, stride], pads=[(side - 1) // 2] * 4)
        flow = node("Relu", [flow], f"r{index}")
        if pool:
            flow = node("MaxPool", [flow], f"p{index}", kernel_shape=[2, 2], strides=[2, 2])
    flow = node("Flatten", [flow], "flat", axis=1)
    for index, (weights, bias) in enumerate(network[len(LAYERS):], len(LAYERS)):
        layer(index, np.asarray(weights).T, bias)
        last = index == len(network) - 1
        flow = node("Gemm", [flow, f"w{index}", f"b{index}"], "scores" if last else f"g{index}", transB=1)
        if not last:
            flow = node("Relu", [flow], f"r{index}")
    graph = helper.make_graph(
        nodes, "digit boxes", [helper.make_tensor_value_info("boxes", TensorProto.FLOAT, ["n", 1, INPUT, INPUT])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["n", CLASSES])], values)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.checker.check_model(model)
    Path(path).write_bytes(model.SerializeToString())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("boxes", help="the folder of real boxes, by label")
    parser.add_argument("--train", default="52,63", help="provinces to train on")
    parser.add_argument("--test", default="52,63", help="provinces to test on")
    parser.add_argument("--aside", type=float, default=.25, help="share of each label that is kept aside, if both overlap")
    parser.add_argument("--drawn", type=int, default=60_000)
    parser.add_argument("--steps", type=int, default=3_000, help="over which the rate of learning falls")
    parser.add_argument("--stop", type=int, default=1_500, help="steps after which to stop")
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--seed", type=int, default=2024)
    parser.add_argument("--sure", type=float, default=.95)
    parser.add_argument("--save", help="where the weights go")
    options = parser.parse_args()
    train, test = options.train.split(","), options.test.split(",")
    pictures, labels, aside, _ = real_boxes(options.boxes, train, options.aside)
    overlap = set(train) & set(test)
    kept = ~aside if overlap else np.ones(len(labels), bool)
    print(f"training on {kept.sum()} real boxes of {options.train} and {options.drawn} drawn ones")
    network = trained(pictures[kept] if len(labels) else pictures, labels[kept] if len(labels) else labels, options)
    if options.save:
        save(network, options.save)
        print(f"{options.save}: {Path(options.save).stat().st_size} bytes")
    pictures, labels, aside, names = real_boxes(options.boxes, test, options.aside)
    shown = aside if overlap else np.ones(len(labels), bool)
    print(f"tested on {shown.sum()} boxes of {options.test}{' kept aside' if overlap else ''}, sure from {options.sure}:")
    table(network, pictures[shown], labels[shown], [n for n, s in zip(names, shown) if s], options.sure)


if __name__ == "__main__":
    main()
