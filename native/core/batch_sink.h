#pragma once

#include <cstdint>
#include <memory>

#include "core/columns.h"
#include "core/status.h"

namespace sockscope {

struct ScanTally {
  uint64_t rows = 0;          // handed over
  uint64_t bytes = 0;         // read from the kernel
  uint64_t malformed = 0;     // messages that could not be understood: each is a socket not shown
  uint64_t duplicates = 0;    // rows the kernel gave twice, left out
  uint64_t foreign = 0;       // datagrams that did not come from the kernel, ignored
  uint64_t stale = 0;         // messages that answered another request, ignored
  bool interrupted = false;   // the kernel said that its table changed under the dump
  int threads = 0;            // that really ran

  // What another scan of the same question has counted; its threads aside.
  void Add(const ScanTally& other) {
    rows += other.rows;
    bytes += other.bytes;
    malformed += other.malformed;
    duplicates += other.duplicates;
    foreign += other.foreign;
    stale += other.stale;
    interrupted = interrupted || other.interrupted;
  }
};

// Takes what a scan finds. Called on the scan's threads, never on two at once. What it throws ends the scan.
class BatchSink {
 public:
  virtual ~BatchSink() = default;
  // Takes a batch of 1 to kBatchRows rows. May wait for room, until the scan is cancelled; must not wait for the thread
  // that cancels or joins.
  // An error ends the scan, and is what OnEnd is told.
  virtual Status OnBatch(std::unique_ptr<Batch> batch) = 0;
  // A batch that was taken and is not needed any more, of the size and the columns of those that come: used again, it
  // spares the scan the first touch of new memory. Null where there is none.
  virtual std::unique_ptr<Batch> GiveBack() { return nullptr; }
  // The last call, exactly one for every Start that returned ok; before Join returns.
  // Must not join or destroy the scan.
  virtual void OnEnd(const Status& status, const ScanTally& tally) = 0;
};

}  // namespace sockscope
