#include "core/owners/own_socket.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include "core/owners/proc_text.h"

namespace sockscope {

namespace {

// Field 22 of a line of /proc/<pid>/stat. The second is the name in parentheses, and may have blanks and parentheses.
bool StartOf(const std::string& stat, uint32_t* ticks) {
  size_t at = stat.rfind(')');
  for (int field = 2; field < 22 && at != std::string::npos; ++field) at = stat.find(' ', at + 1);
  if (at == std::string::npos) return false;
  *ticks = static_cast<uint32_t>(std::strtoull(stat.c_str() + at, nullptr, 10));
  return true;
}

// The namespace with this number is made by the kernel for process 1. A kernel without namespaces has no such link.
bool InFirstPidNamespace() {
  constexpr std::string_view kFirst = "pid:[4026531836]";
  char link[64];
  const ssize_t length = readlink("/proc/self/ns/pid", link, sizeof(link));
  return length < 0 ? errno == ENOENT : std::string_view(link, static_cast<size_t>(length)) == kFirst;
}

}  // namespace

Status OwnSocket::Open(OwnSocket* opened) {
  OwnSocket own;
  // One that is not bound stands in no table: it must not be listed.
  own.fd_ = UniqueFd(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!own.fd_.valid()) own.fd_ = UniqueFd(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!own.fd_.valid()) return Status::FromErrno("socket", errno);
  struct stat about;   // by the system call: the function of that name needs glibc 2.33
  if (syscall(SYS_fstat, own.fd_.get(), &about) != 0) return Status::FromErrno("fstat", errno);
  own.inode_ = static_cast<uint32_t>(about.st_ino);
  own.pid_ = static_cast<uint32_t>(getpid());
  const std::string stat = ReadProcText("/proc/self/stat");
  if (stat.empty()) return Status::FromErrno("read /proc/self/stat", errno);
  if (!StartOf(stat, &own.start_ticks_)) return Status::From(Status::Code::kMalformed, "read /proc/self/stat");
  own.first_namespace_ = InFirstPidNamespace();
  *opened = std::move(own);
  return Status::Ok();
}

bool OwnSocket::Has(const BpfRecord& record) const {
  return (record.fd & ~kBpfThreadFd) == static_cast<uint32_t>(fd_.get()) && record.inode == inode_ &&
         record.start_ticks == start_ticks_;
}

bool ProcShowsOwnPids() {
  // As many numbers as there are namespaces from that of /proc down to the process's own. Without the line (a kernel
  // without namespaces) there is one.
  const std::string status = ReadProcText("/proc/self/status");
  const size_t line = status.find("\nNSpid:\t");
  if (line == std::string::npos) return !status.empty();
  const size_t first = line + sizeof("\nNSpid:\t") - 1;
  return status.find('\t', first) > status.find('\n', first);
}

}  // namespace sockscope
