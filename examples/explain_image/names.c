#define _POSIX_C_SOURCE 200809L /* strdup */
#include "names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command_line.h"

enum { TAG = 40 };

const char *file_name(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash == NULL ? path : slash + 1;
}

/* What of a text can be in any file's name: the first TAG letters, digits, dots and underlines, others as '-'. */
static void append_tag(char *path, const char *before, const char *text) {
  size_t used = strlen(path);
  snprintf(path + used, PATH_CAPACITY - used, "%s", before);
  used = strlen(path);
  for (int i = 0; i < TAG && text[i] != '\0' && used + 1 < PATH_CAPACITY; i++) {
    const char c = text[i];
    const bool plain =
        (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '_';
    path[used++] = (char)(plain ? c : '-');
  }
  path[used] = '\0';
}

static bool is_folder(const char *out) {
  return out != NULL && out[0] != '\0' && out[strlen(out) - 1] == '/';
}

static int make_stem(const names *n, const char *picture, char *path, char *message) {
  char name[PATH_CAPACITY];
  default_prefix(picture, name, sizeof name);
  const bool named = n->out == NULL || n->several || is_folder(n->out);
  const int length = snprintf(path, PATH_CAPACITY, "%s%s%s", n->out == NULL ? "" : n->out,
                              n->out != NULL && named && !is_folder(n->out) ? "_" : "", named ? name : "");
  if (length >= 0 && length < PATH_CAPACITY - 256 && strlen(picture) < PATH_CAPACITY) return 0;
  snprintf(message, FILE_MESSAGE_CAPACITY, "--out: the path is longer than %d bytes", PATH_CAPACITY - 257);
  return -1;
}

static bool is_used(const names *n, const char *path) {
  for (int64_t i = 0; i < n->count; i++)
    if (strcmp(n->used[i], path) == 0) return true;
  return false;
}

/* Keeps a copy. NULL after a message. */
static const char *keep(names *n, const char *path, char *message) {
  const int64_t more = n->capacity == 0 ? 8 : 2 * n->capacity;
  char **grown = n->count < n->capacity ? n->used : realloc(n->used, (size_t)more * sizeof *n->used);
  char *copy = grown == NULL ? NULL : strdup(path);
  if (grown != NULL && n->count == n->capacity) n->capacity = more;
  if (grown != NULL) n->used = grown;
  if (copy != NULL) return n->used[n->count++] = copy;
  snprintf(message, FILE_MESSAGE_CAPACITY, "out of memory for the names of files");
  return NULL;
}

const char *names_of_map(names *n, const char *picture, const pair *p, const network *net, const target_choice *target,
                         char *message) {
  char text[256], path[PATH_CAPACITY];
  if (make_stem(n, picture, path, message) != 0) return NULL;
  if (n->of_method) append_tag(path, "_", p->method->name);
  if (n->of_baseline && p->baseline[0] != '\0') append_tag(path, "_from_", p->baseline);
  if (n->of_target) append_tag(path, "_", target_text(net, target, text, sizeof text));
  const size_t used = strlen(path);
  for (int64_t number = 2; is_used(n, path); number++)
    snprintf(path + used, sizeof path - used, "_%lld", (long long)number);
  return keep(n, path, message);
}

int names_of_run(const names *n, const char *picture, const char *suffix, char *path, char *message) {
  if (!n->several) {
    if (make_stem(n, picture, path, message) != 0) return -1;
  } else {
    const int length = snprintf(path, PATH_CAPACITY, "%s", n->out == NULL ? "explanations" : n->out);
    if (length < 0 || length >= PATH_CAPACITY - 256) {
      snprintf(message, FILE_MESSAGE_CAPACITY, "--out: the path is longer than %d bytes", PATH_CAPACITY - 257);
      return -1;
    }
  }
  if (n->several && is_folder(n->out)) suffix++; /* no "_" at the beginning of a file's name */
  const size_t used = strlen(path);
  snprintf(path + used, PATH_CAPACITY - used, "%s", suffix);
  return 0;
}

void names_free(names *n) {
  for (int64_t i = 0; i < n->count; i++) free(n->used[i]);
  free((void *)n->used);
  n->used = NULL;
  n->count = n->capacity = 0;
}
