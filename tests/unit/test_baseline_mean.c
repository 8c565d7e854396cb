/* The weighted mean of a set of rows. */
#include "methods.h"

enum { ROWS = 3 };

static const int64_t sizes[] = {1, 2, 511, 512, 513, 1025};

static void the_mean_element_by_element(void **state) {
  (void)state;
  for (uint32_t dtype = ATTRIB_F32; dtype <= ATTRIB_F64; dtype++)
    for (int64_t k = 0; k < COUNT(sizes); k++) {
      int64_t n = sizes[k];
      size_t size = (size_t)n * (dtype == ATTRIB_F32 ? sizeof(float) : sizeof(double));
      method_case c; /* for its rows */
      make_method(&c, 8, dtype, n);
      attrib_baselines set = {.struct_size = sizeof set, .count = ROWS, .rows = c.rows};
      void *mean = exact_block(size), *weighted = exact_block(size), *fetched = exact_block(size);
      assert_int_equal(attrib_baseline_mean(NULL, dtype, n, &set, mean), ATTRIB_OK);
      set.weights = c.weights; /* 1, 0, 2.5 */
      assert_int_equal(attrib_baseline_mean(NULL, dtype, n, &set, weighted), ATTRIB_OK);
      set.rows = NULL;
      set.fetch = fetch_from_case;
      set.fetch_user = &c;
      assert_int_equal(attrib_baseline_mean(NULL, dtype, n, &set, fetched), ATTRIB_OK);
      assert_memory_equal(weighted, fetched, size);
      for (int64_t i = 0; i < n; i++) {
        double v[ROWS], m, w;
        for (int r = 0; r < ROWS; r++)
          v[r] = dtype == ATTRIB_F32 ? (double)((float *)c.rows)[r * n + i] : ((double *)c.rows)[r * n + i];
        m = dtype == ATTRIB_F32 ? (double)((float *)mean)[i] : ((double *)mean)[i];
        w = dtype == ATTRIB_F32 ? (double)((float *)weighted)[i] : ((double *)weighted)[i];
        double tolerance = dtype == ATTRIB_F32 ? 0x1p-24 : ROUND_OFF; /* summed in double: rounded to float once */
        assert_near(m, (v[0] + v[1] + v[2]) / 3, tolerance, 1);
        assert_near(w, (v[0] + 2.5 * v[2]) / 3.5, tolerance, 1);
      }
      free(fetched);
      free(weighted);
      free(mean);
      free_method(&c);
    }
}

/* Not even by a rounding error: a baseline averaged from copies of the input is the input. */
static void the_mean_of_equal_rows_is_that_row(void **state) {
  (void)state;
  const double rows[5 * 3] = {.1, 1e-300, -7, NAN, NAN, .1, 1e-300, -7, NAN, NAN, .1, 1e-300, -7};
  attrib_baselines set = {.struct_size = sizeof set, .count = 3, .stride = 5, .rows = rows};
  double mean[3];
  assert_int_equal(attrib_baseline_mean(NULL, ATTRIB_F64, 3, &set, mean), ATTRIB_OK);
  assert_memory_equal(mean, rows, sizeof mean);

  /* Any number of rows, any weights, to the last bit. */
  for (int64_t count = 2; count <= 60; count++) {
    double *many = exact_block((size_t)count * sizeof *many), *weights = exact_block((size_t)count * sizeof *weights);
    for (int64_t k = 0; k < count; k++) {
      many[k] = .1 * (double)count;
      weights[k] = 1 / (double)(k + 3);
    }
    attrib_baselines copies = {.struct_size = sizeof copies, .count = count, .rows = many};
    for (int w = 0; w < 2; w++) {
      copies.weights = w == 0 ? NULL : weights;
      assert_int_equal(attrib_baseline_mean(NULL, ATTRIB_F64, 1, &copies, mean), ATTRIB_OK);
      assert_true(mean[0] == many[0]);
    }
    free(many);
    free(weights);
  }
}

/* Weights count by their ratio, however small or large; large rows of one sign have a mean, too. */
static void extreme_weights_and_rows(void **state) {
  (void)state;
  const double rows[] = {1, 3}, large[] = {1.7e308, 1.5e308};
  const double tiny[] = {5e-324, 5e-324}, huge[] = {8e307, 8e307};
  attrib_baselines set = {.struct_size = sizeof set, .count = 2, .rows = rows};
  const double *weights[] = {NULL, tiny, huge};
  for (int w = 0; w < 3; w++) {
    double mean = 0;
    set.weights = weights[w];
    set.rows = rows;
    assert_int_equal(attrib_baseline_mean(NULL, ATTRIB_F64, 1, &set, &mean), ATTRIB_OK);
    assert_true(mean == 2);
    set.rows = large;
    assert_int_equal(attrib_baseline_mean(NULL, ATTRIB_F64, 1, &set, &mean), ATTRIB_OK);
    assert_near(mean, 1.6e308, 0x1p-51, 1.6e308);
  }
}

typedef struct fetcher {
  int64_t calls, last, fail_at;
  double value;
} fetcher;

static int32_t ATTRIB_CALL fetch(int64_t index, void *row, void *user) {
  fetcher *f = user;
  f->calls++;
  assert_true(index > f->last); /* in index order: the caller's own thread, so this may assert */
  f->last = index;
  ((double *)row)[0] = index == 1 ? f->value : (double)index;
  return index == f->fail_at ? -6 : 0;
}

/* Each row is fetched once, a row of weight 0 never. */
static void rows_are_fetched_once_in_order(void **state) {
  (void)state;
  fetcher f = {.last = -1, .fail_at = -1, .value = NAN};
  double mean;
  attrib_baselines set = {
      .struct_size = sizeof set, .count = 4, .fetch = fetch, .fetch_user = &f, .weights = (const double[]){1, 0, 1, 2}};
  assert_int_equal(attrib_baseline_mean(NULL, ATTRIB_F64, 1, &set, &mean), ATTRIB_OK);
  assert_int_equal(f.calls, 3);
  assert_near(mean, 2, ROUND_OFF, 2);
}

static void failures_leave_the_row_alone(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  double *mean = untouched(1);
  for (int64_t k = 0; k < 3; k++) {
    fetcher f = {.last = -1, .fail_at = k, .value = 1};
    attrib_baselines set = {.struct_size = sizeof set, .count = 3, .fetch = fetch, .fetch_user = &f};
    assert_status(attrib_baseline_mean(context, ATTRIB_F64, 1, &set, mean), ATTRIB_E_CALLBACK, context);
    assert_names(attrib_context_error(context), "set->fetch returned -6");
    assert_int_equal(f.calls, k + 1);
  }
  static const double bad[] = {NAN, INFINITY};
  for (int k = 0; k < 2; k++) {
    fetcher f = {.last = -1, .fail_at = -1, .value = bad[k]};
    attrib_baselines set = {.struct_size = sizeof set, .count = 3, .fetch = fetch, .fetch_user = &f};
    assert_status(attrib_baseline_mean(context, ATTRIB_F64, 1, &set, mean), ATTRIB_E_NONFINITE, context);
    assert_names(attrib_context_error(context), "set: row 1, element 0");
  }
  assert_true(is_untouched(mean, 1));
  free(mean);
  attrib_context_destroy(context);
}

static void wrong_arguments_are_named(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  const double rows[2] = {1, 2};
  const attrib_baselines good = {.struct_size = sizeof good, .count = 2, .rows = rows};
  attrib_baselines empty = good, flagged = good, weighted = good, brief = good;
  empty.count = 0;
  flagged.flags = 1;
  weighted.weights = (const double[]){1, -1};
  brief.struct_size = 8;
  const struct {
    uint32_t dtype;
    int64_t n;
    const attrib_baselines *set;
    attrib_status status;
    const char *names;
  } wrongs[] = {
      {0, 1, &good, ATTRIB_E_ARGUMENT, "dtype = 0"},
      {3, 1, &good, ATTRIB_E_ARGUMENT, "dtype = 3"},
      {ATTRIB_F64, 0, &good, ATTRIB_E_ARGUMENT, "n = 0"},
      {ATTRIB_F64, -5, &good, ATTRIB_E_ARGUMENT, "n = -5"},
      {ATTRIB_F64, 1, NULL, ATTRIB_E_ARGUMENT, "set is NULL"},
      {ATTRIB_F64, 1, &empty, ATTRIB_E_ARGUMENT, "set->count = 0"},
      {ATTRIB_F64, 1, &flagged, ATTRIB_E_UNSUPPORTED, "set->flags = 0x1"},
      {ATTRIB_F64, 1, &weighted, ATTRIB_E_ARGUMENT, "set->weights[1] = -1"},
      {ATTRIB_F64, 1, &brief, ATTRIB_E_STRUCT, "set->struct_size = 8"},
  };
  double *mean = untouched(1);
  for (int64_t k = 0; k < COUNT(wrongs); k++) {
    assert_status(attrib_baseline_mean(context, wrongs[k].dtype, wrongs[k].n, wrongs[k].set, mean), wrongs[k].status,
                  context);
    assert_names(attrib_context_error(context), wrongs[k].names);
    assert_int_equal(attrib_baseline_mean(NULL, wrongs[k].dtype, wrongs[k].n, wrongs[k].set, mean), wrongs[k].status);
  }
  assert_true(is_untouched(mean, 1));
  assert_status(attrib_baseline_mean(context, ATTRIB_F64, 1, &good, NULL), ATTRIB_E_ARGUMENT, context);
  assert_names(attrib_context_error(context), "row is NULL");
  free(mean);
  attrib_context_destroy(context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_mean_element_by_element),  cmocka_unit_test(the_mean_of_equal_rows_is_that_row),
      cmocka_unit_test(extreme_weights_and_rows),     cmocka_unit_test(rows_are_fetched_once_in_order),
      cmocka_unit_test(failures_leave_the_row_alone), cmocka_unit_test(wrong_arguments_are_named),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
