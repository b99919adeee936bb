#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/monitor.h"
#include "core/netlink/transport.h"
#include "core/status.h"

namespace sockscope {

// One received datagram.
struct Chunk {
  std::unique_ptr<uint8_t[]> bytes;   // kReceiveBytes of them
  size_t length = 0;
  uint32_t sequence = 0;              // of the dump it belongs to

  std::span<uint8_t> space() { return {bytes.get(), kReceiveBytes}; }
  std::span<const uint8_t> datagram() const { return {bytes.get(), length}; }
};

// Hands datagrams from the receiving thread to the decoding one, and used chunks back. The decoder is woken for
// several datagrams at once: a wake-up costs the receiver more than the decoder needs for one of them.
class ChunkQueue {
 public:
  enum class WhenFull : uint8_t { kFail, kWait };

  // Holds at most `max_bytes` of chunks that were pushed and not given back, but 2 MiB at the least; and no more than
  // that where the receiver is to wait for room.
  explicit ChunkQueue(size_t max_bytes, WhenFull when_full = WhenFull::kFail);

  // Receiver. A chunk that was used before, or a new one; throws std::bad_alloc.
  Chunk Blank();
  // Receiver. kTooLarge when too much is held, or waits until less is; kCancelled after Abort.
  Status Push(Chunk chunk);
  // Receiver: nothing more will come; what waits is still to be taken.
  void Close();

  // Decoder. Gives back the chunks in *chunks, then waits for others. False when there will be none.
  bool Take(std::vector<Chunk>* chunks);
  // The same without waiting, for a receiver that decodes itself.
  void GiveBack(Chunk chunk);

  // Any thread: what waits is not handed out any more, both sides stop. Returns at once.
  void Abort();
  bool aborted();

  // Frees all chunks, once both sides have ended.
  void Release();

 private:
  Monitor monitor_;
  std::vector<Chunk> waiting_;
  std::vector<Chunk> blank_;
  const WhenFull when_full_;
  const size_t max_bytes_;
  size_t held_bytes_ = 0;   // of the chunks that wait, and of those taken
  size_t wake_at_ = 1;
  bool closed_ = false;
  bool aborted_ = false;
};

}  // namespace sockscope
