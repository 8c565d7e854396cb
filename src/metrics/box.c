/* box.c - see box.h. */
#include "box.h"

#include <math.h>
#include <string.h>

#include "../image/shape.h"
#include "../rows/rows.h"
#include "../rows/sum.h"

static const double grain = 0x1p-20; /* of a pixel */

attrib__centre attrib__box_centre(int64_t width, int64_t height, const double *scores) {
  double most = 0;
  for (int64_t i = 0; i < width * height; i++) most = fmax(most, fabs(scores[i]));
  attrib__centre centre = {.x = 0.5 * (double)(width - 1), .y = 0.5 * (double)(height - 1)};
  if (most == 0) return centre;
  int exponent; /* weights are in [0, 1): no sum of them overflows */
  frexp(most, &exponent);
  attrib__sum mass = {0}, x_mass = {0}, y_mass = {0};
  for (int64_t y = 0; y < height; y++)
    for (int64_t x = 0; x < width; x++) {
      const double weight = ldexp(fabs(scores[y * width + x]), -exponent);
      attrib__sum_add(&mass, weight);
      attrib__sum_add(&x_mass, (double)x * weight);
      attrib__sum_add(&y_mass, (double)y * weight);
    }
  const double all = attrib__sum_value(&mass);
  centre.x = floor(attrib__sum_value(&x_mass) / all / grain + 0.5) * grain;
  centre.y = floor(attrib__sum_value(&y_mass) / all / grain + 0.5) * grain;
  return centre;
}

/* From centre (1 - k) up to centre + (length - centre) k; within the picture, as the centre is. With k a fraction,
 * divided last: k = 3/10 of whole numbers is a quotient rounded once, which a whole number below it never becomes. */
static void stretch(int64_t length, double centre, int64_t part, int64_t parts, bool by_area, int64_t *from,
                    int64_t *to) {
  const double whole = (double)length, root = sqrt((double)part / (double)parts);
  const double before = by_area ? centre * (1 - root) : centre * (double)(parts - part) / (double)parts;
  const double up_to = by_area ? centre * (1 - root) + whole * root
                               : (centre * (double)(parts - part) + whole * (double)part) / (double)parts;
  *from = (int64_t)before;
  *to = (int64_t)up_to;
}

attrib__box attrib__box_at(int64_t width, int64_t height, attrib__centre centre, int64_t part, int64_t parts,
                           bool by_area) {
  attrib__box box;
  stretch(width, centre.x, part, parts, by_area, &box.left, &box.right);
  stretch(height, centre.y, part, parts, by_area, &box.top, &box.bottom);
  return box;
}

void attrib__box_copy(const attrib__units *units, const attrib__box *box, bool inside, const void *source,
                      void *point) {
  const attrib_image *shape = &units->shape;
  const size_t size = attrib__element_size(units->dtype);
  for (int64_t y = 0; y < shape->height; y++)
    for (int64_t x = 0; x < shape->width; x++) {
      const bool in = x >= box->left && x < box->right && y >= box->top && y < box->bottom;
      for (int64_t c = 0; c < shape->channels && in == inside; c++) {
        const size_t at = (size_t)attrib__image_offset(shape, x, y, c) * size;
        memcpy((char *)point + at, (const char *)source + at, size);
      }
    }
}
