/* method_checks.h - what must hold of every attribution method, whatever it computes: the same bits for every way of
 * cutting the work, and a clean end wherever a model, memory or the caller cuts it short. Each check runs one small
 * call in many ways and fails the cmocka test with the way that broke it.
 *
 *   static attrib_status call(attrib_context *context, const attrib_model *models, void *attributions,
 *                             attrib_report *report, void *user) {
 *     const my_case *c = user;
 *     return attrib_xyz(context, &models[0], c->input, 0, &c->options, attributions, report);
 *   }
 *   ...
 *   const checked_method xyz = {.name = "xyz", .models = {analytic_model(&a)}, .model_count = 1, .attributions = n,
 *                               .expected = ATTRIB_OK, .call = call, .start = start, .user = &c};
 *   method_check_all(&xyz);
 *
 * The call runs some hundreds of times and more where it has many rows: let it have 10 to 60. */
#ifndef ATTRIB_TESTS_METHOD_CHECKS_H
#define ATTRIB_TESTS_METHOD_CHECKS_H

#include <stdbool.h>

#include <attrib/attrib.h>

/* A method under test: one call with everything but models, result and report bound. */
typedef struct checked_method {
  const char *name;
  /* What evaluates: one, or two (a layer's body and head, a classifier and a representation). The checks hand others of
   * the same kind to call and start, which evaluate these; flags CONCURRENT and max_rows are the checks'. */
  attrib_model models[2];
  int model_count;
  int64_t attributions;    /* elements of a result; also of every buffer that a report lends */
  size_t attribution_size; /* bytes of one; 0 = sizeof(double) */
  attrib_status expected;  /* of an undisturbed call: ATTRIB_OK or NOT_CONVERGED */
  /* The gradients that are spoilt, by model: of a feature that is looked at in every gradient row (one that moves). */
  int64_t spoilt_feature[2];
  /* The method has no use for that gradient in some rows: there a NaN may also leave no trace at all. */
  bool skips_gradients;
  int64_t untraced_rows;  /* gradient rows that the trace leaves out: those off the path */
  int64_t traced_outputs; /* rows of outputs alone that it has: of a model without gradients the last of each node */
  bool trace_sums;        /* sum of weight * slope over the trace = attribution_sum */
  bool nan_prefix;        /* a call that is stopped early may give NaN: documented so */
  attrib_status (*call)(attrib_context *context, const attrib_model *models, void *attributions, attrib_report *report,
                        void *user);
  /* The pull form; models' evaluate are NULL. NULL: the method has none. */
  attrib_status (*start)(attrib_context *context, const attrib_model *models, attrib_run **run, void *user);
  void *user;
} checked_method;

void method_check_all(const checked_method *method);

/* Attributions, the report's buffers and its numbers have the same bits for every max_rows, workers, in_flight and form
 * of the call, and for every order in which batches come back; so do the rows that the models are asked for. */
void method_check_same_bits(const checked_method *method);

/* A run can be asked for its result at any time: that of the rows used so far, the same bits as a call that was stopped
 * there. It changes nothing. */
void method_check_result_at_any_time(const checked_method *method);

/* A model fails at row k, for every k: E_CALLBACK, and nothing is written but the report. */
void method_check_model_fails(const checked_method *method);

/* A model stops at row k, for every k: CANCELLED, with the result of the rows before its batch. */
void method_check_model_stops(const checked_method *method);

/* An output or gradient of row k is NaN or left unwritten, for every k: E_NONFINITE names the row. */
void method_check_spoilt_rows(const checked_method *method);

/* Allocation k fails, for every k: E_MEMORY, nothing is lost and nothing written. Runs destroyed with batches out leave
 * nothing behind. */
void method_check_memory_runs_out(const checked_method *method);

/* A repeat allocates nothing. */
void method_check_repeat(const checked_method *method);

/* Cancelled before the call, and by or in the progress callback at every telling: CANCELLED with the result of the rows
 * used, or the whole result. What is told only grows, up to the rows in all. */
void method_check_cancel(const checked_method *method);

/* One point for every gradient row, in order, and the same bits as without a trace. */
void method_check_trace(const checked_method *method);

#endif
