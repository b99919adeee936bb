#include "core/owners/owner_run.h"

#include <algorithm>
#include <utility>

#include "core/guard.h"

namespace sockscope {

namespace {

using Code = Status::Code;

bool LowerPid(const HolderProcess& a, const HolderProcess& b) { return a.pid < b.pid; }

// Leaves out the processes with no holder in the index; `processes` has ascending pids.
void KeepHolding(const InodeIndex& index, std::vector<HolderProcess>* processes) {
  std::vector<bool> holds(processes->size());
  uint32_t last = 0;   // neighbours in the index are often one process's
  for (const Holder& holder : index.holders()) {
    if (holder.pid == last) continue;
    last = holder.pid;
    const auto at = std::lower_bound(processes->begin(), processes->end(), HolderProcess{.pid = last}, LowerPid);
    if (at != processes->end() && at->pid == last) holds[static_cast<size_t>(at - processes->begin())] = true;
  }
  size_t kept = 0;
  for (size_t i = 0; i < holds.size(); ++i) {
    if (holds[i]) (*processes)[kept++] = (*processes)[i];
  }
  processes->resize(kept);
}

}  // namespace

OwnerRun::OwnerRun(std::unique_ptr<OwnerWalk> walk, OwnerQuestion question, OwnerSink* sink)
    : question_(std::move(question)), walk_(std::move(walk)), sink_(sink), limits_(question_.max_bytes) {}

void OwnerRun::Execute(const StartThread& start_thread) noexcept {
  OwnerAnswer answer;
  RunAt(question_.priority, start_thread,
        [&] { answer.status = Guard([&] { return Search(start_thread, &answer); }); });
  if (!answer.status.ok()) {
    answer.index = InodeIndex();
    answer.processes = std::vector<HolderProcess>();
  }
  // Here, before anybody is told of the end: whoever destroys the scan may be a thread that must not be kept long.
  workers_.clear();
  wanted_.reset();
  walk_.reset();
  (void)Guard([&] {
    sink_->OnOwners(std::move(answer));
    return Status::Ok();
  });
}

Status OwnerRun::Search(const StartThread& start_thread, OwnerAnswer* answer) {
  if (question_.selective) {
    wanted_ = std::make_unique<WantedInodes>(std::exchange(question_.wanted, {}));
    if (wanted_->size() == 0) return Status::Ok();
  }
  if (const Status begun = walk_->Begin(); !begun.ok()) return begun;
  if (const Status walked = WalkAll(start_thread, &answer->tally); !walked.ok()) return walked;
  answer->processes = TakeProcesses();
  answer->index = InodeIndex::Build(TakeHolders(), question_.lowest);
  // Whoever is in a list has a holder in the index, unless only the lowest ones are kept.
  if (question_.lowest) KeepHolding(answer->index, &answer->processes);
  return limits_.cancelled() ? Status::From(Code::kCancelled, "owners") : Status::Ok();
}

Status OwnerRun::WalkAll(const StartThread& start_thread, OwnerTally* tally) {
  // All memory is had before the first thread runs: from there on to the last join nothing throws.
  const int threads = std::max(question_.threads, 1);
  for (int count = 0; count < threads; ++count) {
    workers_.push_back(std::make_unique<Worker>(wanted_.get(), question_.lowest, &limits_));
  }
  tally->threads = 1;
  for (size_t i = 1; i < workers_.size(); ++i) {
    Worker* const worker = workers_[i].get();
    // Refused: those that there are do it all.
    if (!StartInto(&worker->thread, start_thread, [this, worker] { WalkPieces(worker); }).ok()) break;
    ++tally->threads;
  }
  WalkPieces(workers_.front().get());
  for (const auto& worker : workers_) {
    if (worker->thread.joinable()) worker->thread.join();
    tally->Add(worker->list.tally);
  }
  return Outcome();
}

void OwnerRun::WalkPieces(Worker* worker) noexcept {
  worker->status = Guard([&] { return WalkPieces(&worker->list); });
  if (!worker->status.ok()) limits_.Cancel();
}

Status OwnerRun::WalkPieces(HolderList* list) {
  for (bool more = true; more;) {
    if (const Status checked = list->Check(); !checked.ok()) return checked;
    more = false;
    if (const Status walked = walk_->WalkPiece(list, &more); !walked.ok()) return walked;
  }
  return list->Check();
}

// A failing thread stops the others by cancelling them: the cause is whichever was not cancelled.
Status OwnerRun::Outcome() const {
  Status outcome;
  for (const auto& worker : workers_) {
    if (outcome.ok() || outcome.code() == Code::kCancelled) {
      if (!worker->status.ok()) outcome = worker->status;
    }
  }
  return outcome;
}

std::vector<std::vector<Holder>> OwnerRun::TakeHolders() {
  std::vector<std::vector<Holder>> lists;
  for (const auto& worker : workers_) lists.push_back(worker->list.TakeHolders());
  return lists;
}

// By ascending pid, each once. Of two starts of one pid the first that was seen stays.
std::vector<HolderProcess> OwnerRun::TakeProcesses() {
  std::vector<HolderProcess> all;
  for (const auto& worker : workers_) {
    const auto& some = worker->list.processes();
    all.insert(all.end(), some.begin(), some.end());
  }
  std::stable_sort(all.begin(), all.end(), LowerPid);
  const auto same = [](const HolderProcess& a, const HolderProcess& b) { return a.pid == b.pid; };
  all.erase(std::unique(all.begin(), all.end(), same), all.end());
  all.shrink_to_fit();
  return all;
}

}  // namespace sockscope
