#include "core/kernel_version.h"

#include <sys/utsname.h>

namespace sockscope {

namespace {

int ReadNumber(const char** at) {
  int number = 0;
  for (; **at >= '0' && **at <= '9' && number < 100000; ++*at) number = number * 10 + (**at - '0');
  return number;
}

}  // namespace

bool ReleaseIsAtLeast(const char* release, int major, int minor) {
  const int has_major = ReadNumber(&release);
  if (*release == '.') ++release;
  const int has_minor = ReadNumber(&release);
  return has_major > major || (has_major == major && has_minor >= minor);
}

bool KernelIsAtLeast(int major, int minor) {
  utsname name;
  return uname(&name) == 0 && ReleaseIsAtLeast(name.release, major, minor);
}

}  // namespace sockscope
