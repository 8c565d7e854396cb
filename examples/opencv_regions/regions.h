/* regions.h - a grid over the network's input, and its attributions as text and as a map of pixels. */
#ifndef OPENCV_REGIONS_REGIONS_H
#define OPENCV_REGIONS_REGIONS_H

#include <cstdint>
#include <vector>

#include "small_net.h"

/* Squares of `side` pixels from the top left; those at the right and lower edge are cut where the side does not divide
 * the picture. Regions are numbered row by row; a region holds all channels of its pixels. */
class region_grid {
 public:
  explicit region_grid(int64_t side); /* 1 to the picture's */

  int64_t columns() const {
    return columns_;
  }
  int64_t count() const {
    return columns_ * rows_;
  }
  /* For options->groups: the region of each of SMALL_NET_INPUTS elements. */
  const std::vector<int32_t> &groups() const {
    return groups_;
  }
  /* Attributions of the elements: a region's is shared evenly among its own, so that the sum stays. */
  std::vector<double> spread(const std::vector<double> &attributions) const;

  /* To stdout: a table as the regions lie, or, where that would be wide, the largest ones in a list. */
  void print(const std::vector<double> &attributions) const;

 private:
  int64_t side_, columns_, rows_;
  std::vector<int32_t> groups_;
};

#endif
