#pragma once

#include <dirent.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/owners/bpf_owners.h"
#include "core/owners/holder_list.h"
#include "test/check.h"

// The iterator of this machine's kernel, and a second witness of what it says.
namespace sockscope::test {

// Skips where this process has not the capabilities. Where it has them, a kernel without the iterator is a skip as
// well, and everything else a failure.
inline std::shared_ptr<const BpfOwners> LoadBpf() {
  if (!MayUseBpf()) throw Skip("no CAP_BPF and CAP_PERFMON");
  Status status;
  auto owners = BpfOwners::Load(&status);
  if (owners) return owners;
  const std::string words = std::string(status.operation()) + ": " + std::strerror(status.error_number());
  if (status.code() == Status::Code::kNotSupported || status.error_number() == EPERM) throw Skip(words);
  throw Failure(words);
}

struct Walked {
  Status status;
  OwnerTally tally;
  std::vector<Holder> holders;              // sorted, each once
  std::vector<HolderProcess> processes;
  int pieces = 0;                           // that were walked with more to come

  std::vector<Holder> Of(uint32_t pid) const {
    std::vector<Holder> of;
    for (const Holder& holder : holders) {
      if (holder.pid == pid) of.push_back(holder);
    }
    return of;
  }
};

inline Walked WalkAll(OwnerWalk* walk, WantedInodes* wanted = nullptr) {
  HolderLimits limits(size_t{1} << 28);
  HolderList list(wanted, wanted != nullptr, &limits);
  Walked walked;
  walked.status = walk->Begin();
  for (bool more = true; walked.status.ok() && more;) {
    walked.status = walk->WalkPiece(&list, &more);
    walked.pieces += more;
  }
  walked.tally = list.tally;
  walked.processes = list.processes();
  walked.holders = list.TakeHolders();
  std::sort(walked.holders.begin(), walked.holders.end());
  walked.holders.erase(std::unique(walked.holders.begin(), walked.holders.end()), walked.holders.end());
  return walked;
}

inline std::vector<std::string> NamesIn(const std::string& path) {
  std::vector<std::string> names;
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(opendir(path.c_str()), closedir);
  while (const dirent* entry = directory ? readdir(directory.get()) : nullptr) {
    if (entry->d_name[0] != '.') names.emplace_back(entry->d_name);
  }
  return names;
}

// What the links of /proc/<pid>/task/<tid>/fd say, of all threads.
inline std::vector<Holder> ReadLinks(uint32_t pid) {
  std::set<Holder> found;
  const std::string task = "/proc/" + std::to_string(pid) + "/task/";
  for (const std::string& tid : NamesIn(task)) {
    for (const std::string& fd : NamesIn(task + tid + "/fd")) {
      char link[64] = {};
      unsigned inode;
      if (readlink((task + tid + "/fd/" + fd).c_str(), link, sizeof(link) - 1) <= 0) continue;
      if (std::sscanf(link, "socket:[%u]", &inode) != 1) continue;
      found.insert({.inode = inode, .pid = pid, .fd = static_cast<uint32_t>(std::atoi(fd.c_str()))});
    }
  }
  return {found.begin(), found.end()};
}

// Field 22 of /proc/<pid>/stat, of a process whose name has no blank.
inline uint32_t StartOf(uint32_t pid) {
  const std::string path = "/proc/" + std::to_string(pid) + "/stat";
  const std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(path.c_str(), "r"), std::fclose);
  unsigned long long start = 0;
  CHECK(file != nullptr);
  for (int field = 1; field < 22; ++field) CHECK_EQ(std::fscanf(file.get(), "%*s"), 0);
  CHECK_EQ(std::fscanf(file.get(), "%llu", &start), 1);
  return static_cast<uint32_t>(start);
}

}  // namespace sockscope::test
