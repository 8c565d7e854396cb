/* test_image_blur.c - the Gaussian against closed forms and against a plain sum over the unfolded kernel. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <attrib/attrib.h>

static attrib_image grey(int64_t width, int64_t height) {
  return (attrib_image){.struct_size = sizeof(attrib_image), .width = width, .height = height, .channels = 1};
}

/* n doubles that look like nothing in particular, in [-1, 1); the block has exactly that size. */
static double *noise(size_t n, uint64_t seed) {
  double *values = malloc(n * sizeof *values);
  assert_non_null(values);
  for (size_t i = 0; i < n; i++) {
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    values[i] = ldexp((double)(seed >> 11), -52) - 1;
  }
  return values;
}

static double *blurred(const attrib_image *shape, size_t n, const double *input, double sigma) {
  double *row = malloc(n * sizeof *row);
  assert_non_null(row);
  assert_int_equal(attrib_image_blur(NULL, ATTRIB_F64, shape, input, sigma, row), ATTRIB_OK);
  return row;
}

static void assert_close(const double *found, const double *expected, size_t n, double tolerance) {
  for (size_t i = 0; i < n; i++)
    if (!(fabs(found[i] - expected[i]) <= tolerance)) fail_msg("[%zu]: %.17g, not %.17g", i, found[i], expected[i]);
}

/* Both figures are those of scipy.ndimage.gaussian_filter with its default border. */
static void an_impulse_gives_the_kernel(void **state) {
  (void)state;
  const double impulse[5] = {0, 0, 1, 0, 0};
  const double expected[5] = {.058422989041, .242105276281, .398943469356, .242105276281, .058422989041};
  attrib_image across = grey(5, 1), down = grey(1, 5);
  double *first = blurred(&across, 5, impulse, 1), *second = blurred(&down, 5, impulse, 1);
  assert_close(first, expected, 5, 1e-12);
  assert_memory_equal(first, second, 5 * sizeof *first);
  free(first);
  free(second);
}

/* The definition: every pixel, every weight of the whole kernel, the border folded by arithmetic modulo 2 n. */
static double *plainly_blurred(int64_t width, int64_t height, const double *input, double sigma) {
  int64_t radius = (int64_t)floor(4 * sigma + 0.5);
  size_t n = (size_t)(width * height);
  double *from = malloc(n * sizeof *from), *to = malloc(n * sizeof *to);
  assert_true(from != NULL && to != NULL);
  memcpy(to, input, n * sizeof *to);
  for (int axis = 0; axis < 2; axis++) {
    int64_t length = axis == 0 ? width : height, step = axis == 0 ? 1 : width;
    memcpy(from, to, n * sizeof *to);
    for (int64_t i = 0; i < width * height; i++) {
      int64_t place = i / step % length;
      double sum = 0, total = 0;
      for (int64_t k = -radius; k <= radius; k++) {
        int64_t folded = ((place + k) % (2 * length) + 2 * length) % (2 * length);
        if (folded >= length) folded = 2 * length - 1 - folded;
        double weight = radius == 0 ? 1 : exp(-(double)(k * k) / (2 * sigma * sigma));
        sum += weight * from[i + (folded - place) * step];
        total += weight;
      }
      to[i] = sum / total;
    }
  }
  free(from);
  return to;
}

/* Kernels shorter than a line, as long, and longer by many periods. */
static void agrees_with_the_definition(void **state) {
  (void)state;
  const int64_t sizes[][2] = {{1, 1}, {1, 2}, {2, 1}, {3, 2}, {5, 8}, {13, 4}, {17, 17}};
  const double sigmas[] = {0, 0.1, 0.125, 0.3, 0.5, 1, 1.1, 1.7, 2, 3.3, 4, 4.25, 20, 75.5};
  for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
    for (size_t k = 0; k < sizeof sigmas / sizeof *sigmas; k++) {
      attrib_image shape = grey(sizes[s][0], sizes[s][1]);
      size_t n = (size_t)(sizes[s][0] * sizes[s][1]);
      double *input = noise(n, 100 * s + k), *found = blurred(&shape, n, input, sigmas[k]);
      double *expected = plainly_blurred(sizes[s][0], sizes[s][1], input, sigmas[k]);
      assert_close(found, expected, n, 2e-15);
      free(input), free(found), free(expected);
    }
}

static void the_sum_is_kept(void **state) {
  (void)state;
  const double line[5] = {1, 2, 3, 4, 10};
  attrib_image shape = grey(5, 1), small = grey(3, 2);
  double *row = blurred(&shape, 5, line, 20), sum = 0;
  for (int i = 0; i < 5; i++) {
    sum += row[i];
    assert_true(fabs(row[i] - 4) < 0.05); /* nearly the mean */
  }
  assert_true(fabs(sum - 20) < 1e-13);
  free(row);
  const double block[6] = {6, 0, 0, 0, 0, 0};
  row = blurred(&small, 6, block, 1e6);
  sum = 0;
  for (int i = 0; i < 6; i++) {
    sum += row[i];
    assert_true(fabs(row[i] - 1) < 1e-6);
  }
  assert_true(fabs(sum - 6) < 1e-13);
  free(row);
}

static void a_constant_stays(void **state) {
  (void)state;
  const double sigmas[] = {0.3, 2, 40, 1000};
  attrib_image shape = grey(9, 7);
  for (int k = 0; k < 4; k++) {
    double *input = malloc(63 * sizeof *input);
    assert_non_null(input);
    for (int i = 0; i < 63; i++) input[i] = 0.7;
    double *row = blurred(&shape, 63, input, sigmas[k]);
    assert_close(row, input, 63, 1e-15);
    free(input), free(row);
  }
}

static void small_sigma_is_the_identity_bit_for_bit(void **state) {
  (void)state;
  const double sigmas[] = {0, 5e-324, 0.1, 0.1249999};
  const double input[6] = {-0.0, 0.1, 5e-324, DBL_MAX, -DBL_MAX, 1e-310};
  attrib_image shape = grey(3, 2);
  for (int k = 0; k < 4; k++) {
    double *row = blurred(&shape, 6, input, sigmas[k]);
    assert_memory_equal(row, input, sizeof input);
    free(row);
  }
  double *row = blurred(&shape, 6, input, 0.125);
  assert_memory_not_equal(row, input, sizeof input);
  free(row);
}

static void a_mirrored_picture_gives_the_mirrored_bits(void **state) {
  (void)state;
  enum { N = 66 };
  const double sigmas[] = {0.8, 2, 9};
  attrib_image shape = grey(11, 6);
  for (int k = 0; k < 3; k++) {
    double *input = noise(N, 5), *mirrored = noise(N, 5);
    for (int i = 0; i < N; i++) mirrored[N - 1 - i] = input[i];
    double *row = blurred(&shape, N, input, sigmas[k]), *other = blurred(&shape, N, mirrored, sigmas[k]);
    for (int i = 0; i < N; i++) assert_true(row[i] == other[N - 1 - i]);
    free(input), free(mirrored), free(row), free(other);
  }
}

static void the_transposed_picture_gives_the_transposed_result(void **state) {
  (void)state;
  enum { N = 36 };
  attrib_image shape = grey(9, 4), turned = grey(4, 9);
  double *input = noise(N, 6), *transposed = malloc(N * sizeof *transposed);
  assert_non_null(transposed);
  for (int i = 0; i < N; i++) transposed[i % 9 * 4 + i / 9] = input[i];
  double *row = blurred(&shape, N, input, 1.5), *other = blurred(&turned, N, transposed, 1.5);
  for (int i = 0; i < N; i++) assert_true(fabs(row[i] - other[i % 9 * 4 + i / 9]) < 1e-15);
  free(input), free(transposed), free(row), free(other);
}

enum { W = 7, H = 5, C = 3 };

static double get(uint32_t dtype, const void *picture, int64_t i) {
  return dtype == ATTRIB_F32 ? (double)((const float *)picture)[i] : ((const double *)picture)[i];
}

static void put(uint32_t dtype, void *picture, int64_t i, double value) {
  if (dtype == ATTRIB_F32)
    ((float *)picture)[i] = (float)value;
  else
    ((double *)picture)[i] = value;
}

/* Blurs a picture (given as planes) laid out as `shape` says and compares with its planes blurred one by one. What lies
 * between the elements is a canary, and not finite. */
static void assert_layout(const attrib_image *shape, uint32_t dtype, int in_place, const double *planes,
                          const double *expected) {
  size_t n = (size_t)((W - 1) * shape->x_stride + (H - 1) * shape->y_stride + (C - 1) * shape->channel_stride + 1);
  size_t size = dtype == ATTRIB_F32 ? sizeof(float) : sizeof(double);
  void *input = malloc(n * size), *row = in_place ? input : malloc(n * size);
  char *used = calloc(n, 1);
  assert_true(input != NULL && row != NULL && used != NULL);
  for (size_t i = 0; i < n; i++) put(dtype, input, (int64_t)i, INFINITY), put(dtype, row, (int64_t)i, INFINITY);
  int64_t place[W * H * C];
  for (int64_t i = 0; i < W * H * C; i++) {
    place[i] = i % W * shape->x_stride + i / W % H * shape->y_stride + i / (W * H) * shape->channel_stride;
    used[place[i]] = 1;
    put(dtype, input, place[i], planes[i]);
  }
  assert_int_equal(attrib_image_blur(NULL, dtype, shape, input, 1.3, row), ATTRIB_OK);
  for (int64_t i = 0; i < W * H * C; i++) {
    double rounded = dtype == ATTRIB_F32 ? (double)(float)expected[i] : expected[i];
    assert_true(get(dtype, row, place[i]) == rounded);
  }
  for (size_t i = 0; i < n; i++) assert_true(used[i] || get(dtype, row, (int64_t)i) == (double)INFINITY);
  if (!in_place) free(row);
  free(input);
  free(used);
}

static void every_layout_agrees(void **state) {
  (void)state;
  const attrib_image layouts[] = {
      {sizeof(attrib_image), 0, W, H, C, 3, 21, 1},  /* HWC */
      {sizeof(attrib_image), 0, W, H, C, 4, 30, 1},  /* HWC with an alpha and padded rows */
      {sizeof(attrib_image), 0, W, H, C, 1, 7, 35},  /* CHW */
      {sizeof(attrib_image), 0, W, H, C, 1, 10, 53}, /* CHW, rows and planes padded */
      {sizeof(attrib_image), 0, W, H, C, 16, 3, 1},  /* columns first */
  };
  attrib_image plane = grey(W, H);
  double *planes = noise(W * H * C, 7), *expected = malloc(W * H * C * sizeof *expected);
  assert_non_null(expected);
  for (int i = 0; i < W * H * C; i++) planes[i] = (double)(float)planes[i];
  for (int c = 0; c < C; c++)
    assert_int_equal(attrib_image_blur(NULL, ATTRIB_F64, &plane, planes + c * W * H, 1.3, expected + c * W * H),
                     ATTRIB_OK);
  for (int k = 0; k < 5; k++)
    for (int in_place = 0; in_place < 2; in_place++) {
      assert_layout(&layouts[k], ATTRIB_F32, in_place, planes, expected);
      assert_layout(&layouts[k], ATTRIB_F64, in_place, planes, expected);
    }
  free(planes);
  free(expected);
}

static void all_strides_0_is_interleaved(void **state) {
  (void)state;
  attrib_image implied = {sizeof implied, 0, 4, 3, 2, 0, 0, 0}, spelled = {sizeof spelled, 0, 4, 3, 2, 2, 8, 1};
  double *input = noise(24, 8), *first = blurred(&implied, 24, input, 1), *second = blurred(&spelled, 24, input, 1);
  assert_memory_equal(first, second, 24 * sizeof *first);
  free(input), free(first), free(second);
}

/* No infinity where the mean of the largest numbers rounds up past them, nor where both signs meet. */
static void the_largest_numbers_stay_finite(void **state) {
  (void)state;
  attrib_image shape = grey(6, 6);
  double input[36];
  float single[36];
  for (int k = 1; k < 60; k++) {
    double sign = k % 3 == 0 ? -1 : 1, right = k % 3 == 1 ? -1 : sign;
    for (int i = 0; i < 36; i++) {
      input[i] = i % 6 < 4 ? sign * DBL_MAX : right * DBL_MAX;
      single[i] = i % 6 < 4 ? (float)sign * FLT_MAX : (float)right * FLT_MAX;
    }
    double *row = blurred(&shape, 36, input, k / 7.0);
    assert_int_equal(attrib_image_blur(NULL, ATTRIB_F32, &shape, single, k / 7.0, single), ATTRIB_OK);
    for (int i = 0; i < 36; i++) {
      assert_true(isfinite(row[i]) && isfinite(single[i]));
      if (sign == right) assert_true(sign * row[i] > DBL_MAX * (1 - 1e-14) && (float)sign * single[i] == FLT_MAX);
    }
    free(row);
  }
}

static void refuses_bad_arguments_by_name(void **state) {
  (void)state;
  attrib_context *context;
  assert_int_equal(attrib_context_create(NULL, &context), ATTRIB_OK);
  attrib_image shape = grey(2, 1);
  const double input[2] = {1, 2}, sigmas[] = {-1, -5e-324, 1.1e6, NAN, INFINITY};
  const char *parts[] = {"sigma = -1:", "sigma = -4.9", "sigma = 1.1e+06", "sigma = nan", "sigma = inf"};
  double row[2] = {7, 8};
  for (int i = 0; i < 5; i++) {
    assert_int_equal(attrib_image_blur(context, ATTRIB_F64, &shape, input, sigmas[i], row), ATTRIB_E_ARGUMENT);
    assert_non_null(strstr(attrib_context_error(context), parts[i]));
  }
  assert_int_equal(attrib_image_blur(context, ATTRIB_F64, &shape, NULL, 1, row), ATTRIB_E_ARGUMENT);
  assert_non_null(strstr(attrib_context_error(context), "input is NULL"));
  assert_int_equal(attrib_image_blur(context, ATTRIB_F64, &shape, input, 1, NULL), ATTRIB_E_ARGUMENT);
  assert_non_null(strstr(attrib_context_error(context), "row is NULL"));
  assert_true(row[0] == 7 && row[1] == 8);
  attrib_context_destroy(context);
}

static void names_the_element_that_is_not_finite(void **state) {
  (void)state;
  attrib_context *context;
  assert_int_equal(attrib_context_create(NULL, &context), ATTRIB_OK);
  attrib_image shape = {.struct_size = sizeof shape, .width = 2, .height = 2, .channels = 2};
  const float bad[3] = {NAN, INFINITY, -INFINITY};
  for (int k = 0; k < 3; k++) {
    float picture[8] = {0, 1, 2, 3, 4, 5, 6, bad[k]}, before[8], row[8] = {9, 9, 9, 9, 9, 9, 9, 9};
    memcpy(before, picture, sizeof before);
    assert_int_equal(attrib_image_blur(context, ATTRIB_F32, &shape, picture, 1, row), ATTRIB_E_NONFINITE);
    assert_non_null(strstr(attrib_context_error(context), "x = 1, y = 1, channel 1"));
    assert_int_equal(attrib_image_blur(context, ATTRIB_F32, &shape, picture, 0, picture), ATTRIB_E_NONFINITE);
    for (int i = 0; i < 8; i++) assert_true(row[i] == 9);
    assert_memory_equal(picture, before, sizeof before);
  }
  attrib_context_destroy(context);
}

typedef struct budget {
  int calls, allowed;
} budget;

static void *ATTRIB_CALL allocate(size_t size, size_t alignment, void *user) {
  budget *limit = user;
  if (limit->calls == limit->allowed) return NULL;
  limit->calls++;
  return aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
}

static void ATTRIB_CALL release(void *block, size_t size, void *user) {
  (void)size;
  (void)user;
  free(block);
}

static void reports_memory_refused_and_keeps_what_it_got(void **state) {
  (void)state;
  budget limit = {0, 1}; /* the context */
  attrib_allocator allocator = {.struct_size = sizeof allocator, .allocate = allocate, .release = release};
  allocator.user = &limit;
  attrib_context_options options = {.struct_size = sizeof options, .allocator = &allocator};
  attrib_context *context;
  assert_int_equal(attrib_context_create(&options, &context), ATTRIB_OK);
  attrib_image shape = grey(3, 2), larger = grey(30, 20);
  const double input[6] = {1, 2, 3, 4, 5, 6};
  double row[6] = {7, 7, 7, 7, 7, 7};
  assert_int_equal(attrib_image_blur(context, ATTRIB_F64, &shape, input, 1, row), ATTRIB_E_MEMORY);
  assert_non_null(strstr(attrib_context_error(context), "out of memory"));
  for (int i = 0; i < 6; i++) assert_true(row[i] == 7);
  limit.allowed = 2;
  for (int i = 0; i < 3; i++) /* only the first asks for memory */
    assert_int_equal(attrib_image_blur(context, ATTRIB_F64, &shape, input, 1, row), ATTRIB_OK);
  assert_int_equal(limit.calls, 2);
  double *large = noise(600, 9);
  assert_int_equal(attrib_image_blur(context, ATTRIB_F64, &larger, large, 1, large), ATTRIB_E_MEMORY);
  free(large);
  attrib_context_destroy(context);
}

typedef struct intruder {
  attrib_context *context; /* NULL: not inside yet */
  int refused;
} intruder;

/* Asks for everything else in this folder while the blur that needs this memory is under way. */
static void *ATTRIB_CALL allocate_and_intrude(size_t size, size_t alignment, void *user) {
  intruder *self = user;
  attrib_image shape = grey(1, 1);
  double value = 1, scale;
  uint8_t rgba[4] = {0}, photo[4] = {0};
  int32_t label = 0, order;
  int64_t regions;
  const attrib_segments segments = {.struct_size = sizeof segments, .count = 1, .labels = &label};
  if (self->context != NULL) {
    attrib_context *context = self->context;
    self->refused += attrib_image_fill(context, ATTRIB_F64, &shape, &value, &value) == ATTRIB_E_BUSY;
    self->refused += attrib_image_blur(context, ATTRIB_F64, &shape, &value, 1, &value) == ATTRIB_E_BUSY;
    self->refused += attrib_image_reduce(context, &shape, &value, ATTRIB_REDUCE_SUM, &value) == ATTRIB_E_BUSY;
    self->refused += attrib_image_scale(context, 1, 0, ATTRIB_SIGN_BOTH, &value, &scale) == ATTRIB_E_BUSY;
    self->refused += attrib_image_normalise(context, 1, 0, ATTRIB_SIGN_BOTH, 0, &value) == ATTRIB_E_BUSY;
    self->refused += attrib_image_colorize(context, 1, &value, ATTRIB_PALETTE_DIVERGING, rgba) == ATTRIB_E_BUSY;
    self->refused += attrib_image_regions(context, 1, 1, &value, &segments, &order, NULL, &regions) == ATTRIB_E_BUSY;
    self->refused += attrib_image_overlay(context, 1, photo, 0.5, rgba) == ATTRIB_E_BUSY;
  }
  return aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
}

static void a_context_in_use_is_refused(void **state) {
  (void)state;
  intruder inside = {NULL, 0};
  attrib_allocator allocator = {
      .struct_size = sizeof allocator, .allocate = allocate_and_intrude, .release = release, .user = &inside};
  attrib_context_options options = {.struct_size = sizeof options, .allocator = &allocator};
  attrib_context *context;
  assert_int_equal(attrib_context_create(&options, &context), ATTRIB_OK);
  inside.context = context;
  attrib_image shape = grey(3, 1);
  const double input[3] = {0, 1, 0};
  double row[3];
  assert_int_equal(attrib_image_blur(context, ATTRIB_F64, &shape, input, 0, row), ATTRIB_OK);
  assert_memory_equal(row, input, sizeof row);
  assert_int_equal(inside.refused, 8);
  attrib_context_destroy(context);
}

/* A picture of floats can be addressed whose plane of doubles cannot. Found before the picture is read. */
static void reports_scratch_that_does_not_fit(void **state) {
  (void)state;
  attrib_context *context;
  assert_int_equal(attrib_context_create(NULL, &context), ATTRIB_OK);
  attrib_image shape = grey(INT64_C(1) << 30, INT64_C(1) << 31);
  float input = 0;
  assert_int_equal(attrib_image_blur(context, ATTRIB_F32, &shape, &input, 1, &input), ATTRIB_E_OVERFLOW);
  assert_non_null(strstr(attrib_context_error(context), "1073741824 x 2147483648 pixels"));
  attrib_context_destroy(context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_impulse_gives_the_kernel),
      cmocka_unit_test(agrees_with_the_definition),
      cmocka_unit_test(the_sum_is_kept),
      cmocka_unit_test(a_constant_stays),
      cmocka_unit_test(small_sigma_is_the_identity_bit_for_bit),
      cmocka_unit_test(a_mirrored_picture_gives_the_mirrored_bits),
      cmocka_unit_test(the_transposed_picture_gives_the_transposed_result),
      cmocka_unit_test(every_layout_agrees),
      cmocka_unit_test(all_strides_0_is_interleaved),
      cmocka_unit_test(the_largest_numbers_stay_finite),
      cmocka_unit_test(refuses_bad_arguments_by_name),
      cmocka_unit_test(names_the_element_that_is_not_finite),
      cmocka_unit_test(reports_memory_refused_and_keeps_what_it_got),
      cmocka_unit_test(a_context_in_use_is_refused),
      cmocka_unit_test(reports_scratch_that_does_not_fit),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
