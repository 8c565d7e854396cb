/* engine.h - the one loop of the library: rows from the planner into batches, batches out and back, results in row
 * order to the reducer. A batch is planned, filled, evaluated by somebody, returned, reduced and retired; see batches.c
 * for which of these may overlap. */
#ifndef ATTRIB_SRC_ENGINE_H
#define ATTRIB_SRC_ENGINE_H

#include <attrib/model.h>
#include <attrib/report.h>
#include <attrib/run.h>

#include "../base/arena.h"
#include "../context/context.h"
#include "method.h"

enum { ATTRIB__MODELS = 2 };

typedef enum attrib__slot_state { ATTRIB__SLOT_FREE = 0, ATTRIB__SLOT_OUT, ATTRIB__SLOT_BACK } attrib__slot_state;

/* A batch's place in memory. */
typedef struct attrib__slot {
  attrib_batch batch;
  attrib__slot_state state;
  int32_t model_status;
  int64_t sequence;     /* of the batch in its run: results are used in this order */
  bool first_gradients; /* the run's first batch with gradients: every element is watched for a forgotten write */
  attrib__row *rows;
  int64_t *row_ids;
  void *inputs, *gradients, *spare;
  double *outputs;
} attrib__slot;

struct attrib_run {
  attrib_context *context;
  attrib_context *owned_context;       /* the same, where the run made it */
  attrib_model models[ATTRIB__MODELS]; /* the second is zero where there is none */
  const attrib__method *method;
  void *state;

  attrib__slot *slots;
  int64_t slot_count;
  int64_t batch_rows[ATTRIB__MODELS]; /* most rows of a batch for each model */
  attrib__row pending;                /* planned, but of another kind than the batch that was being made */
  bool has_pending, plan_ended;
  bool gradients_seen[ATTRIB__MODELS];
  bool paused;     /* the deadline has passed: nothing is planned until the run is extended */
  double deadline; /* by attrib__seconds; 0 = none */
  double deadline_seconds;
  int64_t next_id, next_sequence; /* of rows and batches planned */
  int64_t retired;                /* batches reduced: sequence numbers below this are done */
  int64_t end;                    /* no batch from this number on is wanted; INT64_MAX = open */

  attrib_status status; /* < 0: failed; CANCELLED: stopped; else OK */
  attrib_status
      plan_status; /* failure or stop of a callback while planning; takes effect after the batches before it */
  int32_t plan_model_status; /* and what the callback returned */
  uint32_t stop_reason;
  int32_t model_status;
  int64_t failed_row, evaluations, output_evaluations, model_calls, planned;
  int64_t told; /* rows the progress callback has heard of */
  int64_t peak_bytes;
  double started;
  char message[ATTRIB__MESSAGE_CAPACITY]; /* of the failure in status or plan_status */

  void *trace; /* the caller's */
  int64_t trace_capacity, trace_count, trace_stride;
};

/* What a method hands over to start a run. The models have been checked, and are of one dtype; state_size bytes of
 * zeroed state are laid out by `layout`, which carves the method's vectors, and filled by `init`, which cannot fail. */
typedef struct attrib__start {
  attrib_model model;
  attrib_model second; /* n_inputs 0 = there is none */
  bool gradients, spare_rows;
  int64_t output_columns; /* most outputs that a row is asked for */
  int64_t second_columns; /* the same of the second model */
  int64_t planned;        /* rows in all; 0 = not known */
  int64_t together; /* most rows that are ever out at once: the size of a round, 1 = each row needs the last; 0 = any */
  int64_t
      first_round;  /* rows of the first of several rounds: batches are no larger than occupies every worker; 0 = one */
  int64_t n_groups; /* for messages */
  double deadline_seconds; /* from the start of the run; 0 = none */
  const attrib__method *method;
  size_t state_size;
  void (*layout)(void *state, const void *request, attrib__arena *arena);
  void (*init)(void *state, const void *request);
  const void *request;
} attrib__start;

/* A call's arguments turned into a run, by the method. pull: batches go to the caller, so the model may lack evaluate.
 */
typedef attrib_status (*attrib__prepare_fn)(attrib_context *context, const void *request, bool pull, attrib_run **run);

/* Lays the run out in the context's workspace. */
attrib_status attrib__run_create(attrib_context *context, const attrib__start *start, bool pull, attrib_run **run);

/* The two forms of every call. */
attrib_status attrib__run_call(attrib_context *given, attrib__prepare_fn prepare, const void *request,
                               double *attributions, attrib_report *report);
attrib_status attrib__run_open(attrib_context *given, attrib__prepare_fn prepare, const void *request,
                               attrib_run **run);

/* The model that a question is for. */
const attrib_model *attrib__run_model(const attrib_run *run, const attrib__question *question);

/* The steps of a batch (batches.c). peek: asks the planner for the next row, kept until a batch takes it; false where
 * there is none now. plan: NULL where nothing can be given out now. head: the batch whose turn it is, if it is back. */
bool attrib__run_peek(attrib_run *run);
attrib__slot *attrib__run_plan(attrib_run *run);
void attrib__run_fill(attrib_run *run, attrib__slot *slot);
void attrib__run_return(attrib_run *run, attrib__slot *slot, int32_t model_status);
attrib__slot *attrib__run_head(attrib_run *run);
attrib__fault attrib__run_reduce(attrib_run *run, attrib__slot *slot);
void attrib__run_retire(attrib_run *run, attrib__slot *slot, const attrib__fault *fault);
bool attrib__run_finished(const attrib_run *run);

/* Faults (faults.c). find: outputs and, as far as watched, gradients must have been written, and outputs must be
 * numbers; the first fault in row order, or ATTRIB_OK. message: sets the context's. */
attrib__fault attrib__fault_find(const attrib__slot *slot);
void attrib__fault_message(attrib_context *context, const attrib__row *row, const attrib__fault *fault);

/* Ends the run early from outside; too late to matter where every row has been planned. */
void attrib__run_stop(attrib_run *run, uint32_t stop_reason);

/* Evaluates the run to its end with the model's callback on the context's lanes (lanes.c). */
void attrib__run_evaluate(attrib_run *run);

/* Tells the progress callback, where there is news; a nonzero answer stops the run. */
void attrib__run_progress(attrib_run *run);

/* Results so far; the status of the run (result.c). */
attrib_status attrib__run_finish(attrib_run *run, double *attributions, attrib_report *report);

/* Report at the door and on the way out (report.c). read: E_STRUCT or ARGUMENT where it cannot be written; a NULL
 * report reads as one without buffers. write: what fits; NULL is fine. */
attrib_status attrib__report_read(attrib_context *context, const attrib_report *given, attrib_report *report);
void attrib__report_write(const char *message, attrib_status status, const attrib_report *report, attrib_report *given);

/* The door of a call with a report: attrib__begin and the report. Where it fails the report says so and nothing has
 * been entered; else the call ends with leave, which clears the message of a failure that a stop before it made void.
 */
attrib_status attrib__call_enter(attrib_context *given, attrib_context *local, attrib_context **context,
                                 attrib_report *given_report, attrib_report *report);
void attrib__call_leave(attrib_context *context, attrib_context *local, attrib_status status,
                        const attrib_report *report, attrib_report *given_report);

/* The dimensions of a trace buffer; `prefix` goes before the fields' names in the message. */
attrib_status attrib__trace_check(attrib_context *context, const char *prefix, int64_t capacity, int64_t stride);

/* Seconds of a clock that only runs forward. */
double attrib__seconds(void);

/* options->deadline_seconds. */
attrib_status attrib__deadline_check(attrib_context *context, const char *prefix, double seconds);

/* Sets the deadline so many seconds from now; 0 = none. */
void attrib__run_set_deadline(attrib_run *run, double seconds);

#endif
