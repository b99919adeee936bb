#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "core/owners/proc_fd_walk.h"
#include "test/check.h"

namespace sockscope::test {

// A directory that looks like /proc, made by hand; taken away at the end.
class ProcTree {
 public:
  ProcTree() {
    char path[] = "/tmp/sockscope-proc-XXXXXX";
    if (mkdtemp(path) == nullptr) throw Skip("no directory can be made in /tmp");
    path_ = path;
  }
  ProcTree(const ProcTree&) = delete;
  ProcTree& operator=(const ProcTree&) = delete;
  ~ProcTree() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::string& path() const { return path_; }
  ProcFdOptions options() const { return {.proc_root = path_}; }

  // A link in a directory such as "12/fd".
  void Link(const std::string& directory, const std::string& name, const std::string& text) {
    std::filesystem::create_directories(path_ + "/" + directory);
    std::filesystem::create_symlink(text, path_ + "/" + directory + "/" + name);
  }
  void Socket(const std::string& directory, uint32_t fd, uint32_t inode) {
    Link(directory, std::to_string(fd), "socket:[" + std::to_string(inode) + "]");
  }
  void File(const std::string& name, const std::string& text) {
    const std::filesystem::path path = path_ + "/" + name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
  }
  void Directory(const std::string& name) { std::filesystem::create_directories(path_ + "/" + name); }

 private:
  std::string path_;
};

// The text of a process's stat with this start.
inline std::string StatText(const std::string& comm, char state, const std::string& start) {
  std::string text = "7 (" + comm + ") " + state;
  for (int field = 4; field < 22; ++field) text += " " + std::to_string(field);
  return text + " " + start + " 23 24\n";
}

}  // namespace sockscope::test
