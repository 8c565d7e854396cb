/* pictures.c - gradients of pictures in another layout than their input, or with a wrong factor for each channel. */
#include <math.h>
#include <stdio.h>

#include "../rows/rows.h"
#include "causes.h"
#include "checks.h"

enum { MOST_CHANNELS = 4 };

/* Layouts: input, then gradient. C, H and W are channels, rows and columns; the last varies fastest. */
typedef enum layout { CHW_HWC, HWC_CHW, CHW_CWH, HWC_WHC, CHW_WHC, HWC_CWH, CHW_BGR, HWC_BGR, LAYOUTS } layout;

static const char *const layout_names[LAYOUTS] = {
    "the gradient lies as HWC (interleaved) and the input as CHW (planar)",
    "the gradient lies as CHW (planar) and the input as HWC (interleaved)",
    "rows and columns of the gradient are exchanged (CWH for an input of CHW)",
    "rows and columns of the gradient are exchanged (WHC for an input of HWC)",
    "the gradient lies as WHC and the input as CHW: all axes are reversed",
    "the gradient lies as CWH and the input as HWC: all axes are reversed",
    "the channels of the gradient are reversed (BGR for RGB, planar)",
    "the channels of the gradient are reversed (BGR for RGB, interleaved)"};

typedef struct picture {
  int64_t channels, height, width; /* height 0 = not known: pixels alone */
  int64_t pixels;
} picture;

/* Where the gradient of input i lies. */
static int64_t source(layout kind, const picture *p, int64_t i) {
  const bool planar = kind == CHW_HWC || kind == CHW_CWH || kind == CHW_WHC || kind == CHW_BGR;
  const int64_t channel = planar ? i / p->pixels : i % p->channels;
  const int64_t pixel = planar ? i % p->pixels : i / p->channels;
  const int64_t turned = p->height == 0 ? pixel : pixel % p->width * p->height + pixel / p->width;
  switch (kind) {
    case CHW_HWC: return pixel * p->channels + channel;
    case HWC_CHW: return channel * p->pixels + pixel;
    case CHW_CWH:
    case HWC_CWH: return channel * p->pixels + turned;
    case HWC_WHC:
    case CHW_WHC: return turned * p->channels + channel;
    case CHW_BGR: return (p->channels - 1 - channel) * p->pixels + pixel;
    case HWC_BGR: return pixel * p->channels + p->channels - 1 - channel;
    default: return i;
  }
}

/* Sums by channel of what the gradient, taken from another place, says of a difference; interleaved: how channels lie.
 */
static void claims_of(const attrib__checking *c, const attrib__slope *slope, layout kind, const picture *p,
                      bool interleaved, double sums[MOST_CHANNELS]) {
  const void *gradient = attrib__check_gradient(c, slope->point);
  double ahead[ATTRIB__BLOCK], behind[ATTRIB__BLOCK];
  for (int k = 0; k < MOST_CHANNELS; k++) sums[k] = 0;
  for (int64_t begin = 0; begin < c->model.n_inputs; begin += ATTRIB__BLOCK) {
    const int64_t n = attrib__block_length(begin, c->model.n_inputs);
    attrib__check_offset(c, slope, slope->step, begin, n, ahead);
    attrib__check_offset(c, slope, -slope->step, begin, n, behind);
    for (int64_t i = 0; i < n; i++) {
      double g;
      if (ahead[i] == behind[i]) continue;
      attrib__rows_load(c->model.dtype, gradient, source(kind, p, begin + i), 1, &g);
      sums[interleaved ? (begin + i) % p->channels : (begin + i) / p->pixels] +=
          ldexp(g, -c->exponent) * (ahead[i] - behind[i]);
    }
  }
}

static bool layout_fits(const attrib__checking *c, layout kind, const picture *p) {
  double claims[ATTRIB__SLOPES] = {0};
  int counted = 0;
  for (int k = 0; k < ATTRIB__SLOPES; k++) {
    double sums[MOST_CHANNELS];
    if (!attrib__slope_counts(c, &c->slopes[k])) continue;
    counted++;
    claims_of(c, &c->slopes[k], kind, p, false, sums);
    for (int channel = 0; channel < MOST_CHANNELS; channel++) claims[k] += sums[channel];
  }
  return counted >= 3 && attrib__claims_fit(c, claims);
}

/* The picture that a row may be, of so many channels; false where it cannot. */
static bool picture_of(const attrib__checking *c, int64_t channels, picture *p) {
  const int64_t n = c->model.n_inputs;
  *p = (picture){.channels = channels, .pixels = n / channels};
  if (c->shape.channels > 0) {
    p->height = c->shape.height;
    p->width = c->shape.width;
    return c->shape.channels == channels;
  }
  const int64_t side = (int64_t)floor(sqrt((double)p->pixels) + 0.5);
  if (side * side == p->pixels) p->height = p->width = side;
  return n % channels == 0 && p->pixels > 1;
}

/* Whether a layout is another one at all. */
static bool possible(layout kind, const picture *p) {
  const bool turns = kind != CHW_HWC && kind != HWC_CHW && kind != CHW_BGR && kind != HWC_BGR;
  if (turns) return p->height > 1 && p->width > 1 && (p->channels > 1 || kind == CHW_CWH);
  return p->channels > 1;
}

bool attrib__check_layouts(attrib__checking *c) {
  static const int64_t channels[] = {3, 1, 4};
  const int tries = c->shape.channels > 0 ? 1 : 3;
  for (int t = 0; t < tries; t++) {
    picture p;
    const int64_t count = c->shape.channels > 0 ? c->shape.channels : channels[t];
    if (count > MOST_CHANNELS || !picture_of(c, count, &p)) continue;
    for (int kind = 0; kind < LAYOUTS; kind++) {
      if (!possible((layout)kind, &p) || !layout_fits(c, (layout)kind, &p)) continue;
      attrib__check_fail(c, ATTRIB_CHECK_GRADIENT, "it is the slope of f once its elements are moved: %s, %d channels",
                         layout_names[kind], (int)count)
          ->cause = ATTRIB_CAUSE_LAYOUT;
      return true;
    }
  }
  return false;
}

/* -- a factor for each channel ------------------------------------------------------------------------------------ */

/* Solves the symmetric equations in place by elimination with pivots; false where they say nothing. */
static bool solve(int n, double a[MOST_CHANNELS][MOST_CHANNELS], double *b) {
  for (int k = 0; k < n; k++) {
    int pivot = k;
    for (int r = k + 1; r < n; r++)
      if (fabs(a[r][k]) > fabs(a[pivot][k])) pivot = r;
    if (!(fabs(a[pivot][k]) > 0x1p-40)) return false;
    for (int j = 0; j < n; j++) {
      const double held = a[k][j];
      a[k][j] = a[pivot][j];
      a[pivot][j] = held;
    }
    const double held = b[k];
    b[k] = b[pivot];
    b[pivot] = held;
    for (int r = 0; r < n; r++) {
      if (r == k) continue;
      const double factor = a[r][k] / a[k][k];
      for (int j = k; j < n; j++) a[r][j] -= factor * a[k][j];
      b[r] -= factor * b[k];
    }
  }
  for (int k = 0; k < n; k++) b[k] /= a[k][k];
  return true;
}

/* Least squares, every difference by its own size. */
static bool find_factors(const attrib__checking *c, const picture *p, bool interleaved, double *factors) {
  double a[MOST_CHANNELS][MOST_CHANNELS] = {{0}}, sums[ATTRIB__SLOPES][MOST_CHANNELS] = {{0}};
  double claims[ATTRIB__SLOPES] = {0};
  const int n = (int)p->channels;
  int counted = 0;
  for (int k = 0; k < n; k++) factors[k] = 0;
  for (int k = 0; k < ATTRIB__SLOPES; k++) {
    const attrib__slope *s = &c->slopes[k];
    if (!attrib__slope_counts(c, s)) continue;
    counted++;
    claims_of(c, s, LAYOUTS, p, interleaved, sums[k]);
    const double size = fmax(fabs(s->moved), s->norm);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) a[i][j] += sums[k][i] / size * (sums[k][j] / size);
      factors[i] += sums[k][i] / size * (s->moved / size);
    }
  }
  if (counted < n + 2 || !solve(n, a, factors)) return false;
  for (int k = 0; k < ATTRIB__SLOPES; k++)
    for (int i = 0; i < n; i++) claims[k] += factors[i] * sums[k][i];
  return attrib__claims_fit(c, claims);
}

bool attrib__check_channels(attrib__checking *c) {
  const int64_t channels = c->shape.channels; /* 0: three constants to six differences would be a guess */
  picture p;
  double factors[MOST_CHANNELS];
  if (channels < 2 || channels > MOST_CHANNELS || !picture_of(c, channels, &p)) return false;
  for (int interleaved = 0; interleaved < 2; interleaved++) {
    char list[100];
    int used = 0;
    if (!find_factors(c, &p, interleaved == 1, factors)) continue;
    for (int k = 0; k < channels; k++)
      used += snprintf(list + used, sizeof list - (size_t)used, "%s%.4g", k == 0 ? "" : ", ", factors[k]);
    attrib__check_fail(
        c, ATTRIB_CHECK_GRADIENT,
        "it fits the slope of f once its channels (%s) are multiplied by %s: probably the derivative of a factor for "
        "each channel is missing (1 / std of a normalisation?)",
        interleaved ? "interleaved" : "planar", list)
        ->cause = ATTRIB_CAUSE_CHANNELS;
    return true;
  }
  return false;
}
