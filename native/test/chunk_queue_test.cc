#include "core/chunk_queue.h"

#include <atomic>
#include <chrono>
#include <thread>

#include "test/check.h"

namespace sockscope {
namespace {

Chunk Filled(ChunkQueue* queue, uint32_t number, size_t length = kReceiveBytes) {
  Chunk chunk = queue->Blank();
  chunk.length = length;
  chunk.sequence = number;
  return chunk;
}

TEST(chunks_come_out_in_the_order_in_which_they_went_in) {
  ChunkQueue queue(size_t{1} << 30);
  std::vector<uint32_t> numbers;
  std::thread decoder([&] {
    std::vector<Chunk> chunks;
    while (queue.Take(&chunks)) {
      for (const Chunk& chunk : chunks) numbers.push_back(chunk.sequence);
    }
  });
  for (uint32_t number = 0; number < 1000; ++number) CHECK(queue.Push(Filled(&queue, number)).ok());
  queue.Close();
  decoder.join();
  CHECK_EQ(numbers.size(), size_t{1000});
  for (uint32_t number = 0; number < 1000; ++number) CHECK_EQ(numbers[number], number);
}

TEST(queue_takes_no_more_than_it_may_hold) {
  ChunkQueue queue(1);   // 2 MiB is the least
  for (uint32_t number = 0; number < 64; ++number) CHECK(queue.Push(Filled(&queue, number)).ok());
  CHECK_EQ(queue.Push(Filled(&queue, 64)).code(), Status::Code::kTooLarge);
}

TEST(chunk_counts_whole_and_until_it_is_given_back) {
  ChunkQueue queue(1);
  for (uint32_t number = 0; number < 40; ++number) CHECK(queue.Push(Filled(&queue, number, 1)).ok());
  std::vector<Chunk> chunks;
  CHECK(queue.Take(&chunks));
  CHECK_EQ(chunks.size(), size_t{40});
  for (uint32_t number = 0; number < 24; ++number) CHECK(queue.Push(Filled(&queue, number, 1)).ok());
  CHECK_EQ(queue.Push(Filled(&queue, 24, 1)).code(), Status::Code::kTooLarge);
  CHECK(queue.Take(&chunks));
  for (uint32_t number = 0; number < 40; ++number) CHECK(queue.Push(Filled(&queue, number, 1)).ok());
  CHECK_EQ(queue.Push(Filled(&queue, 40, 1)).code(), Status::Code::kTooLarge);
}

TEST(receiver_that_may_wait_holds_2_mib_and_waits_for_room) {
  ChunkQueue queue(size_t{1} << 30, ChunkQueue::WhenFull::kWait);
  std::atomic<uint32_t> pushed{0};
  std::thread receiver([&] {
    while (queue.Push(Filled(&queue, pushed)).ok()) ++pushed;
  });
  std::vector<Chunk> chunks;
  uint32_t taken = 0;
  while (taken < 1000) {
    CHECK(queue.Take(&chunks));
    for (const Chunk& chunk : chunks) CHECK_EQ(chunk.sequence, taken++);
    CHECK(pushed <= taken + 64);
  }
  queue.Abort();
  receiver.join();
  CHECK(pushed <= taken + 64);
}

TEST(abort_wakes_a_receiver_that_waits_for_room) {
  ChunkQueue queue(1, ChunkQueue::WhenFull::kWait);
  for (uint32_t number = 0; number < 64; ++number) CHECK(queue.Push(Filled(&queue, number)).ok());
  Status pushed;
  std::thread receiver([&] { pushed = queue.Push(Filled(&queue, 64)); });
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  queue.Abort();
  receiver.join();
  CHECK_EQ(pushed.code(), Status::Code::kCancelled);
}

TEST(used_chunks_are_used_again) {
  ChunkQueue queue(1);
  Chunk first = Filled(&queue, 0);
  const uint8_t* memory = first.bytes.get();
  CHECK(queue.Push(std::move(first)).ok());
  queue.Close();
  std::vector<Chunk> chunks;
  CHECK(queue.Take(&chunks));
  CHECK(!queue.Take(&chunks));
  CHECK(queue.Blank().bytes.get() == memory);
}

TEST(closed_queue_is_emptied_before_it_ends) {
  ChunkQueue queue(1);
  CHECK(queue.Push(Filled(&queue, 0)).ok());
  queue.Close();
  std::vector<Chunk> chunks;
  CHECK(queue.Take(&chunks));
  CHECK(!queue.Take(&chunks));
}

TEST(aborted_queue_hands_out_nothing_and_stops_both_sides) {
  ChunkQueue queue(1);
  CHECK(queue.Push(Filled(&queue, 0)).ok());
  queue.Abort();
  std::vector<Chunk> chunks;
  CHECK(!queue.Take(&chunks));
  CHECK(chunks.empty());
  CHECK_EQ(queue.Push(Filled(&queue, 1)).code(), Status::Code::kCancelled);
}

}  // namespace
}  // namespace sockscope
