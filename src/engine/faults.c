/* faults.c - what a model may not hand back, and how it is said. */
#include <math.h>
#include <stdio.h>

#include "../rows/rows.h"
#include "engine.h"

attrib__fault attrib__fault_find(const attrib__slot *slot) {
  attrib__fault fault = {.status = ATTRIB_E_NONFINITE};
  uint32_t dtype = slot->batch.dtype;
  int64_t n = slot->batch.n_inputs, columns = slot->batch.output_stride;
  for (; fault.row < slot->batch.rows; fault.row++) {
    const double *outputs = slot->outputs + fault.row * columns;
    int64_t bad = attrib__rows_find_nonfinite(ATTRIB_F64, outputs, columns);
    if (bad >= 0) {
      fault.index = bad;
      fault.value = outputs[bad];
      fault.unwritten = attrib__rows_find_mark(ATTRIB_F64, outputs, bad, 1) >= 0;
      return fault;
    }
    if (slot->batch.gradients == NULL) continue;
    int64_t begin = slot->first_gradients ? 0 : n - 1;
    int64_t mark = attrib__rows_find_mark(dtype, slot->gradients, fault.row * n + begin, n - begin);
    if (mark >= 0) {
      fault.index = mark - fault.row * n;
      fault.in_gradient = fault.unwritten = true;
      return fault;
    }
  }
  return (attrib__fault){.status = ATTRIB_OK};
}

/* "output 3", "the gradient of input 17" */
static void name_value(const attrib__question *question, const attrib__fault *fault, char *name, size_t size) {
  if (fault->difference)
    snprintf(name, size, "the difference of outputs over %s %lld", question->moved, (long long)fault->index);
  else if (fault->in_gradient)
    snprintf(name, size, "%sthe gradient of input %lld", fault->product ? "displacement times " : "",
             (long long)fault->index);
  else if (question->all_outputs)
    snprintf(name, size, "output %lld", (long long)fault->index);
  else if (question->target_weights != NULL)
    snprintf(name, size, "the weighted output");
  else
    snprintf(name, size, "output %lld", (long long)question->target);
}

void attrib__fault_message(attrib_context *context, const attrib__row *row, const attrib__fault *fault) {
  char name[80], what[64];
  name_value(row->question, fault, name, sizeof name);
  if (fault->unwritten)
    snprintf(what, sizeof what, "was left unwritten by the model");
  else
    snprintf(what, sizeof what, "is %g", fault->value);
  char place[80], moved[80] = "";
  if (!isnan(row->alpha))
    snprintf(place, sizeof place, "baseline %lld, alpha %.9g", (long long)row->baseline, row->alpha);
  else if (row->baseline >= 0)
    snprintf(place, sizeof place, "sample %lld", (long long)row->baseline);
  else
    snprintf(place, sizeof place, "the input");
  if (row->shift != 0 && !fault->difference)
    snprintf(moved, sizeof moved, ", %s %lld moved by %g steps", row->question->moved, (long long)row->group,
             row->shift);
  attrib__fail(context, fault->status, "row %lld (%s%s%s): %s %s%s%s", (long long)row->id,
               row->question->second ? "second model, " : "", place, moved, name, what,
               fault->because != NULL ? ", but " : "", fault->because != NULL ? fault->because : "");
}
