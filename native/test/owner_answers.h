#pragma once

#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "core/owners/owner_scan.h"

namespace sockscope::test {

// Keeps what an owner scan says; to be looked at after Join.
struct RecordingOwners final : OwnerSink {
  std::optional<OwnerAnswer> answer;
  int answers = 0;

  void OnOwners(OwnerAnswer given) override {
    answer = std::move(given);
    ++answers;
  }
};

inline OwnerQuestion AllHolders(int threads = 1) { return {.lowest = false, .threads = threads}; }
inline OwnerQuestion LowestOf(std::vector<uint32_t> wanted, int threads = 1) {
  return {.lowest = true, .selective = true, .wanted = std::move(wanted), .threads = threads};
}

// Runs an owner scan to its end.
inline OwnerAnswer FindOwners(std::unique_ptr<OwnerWalk> walk, OwnerQuestion question) {
  RecordingOwners sink;
  OwnerScan scan(std::move(walk), std::move(question), &sink);
  if (!scan.Start().ok()) throw std::runtime_error("the owner scan did not start");
  scan.Join();
  if (sink.answers != 1) throw std::runtime_error("the owner scan has not answered once");
  return std::move(*sink.answer);
}

inline std::vector<Holder> HoldersOf(const OwnerAnswer& answer, uint32_t inode) {
  const auto found = answer.index.Find(inode);
  return {found.begin(), found.end()};
}

}  // namespace sockscope::test
