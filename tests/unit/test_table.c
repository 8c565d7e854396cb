/* test_table.c - the CSV reader of the table example: the same table in many spellings, and files that are none. */
#include "fixture.h"

#include "atomic_file.h"
#include "table.h"

static table_net net;
static char message[FILE_MESSAGE_CAPACITY];

static int set_up(void **state) {
  (void)state;
  return table_net_load(ATTRIB_EXAMPLES_DATA "/penguins/table_net.bin", &net, message);
}

static int tear_down(void **state) {
  (void)state;
  table_net_free(&net);
  return 0;
}

/* Parses a copy of exactly the size. */
static int parse(const char *text, size_t size, table *t) {
  char *copy = exact_block(size + 1);
  memcpy(copy, text, size);
  copy[size] = '\0';
  int status = table_parse(copy, size, "t.csv", &net, t, message);
  free(copy);
  return status;
}

static void test_bundled(void **state) {
  (void)state;
  table t;
  if (table_load(ATTRIB_EXAMPLES_DATA "/penguins/penguins.csv", &net, &t, message) != 0) fail_msg("%s", message);
  assert_true(t.count == 333 && t.training_count == 234);
  /* Adelie,Torgersen,40.3,18,195,3250,female,2007,held-out */
  static const double third[] = {1, 0, 0, 0, 0, 1, 40.3, 18, 195, 3250};
  assert_int_equal(net.n_inputs, COUNT(third));
  assert_same_bits(t.inputs + 2 * net.n_inputs, third, COUNT(third));
  assert_true(t.classes[2] == 0 && !t.is_training[2] && t.is_training[1]);
  int64_t next = 0;
  for (int64_t r = 0; r < t.count; r++) {
    if (!t.is_training[r]) continue;
    assert_same_bits(t.training + next * net.n_inputs, t.inputs + r * net.n_inputs, net.n_inputs);
    next++;
  }
  assert_int_equal(next, t.training_count);
  table_free(&t);
  table_free(&t); /* twice is fine */
}

#define HEAD "species,island,bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g,sex,split"
#define ROW1 "Gentoo,Biscoe,46.5,13.5,210,4550,female,training"
#define ROW2 "Adelie,Dream,36,18.5,186,3100,female,held-out"

static void test_spellings(void **state) {
  (void)state;
  static const char *const spellings[] = {
      HEAD "\n" ROW1 "\n" ROW2 "\n",
      HEAD "\n" ROW1 "\n" ROW2,
      HEAD "\r\n" ROW1 "\r\n" ROW2 "\r\n",
      HEAD "\r\n\r\n" ROW1 "\n\n" ROW2 "\n\n\n",
      "\xef\xbb\xbf" HEAD "\n" ROW1 "\n" ROW2 "\n",
      "\"species\",\"island\",bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g,\"sex\",split\n"
      "\"Gentoo\",\"Biscoe\",\"46.5\",13.5,210,4550,female,\"training\"\n" ROW2,
      "note,split,sex,body_mass_g,flipper_length_mm,bill_depth_mm,bill_length_mm,island,species\n"
      "\"a, \"\"b\"\"\",training,female,4.55e3,2.1e2,13.5,+46.5,Biscoe,Gentoo\n"
      ",held-out,female,3100.0,186,18.50,036,Dream,Adelie",
  };
  static const double rows[2][10] = {{0, 0, 1, 1, 0, 0, 46.5, 13.5, 210, 4550},
                                     {1, 0, 0, 0, 1, 0, 36, 18.5, 186, 3100}};
  for (int64_t k = 0; k < COUNT(spellings); k++) {
    table t;
    if (parse(spellings[k], strlen(spellings[k]), &t) != 0) fail_msg("spelling %d: %s", (int)k, message);
    assert_string_equal(message, "");
    assert_true(t.count == 2 && t.training_count == 1 && t.is_training[0] && !t.is_training[1]);
    for (int r = 0; r < 2; r++) assert_same_bits(t.inputs + r * net.n_inputs, rows[r], net.n_inputs);
    assert_true(t.classes[0] == 0 && t.classes[1] == 0);
    table_free(&t);
  }
}

static void refuse(const char *text, size_t size, const char *cause) {
  table t = {.count = 99};
  assert_int_equal(parse(text, size, &t), -1);
  assert_true(t.count == 0 && t.inputs == NULL);
  assert_int_equal(strncmp(message, "t.csv: ", 7), 0);
  for (const char *c = message; *c != '\0'; c++) assert_true((unsigned char)*c >= ' ');
  assert_names(message, cause);
}

#define REFUSE(text, cause) refuse((text), sizeof(text) - 1, (cause))
#define REFUSE_ROW(row, cause) REFUSE(HEAD "\n" ROW1 "\n" row "\n" ROW2 "\n", cause)

static void test_refused(void **state) {
  (void)state;
  REFUSE("", "is empty");
  REFUSE("\n\n", "column 'species' is missing");
  REFUSE(HEAD, "no row is for training");
  REFUSE(HEAD "\n" ROW2 "\n", "no row is for training");
  REFUSE("species,island,bill_length_mm,bill_depth_mm,flipper_length_mm,sex,split\n",
         "column 'body_mass_g' is missing");
  REFUSE("species,island,bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g,split\n", "'sex' is missing");
  REFUSE("species,island,bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g,sex\n", "'split' is missing");
  REFUSE(HEAD ",island\n", "column 'island' is there twice");
  REFUSE(HEAD "\n" ROW1 "\0" ROW2 "\n", "is not text: byte 133 is zero");
  REFUSE_ROW("Gentoo,Biscoe,NA,13.5,210,4550,female,training", "line 3: bill_length_mm 'NA' is not a number");
  REFUSE_ROW("Gentoo,Biscoe,,13.5,210,4550,female,training", "line 3: bill_length_mm '' is not a number");
  REFUSE_ROW("Gentoo,Biscoe,46.5mm,13.5,210,4550,female,training", "'46.5mm' is not a number");
  REFUSE_ROW("Gentoo,Biscoe,46.5 ,13.5,210,4550,female,training", "'46.5 ' is not a number");
  REFUSE_ROW("Gentoo,Biscoe,46.5,nan,210,4550,female,training", "bill_depth_mm 'nan' is not finite");
  REFUSE_ROW("Gentoo,Biscoe,46.5,13.5,-inf,4550,female,training", "flipper_length_mm '-inf' is not finite");
  REFUSE_ROW("Gentoo,Biscoe,46.5,13.5,210,1e999,female,training", "body_mass_g '1e999' is not finite");
  REFUSE_ROW("King,Biscoe,46.5,13.5,210,4550,female,training", "species 'King' is none of Adelie, Chinstrap, Gentoo");
  REFUSE_ROW("gentoo,Biscoe,46.5,13.5,210,4550,female,training", "'gentoo' is none of");
  REFUSE_ROW("Gentoo,,46.5,13.5,210,4550,female,training", "island '' is none of Biscoe, Dream, Torgersen");
  REFUSE_ROW("Gentoo,Biscoe,46.5,13.5,210,4550,NA,training", "sex 'NA' is none of female, male");
  REFUSE_ROW("Gentoo,Biscoe,46.5,13.5,210,4550,female,test", "split 'test' is none of training, held-out");
  REFUSE_ROW("Gentoo,Biscoe,46.5,13.5,210,4550,female", "line 3: 7 fields, the first line names 8");
  REFUSE_ROW(ROW1 ",", "line 3: 9 fields, the first line names 8");
  REFUSE_ROW("\"Gentoo,Biscoe,46.5,13.5,210,4550,female,training", "line 3: field 1 is not quoted as CSV is");
  REFUSE_ROW("Gentoo,\"Biscoe\"x,46.5,13.5,210,4550,female,training", "line 3: field 2 is not quoted as CSV is");
  REFUSE_ROW("\x1b[31m\r\b,Biscoe,46.5,13.5,210,4550,female,training", "species '?[31m?\?' is none of");
}

/* Lines longer than any table's, of one field and of many, and numbers of many digits. */
static void test_long_lines(void **state) {
  (void)state;
  enum { LONG = 100000 };
  static const char start[] = HEAD "\nGentoo,Biscoe,", end[] = ",13.5,210,4550,female,training\n";
  static char text[sizeof start + LONG + sizeof end];
  static const char fillers[] = "x,7";
  static const char *const causes[] = {"is not a number", "line 2: more than 256 fields", "is not finite"};
  for (int k = 0; k < 3; k++) {
    memcpy(text, start, sizeof start - 1);
    memset(text + sizeof start - 1, fillers[k], LONG);
    memcpy(text + sizeof start - 1 + LONG, end, sizeof end);
    refuse(text, strlen(text), causes[k]);
    assert_true(strlen(message) < 300);
    memset(text, fillers[k], LONG);
    refuse(text, LONG, k == 1 ? "line 1: more than 256 fields" : "column 'species' is missing");
  }
}

static void test_loading(void **state) {
  (void)state;
  table t;
  assert_int_equal(table_load("nowhere.csv", &net, &t, message), -1);
  assert_names(message, "nowhere.csv: cannot be opened: No such file");
  assert_int_equal(table_load(ATTRIB_EXAMPLES_DATA "/penguins/table_net.bin", &net, &t, message), -1);
  assert_names(message, "is not text: byte");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_bundled),    cmocka_unit_test(test_spellings), cmocka_unit_test(test_refused),
      cmocka_unit_test(test_long_lines), cmocka_unit_test(test_loading),
  };
  return cmocka_run_group_tests_name("table", tests, set_up, tear_down);
}
