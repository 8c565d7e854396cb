/* Status codes: their numbers are final, each has a name and a sentence of its own. */
#include "fixture.h"

#define STATUS(name, number) \
  { name, number, #name }

static const struct {
  attrib_status status;
  int number;
  const char *name;
} statuses[] = {
    STATUS(ATTRIB_OK, 0),
    STATUS(ATTRIB_CANCELLED, 1),
    STATUS(ATTRIB_NOT_CONVERGED, 2),
    STATUS(ATTRIB_UNDEFINED, 3),
    STATUS(ATTRIB_DISAGREE, 4),
    STATUS(ATTRIB_E_ARGUMENT, -1),
    STATUS(ATTRIB_E_STRUCT, -2),
    STATUS(ATTRIB_E_MEMORY, -3),
    STATUS(ATTRIB_E_CALLBACK, -4),
    STATUS(ATTRIB_E_NONFINITE, -5),
    STATUS(ATTRIB_E_OVERFLOW, -6),
    STATUS(ATTRIB_E_BUSY, -7),
    STATUS(ATTRIB_E_UNSUPPORTED, -8),
};

static void numbers_names_and_texts(void **state) {
  (void)state;
  for (int64_t i = 0; i < COUNT(statuses); i++) {
    assert_int_equal(statuses[i].status, statuses[i].number);
    assert_string_equal(attrib_status_name(statuses[i].status), statuses[i].name);
    const char *text = attrib_status_text(statuses[i].status);
    assert_true(strlen(text) > 5 && text[strlen(text) - 1] != '.' && strchr(text, '\n') == NULL);
    for (int64_t k = 0; k < i; k++) assert_string_not_equal(text, attrib_status_text(statuses[k].status));
  }
}

static void unknown_numbers(void **state) {
  (void)state;
  static const attrib_status unknown[] = {5, -9, 1000, -1000, INT32_MAX, INT32_MIN};
  for (int64_t i = 0; i < COUNT(unknown); i++) {
    assert_string_equal(attrib_status_name(unknown[i]), "ATTRIB_?");
    assert_true(strlen(attrib_status_text(unknown[i])) > 5);
  }
}

static void the_version_is_the_headers(void **state) {
  (void)state;
  char text[32];
  snprintf(text, sizeof text, "%d.%d.%d", ATTRIB_VERSION_MAJOR, ATTRIB_VERSION_MINOR, ATTRIB_VERSION_PATCH);
  assert_string_equal(attrib_version_string(), text);
  assert_int_equal(attrib_version(),
                   ATTRIB_VERSION_MAJOR * 0x10000 + ATTRIB_VERSION_MINOR * 0x100 + ATTRIB_VERSION_PATCH);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(numbers_names_and_texts),
      cmocka_unit_test(unknown_numbers),
      cmocka_unit_test(the_version_is_the_headers),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
