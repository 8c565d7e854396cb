/* The adaptive rule where memory runs out, and how much of it it takes. */
#include "adaptive_history.h"

/* Over malloc, so that the sanitizers see the very size. */
typedef struct purse {
  int64_t blocks, fail_at, asked;
} purse;

static void *ATTRIB_CALL take_block(size_t size, size_t alignment, void *user) {
  purse *p = user;
  void *block = NULL;
  if (p->asked++ == p->fail_at) return NULL;
  if (posix_memalign(&block, alignment < sizeof(void *) ? sizeof(void *) : alignment, size) != 0) abort();
  memset(block, 0xa5, size); /* nothing may count on zeros */
  p->blocks++;
  return block;
}

static void ATTRIB_CALL give_block(void *block, size_t size, void *user) {
  (void)size;
  ((purse *)user)->blocks--;
  free(block);
}

static void memory_runs_out(void **state) {
  (void)state;
  static history h;
  for (int which = METHOD_FIRST_ADAPTIVE; which < METHOD_FIRST_SAMPLED; which++)
    for (int pull = 0; pull < 2; pull++) {
      method_case c;
      open_method(&c, which, &h);
      attrib_status status = ATTRIB_E_MEMORY;
      for (int64_t at = 0; status == ATTRIB_E_MEMORY; at++) {
        purse p = {.fail_at = -1};
        const attrib_allocator allocator = {
            .struct_size = sizeof allocator, .allocate = take_block, .release = give_block, .user = &p};
        const attrib_context_options options = {.struct_size = sizeof options, .allocator = &allocator};
        attrib_context *context;
        assert_int_equal(attrib_context_create(&options, &context), ATTRIB_OK);
        p.fail_at = p.asked + at;
        if (pull) {
          attrib_run *run;
          status = start_call(context, &c.call, &run);
          assert_true((status == ATTRIB_OK) == (run != NULL));
          attrib_run_destroy(run);
        } else {
          result r = call_method(context, &c);
          status = r.status;
          if (status < 0) expect_nothing_written(&c, &r);
          if (status < 0) assert_names(r.message, "memory");
          free_result(&r);
        }
        assert_true(status == ATTRIB_OK || status == ATTRIB_E_MEMORY);
        p.fail_at = -1;
        result again = call_method(context, &c);
        assert_int_equal(again.status, ATTRIB_OK);
        expect_prefix(&c, &h, &again);
        free_result(&again);
        attrib_context_destroy(context);
        assert_int_equal(p.blocks, 0);
        assert_true(at < 20);
      }
      free_method(&c);
    }
}

/* Bytes that a call needed at once; for as many rows as the budget allows. */
static int64_t peak_of(int which, uint32_t dtype, int64_t n, int64_t budget) {
  method_case c;
  make_method(&c, which, dtype, n);
  c.call.model.max_rows = 1;
  c.options.tolerance = c.eg_options.tolerance = 1e-15;
  c.options.max_evaluations = c.eg_options.max_evaluations = budget;
  c.options.max_vectors = c.eg_options.max_vectors = 0;
  attrib_context *context = new_context(1, 1);
  result r = call_method(context, &c);
  assert_true(r.status == ATTRIB_NOT_CONVERGED && r.report.evaluations > budget - 17);
  int64_t bytes = r.report.peak_bytes;
  free_result(&r);
  attrib_context_destroy(context);
  free_method(&c);
  return bytes;
}

/* 36 vectors, of which three are of doubles, and a batch: however many rows. Of a pool 12 bytes and more for each gap
 * of its start, whatever the number of inputs. */
static void memory_is_flat(void **state) {
  (void)state;
  static const int forms[] = {METHOD_ADAPTIVE_NODES, METHOD_ADAPTIVE_CURVE, METHOD_ADAPTIVE_KNOTS, METHOD_ADAPTIVE_POOL,
                              METHOD_ADAPTIVE_POOLED};
  for (int64_t k = 0; k < COUNT(forms); k++)
    for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++) {
      const int64_t n = 3000, size = dtype == ATTRIB_F32 ? 4 : 8;
      int64_t few = peak_of(forms[k], dtype, n, 50), many = peak_of(forms[k], dtype, n, 2000);
      int64_t wide = peak_of(forms[k], dtype, 2 * n, 50);
      assert_int_equal(few, many);
      int64_t per_input = (wide - few + n - 1) / n;
      assert_true(per_input <= 33 * size + 3 * 8 + 4 * size); /* the batch: input, gradient, spare; a common end */
    }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(memory_runs_out),
      cmocka_unit_test(memory_is_flat),
  };
  return cmocka_run_group_tests_name("hardship: memory of the adaptive rule", tests, NULL, NULL);
}
