#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>

#include "core/owners/descriptor_reader.h"
#include "core/owners/holder_list.h"
#include "core/owners/numbered_entries.h"
#include "core/owners/process_directory.h"
#include "core/status.h"
#include "core/unique_fd.h"

namespace sockscope {

// An fd directory of a process, walked by one thread or by several at once, a few hundred descriptors at a time.
//
// Where it is known how many descriptors there are, their names are tried from 0 on until so many are found: the kernel
// then need not list them, a sixth of the cost. What is above is listed, for more may have been opened; and so is what is
// left where too many numbers are free, and everything where the count is not known.
class DescriptorTable {
 public:
  // `count` is 0 where it is not known. The walk may stop once the list is satisfied below the pid `satisfied_at`.
  DescriptorTable(std::shared_ptr<const ProcessDirectory> process, UniqueFd directory, uint64_t count,
                  uint32_t satisfied_at);

  // Looks at descriptors until none is left to be handed out; others may then still be looking at theirs, and will look at
  // what they find to be left. Any thread. Throws std::bad_alloc.
  Status Walk(HolderList* list);
  // Whether another thread's Walk would find something to do now.
  bool WantsHelp() const { return work_.load(std::memory_order_relaxed) == Work::kWaiting; }
  bool IsOver() const { return work_.load(std::memory_order_relaxed) >= Work::kOver; }
  // It is over because its descriptors may not be read: such a process was counted.
  bool WasDenied() const { return work_.load(std::memory_order_relaxed) == Work::kDenied; }
  // Whether it has more descriptors than one thread takes at a time, or may have.
  bool IsLarge() const { return count_ == 0 || count_ > kPartNumbers; }

 private:
  static constexpr uint32_t kPartNumbers = 512;

  enum class Work : uint8_t { kWaiting, kHandedOut, kOver, kDenied };

  // What one thread takes: numbers to be tried, or entries of the directory; then, how many descriptors were there.
  struct Part {
    bool listed = false;
    uint32_t from = 0;
    uint32_t to = 0;
    NumberedEntries entries;
    uint64_t found = 0;
    uint64_t missed = 0;
    bool denied = false;
  };

  // Takes back a part that was looked at, and hands out the next one. False when there is none, or with an error.
  bool Take(HolderList* list, Part* part, Status* status);
  void TakeBack(const Part& part, OwnerTally* tally);
  bool TakeNumbers(Part* part);
  bool TakeEntries(Part* part, OwnerTally* tally, Status* status);
  bool TooManyFree() const;
  void SetWork(Work work) { work_.store(work, std::memory_order_relaxed); }

  const std::shared_ptr<const ProcessDirectory> process_;
  const UniqueFd directory_;
  const uint64_t count_;   // of descriptors; 0 where it is not known
  const uint32_t satisfied_at_;
  std::atomic<Work> work_{Work::kWaiting};
  std::mutex mutex_;       // guards what follows, the directory's position, and changes of work_
  bool listing_;
  uint32_t next_ = 0;      // number to be tried
  uint64_t found_ = 0;
  uint64_t missed_ = 0;
};

}  // namespace sockscope
