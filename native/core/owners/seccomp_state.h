#pragma once

namespace sockscope {

// What seccomp is in effect for the thread that asks; those that it starts have the same. Filters can be added, by anybody
// in the process and to all of its threads at once, and never taken away. What they do cannot be read.
struct SeccompState {
  int mode = -1;      // 0: none; -1: not told
  int filters = -1;   // how many; -1: not told (before Linux 5.9)

  static SeccompState OfThisThread();

  bool MayRefuse() const { return mode != 0; }
  // Whether nothing was added since, as far as numbers tell.
  bool IsAs(const SeccompState& before) const {
    return mode == before.mode && filters == before.filters && (!MayRefuse() || filters >= 0);
  }
};

}  // namespace sockscope
