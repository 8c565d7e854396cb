/* check_models.h - a small network behind a callback that makes, on demand, any of the mistakes that callbacks make,
 * and the self-test with its report as a value. Include after fixture.h. */
#ifndef ATTRIB_TESTS_CHECK_MODELS_H
#define ATTRIB_TESTS_CHECK_MODELS_H

#include "fixture.h"

enum {
  NET_CHANNELS = 3,
  NET_SIDE = 4,
  NET_INPUTS = NET_CHANNELS * NET_SIDE * NET_SIDE,
  NET_HIDDEN = 8,
  NET_OUTPUTS = 3
};

typedef enum fault {
  FAULT_NONE,
  FAULT_SIGN,
  FAULT_FACTOR,  /* gradient times `factor` */
  FAULT_HWC,     /* gradients as HWC for an input of CHW */
  FAULT_SWAPPED, /* rows and columns exchanged */
  FAULT_BGR,
  FAULT_CHANNELS, /* one factor for each channel */
  FAULT_SHARED,   /* every row gets the gradient of the batch's sum */
  FAULT_MEAN,     /* gradients divided by the number of rows */
  FAULT_BATCH_NORM,
  FAULT_DROPOUT,
  FAULT_STALE,          /* inputs are taken over in the first call alone */
  FAULT_STALE_ROW,      /* of these, the first row for all */
  FAULT_LATE,           /* results of the call before */
  FAULT_STALE_GRADIENT, /* the gradient alone is that of the first call */
  FAULT_TIGHT,          /* all strides ignored */
  FAULT_TIGHT_INPUTS,
  FAULT_TIGHT_OUTPUTS,
  FAULT_TIGHT_GRADIENTS,
  FAULT_IGNORES_TARGET,
  FAULT_NAN_GRADIENT, /* at input 17 */
  FAULT_NAN_OUTPUT,
  FAULT_FORGETS_ELEMENT, /* the last of every gradient */
  FAULT_FORGETS_ROW,     /* the last of a batch of several */
  FAULT_FORGETS_GRADIENT,
  FAULT_FORGETS_OUTPUT, /* of the last row of a batch of several */
  FAULT_ADDS,
  FAULT_WRITES_INPUTS,
  FAULT_WRITES_BEYOND,      /* one element after the last gradient */
  FAULT_WRITES_ALL_OUTPUTS, /* n_outputs numbers for each row, asked for or not */
  FAULT_ZERO,
  FAULT_OTHER_TARGET, /* the gradient of the next output */
  FAULT_SAME_TARGET,  /* the gradient of output 0, always */
  FAULT_NO_SOFTMAX,   /* f is a probability, the gradient is of the logit */
  FAULT_LOGARITHM,    /* f is a probability, the gradient of its logarithm */
  FAULT_IGNORES_WEIGHTS,
  FAULT_REVERSES_OUTPUTS, /* where all are asked for */
  FAULT_FORGETS_LAST_OUTPUT,
  FAULT_OTHER_FORWARD, /* without gradients f is the probability */
  FAULT_PLACES,        /* rows of a batch are answered in reverse order */
  FAULT_MASKED         /* a part of the gradient is missing */
} fault;

typedef struct faulty {
  fault fault;
  double factor;
  bool softmax, single; /* single: sums in float */
  double amplitude;     /* of outputs; 0 = 1 */
  uint64_t state;       /* of dropout */
  int64_t calls, rows, fail_at;
  int32_t code; /* the batch that holds row number fail_at returns this */
  bool kept;    /* of stale results */
  double kept_rows[8][NET_INPUTS], kept_outputs[8], kept_gradients[8][NET_INPUTS];
} faulty;

/* Weights that are the same everywhere. */
static inline double net_weight(int64_t layer, int64_t i, int64_t j) {
  return sin(1.7 * (double)i + 0.9 * (double)j * (double)j + 2.3 * (double)layer + 0.31 * (double)(i * j));
}

/* Logits or probabilities, and their gradients; all of one row, added up in double or float. */
static inline void net_row(const faulty *m, const double *x, double *outputs, double (*gradients)[NET_INPUTS]) {
  double hidden[NET_HIDDEN], slopes[NET_HIDDEN], amplitude = m->amplitude == 0 ? 1 : m->amplitude;
  for (int j = 0; j < NET_HIDDEN; j++) {
    double sum = 0;
    float single = 0;
    for (int i = 0; i < NET_INPUTS; i++) {
      sum += 0.4 * net_weight(0, i, j) * x[i];
      single += (float)(0.4 * net_weight(0, i, j)) * (float)x[i];
    }
    hidden[j] = tanh(m->single ? (double)single : sum);
    slopes[j] = 1 - hidden[j] * hidden[j];
  }
  for (int k = 0; k < NET_OUTPUTS; k++) {
    outputs[k] = 0;
    for (int j = 0; j < NET_HIDDEN; j++) outputs[k] += net_weight(1, k, j) * hidden[j];
    for (int i = 0; i < NET_INPUTS; i++) {
      gradients[k][i] = 0;
      for (int j = 0; j < NET_HIDDEN; j++)
        gradients[k][i] += amplitude * net_weight(1, k, j) * slopes[j] * 0.4 * net_weight(0, i, j);
    }
    if (m->single) outputs[k] = (double)(float)outputs[k];
    outputs[k] *= amplitude;
  }
}

static inline void apply_softmax(double *outputs, double (*gradients)[NET_INPUTS], bool differentiate) {
  double sum = 0, mean[NET_INPUTS] = {0};
  for (int k = 0; k < NET_OUTPUTS; k++) sum += outputs[k] = exp(outputs[k]);
  for (int k = 0; k < NET_OUTPUTS; k++) outputs[k] /= sum;
  for (int i = 0; i < NET_INPUTS; i++)
    for (int k = 0; k < NET_OUTPUTS; k++) mean[i] += outputs[k] * gradients[k][i];
  for (int k = 0; k < NET_OUTPUTS && differentiate; k++)
    for (int i = 0; i < NET_INPUTS; i++) gradients[k][i] = outputs[k] * (gradients[k][i] - mean[i]);
}

static inline double element_of(const attrib_batch *b, const void *rows, int64_t i) {
  return b->dtype == ATTRIB_F32 ? (double)((const float *)rows)[i] : ((const double *)rows)[i];
}

static inline void put_element(const attrib_batch *b, void *rows, int64_t i, double value, bool add) {
  if (add) value += element_of(b, rows, i);
  if (b->dtype == ATTRIB_F32)
    ((float *)rows)[i] = (float)value;
  else
    ((double *)rows)[i] = value;
}

/* Where in the input the element lies whose gradient is written for input i. */
static inline int misplaced(fault which, int i) {
  enum { PIXELS = NET_SIDE * NET_SIDE };
  const int channel = i / PIXELS, pixel = i % PIXELS, y = pixel / NET_SIDE, x = pixel % NET_SIDE;
  switch (which) {
    case FAULT_HWC: return i % NET_CHANNELS * PIXELS + i / NET_CHANNELS;
    case FAULT_SWAPPED: return channel * PIXELS + x * NET_SIDE + y;
    case FAULT_BGR: return (NET_CHANNELS - 1 - channel) * PIXELS + pixel;
    default: return i;
  }
}

static inline double spoil(const faulty *m, const attrib_batch *b, const double *gradient, int i) {
  static const double of_channel[NET_CHANNELS] = {0.9, 2.5, 0.3};
  const double value = gradient[misplaced(m->fault, i)];
  switch (m->fault) {
    case FAULT_SIGN: return -value;
    case FAULT_FACTOR: return m->factor * value;
    case FAULT_CHANNELS: return of_channel[i / (NET_SIDE * NET_SIDE)] * value;
    case FAULT_MEAN: return value / (double)b->rows;
    case FAULT_ZERO: return 0;
    case FAULT_NAN_GRADIENT: return i == 17 ? (double)NAN : value;
    case FAULT_MASKED: return i % 3 == 0 ? 0 : value;
    default: return value;
  }
}

/* The row as the model sees it. */
static inline void see_row(faulty *m, const attrib_batch *b, int64_t r, double *x) {
  const bool tight = m->fault == FAULT_TIGHT || m->fault == FAULT_TIGHT_INPUTS;
  if (m->fault == FAULT_PLACES) r = b->rows - 1 - r;
  for (int i = 0; i < NET_INPUTS; i++) {
    x[i] = element_of(b, b->inputs, r * (tight ? b->n_inputs : b->input_stride) + i);
    if (m->fault == FAULT_BATCH_NORM)
      for (int64_t q = 0; q < b->rows; q++)
        x[i] -= 0.5 * element_of(b, b->inputs, q * b->input_stride + i) / (double)b->rows;
    if (m->fault == FAULT_DROPOUT && random_number(&m->state) > 0.5) x[i] = 0;
    if (!m->kept) m->kept_rows[r][i] = x[i];
    if (m->fault == FAULT_STALE) x[i] = m->kept_rows[r][i];
    if (m->fault == FAULT_STALE_ROW) x[i] = m->kept_rows[0][i];
  }
}

static inline void answer_all(const faulty *m, const attrib_batch *b, int64_t r, const double *outputs) {
  for (int k = 0; k < NET_OUTPUTS; k++) {
    if (m->fault == FAULT_FORGETS_LAST_OUTPUT && k == NET_OUTPUTS - 1) continue;
    b->outputs[r * b->output_stride + k] = outputs[m->fault == FAULT_REVERSES_OUTPUTS ? NET_OUTPUTS - 1 - k : k];
  }
}

/* f and its gradient, of target or weights. */
static inline void explain_row(faulty *m, const attrib_batch *b, const double *outputs, double (*gradients)[NET_INPUTS],
                               double *f, double *g) {
  const double *weights = m->fault == FAULT_IGNORES_WEIGHTS ? NULL : b->target_weights;
  int64_t target = b->target < 0 || m->fault == FAULT_IGNORES_TARGET ? 0 : b->target;
  int64_t other = target;
  if (m->fault == FAULT_OTHER_TARGET) other = (target + 1) % NET_OUTPUTS;
  if (m->fault == FAULT_SAME_TARGET) other = 0;
  *f = 0;
  memset(g, 0, NET_INPUTS * sizeof *g);
  for (int k = 0; k < NET_OUTPUTS; k++) {
    *f += (weights != NULL ? weights[k] : k == target) * outputs[k];
    for (int i = 0; i < NET_INPUTS; i++) g[i] += (weights != NULL ? weights[k] : k == other) * gradients[k][i];
  }
  for (int i = 0; i < NET_INPUTS && m->fault == FAULT_LOGARITHM; i++) g[i] /= *f;
}

static inline void write_row(faulty *m, const attrib_batch *b, int64_t r, double f, const double *g) {
  const bool tight = m->fault == FAULT_TIGHT, last = r == b->rows - 1 && b->rows > 1;
  const int64_t output = r * (tight || m->fault == FAULT_TIGHT_OUTPUTS ? 1 : b->output_stride);
  const int64_t begin = r * (tight || m->fault == FAULT_TIGHT_GRADIENTS ? b->n_inputs : b->gradient_stride);
  const bool adds = m->fault == FAULT_ADDS;
  if (m->fault == FAULT_FORGETS_ROW && last) return;
  if (!(b->flags & ATTRIB_BATCH_ALL_OUTPUTS) && !(m->fault == FAULT_FORGETS_OUTPUT && last))
    b->outputs[output] = f + (adds ? b->outputs[output] : 0);
  if (b->gradients == NULL || m->fault == FAULT_FORGETS_GRADIENT) return;
  for (int i = 0; i < NET_INPUTS; i++) {
    if (m->fault == FAULT_FORGETS_ELEMENT && i == NET_INPUTS - 1) continue;
    put_element(b, b->gradients, begin + i, spoil(m, b, g, i), adds);
  }
  if (m->fault == FAULT_WRITES_BEYOND && r == b->rows - 1) put_element(b, b->gradients, begin + NET_INPUTS, 7, false);
}

static inline void evaluate_faulty_row(faulty *m, const attrib_batch *b, int64_t r) {
  double x[NET_INPUTS], outputs[NET_OUTPUTS], gradients[NET_OUTPUTS][NET_INPUTS], f, g[NET_INPUTS];
  see_row(m, b, r, x);
  net_row(m, x, outputs, gradients);
  const bool other_forward = m->fault == FAULT_OTHER_FORWARD && b->gradients == NULL;
  if (m->softmax || m->fault == FAULT_NO_SOFTMAX || m->fault == FAULT_LOGARITHM || other_forward)
    apply_softmax(outputs, gradients, m->fault != FAULT_NO_SOFTMAX);
  if (m->fault == FAULT_NAN_OUTPUT && b->row_ids[r] == 1) outputs[b->target < 0 ? 0 : b->target] = (double)NAN;
  if (b->flags & ATTRIB_BATCH_ALL_OUTPUTS) answer_all(m, b, r, outputs);
  explain_row(m, b, outputs, gradients, &f, g);
  if (m->fault == FAULT_LATE) {
    double now[NET_INPUTS + 1] = {f}, before[NET_INPUTS + 1];
    memcpy(now + 1, g, sizeof g);
    before[0] = m->kept_outputs[r];
    memcpy(before + 1, m->kept_gradients[r], sizeof g);
    m->kept_outputs[r] = now[0];
    memcpy(m->kept_gradients[r], now + 1, sizeof g);
    f = before[0];
    memcpy(g, before + 1, sizeof g);
  }
  if (m->fault == FAULT_STALE_GRADIENT && b->gradients != NULL) {
    if (!m->kept) memcpy(m->kept_gradients[r], g, sizeof m->kept_gradients[r]);
    memcpy(g, m->kept_gradients[r], NET_INPUTS * sizeof *g);
  }
  write_row(m, b, r, f, g);
  if (m->fault == FAULT_WRITES_ALL_OUTPUTS && !(b->flags & ATTRIB_BATCH_ALL_OUTPUTS))
    for (int k = 1; k < NET_OUTPUTS; k++) b->outputs[r * b->output_stride + k] = outputs[k];
}

/* Every row gets the sum of all gradients. */
static inline void share_gradients(const attrib_batch *b) {
  for (int i = 0; i < NET_INPUTS; i++) {
    double sum = 0;
    for (int64_t r = 0; r < b->rows; r++) sum += element_of(b, b->gradients, r * b->gradient_stride + i);
    for (int64_t r = 0; r < b->rows; r++) put_element(b, b->gradients, r * b->gradient_stride + i, sum, false);
  }
}

static inline int32_t ATTRIB_CALL evaluate_faulty(const attrib_batch *b, void *user) {
  faulty *m = user;
  m->calls++;
  m->rows += b->rows;
  if (m->code != 0 && m->rows > m->fail_at) return m->code;
  for (int64_t r = 0; r < b->rows; r++) evaluate_faulty_row(m, b, r);
  m->kept = true;
  if (m->fault == FAULT_SHARED && b->gradients != NULL) share_gradients(b);
  if (m->fault == FAULT_WRITES_INPUTS) put_element(b, (void *)(uintptr_t)b->inputs, 5, 0.25, false);
  return 0;
}

static inline attrib_model faulty_model(faulty *m, uint32_t dtype) {
  return (attrib_model){.struct_size = sizeof(attrib_model),
                        .flags = ATTRIB_MODEL_TARGET_WEIGHTS | ATTRIB_MODEL_ALL_OUTPUTS,
                        .dtype = dtype,
                        .n_inputs = NET_INPUTS,
                        .n_outputs = NET_OUTPUTS,
                        .evaluate = evaluate_faulty,
                        .user = m};
}

/* -- the self-test as a value ------------------------------------------------------------------------------------- */

enum { CHECKS = ATTRIB_CHECK_PRECISION };

typedef struct checked {
  attrib_status status;
  attrib_check_report report;
  attrib_check_finding findings[CHECKS];
  char text[8192];
} checked;

static inline void check_model(attrib_context *context, const attrib_model *model, const void *input, int64_t target,
                               const void *baseline, const attrib_check_options *options, checked *found) {
  memset(found, 0, sizeof *found);
  found->report = (attrib_check_report){.struct_size = sizeof found->report,
                                        .finding_capacity = CHECKS,
                                        .text_capacity = sizeof found->text,
                                        .findings = found->findings,
                                        .text = found->text};
  found->status = attrib_model_check(context, model, input, target, baseline, options, &found->report);
}

/* The sentence of a check, in a buffer that lives until the next call. */
static inline const char *sentence_of(const checked *found, int check) {
  static char line[512];
  const char *begin = found->text;
  for (int k = 1; k < check; k++) begin = strchr(begin, '\n') + 1;
  snprintf(line, sizeof line, "%.*s", (int)strcspn(begin, "\n"), begin);
  return line;
}

#define BIT(check) (1U << ATTRIB_CHECK_##check)

/* These checks failed and no other; prints everything where that is not so. */
#define assert_failed(found, bits) check_failed((found), (bits), __FILE__, __LINE__)
static inline void check_failed(const checked *found, uint32_t bits, const char *file, int line) {
  if (found->status == (bits == 0 ? ATTRIB_OK : ATTRIB_DISAGREE) && found->report.failed == bits) return;
  print_error("%s, failed 0x%x instead of 0x%x\n%s", attrib_status_name(found->status), found->report.failed, bits,
              found->text);
  _fail(file, line);
}

#endif
