#include "core/owners/process_directory.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <string_view>
#include <utility>

#include "core/owners/number_name.h"
#include "core/owners/proc_errno.h"
#include "core/owners/seccomp_state.h"

namespace sockscope {

namespace {

// Not the C library's: glibc gives it a symbol of 2.33.
int StatAt(int directory, const char* path, struct stat* into) {
  return syscall(SYS_newfstatat, directory, path, into, 0) == 0 ? 0 : errno;
}

bool IsProcFs(int directory) {
  struct statfs system;
  return fstatfs(directory, &system) == 0 && system.f_type == PROC_SUPER_MAGIC;
}

// A process of another pid namespace has another number in this one than it knows itself by, or none.
bool HasOwnPids(int root) {
  char self[16];
  const ssize_t length = readlinkat(root, "self", self, sizeof(self));
  uint32_t pid;
  return length > 0 && ParseNumberName({self, static_cast<size_t>(length)}, &pid) &&
         pid == static_cast<uint32_t>(getpid());
}

// Nothing where it cannot be read, with *error.
std::optional<ProcessStat> ReadProcessStat(int directory, int* error) {
  // In a directory made by hand it may be a pipe, which is not waited for.
  const UniqueFd file(openat(directory, "stat", O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  char text[1024];
  const ssize_t length = file.valid() ? read(file.get(), text, sizeof(text)) : -1;
  *error = length < 0 ? errno : 0;
  if (length < 0) return std::nullopt;
  return ParseProcessStat({text, static_cast<size_t>(length)});
}

}  // namespace

Status OpenProcRoot(const std::string& path, ProcRoot* root) {
  root->directory = UniqueFd(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const int directory = root->directory.get();
  if (directory < 0) return Status::FromErrno("open /proc", errno);
  if (!IsProcFs(directory)) return Status::Ok();
  root->is_proc = true;
  struct stat own;
  root->counts = StatAt(directory, "self/fd", &own) == 0 && own.st_size > 0;
  root->may_compare = HasOwnPids(directory) && !SeccompState::OfThisThread().MayRefuse();
  return Status::Ok();
}

std::shared_ptr<const ProcessDirectory> ProcessDirectory::Open(const ProcRoot& root, uint32_t pid, int* error) {
  const NumberName name(pid);
  UniqueFd directory(openat(root.directory.get(), name.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  *error = directory.valid() ? 0 : errno;
  if (!directory.valid()) return nullptr;
  return std::shared_ptr<const ProcessDirectory>(new ProcessDirectory(std::move(directory), pid));
}

Status ProcessDirectory::ReadStartTicks(uint32_t* ticks) const {
  int64_t known = start_ticks_.load(std::memory_order_relaxed);
  if (known < 0) {
    int error;
    const auto stat = ReadProcessStat(get(), &error);
    if (IsExhausted(error)) return Status::FromErrno("open /proc/<pid>/stat", error);
    known = stat ? stat->start_ticks : 0;
    start_ticks_.store(known, std::memory_order_relaxed);
  }
  *ticks = static_cast<uint32_t>(known);
  return Status::Ok();
}

bool ProcessDirectory::IsLeaderZombie() const {
  int error;
  const auto stat = ReadProcessStat(get(), &error);
  return stat && stat->state == 'Z';
}

bool ProcessDirectory::HasOtherThreads() const {
  struct stat task;
  // One link for each thread, beside the two of every directory.
  return StatAt(get(), "task", &task) == 0 && task.st_nlink != 3;
}

int ProcessDirectory::CountDescriptors(const char* path, uint64_t* count) const {
  struct stat table;
  const int error = StatAt(get(), path, &table);
  *count = error == 0 ? static_cast<uint64_t>(table.st_size) : 0;
  return error;
}

// pid (comm) state ppid ... starttime: the 3rd and the 22nd field. A comm may hold blanks and brackets.
std::optional<ProcessStat> ParseProcessStat(std::string_view text) {
  const size_t bracket = text.rfind(')');
  if (bracket == std::string_view::npos || text.size() - bracket < 4) return std::nullopt;
  std::string_view rest = text.substr(bracket + 2);
  ProcessStat stat{.state = rest[0], .start_ticks = 0};
  for (int field = 3; field < 22; ++field) {
    const size_t blank = rest.find(' ');
    if (blank == std::string_view::npos) return std::nullopt;
    rest.remove_prefix(blank + 1);
  }
  uint64_t ticks = 0;
  const auto parsed = std::from_chars(rest.data(), rest.data() + rest.size(), ticks);
  if (parsed.ec != std::errc()) return std::nullopt;
  stat.start_ticks = static_cast<uint32_t>(ticks);
  return stat;
}

}  // namespace sockscope
