#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "core/owners/owner_walk.h"

namespace sockscope::test {

using Piece = std::function<Status(HolderList*)>;

// Hands out scripted pieces.
class ScriptedWalk final : public OwnerWalk {
 public:
  explicit ScriptedWalk(std::vector<Piece> pieces, Status begun = Status::Ok())
      : pieces_(std::move(pieces)), begun_(begun) {}
  ~ScriptedWalk() override {
    if (destroyed != nullptr) *destroyed = true;
  }

  Status Begin() override {
    if (begins != nullptr) ++*begins;
    return begun_;
  }
  Status WalkPiece(HolderList* list, bool* more) override {
    Piece piece;
    {
      const std::lock_guard lock(mutex_);
      *more = next_ < pieces_.size();
      if (*more) piece = pieces_[next_++];
    }
    return piece ? piece(list) : Status::Ok();
  }

  int* begins = nullptr;
  bool* destroyed = nullptr;

 private:
  std::mutex mutex_;
  std::vector<Piece> pieces_;
  size_t next_ = 0;
  Status begun_;
};

inline std::unique_ptr<ScriptedWalk> Script(std::vector<Piece> pieces) {
  return std::make_unique<ScriptedWalk>(std::move(pieces));
}

// A process with sockets, at descriptors from 0 on.
inline Piece Process(uint32_t pid, uint32_t start, std::vector<uint32_t> inodes) {
  return [=](HolderList* list) {
    list->BeginProcess(pid, start);
    for (uint32_t fd = 0; fd < inodes.size(); ++fd) list->Add(inodes[fd], fd);
    ++list->tally.processes;
    return Status::Ok();
  };
}

// Goes on until it is told to stop.
inline Status WalkForever(HolderList* list) {
  for (;;) {
    if (const Status checked = list->Check(); !checked.ok()) return checked;
    std::this_thread::yield();
  }
}

}  // namespace sockscope::test
