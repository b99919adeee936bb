#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/owners/bpf_owners.h"
#include "core/owners/holder_list.h"

namespace sockscope {

// Takes the records of an iterator over all tasks into a list of holders. One thread.
class BpfHolders {
 public:
  explicit BpfHolders(HolderList* list) : list_(list) {}

  // False: what is wanted has been found, and no process to come has a lower pid; records after that were not taken.
  // Threads with descriptors of their own come later than their process, and may then not have been seen.
  bool Take(std::span<const BpfRecord> records);

 private:
  void Begin(const BpfRecord& record);

  HolderList* list_;
  uint32_t pid_ = 0;
  std::vector<bool> counted_;   // pids
};

}  // namespace sockscope
