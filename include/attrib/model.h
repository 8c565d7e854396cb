/* attrib/model.h - the model, as the library sees it: one callback over a batch of rows. */
#ifndef ATTRIB_MODEL_H
#define ATTRIB_MODEL_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Element type of inputs and gradients. Outputs and attributions are always double. */
enum { ATTRIB_F32 = 1, ATTRIB_F64 = 2 };

/* attrib_batch.flags: what this call must fill. */
enum {
  ATTRIB_BATCH_OUTPUTS = 1,     /* outputs */
  ATTRIB_BATCH_GRADIENTS = 2,   /* gradients; always together with OUTPUTS */
  ATTRIB_BATCH_ALL_OUTPUTS = 4, /* with OUTPUTS: outputs is rows x n_outputs */
  ATTRIB_BATCH_SECOND_MODEL = 8 /* the batch is for the second model of a call that takes two: for the pull form */
};

/* attrib_model.flags: what the callback can do. */
enum {
  ATTRIB_MODEL_CONCURRENT = 1,     /* evaluate may run on several lanes at once */
  ATTRIB_MODEL_TARGET_WEIGHTS = 2, /* evaluate honours target_weights */
  ATTRIB_MODEL_ALL_OUTPUTS = 4,    /* evaluate honours ATTRIB_BATCH_ALL_OUTPUTS */
  ATTRIB_MODEL_NO_GRADIENTS = 8    /* evaluate cannot fill gradients: integrated, path and expected gradients then take
                                      differences of outputs, for groups of features (methods.h); calls that need
                                      gradients are E_UNSUPPORTED */
};

/* Passed as target where target_weights say what is explained, and where every output is asked for. */
#define ATTRIB_NO_TARGET (-1)

/* One batch of rows to evaluate. Owned by the library; valid until the callback returns or, in the pull form, until the
 * batch is submitted. Row r of the inputs starts at element r * input_stride, and likewise for the others. The model
 * writes every element of outputs and gradients it is asked for and nothing else; they do not hold zeros before.
 * Elements between rows are not to be touched.
 *
 * - outputs[r * output_stride] = the explained scalar f of row r: output number `target`, or, where target_weights is
 *   given, sum over k of target_weights[k] * output k.
 * - gradients[r * gradient_stride + i] = d f / d input i, at row r.
 * - With ALL_OUTPUTS: outputs[r * output_stride + k] = output k, k < n_outputs; gradients, where asked for too, are
 * still those of the target or weighted sum.
 *
 * What a row gets may depend on nothing but the row (and on row_ids, for a model with noise of its own): then results
 * have the same bits for every batch size and number of workers. */
typedef struct attrib_batch {
  uint32_t struct_size, flags;
  int64_t rows, n_inputs, n_outputs, target;            /* target: ATTRIB_NO_TARGET where none is asked for */
  int64_t input_stride, gradient_stride, output_stride; /* elements from one row to the next */
  const int64_t *row_ids;                               /* rows; stable index of each row within the run, from 0 */
  const void *inputs;                                   /* rows x n_inputs, dtype */
  double *outputs;                                      /* rows, or rows x n_outputs */
  void *gradients;                                      /* rows x n_inputs, dtype; NULL unless asked for */
  const double *target_weights;                         /* n_outputs; NULL = one-hot at target */
  const void *reserved;
  uint32_t dtype, worker; /* worker: no two batches under way at once share it, for per-thread state. Below the
                            context's workers; in the pull form below its in_flight */
} attrib_batch;

/* Evaluates a batch. Returns 0: go on; > 0: stop, the batch is not used and the call ends as CANCELLED with the rows
 * before it; < 0: failed, the call ends as E_CALLBACK and the number is in report.model_status. Must not longjmp or
 * throw. */
typedef int32_t(ATTRIB_CALL *attrib_model_fn)(const attrib_batch *batch, void *user);

/* The caller's model; read at the call and not kept after it (an attrib_run copies the struct).
 *
 * max_rows is the most rows in one batch; 0 = as many as keep a batch's inputs and gradients within 8 MiB, at least 1,
 * at most 64, and few enough for two batches per worker. It never changes a result. With workers > 1 `evaluate` runs on
 * the context's threads: serialised unless ATTRIB_MODEL_CONCURRENT is set. */
typedef struct attrib_model {
  uint32_t struct_size, flags;
  uint32_t dtype, max_rows;
  int64_t n_inputs;         /* elements of one row, >= 1 */
  int64_t n_outputs;        /* 0 = not stated: targets are not checked, and weights and ALL_OUTPUTS cannot be used */
  attrib_model_fn evaluate; /* may be NULL in the pull form only (run.h) */
  void *user;
} attrib_model;

#ifdef __cplusplus
}
#endif
#endif
