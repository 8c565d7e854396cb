"""peers.py - other implementations of integrated gradients, where they can be imported: that they do what is measured
in their name. Their rules are measured by nodes and weights of our own, since it is their error that counts and not
their speed; where they are here, one attribution of each kind of case is compared with theirs."""
import importlib.util

import numpy
import torch

RULES = {"captum": "Gauss-Legendre (its default) and midpoint (its riemann_middle)",
         "saliency": "the mean over evenly spaced points, both ends among them (PAIR)",
         "path_explain": "i.i.d. expected gradients", "shap": "i.i.d. expected gradients (GradientExplainer)"}
CHECKED = ("captum", "saliency")


def is_here(name):
    return importlib.util.find_spec(name) is not None


def captum():
    """Its IntegratedGradients, or None."""
    if not is_here("captum"):
        return None
    from captum.attr import IntegratedGradients
    return IntegratedGradients


def describe():
    """What was run itself, and what something stands for."""
    checked = [name for name in CHECKED if is_here(name)]
    absent = [f"{name}: {rule}" for name, rule in RULES.items() if name not in checked]
    said = f"Compared with what is measured here, and the same: {', '.join(checked)}. " if checked else ""
    return f"{said}Not run, their rules applied in their place - {'; '.join(absent)}."


def by_captum(subject, points, method):
    x, b = (torch.from_numpy(row)[None] for row in (subject.input, subject.baselines[0]))
    explain = captum()(lambda rows: subject.network.explained(rows, subject.target, subject.probability))
    values = explain.attribute(x, b, n_steps=points, method=method, internal_batch_size=128)
    return values.detach().numpy()[0].astype(float)


def by_saliency(subject, points):
    import saliency.core as core

    def call(rows, arguments, expected_keys):
        rows = torch.from_numpy(numpy.asarray(rows, numpy.float32))
        _, gradients = subject.network.gradients(rows, subject.target, subject.probability)
        return {key: gradients.numpy() for key in expected_keys}

    return core.IntegratedGradients().GetMask(subject.input, call, None, x_baseline=subject.baselines[0],
                                              x_steps=points, batch_size=128)


def errors(subject, dense, relative):
    """(rule, points, the peer's error): of what is here, with the fewest points that were measured."""
    reference, found = dense["reference"].astype(float), []
    gauss, midpoint, linspace = (int(dense[rule][0][0]) for rule in ("gauss", "midpoint", "linspace"))
    if is_here("captum"):
        found.append(("gauss", gauss, relative(by_captum(subject, gauss, "gausslegendre"), reference)))
        found.append(("midpoint", midpoint, relative(by_captum(subject, midpoint, "riemann_middle"), reference)))
    if is_here("saliency"):
        found.append(("linspace", linspace, relative(by_saliency(subject, linspace), reference)))
    return found
