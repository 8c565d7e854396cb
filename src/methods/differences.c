/* differences.c - see differences.h. Planner: f along the middle of a line, from which the step follows; then the
 * form's rows, of which gradient rows become nodes. Reducer: the outputs of a node become one row for the form's. */
#include "differences.h"

#include <math.h>
#include <string.h>

#include "../rows/rows.h"
#include "attributions.h"
#include "difference_errors.h"
#include "difference_first.h"
#include "difference_gradient.h"

typedef struct differences {
  attrib__question ask_first, ask;
  const attrib__question *asked; /* the form's, for gradients */
  uint32_t dtype;
  int64_t nodes_known;
  bool by_mass;
  const attrib__method *form;
  void *form_state;
  /* planner */
  int64_t first_planned;
  bool found; /* the step is */
  attrib__row node;
  int64_t planned, at, rows; /* nodes before this one; rows of this one planned, and in all */
  bool check;
  /* reducer */
  double first[ATTRIB__FIRST_ROWS];
  int64_t first_in;
  double noise, step;
  double output, forward;                            /* f at the node under way; on the forward side of its pair */
  double *slopes, *bends, *wide_slopes, *wide_bends; /* by group: f(+) - f(-), f(+) + f(-) - 2 f; the same at 2h */
  attrib__difference_gradient gradient;
  attrib__difference_errors errors;
  double *values; /* the attributions, for the report */
} differences;

/* -- planner ------------------------------------------------------------------------------------------------------- */

static void begin_node(differences *self) {
  self->check = attrib__differences_at_check(self->nodes_known, self->planned++);
  self->at = 0;
  self->rows = 1 + self->gradient.count * (self->check ? 4 : 2);
  if (self->asked == NULL) self->asked = self->node.question;
}

/* f at the node; then group by group both sides, of check nodes both once more further out. */
static void plan_moved(differences *self, attrib__row *row) {
  static const double shifts[] = {1, -1, 2, -2};
  const int64_t each = self->check ? 4 : 2, at = self->at++ - 1;
  *row = self->node;
  row->question = &self->ask;
  row->group = at < 0 ? 0 : at / each;
  row->shift = at < 0 ? 0 : shifts[at % each];
  row->ends_node = self->at == self->rows;
}

static attrib__plan plan(void *state, bool settled, attrib__row *row) {
  differences *self = state;
  if (self->first_planned < ATTRIB__FIRST_ROWS) {
    row->question = &self->ask_first;
    row->baseline = self->node.baseline;
    row->alpha = attrib__difference_first_alpha(self->dtype, self->first_planned++);
    return ATTRIB__PLAN_ROW;
  }
  if (!self->found && !settled) return ATTRIB__PLAN_WAIT;
  self->found = true;
  if (self->at == self->rows) {
    memset(&self->node, 0, sizeof self->node);
    attrib__plan answer = self->form->plan(self->form_state, settled, &self->node);
    if (answer != ATTRIB__PLAN_ROW) return answer;
    if (!self->node.question->gradients) {
      *row = self->node;
      return ATTRIB__PLAN_ROW;
    }
    begin_node(self);
  }
  plan_moved(self, row);
  return ATTRIB__PLAN_ROW;
}

/* As the form's own row: of a curve that brings the tangent. */
static attrib_status gather(void *state, attrib__row *row, attrib__gathering *gathering) {
  differences *self = state;
  const attrib__question *question = row->question;
  if (question == &self->ask) row->question = self->asked;
  attrib_status status = self->form->gather(self->form_state, row, gathering);
  row->question = question;
  return status;
}

static void place(const void *state, attrib__row *row, const attrib__placing *placing) {
  const differences *self = state;
  if (row->shift != 0) attrib__difference_move(&self->gradient, row, row->shift * self->step, placing->point);
}

/* -- reducer ------------------------------------------------------------------------------------------------------- */

static void take_first(differences *self, const attrib__results *results) {
  for (int64_t r = 0; r < results->count; r++) self->first[self->first_in++] = results->outputs[r];
  if (self->first_in < ATTRIB__FIRST_ROWS) return;
  const attrib__difference_found found = attrib__difference_conclude(
      self->dtype, self->first, attrib__difference_rounding(&self->gradient, results->rows));
  self->noise = found.noise;
  if (self->step == 0) self->step = found.step;
  self->errors.scale = found.scale;
}

/* Group g of the node under way, which moves there. */
static void take_errors(differences *self, double w, int64_t g, bool check) {
  const double step = self->step, s = self->bends[g] / (2 * step);
  attrib__difference_errors_take(&self->errors, w, g, s);
  if (!check) return;
  const double k = (2 * self->bends[g] - self->wide_bends[g] / 2) / (2 * step);
  attrib__difference_errors_check(&self->errors, w, g, s, k, self->wide_slopes[g] / (4 * step) - self->slopes[g]);
}

/* Slopes from the differences, and what they say of the errors. */
static attrib__fault take_slopes(differences *self, const attrib__row *row) {
  const bool check = row->shift == -2;
  const double w = self->by_mass ? row->mass : row->weight;
  int64_t moving = 0;
  for (int64_t g = 0; g < self->gradient.count; g++) {
    self->slopes[g] /= 2 * self->step;
    if (!attrib__difference_moves(&self->gradient, g)) continue;
    moving++;
    if (!isfinite(self->slopes[g]))
      return (attrib__fault){.status = ATTRIB_E_OVERFLOW, .index = g, .value = self->slopes[g], .difference = true};
    take_errors(self, w, g, check);
  }
  attrib__difference_errors_end(&self->errors, w, moving, check);
  return (attrib__fault){.status = ATTRIB_OK};
}

/* All outputs of a node are in; row r is its last, and stands for a gradient row of the form's. */
static attrib__fault end_node(differences *self, attrib__results *results, int64_t r) {
  attrib__row *row = &results->rows[r];
  attrib__difference_measure(&self->gradient, row);
  attrib__fault fault = take_slopes(self, row);
  if (fault.status < 0) return fault;
  attrib__difference_write(&self->gradient, row, self->slopes);
  row->node_output = self->output;
  attrib__results node = *results;
  node.rows = row;
  node.count = 1;
  node.outputs = &row->node_output;
  node.gradients = self->gradient.values;
  node.gradient_stride = self->gradient.n;
  row->question = self->asked;
  fault = self->form->reduce(self->form_state, &node);
  row->question = &self->ask;
  return fault;
}

static attrib__fault take_row(differences *self, attrib__results *results, int64_t r) {
  const attrib__row *row = &results->rows[r];
  const double output = results->outputs[r];
  const bool wide = row->shift == -2;
  if (row->shift == 0) {
    self->output = output;
  } else if (row->shift > 0) {
    self->forward = output;
  } else {
    (wide ? self->wide_slopes : self->slopes)[row->group] = self->forward - output;
    (wide ? self->wide_bends : self->bends)[row->group] = (self->forward - self->output) + (output - self->output);
  }
  return row->ends_node ? end_node(self, results, r) : (attrib__fault){.status = ATTRIB_OK};
}

static attrib__fault reduce(void *state, attrib__results *results) {
  differences *self = state;
  attrib__fault fault = {.status = ATTRIB_OK};
  if (results->count == 0) return fault;
  if (results->rows->question == &self->ask_first)
    take_first(self, results);
  else if (results->rows->question != &self->ask)
    return self->form->reduce(self->form_state, results);
  else
    for (int64_t r = 0; r < results->count && fault.status == ATTRIB_OK; r++) {
      fault = take_row(self, results, r);
      fault.row = r;
    }
  return fault;
}

/* -- result -------------------------------------------------------------------------------------------------------- */

static double relative(const differences *self, double length) {
  return attrib__error_of(self->gradient.count, self->values, length).relative;
}

/* To the form, and in its messages, a node is a gradient row. */
static attrib_status result(void *state, attrib_context *context, double *attributions, attrib_report *report) {
  differences *self = state;
  const attrib__difference_errors *errors = &self->errors;
  const int64_t gradient_rows = report->evaluations;
  report->evaluations = errors->all.nodes;
  attrib_status status = self->form->result(self->form_state, context, self->values, report);
  report->evaluations = gradient_rows;
  report->difference_nodes = errors->all.nodes;
  if (self->step > 0) report->difference_step = self->step;
  report->output_noise = self->noise;
  if (status < 0) return status;
  const double truncation = attrib__difference_errors_truncation(errors, report->samples, self->noise, self->step);
  const double roundoff = attrib__difference_errors_roundoff(errors, report->samples, self->noise, self->step);
  report->truncation_error = relative(self, truncation);
  report->roundoff_error = relative(self, roundoff);
  if (attributions != NULL) memcpy(attributions, self->values, (size_t)self->gradient.count * sizeof *attributions);
  return status;
}

static double error_estimate(const void *state) {
  const differences *self = state;
  return self->form->error_estimate == NULL ? (double)NAN : self->form->error_estimate(self->form_state);
}

static attrib_status extend(void *state, attrib_context *context, double tolerance, int64_t max_evaluations) {
  differences *self = state;
  if (self->form->extend != NULL) return self->form->extend(self->form_state, context, tolerance, max_evaluations);
  return attrib__fail(context, ATTRIB_E_UNSUPPORTED, "run: its method takes no tolerance, and cannot be extended");
}

static const attrib__method method = {plan, gather, place, reduce, result, error_estimate, extend};

/* -- start --------------------------------------------------------------------------------------------------------- */

static void layout(void *state, const void *request, attrib__arena *arena) {
  const attrib__differences *asked = request;
  const int64_t n = asked->form.model.n_inputs, count = asked->groups != NULL ? asked->n_groups : n;
  differences parts = {.dtype = asked->form.model.dtype, .form = asked->form.method};
  parts.gradient = (attrib__difference_gradient){.dtype = parts.dtype, .n = n, .count = count, .groups = asked->groups};
  parts.errors = (attrib__difference_errors){.count = count, .total = asked->total};
  parts.slopes = attrib__carve(arena, count, sizeof *parts.slopes);
  parts.bends = attrib__carve(arena, count, sizeof *parts.bends);
  parts.wide_slopes = attrib__carve(arena, count, sizeof *parts.wide_slopes);
  parts.wide_bends = attrib__carve(arena, count, sizeof *parts.wide_bends);
  parts.values = attrib__carve(arena, count, sizeof *parts.values);
  attrib__difference_gradient_layout(&parts.gradient, arena);
  attrib__difference_errors_layout(&parts.errors, arena);
  parts.form_state = attrib__carve(arena, 1, asked->form.state_size);
  if (state != NULL) memset(parts.form_state, 0, asked->form.state_size);
  asked->form.layout(parts.form_state, asked->form.request, arena);
  if (state != NULL) *(differences *)state = parts;
}

static void init(void *state, const void *request) {
  const attrib__differences *asked = request;
  differences *self = state;
  self->ask_first = self->ask = asked->ask;
  self->ask.moved = asked->groups != NULL ? "group" : "input";
  self->nodes_known = asked->nodes;
  self->by_mass = asked->by_mass;
  self->node.baseline = asked->line;
  self->noise = (double)NAN;
  self->step = asked->step;
  attrib__difference_errors_clear(&self->errors);
  asked->form.init(self->form_state, asked->form.request);
}

static int64_t times(int64_t a, int64_t b) {
  return a > 0 && b > INT64_MAX / a ? INT64_MAX : a * b;
}

attrib_status attrib__differences_create(attrib_context *context, const attrib__differences *given, bool pull,
                                         attrib_run **run) {
  attrib__differences asked = *given;
  attrib__start start = asked.form;
  const int64_t count = asked.groups != NULL ? asked.n_groups : start.model.n_inputs;
  attrib_status status = attrib__differences_afford(context, &asked);
  if (status < 0) return status;
  if (asked.step > 0) {
    int exponent;
    frexp(asked.step, &exponent);
    asked.step = ldexp(1, exponent - 1);
  }
  status = attrib__differences_rows(context, &asked, count, &start.planned);
  if (status < 0) return status;
  if (start.together > 0) start.together = times(start.together, times(count, 5)); /* or fewer */
  if (start.together > 0 && start.together < ATTRIB__FIRST_ROWS) start.together = ATTRIB__FIRST_ROWS;
  if (start.first_round > 0) start.first_round = times(start.first_round, times(count, 2));
  start.gradients = false;
  start.method = &method;
  start.state_size = sizeof(differences);
  start.layout = layout;
  start.init = init;
  start.request = &asked;
  return attrib__run_create(context, &start, pull, run);
}
