/* attrib/run.h - the pull form of every attribution call: the caller fetches batches and brings them back.
 *
 * For asynchronous runtimes, remote models, and languages that dislike being called from C. The same engine as the
 * calls of methods.h, the same bits:
 *
 *   attrib_integrated_gradients_start(context, &model, x, target, &baselines, &options, &run);
 *   while (!attrib_run_done(run)) {
 *     attrib_batch *batch;
 *     if (attrib_run_next(run, &batch) < 0) break;             // NULL batch: submit one that is out first
 *     if (batch != NULL) status = attrib_run_submit(run, batch, my_model(batch));
 *   }
 *   status = attrib_run_result(run, attributions, &report);   // too coarse? attrib_run_extend(run, 0.01, 512, 0), and
 *                                                             // the loop again
 *   attrib_run_destroy(run);
 *
 * Up to in_flight batches (context.h) may be out at once and may come back in any order. Calls on one run are
 * serialised by the caller; they may come from different threads. A run occupies its context until destroyed: other
 * calls on it get ATTRIB_E_BUSY. Input, baselines' rows, path, groups and target weights must outlive the run, what
 * else a call's text says so of, and what callbacks are handed as `user`; the structs given to a _start are copied. */
#ifndef ATTRIB_RUN_H
#define ATTRIB_RUN_H

#include "methods.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct attrib_run attrib_run;

/* One per attribution call of methods.h: same arguments up to options, then the run. model->evaluate may be NULL and is
 * never called. *run is NULL after a failure; the message is in the context. context NULL = a private one that the run
 * owns. */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_gradient_start(attrib_context *context, const attrib_model *model,
                                                                 const void *input, int64_t target,
                                                                 const attrib_ig_options *options, attrib_run **run);
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_integrated_gradients_start(
    attrib_context *context, const attrib_model *model, const void *input, int64_t target,
    const attrib_baselines *baselines, const attrib_ig_options *options, attrib_run **run);
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_path_gradients_start(attrib_context *context,
                                                                       const attrib_model *model, int64_t target,
                                                                       const attrib_path *path,
                                                                       const attrib_ig_options *options,
                                                                       attrib_run **run);

ATTRIB_API ATTRIB_MUST_CHECK attrib_status
attrib_expected_gradients_start(attrib_context *context, const attrib_model *model, const void *input, int64_t target,
                                const attrib_baselines *baselines, const attrib_eg_options *options, attrib_run **run);
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_smoothgrad_start(attrib_context *context, const attrib_model *model,
                                                                   const void *input, int64_t target,
                                                                   const attrib_smoothgrad_options *options,
                                                                   attrib_run **run);

/* Lends the run a buffer of `capacity` trace points, `stride` bytes apart (0 = 56, the first size of one), written as
 * results come in. Before the first attrib_run_next; the buffer must outlive the run. (In the pull form a report given
 * to attrib_run_result has trace NULL; trace_count is filled.) Errors: ARGUMENT, BUSY. */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_run_set_trace(attrib_run *run, void *trace, int64_t capacity,
                                                                int64_t stride);

/* The next batch to evaluate, inputs filled; stays valid until submitted. Of it, only what outputs and gradients point
 * at is written. *batch NULL with a status >= 0: submit a batch that is out first, or the run is done. A status < 0
 * repeats the failure that ended the run. */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_run_next(attrib_run *run, attrib_batch **batch);

/* Brings a batch back. model_status as an attrib_model_fn returns it: 0 evaluated, > 0 stop, < 0 failed. Results are
 * used in row order whatever the order of submission. Errors: ARGUMENT (not a batch that is out: the run is unharmed),
 * or what the results were found to be. Submitting after the run was stopped or failed is legal and changes nothing. */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_run_submit(attrib_run *run, attrib_batch *batch,
                                                             int32_t model_status);

/* 1 when no further batch will be given out and none that is out is needed, unless the run is extended; 0 otherwise.
 * NULL: 1. */
ATTRIB_API int32_t attrib_run_done(const attrib_run *run);

/* Attributions and report over the rows used so far; any time, any number of times, and the run lives on. attributions
 * may be NULL (report only). While the run is under way the status is OK with stop_reason NONE, and the attributions
 * are those of a prefix of the rows. After a failure it returns that failure and leaves attributions alone. */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_run_result(attrib_run *run, double *attributions,
                                                             attrib_report *report);

/* Continues a run that ended by TOLERANCE, BUDGET or DEADLINE, or has not ended: go on with the loop above until it is
 * done again. tolerance 0 and max_evaluations 0 leave these as they are; max_evaluations counts all rows of the run,
 * those used included. deadline_seconds is from now, 0 = none. Nothing is lost: a tighter tolerance or a larger budget
 * gives what one run with these values from the start gives, bit for bit (the start itself, and with samplers the
 * choice of the sampler and its first doubling, are those of the values it was started with). Looser ones take nothing
 * back, and a round that has begun, or that a deadline kept waiting, is finished first. For adaptive integrals and
 * sampling methods with a tolerance. Errors: ARGUMENT (also: the run was stopped otherwise), UNSUPPORTED (a method
 * without tolerance), BUSY, or the failure of a run that has failed. */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_run_extend(attrib_run *run, double tolerance, int64_t max_evaluations,
                                                             double deadline_seconds);

/* Detail of the run's last failure; as attrib_context_error of its context, and the only way to it for a private one.
 */
ATTRIB_API const char *attrib_run_error(const attrib_run *run);

/* Frees the run. With batches out it is legal; they become invalid at once. Not from inside a callback of one of its
 * own calls. NULL is fine. */
ATTRIB_API void attrib_run_destroy(attrib_run *run);

#ifdef __cplusplus
}
#endif
#endif
