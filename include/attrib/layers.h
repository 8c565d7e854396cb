/* attrib/layers.h - attributions of a layer's activations, against an explicit baseline.
 *
 * The model is cut in two callbacks: the body a = g(x) gives the layer's activations as its outputs, the head f = h(a)
 * takes them as its inputs. What is said at the top of methods.h holds here, too. */
#ifndef ATTRIB_LAYERS_H
#define ATTRIB_LAYERS_H

#include "image.h"
#include "run.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What is attributed to the activations a = g(x), with the baseline a' = g(x'), the image of the input baseline x'; the
 * target of all is T = f(x) - f(x'), the same for every layer, so that layers and forms compare. */
enum {
  ATTRIB_LAYER_LINE = 0, /* integrated gradients of h on the straight line from a' to a: sums to T, up to quadrature */
  ATTRIB_LAYER_PATH = 1, /* along the image g(x' + t (x - x')) of the input's straight path: sums to T likewise */
  /* One point each, with the baseline that they imply: */
  ATTRIB_LAYER_TIMES_ACTIVATION = 2, /* a_i dh/da_i at a: LINE from a zero feature map by one node at its end */
  ATTRIB_LAYER_TAYLOR = 3,           /* (a - a')_i dh/da_i at a': LINE by one node at its start */
  ATTRIB_LAYER_GRADIENT = 4,         /* dh/da_i at a: none, and no identity */
  /* Maps that no baseline makes sum to T, for their attribution error beside the others': */
  ATTRIB_LAYER_CAM = 5,       /* LayerCAM (Jiang et al. 2021): a_i times the positive part of dh/da_i at a */
  ATTRIB_LAYER_ODAM = 6,      /* ODAM (Zhao, Chan 2023): a_i B(dh/da)_i at a, B a Gaussian blur over each plane: it is
                                 the gradient that is blurred, then multiplied; see below */
  ATTRIB_LAYER_DIFFERENCE = 7 /* the difference map a - a', our reading of the name */
};

/* Zero in a field means its default. An option that the form has no use for must be 0, else E_ARGUMENT. */
typedef struct attrib_layer_options {
  uint32_t struct_size, flags; /* flags: 0 */
  uint32_t form;               /* ATTRIB_LAYER_* */
  uint32_t rule, round_rows;   /* LINE: as in attrib_ig_options; PATH: rule 0 */
  uint32_t reserved0;          /* 0 */
  int64_t points;              /* LINE: as in attrib_ig_options; PATH: steps, 0 = 50 */
  int64_t max_evaluations;     /* LINE, as in attrib_ig_options, and the next one */
  int64_t max_vectors;
  int64_t n_groups;              /* of activations */
  double tolerance;              /* LINE, as in attrib_ig_options */
  double completeness_threshold; /* relative attribution error; above it the status is NOT_CONVERGED; 0 = off */
  double deadline_seconds;       /* LINE, as in attrib_ig_options, and the next one */
  double absolute_tolerance;
  double sigma;                 /* ODAM: of the blur, in cells of the layer, to 1e6; 0 = 1 */
  const double *target_weights; /* of the head's outputs, as in attrib_ig_options */
  const int32_t *groups;        /* one label per activation */
  const attrib_image *shape;    /* ODAM: how the activations lie in planes; the blur leaves the others as they are */
  const void *reserved;         /* NULL */
} attrib_layer_options;

/* Attributions of a layer, the revised integrated gradients of "The Neglected Baseline in Model Interpretation"; its
 * text could not be read but for the abstract, and the formulas are our own.
 *
 * body: ATTRIB_MODEL_ALL_OUTPUTS, n_outputs activations; asked for all outputs, never for gradients. NULL: the layer is
 * the input itself, a = x. head: n_inputs = the body's n_outputs, of the same dtype; target and weights are its own.
 * input, baseline: both given, each as many finite elements as the body has inputs (without a body the head); both must
 * outlive a run (run.h). attributions: one double per activation, the head's n_inputs, or one per group of them. Of
 * several baselines average over calls. Batches for the head have ATTRIB_BATCH_SECOND_MODEL, by which the pull form
 * tells them, unless body is NULL.
 *
 * report: completeness_target = T, completeness_error = the attribution error, sum of attributions - T, for every form;
 * completeness_relative its size over |T|. It is blind to the distribution: all of T on one activation has error 0, and
 * every complete method has error 0 up to quadrature, so it tells forms that lack a baseline from those that have one,
 * not good maps from bad ones. output = f(x), baseline_output = f(x').
 *
 * PATH takes the image of the straight path at points + 1 places, and on each chord between two of them the gradient of
 * h at its middle; like LINE it is exact for an h of degree 2 on each chord. A trace has the chords as segments.
 *
 * Row order: body at x' and at x; then LINE as attrib_integrated_gradients; PATH: h at a and a', then by eight chords
 * the body at their ends and the head's gradients; the others: a row of h at a and one at a'. Cost: 2 body rows, and of
 * the head LINE as integrated gradients, PATH points gradient rows, 2 rows without gradient, and points - 1 body rows
 * more; the others 1 gradient row and 1 without (DIFFERENCE: 2 without). Memory: two vectors of activations in the
 * model's type and those of integrated gradients; PATH nine more. Activations beyond the range of the dtype are
 * E_OVERFLOW.
 *
 * ODAM. Of the paper no more than the abstract could be read; that the blur is one of the gradient (a local mean of it,
 * in place of the mean over the plane that Grad-CAM takes), not of the product, is our reading, and its width is our
 * own. The authors' program has no blur: it keeps the positive part of the sum over channels of a dh/da. Without the
 * blur the form is TIMES_ACTIVATION; the sum over channels and its positive part are left to the caller. The gradient
 * of an activation that is 0 is looked at, too: the blur takes it to others.
 *
 * Errors beside the common: ARGUMENT (body and head do not fit; an option that the form has no use for; ODAM without a
 * shape, or with one that reaches beyond the activations), UNSUPPORTED (body without ATTRIB_MODEL_ALL_OUTPUTS). */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_layer_attributions(attrib_context *context, const attrib_model *body,
                                                                     const attrib_model *head, const void *input,
                                                                     int64_t target, const void *baseline,
                                                                     const attrib_layer_options *options,
                                                                     double *attributions, attrib_report *report);
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_layer_attributions_start(
    attrib_context *context, const attrib_model *body, const attrib_model *head, const void *input, int64_t target,
    const void *baseline, const attrib_layer_options *options, attrib_run **run);

#ifdef __cplusplus
}
#endif
#endif
