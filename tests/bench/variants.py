"""variants.py - photographs mirrored and shifted, so that what the rule claims of photographs is judged on more than two of
them: a dense reference and the rule's own stops, no ladders of other rules."""
import copy

import adaptive
import cases
import networks
import numpy
import reference
import torch

SHIFT = 16  # pixels to the right and down; the edge is repeated


def shifted(pictures):
    wide = numpy.pad(pictures, ((0, 0), (0, 0), (SHIFT, 0), (SHIFT, 0)), mode="edge")
    return wide[:, :, :-SHIFT, :-SHIFT]


def variants_of(network):
    """Name and network of each."""
    pictures = network.inputs.reshape(-1, *network.shape)
    mirrored = pictures[:, :, :, ::-1]
    for name, changed in (("mirrored", mirrored), ("shifted", shifted(pictures)),
                          ("mirrored and shifted", shifted(mirrored))):
        variant = copy.copy(network)
        variant.inputs = numpy.ascontiguousarray(changed).reshape(len(pictures), -1)
        with torch.no_grad():
            variant.logits = variant.outputs(torch.from_numpy(variant.inputs))
        yield name, variant


def dense(pair, cache):
    """Score -> (reference, its own error)."""
    file = cache / f"{reference.key(pair, None)}.npy"
    if file.is_file():
        totals = numpy.load(file)
    else:
        gaps = reference.GAPS["photographs"]
        rules = reference.even_rules(gaps)
        weights = numpy.stack([rules["reference"], rules["halved"]])
        totals = numpy.stack(reference.integrate(pair, numpy.linspace(0, 1, gaps + 1), weights))
        numpy.save(file, totals)
    return {score: (one[0], reference.relative(one[1], one[0]) / 3**0.5) for score, one in zip(pair.scores, totals)}


def measure(library, folder, cache):
    """What is claimed of all of them, in the shape of adaptive.measure()."""
    network = networks.load_photographs(folder)
    if network is None:
        return []
    found = []
    for name, variant in variants_of(network):
        for index in range(len(variant.inputs)):
            for label, row in cases.baselines_of(variant, folder, index):
                pair = cases.Pair(variant, index, label, row)
                references = dense(pair, cache)
                for score in filter(pair.changes, pair.scores):
                    values, own = references[score]
                    found.append({"class": pair.class_name(score), "network": variant.name,
                                  "input": f"{pair.name} {name}", "baseline": label, "score": score, "own": own,
                                  "certified": adaptive.certify(library, pair.subject(score), values),
                                  "curves": {}, "crossings": {}})
    return found
