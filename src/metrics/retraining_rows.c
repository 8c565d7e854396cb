/* retraining_rows.c - the rows that a trainer asks for, made one by one. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "../image/shape.h"
#include "../random/philox.h"
#include "../rows/rows.h"
#include "retraining.h"

void attrib__retraining_layout(void *state, attrib__arena *arena) {
  attrib__retraining *self = state;
  attrib__ablating_layout(&self->ablating, arena);
  attrib__baselines_layout(&self->rows, arena);
  attrib__baselines_layout(&self->scores, arena);
  attrib__baselines_layout(&self->replacements, arena);
  if (self->mean) {
    self->mean_row = attrib__carve(arena, self->set.n_inputs, attrib__element_size(self->set.dtype));
    self->mean_first = attrib__carve(arena, self->means, sizeof *self->mean_first);
    self->mean_shift = attrib__carve(arena, self->means, sizeof *self->mean_shift);
  }
  for (int64_t side = 0; side < self->sides; side++)
    self->accuracies[side] = attrib__carve(arena, self->options.n_fractions * self->options.repeats, sizeof(double));
}

/* -- the mean: the first value plus the mean difference from it, so that of equal values it is that value */

static void add_value(attrib__retraining *self, bool first, int64_t k, double value) {
  if (first) self->mean_first[k] = value;
  attrib__sum_add(&self->mean_shift[k], value - self->mean_first[k]);
}

static void add_row(attrib__retraining *self, bool first, const void *row) {
  const attrib_image *shape = &self->ablating.units.shape;
  const uint32_t dtype = self->set.dtype;
  double value;
  for (int64_t i = 0; i < self->set.n_inputs && shape->width == 0; i++) {
    attrib__rows_load(dtype, row, i, 1, &value);
    add_value(self, first, i, value);
  }
  for (int64_t y = 0; y < shape->height; y++)
    for (int64_t x = 0; x < shape->width; x++)
      for (int64_t c = 0; c < shape->channels; c++) {
        attrib__rows_load(dtype, row, attrib__image_offset(shape, x, y, c), 1, &value);
        add_value(self, first && x == 0 && y == 0, c, value);
      }
}

static void store_mean(attrib__retraining *self) {
  const attrib_image *shape = &self->ablating.units.shape;
  const uint32_t dtype = self->set.dtype;
  if (shape->width == 0) attrib__rows_store(dtype, self->mean_row, 0, self->set.n_inputs, self->mean_first);
  for (int64_t y = 0; y < shape->height; y++)
    for (int64_t x = 0; x < shape->width; x++)
      for (int64_t c = 0; c < shape->channels; c++)
        attrib__rows_store(dtype, self->mean_row, attrib__image_offset(shape, x, y, c), 1, &self->mean_first[c]);
}

attrib_status attrib__retraining_find_mean(attrib__retraining *self) {
  const attrib_image *shape = &self->ablating.units.shape;
  memset(self->mean_shift, 0, (size_t)self->means * sizeof *self->mean_shift);
  for (int64_t index = 0; index < self->set.count; index++) {
    const void *row;
    const attrib_status status = attrib__baselines_row(self->context, &self->rows, index, &row, &self->callback_status);
    if (status != ATTRIB_OK) {
      self->failed_row = index;
      return status;
    }
    add_row(self, index == 0, row);
  }
  const double each = (double)self->set.count * (double)(shape->width > 0 ? shape->width * shape->height : 1);
  for (int64_t k = 0; k < self->means; k++) {
    self->mean_first[k] += attrib__sum_value(&self->mean_shift[k]) / each;
    if (!isfinite(self->mean_first[k]))
      return attrib__fail(self->context, ATTRIB_E_OVERFLOW, "rows: the mean of %s %" PRId64 " overflows",
                          shape->width > 0 ? "channel" : "input", k);
  }
  store_mean(self);
  return ATTRIB_OK;
}

/* -- one row */

static attrib_status find_scores(attrib__retraining *self, int64_t index) {
  const attrib_retraining_set *set = &self->set;
  if (self->random) { /* the order of these is that of normal numbers */
    attrib__random_uniforms(self->options.seed, ATTRIB__STREAM_RETRAINING_RANK,
                            (uint64_t)(set->repeat * set->count + index), 0, self->ablating.units.count,
                            self->ablating.sums);
    return ATTRIB_OK;
  }
  const void *scores;
  attrib_status status = attrib__baselines_row(self->context, &self->scores, index, &scores, &self->callback_status);
  if (status == ATTRIB_OK)
    status = attrib__units_check_scores(self->context, &self->ablating.units,
                                        (self->options.flags & ATTRIB_METRIC_UNIT_SCORES) != 0, scores);
  if (status == ATTRIB_OK) attrib__ablating_scores(&self->ablating, self->options.flags, scores);
  return status;
}

static attrib_status make_row(attrib__retraining *self, int64_t index, void *row) {
  const attrib_retraining_set *set = &self->set;
  if (index < 0 || index >= set->count)
    return attrib__fail(self->context, ATTRIB_E_ARGUMENT,
                        "attrib_retraining_row: index = %" PRId64 ": the data set has %" PRId64 " rows", index,
                        set->count);
  if (row == NULL) return attrib__fail(self->context, ATTRIB_E_ARGUMENT, "attrib_retraining_row: row is NULL");
  const void *input, *replacement = self->mean_row;
  attrib_status status = attrib__baselines_row(self->context, &self->rows, index, &input, &self->callback_status);
  if (status == ATTRIB_OK) status = find_scores(self, index);
  if (status == ATTRIB_OK && !self->mean)
    status = attrib__baselines_row(self->context, &self->replacements, self->replacements.set.count == 1 ? 0 : index,
                                   &replacement, &self->callback_status);
  if (status != ATTRIB_OK) return status;
  const int64_t first = attrib__fraction_count(set->fraction, self->ablating.units.count);
  attrib__ablating_row(&self->ablating, set->flags, set->part, first, input, replacement, row);
  return ATTRIB_OK;
}

attrib_status attrib_retraining_row(const attrib_retraining_set *set, int64_t index, void *row) {
  if (set == NULL || set->library == NULL) return ATTRIB_E_ARGUMENT;
  attrib__retraining *self = set->library;
  if (self->row_status != ATTRIB_OK) return self->row_status; /* the call ends with it */
  self->row_status = make_row(self, index, row);
  if (self->row_status != ATTRIB_OK) self->failed_row = index;
  return self->row_status;
}
