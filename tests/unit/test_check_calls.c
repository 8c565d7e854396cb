/* test_check_calls.c - the self-test as a call: arguments, options, report and text, failures of model and memory,
 * cancel, workers, and models without gradients or of one row at a time. */
#include "check_models.h"

#include "meter.h"

static double input[NET_INPUTS], baseline[NET_INPUTS];

static int set_up(void **state) {
  (void)state;
  for (int i = 0; i < NET_INPUTS; i++) {
    input[i] = 0.5 + 0.5 * sin(2.3 * i + 1);
    baseline[i] = 0.05 * (i % 2);
  }
  return 0;
}

static attrib_check_options defaults(void) {
  return (attrib_check_options){.struct_size = sizeof(attrib_check_options)};
}

/* -- arguments ---------------------------------------------------------------------------------------------------- */

static void refused(const attrib_model *model, const void *x, int64_t target, const void *b,
                    const attrib_check_options *options, attrib_status status, const char *words) {
  attrib_context *context = new_context(1, 0);
  checked found;
  check_model(context, model, x, target, b, options, &found);
  assert_status(found.status, status, context);
  assert_names(attrib_context_error(context), words);
  assert_names(found.text, words);
  assert_int_equal(found.report.text_length, strlen(found.text));
  assert_int_equal(found.report.finding_count, 0);
  assert_int_equal(found.report.verdict, 0);
  assert_int_equal(found.report.model_calls, 0);
  assert_status(attrib_model_check(context, model, x, target, b, options, NULL), status, context);
  assert_status(attrib_model_check(NULL, model, x, target, b, options, NULL), status, context);
  attrib_context_destroy(context);
}

static void bad_arguments(void **state) {
  (void)state;
  faulty m = {.fault = FAULT_NONE};
  attrib_model model = faulty_model(&m, ATTRIB_F64);
  double spoilt[NET_INPUTS], low[NET_INPUTS];
  memcpy(spoilt, input, sizeof spoilt);
  spoilt[7] = (double)NAN;
  refused(NULL, input, 0, baseline, NULL, ATTRIB_E_ARGUMENT, "model is NULL");
  refused(&model, NULL, 0, baseline, NULL, ATTRIB_E_ARGUMENT, "input is NULL");
  refused(&model, input, 0, NULL, NULL, ATTRIB_E_ARGUMENT, "baseline is NULL");
  refused(&model, spoilt, 0, baseline, NULL, ATTRIB_E_NONFINITE, "input[7]");
  refused(&model, input, 0, spoilt, NULL, ATTRIB_E_NONFINITE, "baseline[7]");
  refused(&model, input, 3, baseline, NULL, ATTRIB_E_ARGUMENT, "target = 3: the model has 3 outputs");
  refused(&model, input, -1, baseline, NULL, ATTRIB_E_ARGUMENT, "target = -1");
  for (int i = 0; i < NET_INPUTS; i++) {
    spoilt[i] = 1.7e308;
    low[i] = -1.7e308;
  }
  refused(&model, spoilt, 0, low, NULL, ATTRIB_E_OVERFLOW, "input[0] - baseline[0]");
  model.evaluate = NULL;
  refused(&model, input, 0, baseline, NULL, ATTRIB_E_ARGUMENT, "evaluate is NULL");
  model = faulty_model(&m, ATTRIB_F64);
  model.n_inputs = INT64_C(1) << 40;
  refused(&model, input, 0, baseline, NULL, ATTRIB_E_OVERFLOW, "n_inputs");
  model = faulty_model(&m, ATTRIB_F64);
  model.n_outputs = INT64_MAX;
  refused(&model, input, 0, baseline, NULL, ATTRIB_E_OVERFLOW, "n_outputs");
  assert_int_equal(m.calls, 0);
}

static void bad_options(void **state) {
  (void)state;
  faulty m = {.fault = FAULT_NONE};
  const attrib_model model = faulty_model(&m, ATTRIB_F64);
  attrib_check_options options = defaults();
  options.flags = 1;
  refused(&model, input, 0, baseline, &options, ATTRIB_E_UNSUPPORTED, "options->flags = 0x1");
  static const int64_t rows[] = {-1, 1, 12, INT64_MAX, INT64_MIN};
  for (int k = 0; k < COUNT(rows); k++) {
    options = defaults();
    options.max_evaluations = rows[k];
    refused(&model, input, 0, baseline, &options, ATTRIB_E_ARGUMENT, "options->max_evaluations");
  }
  const double tolerances[] = {-0.1, 0.51, (double)NAN, (double)INFINITY};
  for (int k = 0; k < COUNT(tolerances); k++) {
    options = defaults();
    options.tolerance = tolerances[k];
    refused(&model, input, 0, baseline, &options, ATTRIB_E_ARGUMENT, "options->tolerance");
  }
  options = defaults();
  const double weights[NET_OUTPUTS] = {1, (double)NAN, 0}, good[NET_OUTPUTS] = {1, 2, 3};
  options.target_weights = weights;
  refused(&model, input, ATTRIB_NO_TARGET, baseline, &options, ATTRIB_E_ARGUMENT, "target_weights[1]");
  options.target_weights = good;
  refused(&model, input, 0, baseline, &options, ATTRIB_E_ARGUMENT, "target = 0");
  options = defaults();
  attrib_image shape = {.struct_size = sizeof shape, .width = 4, .height = 4, .channels = 4};
  options.shape = &shape;
  refused(&model, input, 0, baseline, &options, ATTRIB_E_ARGUMENT, "options->shape");
  assert_int_equal(m.calls, 0);
}

static void busy(void **state) {
  (void)state;
  faulty m = {.fault = FAULT_NONE};
  const attrib_model model = faulty_model(&m, ATTRIB_F64);
  const attrib_baselines set = one_baseline(baseline);
  attrib_context *context = new_context(1, 0);
  attrib_run *run;
  assert_int_equal(attrib_integrated_gradients_start(context, &model, input, 0, &set, NULL, &run), ATTRIB_OK);
  attrib_check_report report = {.struct_size = sizeof report, .filled_size = 77};
  assert_int_equal(attrib_model_check(context, &model, input, 0, baseline, NULL, &report), ATTRIB_E_BUSY);
  assert_int_equal(report.filled_size, 77);
  attrib_run_destroy(run);
  attrib_context_destroy(context);
}

/* -- report ------------------------------------------------------------------------------------------------------- */

static attrib_status into(attrib_check_report *report) {
  faulty m = {.fault = FAULT_SIGN};
  const attrib_model model = faulty_model(&m, ATTRIB_F64);
  return attrib_model_check(NULL, &model, input, 0, baseline, NULL, report);
}

/* Short ones from older callers, and longer ones from newer. */
static void report_sizes(void **state) {
  (void)state;
  const uint32_t size = sizeof(attrib_check_report);
  for (uint32_t given = 0; given <= size + 40; given++) {
    unsigned char *block = exact_block(given < 4 ? 4 : given);
    memset(block, given <= size ? 0 : 0x5c, given < 4 ? 4 : given);
    if (given > size) memset(block, 0, size);
    memcpy(block, &given, sizeof given);
    const attrib_status status = into((attrib_check_report *)(void *)block);
    assert_int_equal(status, given < size ? ATTRIB_E_STRUCT : ATTRIB_DISAGREE);
    for (uint32_t i = size; i < given; i++) assert_int_equal(block[i], 0x5c);
    if (given >= size) assert_int_equal(((attrib_check_report *)(void *)block)->filled_size, size);
    free(block);
  }
}

static void bad_reports(void **state) {
  (void)state;
  attrib_check_finding finding;
  char text[4];
  attrib_check_report report = {.struct_size = sizeof report, .findings = &finding, .finding_capacity = -1};
  assert_int_equal(into(&report), ATTRIB_E_ARGUMENT);
  report = (attrib_check_report){
      .struct_size = sizeof report, .findings = &finding, .finding_capacity = 1, .finding_stride = 39};
  assert_int_equal(into(&report), ATTRIB_E_ARGUMENT);
  report.finding_stride = -40;
  assert_int_equal(into(&report), ATTRIB_E_ARGUMENT);
  report = (attrib_check_report){.struct_size = sizeof report, .text = text, .text_capacity = -1};
  assert_int_equal(into(&report), ATTRIB_E_ARGUMENT);
}

static void findings_of_any_number(void **state) {
  (void)state;
  enum { STRIDE = 56 };
  for (int64_t capacity = 0; capacity <= CHECKS + 2; capacity++) {
    const size_t bytes = (size_t)capacity * STRIDE;
    unsigned char *buffer = exact_block(bytes == 0 ? 1 : bytes);
    memset(buffer, 0x5c, bytes == 0 ? 1 : bytes);
    attrib_check_report report = {
        .struct_size = sizeof report, .findings = buffer, .finding_capacity = capacity, .finding_stride = STRIDE};
    assert_int_equal(into(&report), ATTRIB_DISAGREE);
    assert_int_equal(report.finding_count, capacity < CHECKS ? capacity : CHECKS);
    assert_int_equal(report.failed, BIT(GRADIENT));
    for (int64_t k = 0; k < report.finding_count; k++) {
      attrib_check_finding finding;
      memcpy(&finding, buffer + k * STRIDE, sizeof finding);
      assert_int_equal(finding.check, k + 1);
      assert_int_equal(finding.verdict == ATTRIB_CHECK_FAILED, finding.check == ATTRIB_CHECK_GRADIENT);
      assert_int_equal(finding.cause, finding.check == ATTRIB_CHECK_GRADIENT ? ATTRIB_CAUSE_SIGN : 0);
      assert_int_equal(finding.element, -1);
      if (finding.check == ATTRIB_CHECK_GRADIENT) assert_near(finding.measured, -1, 1e-6, 1);
      for (size_t i = sizeof finding; i < STRIDE; i++) assert_int_equal(buffer[(size_t)k * STRIDE + i], 0x5c);
    }
    free(buffer);
  }
}

/* Cut anywhere, ended always, overrun never; the whole length is told. */
static void text_of_any_length(void **state) {
  (void)state;
  char whole[8192];
  attrib_check_report report = {.struct_size = sizeof report, .text = whole, .text_capacity = sizeof whole};
  assert_int_equal(into(&report), ATTRIB_DISAGREE);
  const int64_t length = report.text_length;
  assert_int_equal(length, strlen(whole));
  int lines = 0;
  for (int64_t i = 0; i < length; i++) lines += whole[i] == '\n';
  assert_int_equal(lines, CHECKS);
  assert_true(whole[length - 1] == '\n');
  for (int64_t capacity = 0; capacity <= length + 2; capacity += capacity < 70 || capacity > length - 70 ? 1 : 97) {
    char *text = exact_block(capacity == 0 ? 1 : (size_t)capacity);
    text[0] = '#';
    report = (attrib_check_report){.struct_size = sizeof report, .text = text, .text_capacity = capacity};
    assert_int_equal(into(&report), ATTRIB_DISAGREE);
    assert_int_equal(report.text_length, length);
    if (capacity == 0) {
      assert_true(text[0] == '#');
    } else {
      assert_int_equal(strlen(text), capacity <= length ? capacity - 1 : length);
      assert_memory_equal(text, whole, strlen(text));
    }
    free(text);
  }
  report = (attrib_check_report){.struct_size = sizeof report, .text_capacity = 100};
  assert_int_equal(into(&report), ATTRIB_DISAGREE);
  assert_int_equal(report.text_length, length);
}

static void the_message_is_the_first_failure(void **state) {
  (void)state;
  faulty m = {.fault = FAULT_BATCH_NORM};
  const attrib_model model = faulty_model(&m, ATTRIB_F64);
  attrib_context *context = new_context(1, 0);
  checked found;
  check_model(context, &model, input, 1, baseline, NULL, &found);
  assert_int_equal(found.status, ATTRIB_DISAGREE);
  assert_string_equal(attrib_context_error(context), sentence_of(&found, ATTRIB_CHECK_BATCH));
  m = (faulty){.fault = FAULT_NONE};
  check_model(context, &model, input, 1, baseline, NULL, &found);
  assert_failed(&found, 0);
  assert_string_equal(attrib_context_error(context), "");
  attrib_context_destroy(context);
}

/* The same numbers again, by every seed another direction. */
static void repeats(void **state) {
  (void)state;
  faulty m = {.fault = FAULT_FACTOR, .factor = 3};
  const attrib_model model = faulty_model(&m, ATTRIB_F32);
  float x[NET_INPUTS], b[NET_INPUTS];
  for (int i = 0; i < NET_INPUTS; i++) {
    x[i] = (float)input[i];
    b[i] = (float)baseline[i];
  }
  checked first, again;
  attrib_check_options options = defaults();
  for (uint64_t seed = 0; seed < 50; seed++) {
    options.seed = seed;
    check_model(NULL, &model, x, 1, b, &options, &first);
    check_model(NULL, &model, x, 1, b, &options, &again);
    assert_string_equal(first.text, again.text);
    assert_failed(&first, BIT(GRADIENT));
    assert_int_equal(first.findings[ATTRIB_CHECK_GRADIENT - 1].cause, ATTRIB_CAUSE_FACTOR);
  }
}

/* -- budgets ------------------------------------------------------------------------------------------------------ */

static void any_budget(void **state) {
  (void)state;
  static const fault faults[] = {FAULT_NONE,   FAULT_SIGN,         FAULT_MASKED,        FAULT_BATCH_NORM,
                                 FAULT_PLACES, FAULT_OTHER_TARGET, FAULT_IGNORES_TARGET};
  attrib_context *context = new_context(2, 0);
  for (int k = 0; k < COUNT(faults); k++)
    for (int64_t rows = 13; rows <= 64; rows++) {
      faulty m = {.fault = faults[k]};
      attrib_model model = faulty_model(&m, ATTRIB_F64);
      attrib_check_options options = defaults();
      checked found;
      options.max_evaluations = rows;
      check_model(context, &model, input, 1, baseline, &options, &found);
      assert_true(found.status == ATTRIB_OK || found.status == ATTRIB_DISAGREE);
      assert_true(m.rows <= rows);
      assert_int_equal(found.report.evaluations + found.report.output_evaluations, m.rows);
      if (faults[k] == FAULT_NONE) assert_failed(&found, 0);
      if (faults[k] == FAULT_SIGN && rows >= 28) assert_failed(&found, BIT(GRADIENT));
      for (int check = 1; check <= CHECKS; check++) assert_true(found.findings[check - 1].verdict != 0);
    }
  attrib_context_destroy(context);
}

/* -- models of other kinds ---------------------------------------------------------------------------------------- */

static void without_gradients(void **state) {
  (void)state;
  faulty m = {.fault = FAULT_SIGN};
  attrib_model model = faulty_model(&m, ATTRIB_F64);
  checked found;
  model.flags |= ATTRIB_MODEL_NO_GRADIENTS;
  check_model(NULL, &model, input, 1, baseline, NULL, &found);
  assert_failed(&found, 0);
  assert_int_equal(found.report.evaluations, 0);
  for (int k = 0; k < 3; k++) {
    static const int checks[] = {ATTRIB_CHECK_FORWARD, ATTRIB_CHECK_ZERO, ATTRIB_CHECK_GRADIENT};
    assert_int_equal(found.findings[checks[k] - 1].verdict, ATTRIB_CHECK_SKIPPED);
    assert_names(sentence_of(&found, checks[k]), "gives no gradients");
  }
  static const struct {
    fault fault;
    uint32_t bits;
  } others[] = {
      {FAULT_DROPOUT, BIT(REPEAT)},        {FAULT_BATCH_NORM, BIT(BATCH)},    {FAULT_FORGETS_ROW, BIT(WRITES)},
      {FAULT_TIGHT, BIT(STRIDES)},         {FAULT_STALE, BIT(WRITES)},        {FAULT_NAN_OUTPUT, BIT(FINITE)},
      {FAULT_TIGHT_INPUTS, BIT(STRIDES)},  {FAULT_ADDS, BIT(WRITES)},         {FAULT_PLACES, BIT(ORDER)},
      {FAULT_IGNORES_TARGET, BIT(TARGET)}, {FAULT_WRITES_INPUTS, BIT(INPUTS)}};
  for (int k = 0; k < COUNT(others); k++) {
    m = (faulty){.fault = others[k].fault, .state = 3};
    check_model(NULL, &model, input, 1, baseline, NULL, &found);
    assert_failed(&found, others[k].bits);
  }
}

/* One row at a time, and two. */
static void small_batches(void **state) {
  (void)state;
  static const struct {
    fault fault;
    uint32_t one, two;
  } faults[] = {{FAULT_NONE, 0, 0},
                {FAULT_SIGN, BIT(GRADIENT), BIT(GRADIENT)},
                {FAULT_SHARED, 0, BIT(BATCH)},
                {FAULT_MEAN, 0, BIT(BATCH)},
                {FAULT_TIGHT_INPUTS, 0, BIT(STRIDES)},
                {FAULT_DROPOUT, BIT(REPEAT), BIT(REPEAT)},
                {FAULT_FORGETS_ELEMENT, BIT(WRITES), BIT(WRITES)}};
  for (int k = 0; k < COUNT(faults); k++)
    for (uint32_t most = 1; most <= 2; most++) {
      faulty m = {.fault = faults[k].fault};
      attrib_model model = faulty_model(&m, ATTRIB_F64);
      checked found;
      model.max_rows = most;
      check_model(NULL, &model, input, 1, baseline, NULL, &found);
      assert_failed(&found, most == 1 ? faults[k].one : faults[k].two);
      if (most == 1) assert_names(sentence_of(&found, ATTRIB_CHECK_BATCH), "one row at a time");
    }
}

static void flags_that_are_not_set(void **state) {
  (void)state;
  faulty m = {.fault = FAULT_IGNORES_WEIGHTS};
  attrib_model model = faulty_model(&m, ATTRIB_F64);
  checked found;
  model.flags = 0;
  model.n_outputs = 0;
  check_model(NULL, &model, input, 1, baseline, NULL, &found);
  assert_failed(&found, 0);
  assert_names(sentence_of(&found, ATTRIB_CHECK_TARGET), "n_outputs is not stated");
  assert_names(sentence_of(&found, ATTRIB_CHECK_WEIGHTS), "lacks ATTRIB_MODEL_TARGET_WEIGHTS");
  assert_names(sentence_of(&found, ATTRIB_CHECK_ALL_OUTPUTS), "lacks ATTRIB_MODEL_ALL_OUTPUTS");
  m.fault = FAULT_OTHER_TARGET; /* found without the flags, too */
  model.n_outputs = NET_OUTPUTS;
  check_model(NULL, &model, input, 1, baseline, NULL, &found);
  assert_failed(&found, BIT(GRADIENT));
  assert_int_equal(found.findings[ATTRIB_CHECK_GRADIENT - 1].cause, ATTRIB_CAUSE_OTHER_TARGET);
}

static void weighted_sums(void **state) {
  (void)state;
  const double weights[NET_OUTPUTS] = {0.5, -2, 1};
  attrib_check_options options = defaults();
  options.target_weights = weights;
  static const struct {
    fault fault;
    uint32_t bits;
  } faults[] = {{FAULT_NONE, 0},
                {FAULT_SIGN, BIT(GRADIENT)},
                {FAULT_REVERSES_OUTPUTS, BIT(ALL_OUTPUTS)},
                {FAULT_IGNORES_WEIGHTS, BIT(WEIGHTS) | BIT(ALL_OUTPUTS)}};
  for (int k = 0; k < COUNT(faults); k++) {
    faulty m = {.fault = faults[k].fault};
    const attrib_model model = faulty_model(&m, ATTRIB_F64);
    checked found;
    check_model(NULL, &model, input, ATTRIB_NO_TARGET, baseline, &options, &found);
    assert_failed(&found, faults[k].bits);
  }
}

/* -- stops -------------------------------------------------------------------------------------------------------- */

static void model_fails(void **state) {
  (void)state;
  for (int64_t row = 0; row < 40; row++)
    for (int32_t code = -7; code <= 5; code += 12) {
      faulty m = {.fault = FAULT_SIGN, .fail_at = row, .code = code};
      const attrib_model model = faulty_model(&m, ATTRIB_F64);
      attrib_context *context = new_context(1, 0);
      checked found;
      check_model(context, &model, input, 1, baseline, NULL, &found);
      if (m.rows <= row) { /* fewer are asked for */
        assert_failed(&found, BIT(GRADIENT));
        assert_true(row >= 34);
      } else if (code < 0) {
        assert_status(found.status, ATTRIB_E_CALLBACK, context);
        assert_names(attrib_context_error(context), "the model returned -7");
        assert_int_equal(found.report.finding_count, 0);
        assert_int_equal(found.report.stop_reason, ATTRIB_STOP_ERROR);
      } else {
        assert_status(found.status, ATTRIB_CANCELLED, context);
        assert_int_equal(found.report.stop_reason, ATTRIB_STOP_CALLBACK);
        assert_int_equal(found.report.verdict, found.report.failed == 0 ? 0 : ATTRIB_CHECK_FAILED);
        assert_int_equal(found.report.failed, row < 36 ? 0 : BIT(GRADIENT));
        assert_int_equal(found.report.finding_count, CHECKS);
        if (row < 36) /* beyond, input and baseline by themselves */
          assert_names(sentence_of(&found, ATTRIB_CHECK_GRADIENT), "not reached");
        else
          assert_int_equal(found.findings[ATTRIB_CHECK_GRADIENT - 1].verdict, ATTRIB_CHECK_FAILED);
      }
      if (m.rows > row) assert_int_equal(found.report.model_status, code);
      attrib_context_destroy(context);
    }
}

typedef struct teller {
  attrib_context *context;
  int64_t stop_at, told;
  bool cancel;
} teller;

static int32_t ATTRIB_CALL tell(const attrib_progress *progress, void *user) {
  teller *t = user;
  assert_true(progress->evaluations > 0 && progress->evaluations <= 40);
  if (t->told++ != t->stop_at) return 0;
  if (t->cancel) attrib_context_cancel(t->context);
  return t->cancel ? 0 : 1;
}

static void stopped_between_batches(void **state) {
  (void)state;
  for (int cancel = 0; cancel < 2; cancel++)
    for (int64_t stop = -1; stop < 30; stop++) {
      faulty m = {.fault = FAULT_NONE};
      const attrib_model model = faulty_model(&m, ATTRIB_F64);
      attrib_context *context = new_context(1, 0);
      teller t = {.context = context, .stop_at = stop, .cancel = cancel == 1};
      checked found;
      assert_int_equal(attrib_context_set_progress(context, tell, &t), ATTRIB_OK);
      if (stop < 0) attrib_context_cancel(context);
      check_model(context, &model, input, 1, baseline, NULL, &found);
      if (found.status == ATTRIB_OK) {
        assert_true(stop > 20);
      } else {
        assert_int_equal(found.status, ATTRIB_CANCELLED);
        assert_int_equal(found.report.stop_reason, cancel == 1 || stop < 0 ? ATTRIB_STOP_CANCEL : ATTRIB_STOP_PROGRESS);
        assert_int_equal(found.report.finding_count, CHECKS);
        assert_int_equal(found.report.verdict, 0);
        assert_int_equal(found.report.model_calls, m.calls);
      }
      t.stop_at = 1000;
      check_model(context, &model, input, 1, baseline, NULL, &found); /* the request was used up */
      assert_failed(&found, 0);
      attrib_context_destroy(context);
    }
}

static void memory_runs_out(void **state) {
  (void)state;
  attrib_status status = ATTRIB_E_MEMORY;
  for (int64_t n = 0; status != ATTRIB_OK; n++) {
    faulty m = {.fault = FAULT_NONE};
    const attrib_model model = faulty_model(&m, ATTRIB_F64);
    meter memory;
    checked found;
    meter_start(&memory);
    attrib_context *context = meter_context(&memory, 2, 0, NULL);
    memory.fail_at = memory.allocations + n;
    check_model(context, &model, input, 1, baseline, NULL, &found);
    status = found.status;
    assert_true(status == ATTRIB_OK || status == ATTRIB_E_MEMORY);
    assert_int_equal(m.calls > 0, status == ATTRIB_OK);
    if (status == ATTRIB_OK) {
      const int64_t allocations = memory.allocations;
      assert_int_equal(found.report.peak_bytes, attrib_context_memory(context));
      check_model(context, &model, input, 1, baseline, NULL, &found);
      assert_int_equal(memory.allocations, allocations); /* a repeat allocates nothing */
    }
    attrib_context_destroy(context);
    meter_finish(&memory);
    assert_true(n < 10);
  }
}

/* -- workers ------------------------------------------------------------------------------------------------------ */

/* Notes which thread a worker is. */
typedef struct crowded {
  faulty inner[2];
  pthread_t threads[2];
  int calls[2];
} crowded;

static int32_t ATTRIB_CALL evaluate_crowded(const attrib_batch *b, void *user) {
  crowded *c = user;
  assert_true(b->worker < 2);
  c->threads[b->worker] = pthread_self();
  c->calls[b->worker]++;
  return evaluate_faulty(b, &c->inner[b->worker]);
}

static void workers(void **state) {
  (void)state;
  attrib_context *context = new_context(2, 0);
  crowded c = {.calls = {0}};
  attrib_model model = faulty_model(&c.inner[0], ATTRIB_F64);
  checked found;
  model.evaluate = evaluate_crowded;
  model.user = &c;
  check_model(context, &model, input, 1, baseline, NULL, &found);
  assert_int_equal(found.findings[ATTRIB_CHECK_WORKERS - 1].verdict, ATTRIB_CHECK_SKIPPED);
  assert_int_equal(c.calls[1], 0);
  model.flags |= ATTRIB_MODEL_CONCURRENT;
  check_model(context, &model, input, 1, baseline, NULL, &found);
  assert_failed(&found, 0);
  assert_int_equal(found.findings[ATTRIB_CHECK_WORKERS - 1].verdict, ATTRIB_CHECK_PASSED);
  assert_int_equal(c.calls[1], 1);
  assert_true(pthread_equal(c.threads[0], pthread_self()) && !pthread_equal(c.threads[1], pthread_self()));
  c.inner[1].code = -3;
  check_model(context, &model, input, 1, baseline, NULL, &found);
  assert_status(found.status, ATTRIB_E_CALLBACK, context);
  assert_names(attrib_context_error(context), "returned -3 on worker 1");
  attrib_context_destroy(context);
}

/* The second worker gives something else. */
static int32_t ATTRIB_CALL evaluate_by_worker(const attrib_batch *b, void *user) {
  const int32_t status = evaluate_faulty(b, user);
  if (b->worker == 1) b->outputs[0] += 1;
  return status;
}

static void workers_that_differ(void **state) {
  (void)state;
  attrib_context *context = new_context(3, 0);
  faulty m = {.fault = FAULT_NONE};
  attrib_model model = faulty_model(&m, ATTRIB_F64);
  checked found;
  model.flags = ATTRIB_MODEL_CONCURRENT;
  model.evaluate = evaluate_by_worker;
  check_model(context, &model, input, 1, baseline, NULL, &found);
  assert_failed(&found, BIT(WORKERS));
  assert_names(sentence_of(&found, ATTRIB_CHECK_WORKERS), "shares memory between calls");
  attrib_context_destroy(context);
}

/* A model that writes as many outputs as it has, and what lies beside its row: always, or in the second thread alone.
 */
enum { WIDE_INPUTS = 6, WIDE_OUTPUTS = 40 };
typedef enum overrun { OUTPUTS_AFTER, OUTPUTS_BEFORE, GRADIENTS_AFTER, INPUTS_WITHIN, OVERRUNS } overrun;
typedef struct overrunning {
  overrun kind;
  bool always;
} overrunning;

static int32_t ATTRIB_CALL evaluate_overrun(const attrib_batch *b, void *user) {
  const overrunning *o = user;
  const bool spoils = o->always || b->worker == 1;
  for (int64_t r = 0; r < b->rows; r++) {
    const double *x = (const double *)b->inputs + r * b->input_stride;
    double f = 0, *g = b->gradients == NULL ? NULL : (double *)b->gradients + r * b->gradient_stride;
    for (int i = 0; i < WIDE_INPUTS; i++) {
      f += (i + 1) * x[i] * x[i] * (double)(1 + b->target);
      if (g != NULL) g[i] = 2 * (i + 1) * x[i] * (double)(1 + b->target);
    }
    b->outputs[r * b->output_stride] = f;
    for (int k = 1; k < WIDE_OUTPUTS && spoils && o->kind == OUTPUTS_AFTER; k++)
      b->outputs[r * b->output_stride + k] = f * k;
    if (spoils && o->kind == OUTPUTS_BEFORE) b->outputs[-1] = f;
    if (spoils && o->kind == GRADIENTS_AFTER && g != NULL) g[WIDE_INPUTS] = f;
    if (spoils && o->kind == INPUTS_WITHIN) ((double *)(uintptr_t)x)[2] = 0.25;
  }
  return 0;
}

static void overruns_beside_another_worker(void **state) {
  (void)state;
  attrib_context *context = new_context(2, 0);
  for (int kind = 0; kind < OVERRUNS; kind++)
    for (int always = 0; always < 2; always++) {
      overrunning o = {.kind = (overrun)kind, .always = always == 1};
      const attrib_model model = {.struct_size = sizeof model,
                                  .flags = ATTRIB_MODEL_CONCURRENT,
                                  .dtype = ATTRIB_F64,
                                  .n_inputs = WIDE_INPUTS,
                                  .n_outputs = WIDE_OUTPUTS,
                                  .evaluate = evaluate_overrun,
                                  .user = &o};
      checked found;
      check_model(context, &model, input, 0, baseline, NULL, &found);
      assert_failed(&found, !o.always ? BIT(WORKERS) : kind == INPUTS_WITHIN ? BIT(INPUTS) : BIT(STRIDES));
      if (o.always) {
        assert_int_equal(found.findings[ATTRIB_CHECK_WORKERS - 1].verdict, ATTRIB_CHECK_SKIPPED);
        assert_names(sentence_of(&found, ATTRIB_CHECK_WORKERS), "see writes, strides, inputs");
      } else {
        assert_int_equal(found.findings[ATTRIB_CHECK_WORKERS - 1].cause, ATTRIB_CAUSE_BEYOND);
        assert_names(sentence_of(&found, ATTRIB_CHECK_WORKERS), "elements that are not theirs");
      }
    }
  attrib_context_destroy(context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(bad_arguments),
      cmocka_unit_test(bad_options),
      cmocka_unit_test(busy),
      cmocka_unit_test(report_sizes),
      cmocka_unit_test(bad_reports),
      cmocka_unit_test(findings_of_any_number),
      cmocka_unit_test(text_of_any_length),
      cmocka_unit_test(the_message_is_the_first_failure),
      cmocka_unit_test(repeats),
      cmocka_unit_test(any_budget),
      cmocka_unit_test(without_gradients),
      cmocka_unit_test(small_batches),
      cmocka_unit_test(flags_that_are_not_set),
      cmocka_unit_test(weighted_sums),
      cmocka_unit_test(model_fails),
      cmocka_unit_test(stopped_between_batches),
      cmocka_unit_test(memory_runs_out),
      cmocka_unit_test(workers),
      cmocka_unit_test(workers_that_differ),
      cmocka_unit_test(overruns_beside_another_worker),
  };
  return cmocka_run_group_tests(tests, set_up, NULL);
}
