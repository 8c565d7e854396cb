/* Structs of other sizes at every door, in blocks of exactly the size they state: older, newer and unset. */
#include "methods.h"

#include "context/context.h"

/* The struct that is resized, and a call that reads it. */
typedef struct door {
  const char *name;
  size_t first, size; /* in the first version, and now */
  const void *(*take)(const method_case *c);
  attrib_status (*pass)(attrib_context *context, method_case *c, const void *resized, double *phi);
} door;

static const void *take_model(const method_case *c) {
  return &c->call.model;
}

static const void *take_options(const method_case *c) {
  return &c->options;
}

static const void *take_baselines(const method_case *c) {
  return &c->baselines;
}

static const void *take_path(const method_case *c) {
  return &c->path;
}

static const void *take_noise(const method_case *c) {
  return &c->noise;
}

static attrib_status model_to_ig(attrib_context *context, method_case *c, const void *model, double *phi) {
  return attrib_integrated_gradients(context, model, c->input, 0, &c->baselines, &c->options, phi, NULL);
}

static attrib_status model_to_gradient(attrib_context *context, method_case *c, const void *model, double *phi) {
  return attrib_gradient(context, model, c->input, 0, NULL, phi, NULL);
}

static attrib_status model_to_path(attrib_context *context, method_case *c, const void *model, double *phi) {
  return attrib_path_gradients(context, model, 0, &c->path, &c->options, phi, NULL);
}

static attrib_status model_to_outputs(attrib_context *context, method_case *c, const void *model, double *phi) {
  return attrib_outputs(context, model, &c->baselines, 0, NULL, phi, NULL);
}

static attrib_status options_to_ig(attrib_context *context, method_case *c, const void *options, double *phi) {
  return attrib_integrated_gradients(context, &c->call.model, c->input, 0, &c->baselines, options, phi, NULL);
}

static attrib_status options_to_gradient(attrib_context *context, method_case *c, const void *options, double *phi) {
  return attrib_gradient(context, &c->call.model, c->input, 0, options, phi, NULL);
}

static attrib_status options_to_path(attrib_context *context, method_case *c, const void *options, double *phi) {
  return attrib_path_gradients(context, &c->call.model, 0, &c->path, options, phi, NULL);
}

static attrib_status options_to_start(attrib_context *context, method_case *c, const void *options, double *phi) {
  attrib_run *run;
  attrib_status status = attrib_path_gradients_start(context, &c->call.model, 0, &c->path, options, &run);
  if (status == ATTRIB_OK) *phi = 0;
  attrib_run_destroy(run);
  return status;
}

static attrib_status baselines_to_ig(attrib_context *context, method_case *c, const void *set, double *phi) {
  return attrib_integrated_gradients(context, &c->call.model, c->input, 0, set, &c->options, phi, NULL);
}

static attrib_status baselines_to_outputs(attrib_context *context, method_case *c, const void *set, double *phi) {
  return attrib_outputs(context, &c->call.model, set, 0, NULL, phi, NULL);
}

static attrib_status baselines_to_mean(attrib_context *context, method_case *c, const void *set, double *phi) {
  return attrib_baseline_mean(context, ATTRIB_F64, c->model.n_inputs, set, phi);
}

static attrib_status path_to_path(attrib_context *context, method_case *c, const void *path, double *phi) {
  return attrib_path_gradients(context, &c->call.model, 0, path, &c->options, phi, NULL);
}

static attrib_status noise_to_check(attrib_context *context, method_case *c, const void *noise, double *phi) {
  attrib_status status = attrib_noise_check(context, noise);
  (void)c;
  if (status == ATTRIB_OK) *phi = 0;
  return status;
}

static attrib_status noise_to_fetch(attrib_context *context, method_case *c, const void *noise, double *phi) {
  attrib_baselines set = {.struct_size = sizeof set, .count = 1, .fetch = attrib_noise_fetch};
  memcpy(&set.fetch_user, &noise, sizeof noise);
  return attrib_integrated_gradients(context, &c->call.model, c->input, 0, &set, &c->options, phi, NULL);
}

enum { FIRST_OPTIONS = offsetof(attrib_ig_options, absolute_tolerance) };

static const door doors[] = {
    {"model", sizeof(attrib_model), sizeof(attrib_model), take_model, model_to_gradient},
    {"model", sizeof(attrib_model), sizeof(attrib_model), take_model, model_to_ig},
    {"model", sizeof(attrib_model), sizeof(attrib_model), take_model, model_to_path},
    {"model", sizeof(attrib_model), sizeof(attrib_model), take_model, model_to_outputs},
    {"options", FIRST_OPTIONS, sizeof(attrib_ig_options), take_options, options_to_gradient},
    {"options", FIRST_OPTIONS, sizeof(attrib_ig_options), take_options, options_to_ig},
    {"options", FIRST_OPTIONS, sizeof(attrib_ig_options), take_options, options_to_path},
    {"options", FIRST_OPTIONS, sizeof(attrib_ig_options), take_options, options_to_start},
    {"baselines", sizeof(attrib_baselines), sizeof(attrib_baselines), take_baselines, baselines_to_ig},
    {"rows", sizeof(attrib_baselines), sizeof(attrib_baselines), take_baselines, baselines_to_outputs},
    {"set", sizeof(attrib_baselines), sizeof(attrib_baselines), take_baselines, baselines_to_mean},
    {"path", sizeof(attrib_path), sizeof(attrib_path), take_path, path_to_path},
    {"noise", sizeof(attrib_noise), sizeof(attrib_noise), take_noise, noise_to_check},
    {"noise", sizeof(attrib_noise), sizeof(attrib_noise), take_noise, noise_to_fetch},
};

/* A method for the doors: one baseline of three, default options, a path through four knots. */
static void make_doors(method_case *c) {
  make_method(c, 4, ATTRIB_F64, 3);
  c->options.rule = 0;
  c->options.points = 0;
  c->path = (attrib_path){.struct_size = sizeof c->path, .knots = METHOD_KNOTS, .rows = c->rows};
}

/* The struct in a block of `size` bytes that says so; what it has too much is zero but for its last byte. */
static unsigned char *resized(const method_case *c, const door *d, size_t size, unsigned char last) {
  size_t block_size = size < sizeof(uint32_t) ? sizeof(uint32_t) : size;
  unsigned char *block = exact_block(block_size);
  uint32_t stated = (uint32_t)size;
  memset(block, 0, block_size);
  memcpy(block, d->take(c), size < d->size ? size : d->size);
  memcpy(block, &stated, sizeof stated);
  if (size > d->size) block[size - 1] = last;
  return block;
}

static attrib_status pass(attrib_context *context, const door *d, size_t size, unsigned char last, double *phi) {
  method_case c;
  make_doors(&c);
  unsigned char *block = resized(&c, d, size, last);
  attrib_status status = d->pass(context, &c, block, phi);
  free(block);
  free_method(&c);
  return status;
}

static void structs_that_are_too_small(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  for (int64_t k = 0; k < COUNT(doors); k++) {
    const size_t sizes[] = {0, 1, 4, doors[k].first / 2, doors[k].first - 8, doors[k].first - 1};
    for (int64_t s = 0; s < COUNT(sizes); s++) {
      double *phi = untouched(3);
      char named[80];
      assert_status(pass(context, &doors[k], sizes[s], 0, phi), ATTRIB_E_STRUCT, context);
      snprintf(named, sizeof named, "%s->struct_size = %zu:", doors[k].name, sizes[s]);
      assert_names(attrib_context_error(context), named);
      assert_true(is_untouched(phi, 3));
      free(phi);
    }
  }
  attrib_context_destroy(context);
}

/* A newer caller who uses nothing new is served; one who does is refused, not misunderstood. */
static void structs_of_a_newer_version(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  for (int64_t k = 0; k < COUNT(doors); k++) {
    double *as_it_is = untouched(3);
    assert_status(pass(context, &doors[k], doors[k].size, 0, as_it_is), ATTRIB_OK, context);
    for (size_t more = 1; more <= 64; more += 21) {
      double *phi = untouched(3), *kept = untouched(3);
      char named[80];
      assert_status(pass(context, &doors[k], doors[k].size + more, 0, phi), ATTRIB_OK, context);
      assert_same_bits(phi, as_it_is, 3);
      assert_status(pass(context, &doors[k], doors[k].size + more, 1, kept), ATTRIB_E_UNSUPPORTED, context);
      snprintf(named, sizeof named, "%s->struct_size = %zu", doors[k].name, doors[k].size + more);
      assert_names(attrib_context_error(context), named);
      assert_true(is_untouched(kept, 3));
      free(kept);
      free(phi);
    }
    free(as_it_is);
  }
  attrib_context_destroy(context);
}

static void *ATTRIB_CALL allocate(size_t size, size_t alignment, void *user) {
  (void)user;
  return aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
}

static void ATTRIB_CALL release(void *block, size_t size, void *user) {
  (void)size, (void)user;
  free(block);
}

/* The same for the two structs that are read before there is a context. */
static void a_contexts_own_structs(void **state) {
  (void)state;
  const attrib_allocator allocator = {.struct_size = sizeof allocator, .allocate = allocate, .release = release};
  for (int which = 0; which < 2; which++) {
    size_t known = which == 0 ? sizeof(attrib_context_options) : sizeof allocator;
    const size_t sizes[] = {0, 4, known - 1, known, known + 1, known + 40};
    for (int64_t s = 0; s < COUNT(sizes); s++)
      for (unsigned char last = 0; last < 2; last++) {
        attrib_context_options options = {.struct_size = sizeof options};
        size_t size = sizes[s] < 4 ? 4 : sizes[s];
        unsigned char *block = exact_block(size);
        uint32_t stated = (uint32_t)sizes[s];
        memset(block, 0, size);
        memcpy(block, which == 0 ? (const void *)&options : &allocator, size < known ? size : known);
        memcpy(block, &stated, sizeof stated);
        if (sizes[s] > known) block[size - 1] = last;
        options.allocator = (const attrib_allocator *)(const void *)block;
        attrib_context *context = NULL;
        attrib_status expected = sizes[s] < known                ? ATTRIB_E_STRUCT
                                 : sizes[s] > known && last == 1 ? ATTRIB_E_UNSUPPORTED
                                                                 : ATTRIB_OK;
        assert_int_equal(attrib_context_create(
                             which == 0 ? (const attrib_context_options *)(const void *)block : &options, &context),
                         expected);
        assert_true((context != NULL) == (expected == ATTRIB_OK));
        attrib_context_destroy(context);
        free(block);
      }
  }
}

/* A message longer than its buffer is cut, not overrun. */
static void a_long_message_is_cut(void **state) {
  (void)state;
  attrib_context *context = new_context(1, 0);
  char *text = exact_block(2001);
  memset(text, 'x', 2000);
  text[2000] = '\0';
  assert_int_equal(attrib__fail(context, ATTRIB_E_ARGUMENT, "%s", text), ATTRIB_E_ARGUMENT);
  assert_int_equal(strlen(attrib_context_error(context)), ATTRIB__MESSAGE_CAPACITY - 1);
  assert_int_equal(attrib__fail(NULL, ATTRIB_E_OVERFLOW, "%s", text), ATTRIB_E_OVERFLOW);
  free(text);
  attrib_context_destroy(context);
}

/* A struct_size that was never set is not followed to where it leads. */
static void a_size_out_of_thin_air(void **state) {
  (void)state;
  const uint32_t sizes[] = {4097, 0xcccccccc, UINT32_MAX};
  for (int i = 0; i < 3; i++) {
    attrib_noise noise = {.struct_size = sizes[i]};
    attrib_context *context;
    assert_int_equal(attrib_context_create(NULL, &context), ATTRIB_OK);
    assert_int_equal(attrib_noise_check(context, &noise), ATTRIB_E_STRUCT);
    assert_non_null(strstr(attrib_context_error(context), "noise->struct_size"));
    attrib_context_destroy(context);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_size_out_of_thin_air),     cmocka_unit_test(structs_that_are_too_small),
      cmocka_unit_test(structs_of_a_newer_version), cmocka_unit_test(a_contexts_own_structs),
      cmocka_unit_test(a_long_message_is_cut),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
