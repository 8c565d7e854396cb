#include "regions.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>

namespace {

constexpr int64_t width = SMALL_NET_WIDTH, height = SMALL_NET_HEIGHT, pixels = width * height;
constexpr int64_t widest_table = 8, listed = 10;

}  // namespace

region_grid::region_grid(int64_t side)
    : side_(side), columns_((width + side - 1) / side), rows_((height + side - 1) / side) {
  groups_.reserve(SMALL_NET_INPUTS);
  for (int64_t i = 0; i < SMALL_NET_INPUTS; i++) {
    const int64_t x = i % width, y = i % pixels / width;
    groups_.push_back(static_cast<int32_t>(y / side_ * columns_ + x / side_));
  }
}

std::vector<double> region_grid::spread(const std::vector<double> &attributions) const {
  std::vector<double> elements(static_cast<size_t>(count()), 0.0);
  for (const int32_t g : groups_) elements[static_cast<size_t>(g)] += 1;
  std::vector<double> values;
  values.reserve(groups_.size());
  for (const int32_t g : groups_) {
    const auto region = static_cast<size_t>(g);
    values.push_back(attributions[region] / elements[region]);
  }
  return values;
}

void region_grid::print(const std::vector<double> &attributions) const {
  if (columns_ <= widest_table) {
    std::printf("  regions, as they lie in the picture:\n");
    for (int64_t g = 0; g < count(); g++)
      std::printf("%s%8.2f%s", g % columns_ == 0 ? "   " : "", attributions[static_cast<size_t>(g)],
                  (g + 1) % columns_ == 0 ? "\n" : "");
    return;
  }
  std::vector<size_t> order(attributions.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return std::fabs(attributions[a]) > std::fabs(attributions[b]); });
  std::printf("  the %lld regions with the largest attributions, of %lld:\n", static_cast<long long>(listed),
              static_cast<long long>(count()));
  for (int64_t i = 0; i < listed; i++) {
    const auto g = static_cast<int64_t>(order[static_cast<size_t>(i)]);
    std::printf("   %8.2f  pixels from %lld,%lld\n", attributions[static_cast<size_t>(g)],
                static_cast<long long>(g % columns_ * side_), static_cast<long long>(g / columns_ * side_));
  }
}
