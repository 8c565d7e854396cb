/* adaptive_history.h - the adaptive methods of the unit tests with what each has after every row, so that whatever ends
 * a call can be held against the run that nothing disturbs. */
#ifndef ATTRIB_TESTS_ADAPTIVE_HISTORY_H
#define ATTRIB_TESTS_ADAPTIVE_HISTORY_H

#include "methods.h"

enum { N = 5, MOST_ROWS = 600 };

/* What an undisturbed run has after every row; by rows. */
typedef struct history {
  int64_t rows;
  double phi[MOST_ROWS][N], errors[MOST_ROWS][N];
  attrib_trace_point trace[MOST_ROWS];
} history;

static inline void record(method_case *c, history *h) {
  const uint32_t max_rows = c->call.model.max_rows;
  attrib_run *run;
  c->call.model.max_rows = 1;
  assert_int_equal(start_call(NULL, &c->call, &run), ATTRIB_OK);
  assert_int_equal(attrib_run_set_trace(run, h->trace, MOST_ROWS, 0), ATTRIB_OK);
  for (h->rows = 0;; h->rows++) {
    attrib_report report = {.struct_size = sizeof report, .standard_errors = h->errors[h->rows]};
    assert_in_range(h->rows, 0, MOST_ROWS - 1);
    assert_int_equal(attrib_run_result(run, h->phi[h->rows], &report), ATTRIB_OK);
    assert_int_equal(isnan(report.error_estimate), isnan(h->errors[h->rows][0])); /* both after the start */
    if (h->rows < 3) assert_true(isnan(report.error_estimate));
    if (attrib_run_done(run)) break;
    attrib_batch *batch;
    assert_int_equal(attrib_run_next(run, &batch), ATTRIB_OK);
    assert_int_equal(attrib_run_submit(run, batch, analytic_evaluate(batch, &c->model)), ATTRIB_OK);
  }
  attrib_run_destroy(run);
  c->call.model.max_rows = max_rows;
}

/* Attributions, standard errors, report and message of a call, in blocks of their very size. */
typedef struct result {
  attrib_status status;
  double *phi, *errors;
  char *message;
  attrib_report report;
} result;

static inline void open_result(const method_case *c, result *r) {
  *r = (result){.phi = untouched(c->attributions), .errors = untouched(c->attributions), .message = exact_block(300)};
  r->report = (attrib_report){
      .struct_size = sizeof r->report, .standard_errors = r->errors, .message = r->message, .message_capacity = 300};
}

static inline result call_method(attrib_context *context, method_case *c) {
  result r;
  open_result(c, &r);
  r.status = make_call(context, &c->call, r.phi, &r.report);
  return r;
}

static inline void free_result(result *r) {
  free(r->phi);
  free(r->errors);
  free(r->message);
}

static inline void expect_prefix(const method_case *c, const history *h, const result *r) {
  int64_t rows = r->report.evaluations;
  assert_same_bits(r->phi, h->phi[rows], c->attributions);
  assert_same_bits(r->errors, h->errors[rows], c->attributions);
}

static inline void expect_nothing_written(const method_case *c, const result *r) {
  assert_true(is_untouched(r->phi, c->attributions) && is_untouched(r->errors, c->attributions));
}

/* Every form once: *h is what it does undisturbed. */
static inline void open_method(method_case *c, int which, history *h) {
  make_method(c, which, which % 2 ? ATTRIB_F32 : ATTRIB_F64, N);
  record(c, h);
}

static const struct { uint32_t workers, max_rows; } ways[] = {{1, 1}, {1, 5}, {2, 2}, {3, 64}};

/* At every row for a while, and then at some of each round. */
static inline int64_t next_row(int64_t row) {
  return row + (row < 45 ? 1 : 7);
}

#endif
