#include "core/owners/seccomp_state.h"

#include <cstdlib>
#include <string>

#include "core/guard.h"
#include "core/owners/proc_text.h"

namespace sockscope {

namespace {

int NumberAfter(const std::string& text, const std::string& label) {
  const size_t at = text.find(label);
  return at == std::string::npos ? -1 : std::atoi(text.c_str() + at + label.size());
}

}  // namespace

// Not by prctl(2), which a filter may refuse deadly, too.
SeccompState SeccompState::OfThisThread() {
  SeccompState state;
  // Without memory nothing is told.
  (void)Guard([&state] {
    const std::string status = ReadProcText("/proc/thread-self/status");
    state.mode = NumberAfter(status, "\nSeccomp:\t");
    // A kernel that has no seccomp has no such line.
    if (state.mode < 0 && !status.empty()) state.mode = 0;
    state.filters = NumberAfter(status, "\nSeccomp_filters:\t");
    return Status::Ok();
  });
  return state;
}

}  // namespace sockscope
