/* test_small_net_split_batches.c - body and head of the example net as the library calls them: batches of rows, what
 * they refuse, lanes at once, no allocation; and a layer explained. */
#include "small_net_parts.h"

#include <pthread.h>

/* The linker puts these in the place of malloc and calloc (--wrap), so that allocations can be counted. */
static int64_t allocations;
void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_malloc(size_t size) {
  allocations++;
  return __real_malloc(size);
}
void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size) {
  allocations++;
  return __real_calloc(count, size);
}

/* -- batches ------------------------------------------------------------------------------------------------------ */

enum { ROWS = 4, CUTS = 5 };
static const int32_t some_cuts[CUTS] = {0, 3, 8, 14, LAYERS};

/* A batch in blocks of the exact size, with gaps between the rows that are to be left alone. */
typedef struct rows {
  attrib_batch batch;
  float *inputs, *gradients;
  double *outputs, *weights;
  int64_t n_inputs, n_gradients, n_outputs; /* elements of the blocks */
} rows;

static int64_t block_size(int64_t n, int64_t stride) {
  return (ROWS - 1) * stride + n;
}

static void make_rows(const part *p, uint32_t flags, bool weighted, rows *r) {
  const int64_t n = p->model.n_inputs, outputs = (flags & ATTRIB_BATCH_ALL_OUTPUTS) ? p->model.n_outputs : 1;
  *r = (rows){.batch = {.struct_size = sizeof r->batch,
                        .flags = flags,
                        .rows = ROWS,
                        .n_inputs = n,
                        .n_outputs = p->model.n_outputs,
                        .target = weighted ? ATTRIB_NO_TARGET : p->model.n_outputs - 1,
                        .input_stride = n + 5,
                        .gradient_stride = n + 3,
                        .output_stride = outputs + 2,
                        .dtype = ATTRIB_F32,
                        .worker = 1}};
  r->n_inputs = block_size(n, r->batch.input_stride);
  r->n_gradients = block_size(n, r->batch.gradient_stride);
  r->n_outputs = block_size(outputs, r->batch.output_stride);
  r->inputs = floats(r->n_inputs);
  r->gradients = floats(r->n_gradients);
  r->outputs = untouched(r->n_outputs);
  r->weights = doubles(p->model.n_outputs);
  uint64_t random = 3;
  for (int64_t i = 0; i < r->n_inputs; i++) r->inputs[i] = (float)random_number(&random);
  for (int64_t i = 0; i < r->n_gradients; i++) r->gradients[i] = -77.0f;
  fill_random(4, r->weights, p->model.n_outputs);
  r->batch.inputs = r->inputs;
  r->batch.outputs = r->outputs;
  r->batch.gradients = (flags & ATTRIB_BATCH_GRADIENTS) ? r->gradients : NULL;
  r->batch.target_weights = weighted ? r->weights : NULL;
}

static void free_rows(rows *r) {
  free(r->inputs);
  free(r->gradients);
  free(r->outputs);
  free(r->weights);
}

/* Rows as they are alone; the gaps between them as they were. */
static void assert_rows_are_rows(const part *p, const rows *r) {
  const attrib_batch *b = &r->batch;
  const int64_t n = b->n_inputs, outputs = (b->flags & ATTRIB_BATCH_ALL_OUTPUTS) ? b->n_outputs : 1;
  double *alone = doubles(outputs);
  float *gradient = floats(n);
  for (int64_t row = 0; row < ROWS; row++) {
    const double *found = r->outputs + row * b->output_stride;
    const float *slope = r->gradients + row * b->gradient_stride;
    const uint32_t without = b->flags & ~(uint32_t)ATTRIB_BATCH_ALL_OUTPUTS;
    evaluate(p, b->flags & ~(uint32_t)ATTRIB_BATCH_GRADIENTS, r->inputs + row * b->input_stride, b->target,
             b->target_weights, alone, NULL);
    assert_same_bits(found, alone, outputs);
    if (row < ROWS - 1) assert_true(is_untouched(found + outputs, b->output_stride - outputs));
    if (b->gradients != NULL) {
      double value;
      evaluate(p, without, r->inputs + row * b->input_stride, b->target, b->target_weights, &value, gradient);
      assert_memory_equal(slope, gradient, (size_t)n * sizeof *gradient);
    }
    const int64_t from = b->gradients != NULL ? n : 0, to = row < ROWS - 1 ? b->gradient_stride : n;
    for (int64_t i = from; i < to; i++) assert_true(slope[i] == -77.0f);
  }
  free(alone);
  free(gradient);
}

static void batches_are_their_rows(void **state) {
  (void)state;
  static const uint32_t flags[] = {OUTPUTS, BOTH, ALL, ALL | ATTRIB_BATCH_GRADIENTS, BOTH | ATTRIB_BATCH_SECOND_MODEL};
  for (int c = 0; c < CUTS; c++) {
    for (int k = 0; k < 3 * 2 * COUNT(flags); k++) {
      part p;
      rows r;
      if (k % 3 == 0)
        make_body(some_cuts[c], &p);
      else
        make_head(some_cuts[c], k % 3 == 1 ? SMALL_NET_LOGIT : SMALL_NET_PROBABILITY, &p);
      make_rows(&p, flags[k / 6], k / 3 % 2 == 1, &r);
      assert_int_equal(p.model.evaluate(&r.batch, p.model.user), 0);
      assert_rows_are_rows(&p, &r);
      free_rows(&r);
    }
  }
}

/* All outputs without a gradient ask for no target, and a batch may be empty. */
static void a_batch_without_target_or_rows(void **state) {
  (void)state;
  for (int head = 0; head < 2; head++) {
    part p;
    rows r;
    make_body(14, &p);
    if (head) make_head(14, SMALL_NET_LOGIT, &p);
    make_rows(&p, ALL, false, &r);
    r.batch.rows = 0;
    assert_int_equal(p.model.evaluate(&r.batch, p.model.user), 0);
    assert_true(is_untouched(r.outputs, r.n_outputs));
    r.batch.rows = ROWS;
    r.batch.target = ATTRIB_NO_TARGET;
    assert_int_equal(p.model.evaluate(&r.batch, p.model.user), 0);
    assert_rows_are_rows(&p, &r);
    free_rows(&r);
  }
}

/* -- what is refused ---------------------------------------------------------------------------------------------- */

static void assert_refused(const part *p, const rows *r, const attrib_batch *bad, int32_t expected) {
  assert_int_equal(p->model.evaluate(bad, p->model.user), expected);
  assert_true(is_untouched(r->outputs, r->n_outputs));
  for (int64_t i = 0; i < r->n_gradients; i++) assert_true(r->gradients[i] == -77.0f);
}

static void refuse_batches(const part *p, bool weighted) {
  rows r;
  make_rows(p, BOTH | ATTRIB_BATCH_ALL_OUTPUTS, weighted, &r);
  const int64_t n = r.batch.n_inputs, outputs = r.batch.n_outputs;
  attrib_batch bad;
#define REFUSED(status, change) (bad = r.batch, change, assert_refused(p, &r, &bad, status))
  REFUSED(SMALL_NET_E_ARGUMENT, bad.struct_size = offsetof(attrib_batch, worker));
  REFUSED(SMALL_NET_E_ARGUMENT, bad.worker = 2);
  REFUSED(SMALL_NET_E_ARGUMENT, bad.n_inputs = n + 1);
  REFUSED(SMALL_NET_E_ARGUMENT, bad.n_outputs = outputs - 1);
  REFUSED(SMALL_NET_E_ARGUMENT, bad.rows = -1);
  REFUSED(SMALL_NET_E_ARGUMENT, bad.flags = ATTRIB_BATCH_GRADIENTS);
  REFUSED(SMALL_NET_E_ARGUMENT, bad.inputs = NULL);
  REFUSED(SMALL_NET_E_ARGUMENT, bad.outputs = NULL);
  REFUSED(SMALL_NET_E_ARGUMENT, bad.gradients = NULL);
  REFUSED(SMALL_NET_E_UNSUPPORTED, bad.dtype = ATTRIB_F64);
  REFUSED(SMALL_NET_E_UNSUPPORTED, bad.flags |= 16u);
  REFUSED(SMALL_NET_E_UNSUPPORTED, bad.gradient_stride = n - 1);
  REFUSED(SMALL_NET_E_UNSUPPORTED, bad.output_stride = outputs - 1);
  REFUSED(SMALL_NET_E_UNSUPPORTED, (bad.flags = BOTH, bad.output_stride = 0));
  if (!weighted) {
    REFUSED(SMALL_NET_E_ARGUMENT, bad.target = outputs);
    REFUSED(SMALL_NET_E_ARGUMENT, bad.target = ATTRIB_NO_TARGET);
    REFUSED(SMALL_NET_E_ARGUMENT, (bad.flags = OUTPUTS, bad.target = outputs));
  }
#undef REFUSED
  assert_int_equal(p->model.evaluate(&r.batch, NULL), SMALL_NET_E_ARGUMENT);
  assert_int_equal(p->model.evaluate(NULL, p->model.user), SMALL_NET_E_ARGUMENT);
  assert_true(is_untouched(r.outputs, r.n_outputs));
  assert_int_equal(p->model.evaluate(&r.batch, p->model.user), 0); /* the batch was right but for what was changed */
  free_rows(&r);
}

static void bad_batches_are_refused(void **state) {
  (void)state;
  for (int c = 0; c < CUTS; c++) {
    for (int weighted = 0; weighted < 2; weighted++) {
      part body, head;
      make_body(some_cuts[c], &body);
      refuse_batches(&body, weighted);
      make_head(some_cuts[c], SMALL_NET_PROBABILITY, &head);
      refuse_batches(&head, weighted);
    }
  }
}

static void bad_arguments_are_refused(void **state) {
  (void)state;
  part p;
  memset(&p, 0x5a, sizeof p);
  const part before = p;
  const char *name = "as it was";
  small_net_shape shape = {1, 2, 3};
  assert_int_equal(small_net_layer_count(NULL), 0);
  static const int32_t no_cuts[] = {-1, LAYERS + 1, INT32_MIN, INT32_MAX};
  for (int i = 0; i < COUNT(no_cuts); i++) {
    assert_int_equal(small_net_layer_info(net, no_cuts[i], &name, &shape), SMALL_NET_E_ARGUMENT);
    assert_int_equal(small_net_body(net, no_cuts[i], &p.split, &p.model), SMALL_NET_E_ARGUMENT);
    assert_int_equal(small_net_head(net, no_cuts[i], SMALL_NET_LOGIT, &p.split, &p.model), SMALL_NET_E_ARGUMENT);
  }
  assert_int_equal(small_net_layer_info(NULL, 0, &name, &shape), SMALL_NET_E_ARGUMENT);
  assert_int_equal(small_net_body(NULL, 0, &p.split, &p.model), SMALL_NET_E_ARGUMENT);
  assert_int_equal(small_net_body(net, 0, NULL, &p.model), SMALL_NET_E_ARGUMENT);
  assert_int_equal(small_net_body(net, 0, &p.split, NULL), SMALL_NET_E_ARGUMENT);
  assert_int_equal(small_net_head(NULL, 0, SMALL_NET_LOGIT, &p.split, &p.model), SMALL_NET_E_ARGUMENT);
  assert_int_equal(small_net_head(net, 0, SMALL_NET_LOGIT, NULL, &p.model), SMALL_NET_E_ARGUMENT);
  assert_int_equal(small_net_head(net, 0, SMALL_NET_LOGIT, &p.split, NULL), SMALL_NET_E_ARGUMENT);
  assert_int_equal(small_net_head(net, 0, SMALL_NET_PROBABILITY + 1, &p.split, &p.model), SMALL_NET_E_ARGUMENT);
  assert_memory_equal(&p, &before, sizeof p);
  assert_string_equal(name, "as it was");
  assert_true(shape.channels == 1 && shape.height == 2 && shape.width == 3);
  assert_int_equal(small_net_layer_info(net, 0, NULL, NULL), 0); /* either may be left out */
}

/* A split is the caller's: one that was spoilt is noticed before anything is read through it. */
static void spoilt_splits_are_refused(void **state) {
  (void)state;
  part p;
  rows r;
  make_head(14, SMALL_NET_LOGIT, &p);
  make_rows(&p, BOTH, false, &r);
  small_net_split good = p.split;
  p.split.layer = LAYERS + 1;
  assert_refused(&p, &r, &r.batch, SMALL_NET_E_ARGUMENT);
  p.split = good;
  p.split.net = NULL;
  assert_refused(&p, &r, &r.batch, SMALL_NET_E_ARGUMENT);
  p.split = good;
  p.split.score = SMALL_NET_PROBABILITY + 1;
  assert_refused(&p, &r, &r.batch, SMALL_NET_E_ARGUMENT);
  free_rows(&r);
}

/* -- threads and memory ------------------------------------------------------------------------------------------- */

typedef struct lane_work {
  uint32_t lane;
  int first; /* cut to begin with: lanes are at different layers at any time */
  part bodies[CUTS], heads[CUTS];
  float *activations[CUTS], *gradients[CUTS];
  double *values[CUTS], scores[CUTS][K];
} lane_work;

static void make_work(uint32_t lane, lane_work *work) {
  *work = (lane_work){.lane = lane, .first = (int)lane * 2};
  for (int c = 0; c < CUTS; c++) {
    const int64_t n = activations_at(some_cuts[c]);
    make_body(some_cuts[c], &work->bodies[c]);
    make_head(some_cuts[c], SMALL_NET_LOGIT, &work->heads[c]);
    work->activations[c] = floats(n);
    work->values[c] = doubles(n);
    work->gradients[c] = floats(n > N ? n : N);
  }
}

/* Body, head and body again, from the activations to a gradient of the picture. */
static void *run_lane(void *argument) {
  lane_work *work = argument;
  for (int k = 0; k < 2 * CUTS; k++) {
    const int c = (work->first + k) % CUTS;
    const int64_t n = activations_at(some_cuts[c]);
    double ignored;
    evaluate_on(work->lane, &work->bodies[c], ALL, inputs[1], ATTRIB_NO_TARGET, NULL, work->values[c], NULL);
    for (int64_t i = 0; i < n; i++) work->activations[c][i] = (float)work->values[c][i];
    evaluate_on(work->lane, &work->heads[c], ALL | ATTRIB_BATCH_GRADIENTS, work->activations[c], 6, NULL,
                work->scores[c], work->gradients[c]);
    for (int64_t i = 0; i < n; i++) work->values[c][i] = (double)work->gradients[c][i];
    evaluate_on(work->lane, &work->bodies[c], BOTH, inputs[1], ATTRIB_NO_TARGET, work->values[c], &ignored,
                work->gradients[c]);
  }
  return NULL;
}

static void two_lanes_at_once(void **state) {
  (void)state;
  static lane_work work[2];
  pthread_t threads[2];
  static float expected[N];
  float logits[K];
  for (uint32_t lane = 0; lane < 2; lane++) make_work(lane, &work[lane]);
  for (int lane = 0; lane < 2; lane++) assert_int_equal(pthread_create(&threads[lane], NULL, run_lane, &work[lane]), 0);
  for (int lane = 0; lane < 2; lane++) assert_int_equal(pthread_join(threads[lane], NULL), 0);
  assert_int_equal(small_net_forward(net, 0, inputs[1], logits), 0);
  assert_int_equal(small_net_gradient(net, 0, SMALL_NET_LOGIT, inputs[1], 6, NULL, NULL, expected), 0);
  for (int lane = 0; lane < 2; lane++) {
    for (int c = 0; c < CUTS; c++) {
      for (int k = 0; k < K; k++) assert_true(work[lane].scores[c][k] == (double)logits[k]);
      assert_memory_equal(work[lane].gradients[c], expected, sizeof expected);
      free(work[lane].activations[c]);
      free(work[lane].gradients[c]);
      free(work[lane].values[c]);
    }
  }
}

static void nothing_is_allocated_after_loading(void **state) {
  (void)state;
  for (int c = 0; c < CUTS; c++) {
    part body, head;
    rows b, h;
    make_body(some_cuts[c], &body);
    make_rows(&body, BOTH, true, &b);
    make_head(some_cuts[c], SMALL_NET_PROBABILITY, &head);
    make_rows(&head, BOTH, true, &h);
    const int64_t before = allocations;
    assert_true(before > 0); /* the count works */
    make_body(some_cuts[c], &body);
    make_head(some_cuts[c], SMALL_NET_PROBABILITY, &head);
    assert_int_equal(body.model.evaluate(&b.batch, body.model.user), 0);
    assert_int_equal(head.model.evaluate(&h.batch, head.model.user), 0);
    assert_int_equal(allocations, before);
    free_rows(&b);
    free_rows(&h);
  }
}

/* -- with the library --------------------------------------------------------------------------------------------- */

/* Along the straight line between the activations of two pictures: the change of f is the same at every layer. */
static void layers_are_explained(void **state) {
  (void)state;
  attrib_context *context = new_context(2, 0);
  static const float black[N];
  double whole[K], none[K];
  part net_itself;
  make_head(0, SMALL_NET_LOGIT, &net_itself);
  evaluate(&net_itself, ALL, inputs[1], ATTRIB_NO_TARGET, NULL, whole, NULL);
  evaluate(&net_itself, ALL, black, ATTRIB_NO_TARGET, NULL, none, NULL);
  for (int32_t cut = 0; cut <= LAYERS; cut += 2) {
    const int64_t n = activations_at(cut);
    part body, head;
    make_body(cut, &body);
    make_head(cut, SMALL_NET_LOGIT, &head);
    double *a = doubles(n), *attributions = doubles(n);
    const attrib_baselines row = one_baseline(inputs[1]);
    assert_status(attrib_outputs(context, &body.model, &row, ATTRIB_NO_TARGET, NULL, a, NULL), ATTRIB_OK, context);
    float *input = as_floats(a, n), *baseline = activations_of(cut, black);
    const attrib_baselines set = one_baseline(baseline);
    attrib_report report = {.struct_size = sizeof report};
    assert_status(attrib_integrated_gradients(context, &head.model, input, 6, &set, NULL, attributions, &report),
                  ATTRIB_OK, context);
    assert_true(report.output == whole[6] && report.baseline_output == none[6]);
    assert_near(report.attribution_sum, whole[6] - none[6], 0.05, fabs(whole[6] - none[6])); /* its tolerance */
    free(a);
    free(attributions);
    free(input);
    free(baseline);
  }
  attrib_context_destroy(context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(batches_are_their_rows),
      cmocka_unit_test(a_batch_without_target_or_rows),
      cmocka_unit_test(bad_batches_are_refused),
      cmocka_unit_test(bad_arguments_are_refused),
      cmocka_unit_test(spoilt_splits_are_refused),
      cmocka_unit_test(two_lanes_at_once),
      cmocka_unit_test(nothing_is_allocated_after_loading),
      cmocka_unit_test(layers_are_explained),
  };
  return cmocka_run_group_tests_name("small_net_split_batches", tests, set_up, tear_down);
}
