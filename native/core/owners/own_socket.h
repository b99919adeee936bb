#pragma once

#include <cstdint>

#include "core/owners/bpf_owners.h"
#include "core/status.h"
#include "core/unique_fd.h"

namespace sockscope {

// A socket of this process, and what a record about it must say: how an iterator proves that it is understood.
class OwnSocket {
 public:
  static Status Open(OwnSocket* opened);

  // The record is about the socket, whatever pid it has.
  bool Has(const BpfRecord& record) const;
  // Such a record's pid is what this process's pid namespace has, and not by chance.
  bool SamePid(const BpfRecord& record) const { return record.pid == pid_ && first_namespace_; }
  uint32_t pid() const { return pid_; }
  // Whether this process's pid namespace is the first one, whose pids a record has.
  bool InFirstNamespace() const { return first_namespace_; }

 private:
  UniqueFd fd_;
  uint32_t pid_ = 0;
  uint32_t inode_ = 0;
  uint32_t start_ticks_ = 0;
  bool first_namespace_ = false;   // of pids
};

// Whether /proc numbers processes as this process's pid namespace does: it may be another one's.
bool ProcShowsOwnPids();

}  // namespace sockscope
