#pragma once

#include <deque>
#include <memory>

#include "core/monitor.h"
#include "core/scan.h"
#include "napi/napi_setup.h"
#include "napi/wake_line.h"

namespace sockscope {

// One running dump, between the scan's threads and the JavaScript thread of one environment. The scan fills a queue;
// JavaScript is woken when the queue stops being empty, and at the end, and then takes until there is nothing left. A scan
// that may pause waits while JavaScript is behind; any other goes on, and ends where too much waits.
//
// The session lives as long as its Dump object or its scan, whichever lasts longer; the rest of its life is WakeLine's. A
// thread that the kernel holds in sendto (before Linux 6.9: behind the dumps of other processes) cannot be called back:
// the environment's end waits for it.
//
// All functions belong to the JavaScript thread but those of BatchSink, which belong to the scan.
class ScanSession final : public WakeLine::Session, public BatchSink {
 public:
  struct End {
    Status status;
    ScanTally tally;
  };

  // What Take finds: a batch, which had better be given to Reuse, or the end (again at every later call), or neither yet.
  struct Taken {
    std::unique_ptr<Batch> batch;
    const End* end = nullptr;
  };

  // Starts the scan, over the transport or, where it could not be opened (null), to end with `opened` at once.
  // `wake` is called on the JavaScript thread. Throws Napi::Error when the environment refuses.
  static std::shared_ptr<ScanSession> Start(Napi::Function wake, const ScanRequest& request,
                                            std::unique_ptr<Transport> transport, const Status& opened,
                                            const OpenAnother& open_another = {});

  Taken Take();
  // A batch that was taken: the scan fills it anew.
  void Reuse(std::unique_ptr<Batch> batch);
  // Drops what waits, ends the scan soon, never wakes again. Waits for nothing; idempotent. What is dropped is freed by
  // the scan's thread, but by this one where the scan has ended already: some milliseconds for each 100 MB.
  void Cancel() override;
  void Join() override { scan_.reset(); }

  Status OnBatch(std::unique_ptr<Batch> batch) override;
  std::unique_ptr<Batch> GiveBack() override;
  void OnEnd(const Status& status, const ScanTally& tally) override;

 private:
  ScanSession(size_t max_bytes, bool may_pause) : max_bytes_(max_bytes), may_pause_(may_pause) {}

  void Run(const ScanRequest& request, std::unique_ptr<Transport> transport, const Status& opened,
           const OpenAnother& open_another);
  bool HasRoomFor(size_t bytes) const;

  const size_t max_bytes_;
  const bool may_pause_;
  WakeLine line_;
  std::unique_ptr<Scan> scan_;

  Monitor monitor_;   // guards what follows
  std::deque<std::unique_ptr<Batch>> waiting_;
  size_t waiting_bytes_ = 0;
  std::unique_ptr<Batch> used_;   // one is enough for a reader that keeps up
  bool cancelled_ = false;
  bool ended_ = false;
  End end_;   // written once, before `ended_`
};

}  // namespace sockscope
