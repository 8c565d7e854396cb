/* lanes.c - the callback form: every lane takes the next batch, evaluates it, brings it back, and reduces what is in
 * turn while the other lanes evaluate ahead. With one lane this is a plain loop. */
#include <pthread.h>

#include "../context/context.h"
#include "../context/pool.h"
#include "engine.h"

typedef struct lanes {
  attrib_run *run;
  pthread_mutex_t run_lock; /* guards the run; see batches.c for what needs it */
  pthread_mutex_t
      model_lock; /* held around a model that is not concurrent; two of them may share what they are made of */
  pthread_cond_t change;
  bool reducing; /* a lane is in reduce: it looks for the next head itself */
} lanes;

static int32_t evaluate(lanes *all, attrib__slot *slot) {
  const attrib_model *model = attrib__run_model(all->run, slot->rows[0].question);
  if (model->flags & ATTRIB_MODEL_CONCURRENT) return model->evaluate(&slot->batch, model->user);
  pthread_mutex_lock(&all->model_lock);
  int32_t status = model->evaluate(&slot->batch, model->user);
  pthread_mutex_unlock(&all->model_lock);
  return status;
}

/* With run_lock held. Reduces the batches whose turn it is; false where there was none. */
static bool reduce_heads(lanes *all) {
  bool any = false;
  attrib__slot *slot;
  while (!all->reducing && (slot = attrib__run_head(all->run)) != NULL) {
    all->reducing = true;
    pthread_mutex_unlock(&all->run_lock);
    attrib__fault fault = attrib__run_reduce(all->run, slot);
    pthread_mutex_lock(&all->run_lock);
    all->reducing = false;
    attrib__run_retire(all->run, slot, &fault);
    pthread_cond_broadcast(&all->change);
    any = true;
  }
  return any;
}

static void lane(uint32_t worker, void *user) {
  lanes *all = user;
  attrib_run *run = all->run;
  pthread_mutex_lock(&all->run_lock);
  for (;;) {
    attrib__slot *slot = attrib__run_plan(run);
    if (attrib__run_finished(run)) break;
    if (slot != NULL) {
      pthread_mutex_unlock(&all->run_lock);
      slot->batch.worker = worker;
      attrib__run_fill(run, slot);
      int32_t status = evaluate(all, slot);
      pthread_mutex_lock(&all->run_lock);
      attrib__run_return(run, slot, status);
    }
    if (!reduce_heads(all) && slot == NULL) pthread_cond_wait(&all->change, &all->run_lock);
    if (worker == 0) attrib__run_progress(run);
  }
  if (worker == 0) attrib__run_progress(run); /* of the rows that other lanes brought in last */
  pthread_cond_broadcast(&all->change);
  pthread_mutex_unlock(&all->run_lock);
}

void attrib__run_evaluate(attrib_run *run) {
  lanes all = {.run = run};
  /* With default attributes these cannot fail on the systems this runs on, and lock and wait need nothing allocated. */
  pthread_mutex_init(&all.run_lock, NULL);
  pthread_mutex_init(&all.model_lock, NULL);
  pthread_cond_init(&all.change, NULL);
  if (run->context->pool != NULL)
    attrib__pool_run(run->context->pool, lane, &all);
  else
    lane(0, &all);
  pthread_cond_destroy(&all.change);
  pthread_mutex_destroy(&all.model_lock);
  pthread_mutex_destroy(&all.run_lock);
}
