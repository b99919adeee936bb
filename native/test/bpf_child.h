#pragma once

#include <dirent.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <functional>
#include <memory>
#include <string>

#include "core/unique_fd.h"
#include "test/check.h"

// Processes of a test's own: to give up privileges in, to enter namespaces in, to hold sockets.
namespace sockscope::test {

struct Pipe {
  Pipe() {
    int ends[2];
    if (pipe(ends) != 0) throw Failure("pipe");
    read_end = UniqueFd(ends[0]);
    write_end = UniqueFd(ends[1]);
  }
  UniqueFd read_end, write_end;
};

// Runs the body in a forked child, and throws here what it threw there.
inline void InChild(const std::function<void()>& body) {
  Pipe told;
  const pid_t pid = fork();
  if (pid < 0) throw Skip(std::string("fork: ") + std::strerror(errno));
  if (pid == 0) {
    std::string said;
    try {
      body();
      said = "p";
    } catch (const Skip& skip) {
      said = std::string("s") + skip.what();
    } catch (const std::exception& error) {
      said = std::string("f") + error.what();
    }
    _exit(write(told.write_end.get(), said.data(), said.size()) < 0 ? 1 : 0);
  }
  told.write_end = UniqueFd();
  std::string said;
  char buffer[512];
  for (ssize_t count; (count = read(told.read_end.get(), buffer, sizeof(buffer))) > 0;) {
    said.append(buffer, static_cast<size_t>(count));
  }
  int status = 0;
  waitpid(pid, &status, 0);
  if (said.empty() || status != 0) throw Failure("the child ended with status " + std::to_string(status));
  if (said[0] == 's') throw Skip(said.substr(1));
  if (said[0] == 'f') throw Failure("in the child: " + said.substr(1));
}

// A forked process that has run `body`, and stays until this object goes. A body may leave threads behind.
class Sleeper {
 public:
  // `body` calls what it is given once it is ready, in the thread that shall stay: it does not return.
  explicit Sleeper(const std::function<void(const std::function<void()>& stay)>& body) {
    Pipe ready;
    pid_ = fork();
    if (pid_ < 0) throw Skip(std::string("fork: ") + std::strerror(errno));
    if (pid_ == 0) {
      end_.write_end = UniqueFd();
      const auto stay = [&] {
        char byte = 'r';
        if (write(ready.write_end.get(), &byte, 1) == 1) (void)!read(end_.read_end.get(), &byte, 1);
        _exit(0);
      };
      body(stay);
      _exit(1);
    }
    ready.write_end = UniqueFd();
    char byte;
    if (read(ready.read_end.get(), &byte, 1) != 1) failed_ = true;
  }
  ~Sleeper() {
    end_.write_end = UniqueFd();
    waitpid(pid_, nullptr, 0);
  }
  Sleeper(const Sleeper&) = delete;

  uint32_t pid() const {
    if (failed_) throw Failure("the sleeper did not come to rest");
    return static_cast<uint32_t>(pid_);
  }

 private:
  Pipe end_;
  pid_t pid_ = -1;
  bool failed_ = false;
};

inline void EnterNamespaces(int flags, const char* what) {
  if (unshare(flags) != 0) throw Skip(std::string("unshare ") + what + ": " + std::strerror(errno));
}

// In a mount namespace of its own, with an empty /mnt that goes with it: for a forked child.
inline void EnterMounts() {
  EnterNamespaces(CLONE_NEWNS, "CLONE_NEWNS");
  CHECK_EQ(mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr), 0);
  CHECK_EQ(mount("test", "/mnt", "tmpfs", 0, "mode=0755"), 0);
}

inline int CountDescriptors() {
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(opendir("/proc/self/fd"), closedir);
  CHECK(directory != nullptr);
  int count = -3;   // ., .. and the directory's own
  while (readdir(directory.get()) != nullptr) ++count;
  return count;
}

}  // namespace sockscope::test
