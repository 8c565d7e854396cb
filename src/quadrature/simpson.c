/* simpson.c - see simpson.h. */
#include "simpson.h"

double attrib__simpson(int64_t count, const double *values) {
  int64_t intervals = count - 1;
  if (intervals < 1) return 0;
  if (intervals == 1) return (values[0] + values[1]) / 2;
  int64_t paired = intervals % 2 == 0 ? intervals : intervals - 3;
  double area = 0;
  for (int64_t i = 0; i < paired; i += 2) area += (values[i] + 4 * values[i + 1] + values[i + 2]) / 3;
  if (paired == intervals) return area;
  const double *last = values + paired;
  return area + (last[0] + 3 * (last[1] + last[2]) + last[3]) * 3 / 8;
}

double attrib__simpson_weight(int64_t count, int64_t k) {
  int64_t intervals = count - 1;
  if (intervals <= 1) return intervals == 1 ? 0.5 : 0;
  int64_t paired = intervals % 2 == 0 ? intervals : intervals - 3;
  double weight = 0;
  if (k <= paired && paired > 0) weight = k == 0 || k == paired ? 1.0 / 3 : k % 2 == 1 ? 4.0 / 3 : 2.0 / 3;
  if (k >= paired && paired < intervals) weight += k == paired || k == intervals ? 3.0 / 8 : 9.0 / 8;
  return weight;
}
