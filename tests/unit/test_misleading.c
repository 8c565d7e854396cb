/* The two warnings of examples/support/misleading: that the effects are there, and how large they are. */
#include "fixture.h"

#include "atomic_file.h"
#include "failing_memory.h"
#include "misleading.h"

static void maps_sit_in_the_corner(void **state) {
  (void)state;
  const misleading_plan plan = misleading_defaults(1);
  char message[FILE_MESSAGE_CAPACITY];
  decoy_result r;
  assert_int_equal(decoy_measure(&plan, &r, message), 0);
  print_message(
      "decoy: accuracy %.2f; in the corner %.3f of the pixels, %.3f of the map, %.3f of the edges; on the "
      "object %.3f, %.3f, %.3f\n",
      r.accuracy, r.corner_area, r.corner_share, r.edge_corner_share, r.object_area, r.object_share,
      r.edge_object_share);
  assert_true(fabs(r.corner_area - 16.0 / 576) < 1e-12);
  assert_true(r.accuracy > 0.95);
  assert_true(r.corner_share > 0.5 && r.object_share < r.object_area);
  assert_true(r.edge_corner_share < 0.1 && r.edge_object_share > 0.5);
}

static void the_check_misleads(void **state) {
  (void)state;
  const misleading_plan plan = misleading_defaults(1);
  char message[FILE_MESSAGE_CAPACITY];
  randomisation_result scattered, plain;
  assert_int_equal(randomisation_measure(SHAPES_SCATTERED, &plan, &scattered, message), 0);
  assert_int_equal(randomisation_measure(SHAPES_PLAIN, &plan, &plain, message), 0);
  print_message("scattered: accuracy %.2f, of random weights %.2f; maps %.3f, gradients %.3f alike\n",
                scattered.accuracy, scattered.random_accuracy, scattered.map_correlation,
                scattered.gradient_correlation);
  print_message("plain: accuracy %.2f, of random weights %.2f; maps %.3f, gradients %.3f alike\n", plain.accuracy,
                plain.random_accuracy, plain.map_correlation, plain.gradient_correlation);
  assert_true(scattered.accuracy > 0.5 && scattered.random_accuracy < 0.45);
  assert_true(scattered.map_correlation > 0.9 && fabs(scattered.gradient_correlation) < 0.1);
  assert_true(plain.accuracy > 0.75 && plain.map_correlation < 0.45 && fabs(plain.gradient_correlation) < 0.1);
}

static void the_same_each_time(void **state) {
  (void)state;
  const misleading_plan plan = {.training = 50, .test = 3, .epochs = 1, .hidden = 4, .seed = 9};
  char message[FILE_MESSAGE_CAPACITY];
  decoy_result decoys[2];
  randomisation_result checks[2];
  for (int i = 0; i < 2; i++) {
    assert_int_equal(decoy_measure(&plan, &decoys[i], message), 0);
    assert_int_equal(randomisation_measure(SHAPES_PLAIN, &plan, &checks[i], message), 0);
  }
  assert_memory_equal(&decoys[0], &decoys[1], sizeof decoys[0]);
  assert_memory_equal(&checks[0], &checks[1], sizeof checks[0]);
}

static void no_memory(void **state) {
  (void)state;
  const misleading_plan plan = {.training = 10, .test = 1, .epochs = 1, .hidden = 2, .seed = 9};
  char message[FILE_MESSAGE_CAPACITY];
  int64_t n = 0;
  for (;; n++) {
    decoy_result r;
    randomisation_result check;
    allocations_left = n;
    const int decoy = decoy_measure(&plan, &r, message);
    allocations_left = n;
    const int randomisation = randomisation_measure(SHAPES_SCATTERED, &plan, &check, message);
    allocations_left = -1;
    assert_int_equal(decoy, randomisation);
    if (decoy == 0) break;
    assert_string_equal(message, "out of memory for 11 pictures");
  }
  assert_int_equal(n, 6); /* rows, labels, two networks, two of training */
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(maps_sit_in_the_corner),
      cmocka_unit_test(the_check_misleads),
      cmocka_unit_test(the_same_each_time),
      cmocka_unit_test(no_memory),
  };
  return cmocka_run_group_tests_name("misleading", tests, NULL, NULL);
}
