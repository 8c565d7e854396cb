#define _DEFAULT_SOURCE /* flock */
#include "results.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "atomic_file.h"
#include "result_line.h"

static const char columns[] = "picture,object,test,map,score,values\n";

int64_t unit_count(const study_pictures *p, const settings *s) {
  return p->right + 2 * s->few;
}

study_part unit_of(const study_pictures *p, const settings *s, int64_t unit, int64_t *number) {
  const study_part part = unit < p->right ? PART_ABLATION : unit < p->right + s->few ? PART_FAITHFULNESS : PART_SWEEP;
  *number = p->index[part == PART_ABLATION ? unit : (unit - p->right) % s->few];
  return part;
}

static int fail(const results *r, char *message, const char *what) {
  const file_report report = {r->path, message, FILE_MESSAGE_CAPACITY};
  return file_fail(&report, -1, "%s: %s", what, strerror(errno));
}

/* The whole file as text with a zero behind it. NULL with a message. */
static char *read_all(const results *r, size_t *size, char *message) {
  struct stat about;
  if (fstat(r->file, &about) != 0 || !S_ISREG(about.st_mode)) {
    fail(r, message, "cannot be read");
    return NULL;
  }
  char *text = malloc((size_t)about.st_size + 1);
  size_t used = 0;
  while (text != NULL && used < (size_t)about.st_size) {
    ssize_t got = pread(r->file, text + used, (size_t)about.st_size - used, (off_t)used);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    used += (size_t)got;
  }
  if (text == NULL || used < (size_t)about.st_size) {
    fail(r, message, "cannot be read");
    free(text);
    return NULL;
  }
  text[used] = '\0';
  *size = used;
  return text;
}

static int write_all(const results *r, const char *text, size_t size, char *message) {
  while (size > 0) {
    ssize_t put = write(r->file, text, size);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return fail(r, message, "cannot be written");
    text += put;
    size -= (size_t)put;
  }
  return fsync(r->file) == 0 || errno == EINVAL ? 0 : fail(r, message, "cannot be written");
}

static int write_head(results *r, const char *head, char *message) {
  if (ftruncate(r->file, 0) != 0) return fail(r, message, "cannot be written");
  return write_all(r, head, strlen(head), message);
}

/* Says which setting the file's first line differs in. */
static int refuse_settings(const results *r, const char *text, const char *head, char *message) {
  const file_report report = {r->path, message, FILE_MESSAGE_CAPACITY};
  char theirs[64] = "", ours[64] = "", name[64] = "";
  if (strncmp(text, RESULTS_MAGIC, strlen(RESULTS_MAGIC)) != 0)
    return file_fail(&report, -1, "is not a file of results of this study; give another --out");
  text += strlen(RESULTS_MAGIC);
  head += strlen(RESULTS_MAGIC);
  int skip_text = 0, skip_head = 0;
  while (sscanf(head, " %63s %63s%n", name, ours, &skip_head) == 2 &&
         sscanf(text, " %*63s %63s%n", theirs, &skip_text) == 1 && strcmp(ours, theirs) == 0) {
    head += skip_head;
    text += skip_text;
  }
  return file_fail(&report, -1, "was made with %s %s, not %s: give another --out, or the same settings", name, theirs,
                   ours);
}

/* Goes through the units of the text behind the head: the bytes of whole ones, and how many there are. A line that is
 * not what the plan says is refused, unless the file ends before the unit does. */
static int walk(results *r, const char *text, const study_pictures *p, const settings *s, results_use use, void *user,
                size_t *whole, char *message) {
  const file_report report = {r->path, message, FILE_MESSAGE_CAPACITY};
  const char *next = text;
  int64_t line_number = 2, number;
  for (r->done = 0; r->done < unit_count(p, s); r->done++) {
    const study_part part = unit_of(p, s, r->done, &number);
    const int count = plan_lines(part);
    const char *end = next;
    for (int i = 0; i < count; i++) {
      const char *newline = strchr(end, '\n');
      measurement line;
      if (newline == NULL) return 0;
      line_number++;
      plan_line(part, i, &line.map, &line.test);
      if (!result_line_read(p, number, end, newline, &line))
        return file_fail(&report, -1, "line %lld: not what this study writes there; give another --out, or delete it",
                         (long long)line_number);
      if (use != NULL) use(picture_object(p, number), &line, user);
      end = newline + 1;
    }
    next = end;
    *whole = (size_t)(next - text);
  }
  if (*next == '\0') return 0;
  return file_fail(&report, -1, "line %lld: more than this study writes; give another --out, or delete it",
                   (long long)line_number + 1);
}

static void make_head(const settings *s, char *head, size_t capacity) {
  char text[512];
  settings_text(s, text, sizeof text);
  snprintf(head, capacity, "%s %s\n%s", RESULTS_MAGIC, text, columns);
}

static int resume(results *r, const study_pictures *p, const settings *s, char *message) {
  char head[1024];
  size_t size = 0, whole = 0;
  make_head(s, head, sizeof head);
  char *text = read_all(r, &size, message);
  if (text == NULL) return -1;
  const size_t length = strlen(head);
  int status = 0;
  if (size < length && memcmp(text, head, size) == 0) /* new, or broken off at once */
    status = write_head(r, head, message);
  else if (strncmp(text, head, length) != 0)
    status = refuse_settings(r, text, head, message);
  else if ((status = walk(r, text + length, p, s, NULL, NULL, &whole, message)) == 0 && length + whole < size &&
           ftruncate(r->file, (off_t)(length + whole)) != 0)
    status = fail(r, message, "cannot be written");
  free(text);
  return status;
}

int results_open(results *r, const char *folder, const study_pictures *p, const settings *s, char *message) {
  const file_report report = {folder, message, FILE_MESSAGE_CAPACITY};
  *r = (results){.file = -1};
  int length = snprintf(r->path, sizeof r->path, "%s/results.csv", folder);
  if (length < 0 || (size_t)length >= sizeof r->path)
    return file_fail(&report, -1, "the path is longer than %zu bytes", sizeof r->path - 1);
  if (mkdir(folder, 0777) != 0 && errno != EEXIST) return file_fail(&report, -1, "cannot be made: %s", strerror(errno));
  r->file = open(r->path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (r->file < 0) return fail(r, message, "cannot be opened");
  int status = flock(r->file, LOCK_EX | LOCK_NB);
  if (status != 0) fail(r, message, errno == EWOULDBLOCK ? "another run is writing it" : "cannot be locked");
  if (status == 0) status = resume(r, p, s, message);
  if (status != 0) results_close(r);
  return status == 0 ? 0 : -1;
}

void results_close(results *r) {
  if (r->file >= 0) close(r->file);
  r->file = -1;
}

int results_add(results *r, const study_pictures *p, study_part part, int64_t number, const measurement *lines,
                char *message) {
  char *text = malloc((size_t)plan_lines(part) * RESULT_LINE_CAPACITY);
  if (text == NULL) return fail(r, message, "cannot be written");
  size_t used = 0;
  for (int i = 0; i < plan_lines(part); i++) used += result_line_write(p, number, &lines[i], text + used);
  int status = write_all(r, text, used, message);
  if (status == 0) r->done++;
  free(text);
  return status;
}

int results_read(const results *r, const study_pictures *p, const settings *s, results_use use, void *user,
                 char *message) {
  char head[1024];
  size_t size = 0, whole = 0;
  results again = *r;
  make_head(s, head, sizeof head);
  char *text = read_all(r, &size, message);
  int status = text == NULL ? -1 : walk(&again, text + strlen(head), p, s, use, user, &whole, message);
  free(text);
  return status;
}
