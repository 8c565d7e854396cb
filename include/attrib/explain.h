/* attrib/explain.h - the callback by which metrics that judge a method ask for its map. */
#ifndef ATTRIB_EXPLAIN_H
#define ATTRIB_EXPLAIN_H

#include "base.h"
#include "report.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Writes the map of one input, by whatever method: as many doubles as the call says, all of them finite. Returns 0: go
 * on; > 0: stop, the map is not used and the call ends as CANCELLED; < 0: failed, the call ends as E_CALLBACK and the
 * number is in report.model_status. So an attrib_status cannot be returned as it is: some that are > 0 come with a map
 * that is good enough. For instance:
 *
 *   attrib_status status = attrib_integrated_gradients(NULL, &model, input, target, &baselines, &options, attributions,
 *                                                      report);
 *   return status == ATTRIB_NOT_CONVERGED ? 0 : status;
 *
 * report is lent, zeroed, with struct_size and a buffer for the message set: handed on to the attribution calls it
 * makes, it lets the metric count their rows and pass on their message. Of several calls the last one's is seen, unless
 * the callback adds up; one that makes no such call leaves it alone. The metric's own context is in use meanwhile:
 * attribution calls take NULL or a context of their own, and pass on a cancellation by returning > 0.
 *
 * Asked twice for the same input (of the same model) it must give the same map. A method that draws at random therefore
 * uses the same seed in every call, whatever the input: with common random numbers a difference between two maps is one
 * of inputs or models, not of noise. Called on the thread that made the metric's call, never twice at once. */
typedef int32_t(ATTRIB_CALL *attrib_explain_fn)(const void *input, double *attributions, attrib_report *report,
                                                void *user);

#ifdef __cplusplus
}
#endif
#endif
