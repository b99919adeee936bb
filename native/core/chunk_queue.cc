#include "core/chunk_queue.h"

#include <algorithm>
#include <utility>

namespace sockscope {

namespace {

constexpr size_t kLeastBytes = size_t{1} << 20;
constexpr size_t kChunksAWake = 8;   // a quarter of kLeastBytes: a decoder that keeps up never fills the queue

}  // namespace

ChunkQueue::ChunkQueue(size_t max_bytes) : max_bytes_(std::max(max_bytes, kLeastBytes)) {}

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
  const auto lock = monitor_.Lock();
  if (aborted_) return Status::From(Status::Code::kCancelled, "queue");
  if (chunk.length > max_bytes_ - waiting_bytes_) return Status::From(Status::Code::kTooLarge, "queue");
  const size_t length = chunk.length;
  waiting_.push_back(std::move(chunk));
  waiting_bytes_ += length;
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
  for (Chunk& chunk : *chunks) blank_.push_back(std::move(chunk));
  chunks->clear();
  monitor_.Wait(lock, [this] { return aborted_ || closed_ || waiting_.size() >= wake_at_; });
  if (aborted_) return false;
  wake_at_ = kChunksAWake;
  waiting_bytes_ = 0;
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
  waiting_.clear();
  waiting_bytes_ = 0;
  monitor_.Notify();
}

bool ChunkQueue::aborted() {
  const auto lock = monitor_.Lock();
  return aborted_;
}

}  // namespace sockscope
