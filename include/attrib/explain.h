/* attrib/explain.h - the callback by which metrics that judge a method ask for its maps. */
#ifndef ATTRIB_EXPLAIN_H
#define ATTRIB_EXPLAIN_H

#include "base.h"
#include "report.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One explanation that is wanted. Owned by the library, valid until the callback returns. */
typedef struct attrib_explanation {
  uint32_t struct_size, flags; /* flags: 0 */
  int64_t index;               /* 0: the first, of the input and the model as they are; others as the metric says */
  uint64_t seed;               /* the same for all of them: for whatever is random in the explanation */
  const void *input;           /* the row to explain */
  double *attributions;        /* as many as the metric was told, every one to be written, all finite */
  attrib_report *report;       /* to be handed to the attribution call, so that its rows are counted and its message
                                  arrives; ready for use, and may be left alone. Of several calls the last one's is
                                  seen, unless the callback adds up */
  const void *reserved;        /* NULL */
} attrib_explanation;

/* Explains: by a call of this library, whose status it returns as it is, or by anything else:
 *
 *   return attrib_integrated_gradients(NULL, &model, wanted->input, target, &baselines, &options, wanted->attributions,
 *                                      wanted->report);
 *
 * Returns ATTRIB_OK; ATTRIB_NOT_CONVERGED: the attributions are used, and the metric's status will be that;
 * ATTRIB_UNDEFINED: there are none, and what the metric makes of them is UNDEFINED; any other number > 0 stops the call
 * as CANCELLED; < 0 fails it as E_CALLBACK, the number in report.model_status.
 *
 * Asked twice for the same input (of the same model) it must give the same map: what is random takes wanted->seed, with
 * which a difference between two maps is one of inputs or models, not of noise.
 *
 * The context of the metric is in use meanwhile: an attribution call in here needs another one, or NULL (with that one
 * it is E_BUSY). Never called twice at once, always on the thread that made the call. Must not longjmp or throw. */
typedef int32_t(ATTRIB_CALL *attrib_explain_fn)(const attrib_explanation *wanted, void *user);

#ifdef __cplusplus
}
#endif
#endif
