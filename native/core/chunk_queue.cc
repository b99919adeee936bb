#include "core/chunk_queue.h"

#include <algorithm>
#include <utility>

namespace sockscope {

namespace {

constexpr size_t kLeastBytes = size_t{2} << 20;
constexpr size_t kChunksAWake = 8;   // an eighth of kLeastBytes: a decoder that keeps up never fills the queue

}  // namespace

ChunkQueue::ChunkQueue(size_t max_bytes, WhenFull when_full)
    : when_full_(when_full),
      max_bytes_(when_full == WhenFull::kWait ? kLeastBytes : std::max(max_bytes, kLeastBytes)) {}

Chunk ChunkQueue::Blank() {
  {
    const auto lock = monitor_.Lock();
    if (!blank_.empty()) {
      Chunk chunk = std::move(blank_.back());
      blank_.pop_back();
      return chunk;
    }
  }
  return Chunk{.bytes = std::unique_ptr<uint8_t[]>(new uint8_t[kReceiveBytes])};
}

Status ChunkQueue::Push(Chunk chunk) {
  auto lock = monitor_.Lock();
  const auto is_full = [this] { return kReceiveBytes > max_bytes_ - held_bytes_; };
  if (when_full_ == WhenFull::kWait) monitor_.Wait(lock, [&] { return aborted_ || !is_full(); });
  if (aborted_) return Status::From(Status::Code::kCancelled, "queue");
  if (is_full()) return Status::From(Status::Code::kTooLarge, "queue");
  waiting_.push_back(std::move(chunk));
  held_bytes_ += kReceiveBytes;
  if (waiting_.size() == wake_at_) monitor_.Notify();
  return Status::Ok();
}

void ChunkQueue::Close() {
  const auto lock = monitor_.Lock();
  closed_ = true;
  monitor_.Notify();
}

bool ChunkQueue::Take(std::vector<Chunk>* chunks) {
  auto lock = monitor_.Lock();
  held_bytes_ -= chunks->size() * kReceiveBytes;
  for (Chunk& chunk : *chunks) blank_.push_back(std::move(chunk));
  chunks->clear();
  if (when_full_ == WhenFull::kWait) monitor_.Notify();
  monitor_.Wait(lock, [this] { return aborted_ || closed_ || waiting_.size() >= wake_at_; });
  if (aborted_) return false;
  wake_at_ = kChunksAWake;
  chunks->swap(waiting_);
  return !chunks->empty();
}

void ChunkQueue::GiveBack(Chunk chunk) {
  const auto lock = monitor_.Lock();
  blank_.push_back(std::move(chunk));
}

void ChunkQueue::Abort() {
  const auto lock = monitor_.Lock();
  aborted_ = true;
  monitor_.Notify();
}

bool ChunkQueue::aborted() {
  const auto lock = monitor_.Lock();
  return aborted_;
}

void ChunkQueue::Release() {
  const auto lock = monitor_.Lock();
  waiting_ = std::vector<Chunk>();
  blank_ = std::vector<Chunk>();
}

}  // namespace sockscope
