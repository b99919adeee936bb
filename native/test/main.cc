#include <cstdio>
#include <cstring>
#include <exception>

#include "test/check.h"

namespace sockscope::test {

std::vector<Case>& Cases() {
  static std::vector<Case> cases;
  return cases;
}

namespace {

enum class Result { kPassed, kFailed, kSkipped };

Result Run(const Case& test) {
  const char* slash = std::strrchr(test.file, '/');
  const char* file = slash == nullptr ? test.file : slash + 1;
  try {
    test.body();
    return Result::kPassed;
  } catch (const Skip& reason) {
    std::printf("skipped %s %s: %s\n", file, test.name, reason.what());
    return Result::kSkipped;
  } catch (const std::exception& error) {
    std::printf("FAILED  %s %s: %s\n", file, test.name, error.what());
    return Result::kFailed;
  }
}

}  // namespace
}  // namespace sockscope::test

// core_tests [part of a test's name]
int main(int argc, char** argv) {
  using namespace sockscope::test;
  int counts[3] = {0, 0, 0};
  for (const Case& test : Cases()) {
    if (argc > 1 && std::strstr(test.name, argv[1]) == nullptr) continue;
    ++counts[static_cast<int>(Run(test))];
    std::fflush(stdout);
  }
  std::printf("%d passed, %d failed\n", counts[0], counts[1]);
  return counts[1] == 0 && counts[0] > 0 ? 0 : 1;
}
