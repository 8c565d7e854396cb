/* differences.h - attributions of a model without gradients: a method of gradients whose start is wrapped.
 *
 * The method (the form) plans and reduces as ever. Of each of its gradient rows the wrapper makes rows of outputs
 * alone, on both sides of the node along the displacement of each group of features, d_g, which is the row's
 * displacement on the group and 0 elsewhere: D_g = (f(p + h d_g) - f(p - h d_g)) / (2 h) and hands the form one row
 * whose gradient is the shortest vector with these directional derivatives, on group g g_i = D_g d_i / sum over j in g
 * of d_j^2 so that displacement times gradient, summed over a group, is D_g. By feature nothing is known but of groups
 * of one. Such a gradient holds along its own displacement alone, so a form must not use it for another line.
 *
 * No correction is made for how p + h d_g was rounded to the model's type: it is part of the noise from which the step
 * follows, and so of the error that is reported. */
#ifndef ATTRIB_SRC_DIFFERENCES_H
#define ATTRIB_SRC_DIFFERENCES_H

#include "../engine/engine.h"
#include "../path/lines.h"

typedef struct attrib__differences {
  attrib__start form;    /* the method as if it had gradients; it has no `place` */
  attrib__question ask;  /* target and weights */
  int64_t n_groups;      /* 0 = by feature */
  const int32_t *groups; /* n labels, or NULL */
  double step;           /* as asked for; 0 = from the noise of f */
  int64_t line;          /* with weight: f is looked at in the middle of it before all else */
  int64_t nodes;         /* gradient rows that the form plans; 0 = not known */
  bool by_mass;          /* row->mass says what a row weighs, of `total`; else row->weight */
  double total;
  const char *counted; /* the option that says how many nodes there are, for a message, its value, and the nodes */
  int64_t counted_value, most_nodes;
  bool up_to; /* they are the most that there are */
} attrib__differences;

/* Whether the model is to be asked for differences. */
static inline bool attrib__differences_needed(const attrib_model *model) {
  return (model->flags & ATTRIB_MODEL_NO_GRADIENTS) != 0;
}

/* options->difference_step, for this model; and flags, of which a mean gradient is not to be had. */
attrib_status attrib__differences_check(attrib_context *context, const attrib_model *model, double step,
                                        uint32_t flags);

/* Whether node number `node` of `known` (0 = not known) is one at which differences are taken at twice the step, too:
 * two of few, at a quarter and three quarters of them; else one in eight, at changing places; of an unknown number the
 * first, too. */
bool attrib__differences_at_check(int64_t known, int64_t node);

/* E_UNSUPPORTED for too many features without groups. Then the rows in all, for `count` groups; 0 = not known. */
attrib_status attrib__differences_afford(attrib_context *context, const attrib__differences *asked);
attrib_status attrib__differences_rows(attrib_context *context, const attrib__differences *asked, int64_t count,
                                       int64_t *rows);

/* attrib__run_create for the wrapped method; E_UNSUPPORTED for too many features without groups. */
attrib_status attrib__differences_create(attrib_context *context, const attrib__differences *given, bool pull,
                                         attrib_run **run);

/* A line to look at f on: the first with weight. And what all lines weigh together. */
int64_t attrib__differences_line(const attrib__lines *lines);
double attrib__differences_total(const attrib__lines *lines);

#endif
