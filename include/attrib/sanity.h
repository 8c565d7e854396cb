/* attrib/sanity.h - sanity checks of a method: does its map depend on what the model has learnt?
 *
 * Statuses, context, report and values: as for all metrics (metrics.h). */
#ifndef ATTRIB_SANITY_H
#define ATTRIB_SANITY_H

#include "context.h"
#include "explain.h"
#include "image.h"
#include "report.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What attrib_randomise_fn is asked to do. */
enum {
  ATTRIB_RANDOMISE_LAYER = 1,  /* give the layer fresh parameters, drawn from the seed alone */
  ATTRIB_RANDOMISE_RESTORE = 2 /* put back what all layers had learnt; layer and seed are 0 */
};

/* Changes the model's parameters. Layers are numbered from the output down: 0 is the top, that nearest to the output.
 * Fresh parameters are best drawn as before training, or with the mean and standard deviation that the layer has; a
 * layer that is randomised twice under one seed gets the same. Returns 0; of RANDOMISE_LAYER > 0 stops the call as
 * CANCELLED and < 0 fails it as E_CALLBACK, the number in report.model_status.
 *
 * However the check ends, by a stop, a failure or a cancellation, RESTORE is called after the last LAYER, also
 * after one that failed half way. It must not fail: anything but 0 ends the check as E_CALLBACK, whatever else had
 * happened, since the model is then not what it was. */
typedef int32_t(ATTRIB_CALL *attrib_randomise_fn)(uint32_t action, int64_t layer, uint64_t seed, void *user);

/* A method that makes maps, and the layers of its model. Read at the call. */
typedef struct attrib_randomisable {
  uint32_t struct_size, flags; /* flags: 0 */
  int64_t map_length;          /* values of a map, >= 1 */
  int64_t layers;              /* >= 1 */
  attrib_explain_fn explain;
  void *explain_user;
  attrib_randomise_fn randomise;
  void *randomise_user;
} attrib_randomisable;

/* attrib_randomisation_options.order */
enum {
  ATTRIB_SANITY_CASCADING = 0,  /* layer after layer from the top: in row k the layers 0 to k are random */
  ATTRIB_SANITY_INDEPENDENT = 1 /* one at a time: in row k layer k alone is */
};

/* Columns of values: four numbers per row, between the map of the model as it is and that of the row. */
enum {
  ATTRIB_SANITY_RANKS = 0,          /* Spearman rank correlation of signed values, ties at their average rank */
  ATTRIB_SANITY_ABSOLUTE_RANKS = 1, /* and of their sizes */
  ATTRIB_SANITY_SSIM = 2,      /* of both maps, each over its largest size, at range 2: our own choice, as maps of a
                                  trained and of a random model differ in scale; NaN without shape */
  ATTRIB_SANITY_DIFFERENCE = 3 /* Euclidean length of the difference over that of the first map */
};

/* Zero in a field means its default. */
typedef struct attrib_randomisation_options {
  uint32_t struct_size, flags; /* flags: 0 */
  uint32_t order;              /* ATTRIB_SANITY_* */
  uint32_t reserved0;          /* 0 */
  uint64_t seed;               /* layer k gets a seed of its own, made from this and k; the same in either order */
  const attrib_image *shape;   /* of maps, which it covers; NULL = no pictures: SSIM is not asked for */
  const void *reserved;        /* NULL */
} attrib_randomisation_options;

/* Model parameter randomisation (Adebayo, Gilmer, Muelly, Goodfellow, Hardt, Kim, "Sanity Checks for Saliency Maps",
 * 2018): layers get random parameters, and the map is compared with that of the trained model. A method whose map stays
 * the same does not explain what was learnt in those layers. The reverse does not hold: a map that changes may be
 * wrong, and where what the model learnt is in the input's own scatter maps of a trained and of a random model look
 * alike.
 *
 * input is handed to explain, which alone knows its type. values: 4 (layers + 1) of them, row by row in
 * columns ATTRIB_SANITY_*: row k for layer k, and as the last row a control: the model with everything put back, which
 * gives 1, 1, 1 and 0 unless explain draws anew in every call or RESTORE did not put everything back.
 *
 * UNDEFINED: a map of one value (or size) everywhere has no rank correlation, the difference to a map of zeros does not
 * exist, nor SSIM of pictures smaller than 11 x 11: these are NaN, and the message names the first; so is a row whose
 * explanation is. CANCELLED: rows not reached are NaN. Explanations are numbered: 0 the model as it is, k + 1 row k.
 * report: seed, which is also theirs; evaluations, output_evaluations and model_calls as explain's reports say, added
 * up; failed_row = number of the explanation that ended the call. The progress callback is told after every map.
 *
 * Cost: layers + 2 maps, the model's own first, layers randomisations and 1 RESTORE, of INDEPENDENT one for each layer.
 * Scratch: 8 doubles per value, 10 with shape. Errors: ARGUMENT, STRUCT, MEMORY, CALLBACK, NONFINITE (a map, or values
 * of it that explain left unwritten), OVERFLOW (a difference beyond the range of double). */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_randomisation_check(attrib_context *context,
                                                                      const attrib_randomisable *subject,
                                                                      const void *input,
                                                                      const attrib_randomisation_options *options,
                                                                      double *values, attrib_report *report);

#ifdef __cplusplus
}
#endif
#endif
