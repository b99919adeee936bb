#include "core/owners/proc_text.h"

#include <fcntl.h>
#include <unistd.h>

#include "core/unique_fd.h"

namespace sockscope {

std::string ReadProcText(const char* path) {
  std::string text;
  const UniqueFd file(open(path, O_RDONLY | O_CLOEXEC));
  char buffer[4096];
  ssize_t count = -1;
  while (file.valid() && (count = read(file.get(), buffer, sizeof(buffer))) > 0) {
    text.append(buffer, static_cast<size_t>(count));
  }
  return count < 0 ? std::string() : text;
}

}  // namespace sockscope
